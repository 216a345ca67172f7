"""Cases 19 and 20: moves that are not possible, and an idea that is taken back."""

import pytest

from stakeholders.models import Idea, IdeaStatus
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.acceptance.conftest import IDEAS

pytestmark = pytest.mark.django_db


def buttons(page) -> set[str]:
    """Return the moves that the page offers."""
    return {href.split("/do/")[1].strip("/") for href in page.links if "/do/" in href}


def pressed(office, row, name, **values):
    """Send a move whose button is not there, with a token of another page of the same person."""
    token = office.page("idea-track").form("email").value("csrfmiddlewaretoken")
    return office.send(
        row.path.replace("change/", f"do/{name}/"), {"csrfmiddlewaretoken": token, **values}
    )


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("received", "start_review"),
        ("received", "answer"),
        ("received", "archive"),
        ("received", "hide"),
        ("answered", "publish"),
        ("answered", "withdraw"),
        ("hidden", "publish"),
        ("archived", "publish"),
    ],
)
def test_case_19_a_move_that_the_state_does_not_allow_is_refused(office, status, name):
    """The button is not there; whoever sends its address anyway is told no, in words, and neither
    state nor history has moved."""
    idea = IdeaFactory(answered=status == "answered", status=status)
    row = office.row(idea.reference)
    assert name not in buttons(row)
    answer = pressed(office, row, name, note="x", reason="changed", explanation="x")
    assert answer.status in (200, 403)
    idea.refresh_from_db()
    assert idea.status == status
    assert "Historique" not in office.row(idea.reference).words


def test_case_19_what_the_state_allows_is_offered_and_done(office):
    """The twin: each button of the page leads to a question, and the move is done and written."""
    idea = IdeaFactory()
    assert {"publish", "refuse", "merge", "ask_info"} <= buttons(office.row(idea.reference))
    office.publish(idea.reference)
    assert {"start_review", "hide"} <= buttons(office.row(idea.reference))
    office.press(idea.reference, "start_review")
    row = office.row(idea.reference)
    idea.refresh_from_db()
    assert idea.status == "under_review"
    assert "Historique" in row.words


def test_case_19_codes_of_the_portal_itself_are_offered_to_nobody(office, colleague):
    """What only the portal does (confirm an address) is no button and no choice; an address with
    it, or with a state that does not exist, is refused; a status is typed nowhere."""
    unconfirmed = SubmissionFactory(idea__status="submitted", idea__reference=None).idea
    path = f"/admin/stakeholders/idea/{unconfirmed.pk}/change/"
    for person in (office, colleague("administrator")):
        row = person.open(path)
        assert buttons(row) == set()
        assert pressed(person, row, "confirm").status == 403
        assert pressed(person, row, "implemented").status == 404
        assert row.tree.xpath("//*[@name='status']") == []
    form = office.open(path).form("theme")
    saved = office.send(path, {**form.fill({}), "status": "published", "_save": ""})
    assert saved.path == "/admin/stakeholders/idea/"
    unconfirmed.refresh_from_db()
    assert (unconfirmed.status, unconfirmed.reference) == ("submitted", None)


def test_case_19_the_data_of_the_list_only_reads(browser):
    """The list as data answers what is asked and takes nothing: whatever is sent moves no idea."""
    idea, visitor = IdeaFactory(published=True), browser("fr")
    data = visitor.page("idea-list", query="?format=json")
    assert idea.reference in data.text
    token = visitor.page("idea-track").form("email").value("csrfmiddlewaretoken")
    sent = {"status": "implemented", "csrfmiddlewaretoken": token}
    for path in (data.path, idea.get_absolute_url()):
        visitor.send(path, sent)
    idea.refresh_from_db()
    assert idea.status == "published"
    codes = set(visitor.page("idea-list").tree.xpath("//select[@name='status']/option/@value"))
    assert codes - {""} <= set(IdeaStatus.values)
    assert not codes & {"submitted", "received", "hidden", "not_admissible"}


def withdraws(mine, **values):
    """Fill in the way out behind the secret link."""
    return mine.form("explanation", "reason").send("action=withdraw", **values)


def test_case_20_a_withdrawal_needs_words_and_is_asked_twice(author, anybody, published):
    """Without an explanation, and before the second question is answered, the idea stays."""
    reference, mine = published(author)
    assert "explanation" in withdraws(mine, reason="solved").errors
    asked = withdraws(mine, reason="solved", explanation="Le voisin s’en charge.")
    assert Idea.objects.get().status == "published"
    assert anybody.page("idea-detail", reference).status == 200
    asked.form().send("action=withdraw")
    assert Idea.objects.get().status == "withdrawn"


def test_case_20_what_is_withdrawn_leaves_the_list_and_its_page_says_so(
    author, anybody, published, post
):
    """Out of the list that stands there without a filter, still there for whoever asks for this
    reason, and its page says that and why it was withdrawn; what was told to the Office alone is
    nowhere."""
    reference, mine = published(author)
    title = IDEAS[author.language]["title"]
    assert title in anybody.page("idea-list").words
    words = "Le voisin s’en charge."
    withdraws(mine, reason="solved", explanation=words).form().send("action=withdraw")
    assert title not in anybody.page("idea-list").words
    assert title in anybody.page("idea-list", query="?reason=solved").words
    assert title in anybody.page("idea-list", query="?status=withdrawn").words
    assert title not in anybody.page("idea-list", query="?reason=mistake").words
    page = anybody.page("idea-detail", reference)
    assert page.status == 200
    assert {"fr": "retirée", "nl": "ingetrokken"}[author.language] in page.words
    reason = anybody.page("idea-list").tree.xpath("//select/option[@value='solved']")[0].text
    assert reason.strip().lower() in page.words.lower()
    assert words not in page.text
    assert reference in "".join(post.to()[-1:])
