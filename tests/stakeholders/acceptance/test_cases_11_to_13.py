"""Cases 11 to 13: ideas that may be the same, decided by the staff, merged and separated again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stakeholders import tasks
from stakeholders.models import Idea, IdeaMerge, SimilarityPair
from tests.factories.programme import ThemeFactory
from tests.stakeholders.acceptance.conftest import IDEAS, reference_in

pytestmark = pytest.mark.django_db
PAIRS = "/admin/stakeholders/similaritypair/"


@pytest.fixture
def two(browser, confirms):
    """The same idea from two people, in French and in Dutch: their references."""

    def send(**second) -> tuple[str, str]:
        jette = {"municipality": "JETTE"}
        found = []
        for language, email, more in (
            ("fr", "a@example.org", {}),
            ("nl", "b@example.org", second),
        ):
            who = browser(language)
            form = who.page("idea-new").form("municipality")
            place = next(value for value in form.choices("municipality") if value)
            mine = confirms(who, email=email, **{**dict.fromkeys(jette, place), **more})
            found.append(reference_in(mine.words))
            look_for_pairs()
        return tuple(found)

    return send


def look_for_pairs():
    """Let the worker do what a received idea makes it do."""
    for pk in Idea.objects.values_list("pk", flat=True):
        tasks.find_idea_pairs(pk)


def test_case_11_the_same_idea_in_french_and_dutch_is_flagged(two, office):
    """Two people propose the same for the same place, one in each language: the queue of the
    staff says so, and shows both side by side with the subject that they share."""
    french, dutch = two()
    pair = office.open("/admin/stakeholders/idea/queue/?kind=pair").follow("similaritypair")
    for words in (french, dutch, IDEAS["fr"]["title"], IDEAS["nl"]["title"]):
        assert words in pair.words
    assert SimilarityPair.objects.get().method == "concepts"


def test_case_11_another_place_is_another_idea(two, office):
    """The same words about another place are no pair; nothing waits for a decision."""
    two(municipality="")
    queue = office.open("/admin/stakeholders/idea/queue/?kind=pair")
    assert not [href for href in queue.links if "similaritypair" in href]


def test_case_11_another_theme_is_another_idea(two, office):
    """The same words under another theme are no pair."""
    two(theme=str(ThemeFactory().pk))
    assert not SimilarityPair.objects.exists()


def test_case_12_what_is_no_pair_is_not_proposed_again_until_it_is_reset(two, office):
    """ "Not the same" is decided once: however often the worker looks, nothing waits. The decision
    stands in a list of its own; taken back there, the pair waits again."""
    french, _dutch = two()
    queue = "/admin/stakeholders/idea/queue/?kind=pair"
    office.open(queue).follow("similaritypair").form().send("verdict=not_duplicate")
    look_for_pairs()
    assert not [href for href in office.open(queue).links if "similaritypair" in href]
    listed = office.open(f"{PAIRS}?verdict__exact=not_duplicate")
    assert french in listed.words
    assert french not in office.open(f"{PAIRS}?verdict__exact=open").words
    listed.follow("/change/").form().send("reset=1")
    assert french in office.open(f"{PAIRS}?verdict__exact=open").words
    assert [href for href in office.open(queue).links if "similaritypair" in href]


def test_case_13_a_merge_keeps_both_and_tells_both(two, office, second, browser, post):
    """After a merge the survivor has its own text and no answer that is not its own; the page of
    the merged idea stays and leads there; both people are told in their language, and follow the
    survivor; the history names who did it. The undo brings all of it back, and tells both."""
    french, dutch = two()
    for reference in (french, dutch):
        office.publish(reference)
    before = {each: len(post.to(each)) for each in ("a@example.org", "b@example.org")}
    office.press(french, "merge", into=dutch)
    visitor = browser("nl")
    merged, survivor = (visitor.page("idea-detail", each) for each in (french, dutch))
    assert merged.status == 200
    assert IDEAS["fr"]["title"] in merged.words
    assert [href for href in merged.links if f"/ideas/{dutch}/" in href]
    assert IDEAS["nl"]["body"] in survivor.words
    assert IDEAS["fr"]["body"] not in survivor.words
    kept = Idea.objects.get(reference=dutch)
    assert (kept.status, kept.outcome, kept.answer_fr or "") == ("published", "", "")
    (to_a,) = post.to("a@example.org")[before["a@example.org"] :]
    (to_b,) = post.to("b@example.org")[before["b@example.org"] :]
    assert dutch in to_a
    assert "a été réunie à" in to_a
    assert IDEAS["fr"]["title"] in to_b
    assert "is samengevoegd met het uwe" in to_b
    assert str(office.user) in office.open("/admin/core/statuschange/").words

    answers(office, second, dutch)
    assert "Ja, want" in post.to("b@example.org")[-1]
    assert "Oui, car" in post.to("a@example.org")[-1], "whoever was merged follows"


def answers(office, second, reference):
    """Let a colleague propose an answer and somebody else publish it."""
    words = {"body_fr": "Oui, car c’est utile.", "body_nl": "Ja, want het is nuttig."}
    begun = office.row(reference).follow("/statement/answer/")
    begun.form("outcome").send("propose", outcome="accepted", **words)
    second.row(reference).follow("/officialstatement/").follow("/do/publish/").form().send()


def test_case_13_the_undo_brings_both_back(two, office, browser, post):
    """Within thirty days the merge is undone by a button, with a reason, and both are told; the
    page is what it was. After thirty days the button says that it is too late."""
    french, dutch = two()
    for reference in (french, dutch):
        office.publish(reference)
    visitor = browser("fr")
    before = [visitor.page("idea-detail", each).words for each in (french, dutch)]
    office.press(french, "merge", into=dutch)
    mails = {each: len(post.to(each)) for each in ("a@example.org", "b@example.org")}
    IdeaMerge.objects.update(at=timezone.now() - timedelta(days=31))
    undo = {"name": "undo_merge_published", "note": "Deux lieux différents."}
    assert "trente jours" in office.press(french, **undo).words
    assert Idea.objects.get(reference=french).status == "merged"
    IdeaMerge.objects.update(at=timezone.now() - timedelta(days=29))
    office.press(french, **undo)
    after = [visitor.page("idea-detail", each) for each in (french, dutch)]
    assert not [href for href in after[0].links if f"/ideas/{dutch}/" in href]
    assert IDEAS["fr"]["body"] in after[0].words
    assert before[1].split("Historique")[0] == after[1].words.split("Historique")[0]
    for each, count in mails.items():
        assert len(post.to(each)) == count + 1
