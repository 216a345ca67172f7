"""Many ideas at once (case 15): asked first, each in its own transaction, the list as it was."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import StatusChange
from stakeholders.admin import IdeaAdmin
from stakeholders.forms import RefusalForm
from stakeholders.models import Assignment, MessageTemplate, text_state
from stakeholders.workflow import IDEA
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory, TemplateFactory
from tests.stakeholders.conftest import address, mails_to

pytestmark = pytest.mark.django_db
LIST = reverse("admin:stakeholders_idea_changelist")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WORDS = {
    "reason": "unclear",
    "public_note_fr": "Peu clair.",
    "public_note_nl": "Onduidelijk.",
    "instead_fr": "Au guichet.",
    "instead_nl": "Aan het loket.",
}


@pytest.fixture
def staff(users, login):
    return login(users["staff"])


def ask(client, name, ideas, query=""):
    """Tick ideas and choose an action; return the question."""
    data = {"action": f"{name}_many", "_selected_action": [each.pk for each in ideas], "index": "0"}
    return client.post(LIST + query, data)


def confirm(client, question, query="", **words):
    """Answer the question with what its hidden fields hold."""
    data = {}
    for name, value in HIDDEN.findall(question.text):
        data.setdefault(name, []).append(value)
    return client.post(LIST + query, {**data, **words})


def states(ideas):
    for idea in ideas:
        idea.refresh_from_db()
    return [idea.status for idea in ideas]


def test_what_was_ticked_is_published_after_a_question_and_mailed_once(staff):
    ideas = [SubmissionFactory(contact__email=f"p{n}@example.org").idea for n in range(3)]
    question = ask(staff, "publish", ideas)
    assert all(idea.title in question.text for idea in ideas)
    assert states(ideas) == ["received"] * 3
    assert not StatusChange.objects.exists()
    assert confirm(staff, question).status_code == 302
    assert states(ideas) == ["published"] * 3
    assert StatusChange.objects.filter(transition="publish").count() == 3
    again = confirm(staff, question)
    assert again.status_code == 302
    for number in range(3):
        assert len(mails_to(f"p{number}@example.org", "idea_published")) == 1


def test_filter_page_and_order_stay(staff, monkeypatch):
    monkeypatch.setattr(IdeaAdmin, "list_per_page", 2)
    for number in range(5):
        IdeaFactory(title=f"Banc {number}")
    query = "?status__exact=received&o=2&p=2&q=banc"
    cl = staff.get(LIST + query).context["cl"]
    ideas = list(cl.result_list)
    assert [idea.title for idea in ideas] == ["Banc 2", "Banc 3"]
    done = confirm(staff, ask(staff, "publish", ideas, query), query)
    assert done.url == LIST + query
    back = staff.get(done.url).context["cl"]
    assert [idea.title for idea in back.result_list] == ["Banc 4"]
    assert (back.query, back.page_num, back.result_count) == ("banc", 2, 3)


def test_the_last_page_that_was_emptied_gives_way_to_the_one_before(staff, monkeypatch):
    monkeypatch.setattr(IdeaAdmin, "list_per_page", 2)
    ideas = [IdeaFactory(title=f"Banc {number}") for number in range(3)]
    query = "?status__exact=received&o=2&p=2"
    done = confirm(staff, ask(staff, "publish", ideas[2:], query), query)
    assert done.url == LIST + query
    back = staff.get(done.url)
    assert back.status_code == 200
    assert list(back.context["cl"].result_list) == ideas[:2]


def test_the_question_names_what_stays_and_why(staff, users):
    fine, public = IdeaFactory(), IdeaFactory(published=True)
    own = SubmissionFactory(contact__user=users["staff"]).idea
    was_public = IdeaFactory(status="info_requested", published_at=timezone.now())
    question = ask(staff, "refuse", [fine, own, public, was_public])
    can, cannot = question.context["can"], dict(question.context["cannot"])
    assert [idea for idea, _state in can] == [fine]
    assert "yourself" in cannot[own]
    assert "published" in cannot[public]
    assert "published already" in cannot[was_public]
    assert all(
        f"<strong>{reason}</strong>" in unescape(question.text) for reason in cannot.values()
    )
    assert confirm(staff, question, **WORDS).status_code == 302
    assert states([fine, own, public, was_public]) == [
        *("not_admissible", "received", "published", "info_requested"),
    ]


def test_whoever_forges_the_question_does_not_move_their_own_idea(staff, users):
    own = SubmissionFactory(contact__user=users["staff"]).idea
    other = IdeaFactory()
    question = ask(staff, "publish", [other])
    states_sent = dict(HIDDEN.findall(question.text))["seen"].partition(":")[2]
    data = {"action": "publish_many", "confirmed": "1", "_selected_action": [own.pk, other.pk]}
    staff.post(LIST, {**data, "seen": [f"{other.pk}:{states_sent}"]})
    staff.post(LIST, {**data, "seen": [f"{own.pk}:{text_state(own)}"]})
    assert states([own, other]) == ["received", "published"]


def test_a_text_that_was_corrected_meanwhile_is_left_and_named(staff):
    ideas = [IdeaFactory(), IdeaFactory()]
    question = ask(staff, "publish", ideas)
    ideas[0].body = "Tout autre chose, écrit entre-temps."
    ideas[0].save()
    page = staff.get(confirm(staff, question).url)
    assert states(ideas) == ["received", "published"]
    told = [str(each) for each in page.context["messages"]]
    assert told == [
        "Publish: 1 idea.",
        f"{ideas[0]}: Its author has corrected the text meanwhile. Read it first.",
    ]


def test_one_that_a_colleague_refused_meanwhile_takes_no_other_along(staff, make_user):
    ideas = [IdeaFactory() for _each in range(3)]
    question = ask(staff, "publish", ideas)
    words = {name: WORDS[name] for name in WORDS if name in RefusalForm().fields}
    IDEA.run(ideas[1], "refuse", by=make_user("staff"), **words)
    confirm(staff, question)
    assert states(ideas) == ["published", "not_admissible", "published"]


def test_hidden_ideas_leave_the_public_lists_at_once_and_the_reason_is_kept(staff, client):
    ideas = [IdeaFactory(published=True, title=f"À cacher {number}") for number in range(2)]
    public = address("idea-list")
    assert "À cacher 1" in client.get(public).text
    question = ask(staff, "hide", ideas)
    assert confirm(staff, question, note="").context["form"].errors
    assert confirm(staff, question, note="Injurieux.").status_code == 302
    assert states(ideas) == ["hidden"] * 2
    assert set(StatusChange.objects.values_list("note", flat=True)) == {"Injurieux."}
    assert "À cacher" not in client.get(public).text
    client.logout()
    assert client.get(address("idea-detail", ideas[0].reference)).status_code == 404


def test_many_are_assigned_to_one_colleague(staff, users):
    ideas = [IdeaFactory(), IdeaFactory(published=True), IdeaFactory(answered=True)]
    question = ask(staff, "assign", ideas)
    assert [idea for idea, _why in question.context["cannot"]] == [ideas[2]]
    data = {"evaluator": users["staff"].pk, "due_on": str(timezone.localdate())}
    assert confirm(staff, question, **data).status_code == 302
    assert set(Assignment.objects.values_list("idea", flat=True)) == {each.pk for each in ideas[:2]}


def test_nobody_else_has_the_actions(users, login):
    idea = IdeaFactory()
    for role in ("translator", "secretary", "auditor", "administrator"):
        page = ask(login(users[role]), "publish", [idea])
        assert "confirmed" not in getattr(page, "text", ""), role
        data = {"action": "publish_many", "confirmed": "1", "_selected_action": [idea.pk]}
        login(users[role]).post(LIST, data)
    assert states([idea]) == ["received"]


def test_the_question_takes_as_many_queries_for_forty_as_for_two(staff):
    ideas = [IdeaFactory() for _each in range(40)]
    counts = []
    for some in (ideas[:2], ideas[:2], ideas):
        with CaptureQueriesContext(connection) as queries:
            ask(staff, "refuse", some)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_more_than_a_hundred_are_not_looked_at(staff):
    ideas = [IdeaFactory() for _each in range(101)]
    answer = ask(staff, "publish", ideas)
    assert answer.status_code == 302
    assert "at most 100" in staff.get(LIST).text


# --- templates -----------------------------------------------------------------------------------


def test_a_template_fills_what_is_empty_and_nothing_is_sent_unread(staff):
    idea = SubmissionFactory(contact__email="zoe@example.org").idea
    template = TemplateFactory()
    TemplateFactory(name_fr="Éteint", is_active=False)
    TemplateFactory(use="answer", reason="accepted", name_fr="Accepté")
    move = reverse("admin:stakeholders_idea_transition", args=[idea.pk, "refuse"])
    page = staff.get(move).text
    assert "too unclear to be answered –" in page
    assert "Éteint" not in page
    assert "Accepté" not in page
    mine = {**WORDS, "public_note_fr": "Mes propres mots.", "public_note_nl": "", "instead_nl": ""}
    filled = staff.post(move, {**mine, "template": template.pk})
    form = filled.context["form"]
    assert states([idea]) == ["received"]
    assert form["public_note_fr"].value() == "Mes propres mots."
    assert form["public_note_nl"].value().startswith("Wij begrijpen het niet.")
    assert "Kom naar het loket." in filled.text
    assert "Read it" in str(form.non_field_errors())
    sent = {name: form[name].value() or "" for name in form.fields}
    assert staff.post(move, sent).status_code == 302
    assert states([idea]) == ["not_admissible"]
    (mail,) = mails_to("zoe@example.org")
    assert "Mes propres mots." in mail.text


def test_the_refusal_of_many_offers_templates_too(staff):
    ideas = [IdeaFactory(), IdeaFactory()]
    template = TemplateFactory()
    question = ask(staff, "refuse", ideas)
    filled = confirm(staff, question, reason="unclear", template=template.pk)
    assert states(ideas) == ["received"] * 2
    form = filled.context["form"]
    words = {name: form[name].value() or "" for name in form.fields}
    assert words["public_note_fr"].startswith("Nous ne comprenons pas.")
    assert confirm(staff, filled, **words).status_code == 302
    assert states(ideas) == ["not_admissible"] * 2


def test_templates_are_edited_by_staff_and_translator_in_both_languages(users, login):
    template = TemplateFactory()
    page = reverse("admin:stakeholders_messagetemplate_change", args=[template.pk])
    data = {
        "slug": template.slug,
        "use": "refusal",
        "reason": "unclear",
        "is_active": "on",
        **{f"name_{code}": f"Nom {code}" for code in ("fr", "nl", "en")},
        **{f"text_{code}": f"Texte {code}" for code in ("fr", "nl", "en")},
        **{f"instead_{code}": "" for code in ("fr", "nl", "en")},
    }
    client = login(users["staff"])
    assert "text_nl" in client.post(page, {**data, "text_nl": ""}).context["adminform"].form.errors
    assert client.post(page, {**data, "reason": "accepted"}).status_code == 200
    assert client.post(page, data).status_code == 302
    assert login(users["translator"]).post(page, {**data, "text_nl": "Tekst"}).status_code == 302
    assert MessageTemplate.objects.get().text_nl == "Tekst"
    assert login(users["juror"]).get(page).status_code == 302
    assert login(users["secretary"]).get(page).status_code == 403
