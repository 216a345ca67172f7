"""Decision and statement are two things: decided, proposed, published, replaced (18, 19)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Message, StatusChange
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.models import Idea, IdeaDecision, OfficialStatement
from stakeholders.panels import statements_to_publish
from stakeholders.statement_workflow import STATEMENT
from tests.factories.stakeholders import IdeaFactory, StatementFactory, SubmissionFactory
from tests.stakeholders.conftest import (
    DECLINED,
    address,
    answer,
    evaluator,
    mails_to,
    propose,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def idea():
    return IdeaFactory(published=True, title="Des bancs")


@pytest.fixture
def contributors(idea):
    """One contributor for each language, one who wants no mail, one without an address."""
    for language in ("fr", "nl", "en"):
        email = f"{language}@example.org"
        SubmissionFactory(idea=idea, language=language, contact__email=email)
    SubmissionFactory(idea=idea, notify=False, contact__email="quiet@example.org")
    SubmissionFactory(idea=idea, contact__email="")


def page_of(client, idea, language="fr") -> str:
    return client.get(address("idea-detail", idea.reference, language=language)).content.decode()


def screen(idea, kind="answer"):
    return reverse("admin:stakeholders_idea_statement", args=[idea.pk, kind])


def change(statement, name=None):
    if name:
        return reverse("admin:stakeholders_officialstatement_transition", args=[statement.pk, name])
    return reverse("admin:stakeholders_officialstatement_change", args=[statement.pk])


FORM = {
    "outcome": "accepted",
    "note": "Coûte peu, dit le service technique.",
    "body_fr": "Oui, car c’est utile.",
    "body_nl": "Ja, want het is nuttig.",
    "signatory_fr": "Bruxelles Mobilité",
    "signatory_nl": "Brussel Mobiliteit",
}


def test_a_saved_decision_changes_no_page_and_mails_nobody(
    client, login, staff, idea, contributors
):
    """Case 18, through the screens of the back office."""
    before = {language: page_of(client, idea, language) for language in ("fr", "nl")}
    login(evaluator())
    assert client.get(screen(idea)).status_code == 200
    assert client.post(screen(idea), {**FORM, "keep": "1"}).status_code == 302
    statement = OfficialStatement.objects.get()
    assert statement.status == "draft"
    assert client.post(change(statement, "propose"), {"note": ""}).status_code == 302
    client.logout()
    assert {language: page_of(client, idea, language) for language in before} == before
    assert not Message.objects.exists()

    login(staff)
    assert client.post(change(statement, "publish"), {"note": ""}).status_code == 302
    client.logout()
    shown = page_of(client, idea)
    assert "Oui, car c’est utile." in shown
    assert "Bruxelles Mobilité" in shown
    assert "Ja, want het is nuttig." in page_of(client, idea, "nl")
    assert FORM["note"] not in shown
    assert {mail.recipient: mail.language for mail in Message.objects.all()} == {
        f"{language}@example.org": language for language in ("fr", "nl", "en")
    }
    assert "Oui, car c’est utile." in mails_to("fr@example.org")[0].text
    assert "Ja, want het is nuttig." in mails_to("nl@example.org")[0].text
    idea.refresh_from_db()
    assert (idea.status, idea.outcome, idea.answer_fr) == ("answered", "accepted", FORM["body_fr"])


def test_saving_again_without_change_mails_nobody(client, login, staff, idea, contributors):
    statement = answer(idea, by=staff)
    count = Message.objects.count()
    login(staff)
    assert client.post(change(statement), {}).status_code == 403, "published: read only"
    page = client.get(reverse("admin:stakeholders_idea_change", args=[idea.pk]))
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"theme": str(idea.theme_id)}
    client.post(reverse("admin:stakeholders_idea_change", args=[idea.pk]), data)
    again = client.post(change(statement, "publish"), {"note": ""})
    assert again.context["form"].errors
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)
    assert Message.objects.count() == count


def test_a_draft_is_mended_and_keeps_what_was_decided(client, login, idea):
    login(evaluator())
    client.post(screen(idea), {**FORM, "keep": "1"})
    statement = OfficialStatement.objects.get()
    page = client.get(change(statement))
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(change(statement), {**data, "body_fr": "Oui, dès mai."}).status_code == 302
    statement.refresh_from_db()
    assert statement.body_fr == "Oui, dès mai."
    assert idea.decisions.count() == 1
    changed = {**data, "outcome": "accepted_in_part"}
    assert client.post(change(statement), changed).status_code == 302
    assert [each.outcome for each in idea.decisions.all()] == ["accepted_in_part", "accepted"]
    assert client.get(screen(idea)).url == change(statement), "one draft of a kind at a time"
    assert not Message.objects.exists()


def test_a_second_person_publishes(client, login, staff, idea):
    statement = propose(idea)
    with pytest.raises(PermissionRefused):
        services.publish_statement(statement, by=evaluator())
    with pytest.raises(PermissionRefused):
        services.answer_idea(idea, by=evaluator())
    login(evaluator())
    assert client.post(change(statement, "publish"), {"note": ""}).status_code == 403
    assert statements_to_publish(evaluator()) is None
    assert [row.text for row in statements_to_publish(staff).rows] == [str(statement)]
    idea.refresh_from_db()
    assert (idea.status, idea.answered_at) == ("published", None)
    services.publish_statement(statement, by=staff)
    statement.refresh_from_db()
    assert (statement.proposed_by, statement.published_by) == (evaluator(), staff)


@pytest.mark.parametrize("kind", ["acknowledgement", "answer"])
def test_nobody_decides_on_an_idea_of_their_own(client, login, staff, idea, kind):
    statement = propose(idea, kind=kind)
    SubmissionFactory(idea=idea, contact__user=staff)
    other = "answer" if kind == "acknowledgement" else "acknowledgement"
    with pytest.raises(PermissionRefused):
        services.draft_statement(idea, by=staff, kind=other, words={})
    login(staff)
    assert client.get(screen(idea, other)).status_code == 403
    for name in ("publish", "send_back", "drop"):
        assert client.post(change(statement, name), {"note": "x"}).status_code == 403, name
    assert statements_to_publish(staff) is None


@pytest.mark.parametrize(
    "role", ["secretary", "juror", "auditor", "administrator", "translator", "facilitator"]
)
def test_only_staff_decide_and_publish(role, users, client, login, idea):
    statement = propose(idea)
    with pytest.raises(PermissionRefused):
        services.publish_statement(statement, by=users[role])
    with pytest.raises(PermissionRefused):
        services.draft_statement(idea, by=users[role], kind="answer", words={})
    login(users[role])
    assert client.get(screen(idea)).status_code in {302, 403}
    assert client.post(change(statement, "publish"), {"note": ""}).status_code in {302, 403}


@pytest.mark.parametrize("missing", ["body_fr", "body_nl", "signatory_nl"])
def test_both_languages_or_nothing(missing, client, login, staff, idea, contributors):
    statement = propose(idea, **{missing: " "})
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)
    login(staff)
    refused = client.post(change(statement, "publish"), {"note": ""})
    assert refused.context["form"].errors
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatement.objects.update(status="published", published_by=staff, published_at=NOW)
    idea.refresh_from_db()
    assert (idea.status, idea.outcome, idea.answered_at) == ("published", "", None)
    assert not Message.objects.exists()


@pytest.mark.parametrize("missing", ["reason", "instead_fr", "instead_nl"])
def test_a_refusal_says_why_and_where_to_go(missing, staff, idea):
    statement = propose(idea, **{**DECLINED, missing: ""})
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatement.objects.update(status="published", published_by=staff, published_at=NOW)
    idea.refresh_from_db()
    assert idea.status == "published"


def test_a_refusal_is_read_with_its_reason(client, staff, idea, contributors):
    answer(idea, by=staff, **DECLINED)
    page = page_of(client, idea)
    assert "Voyez votre commune." in page
    assert "Voyez votre commune." in mails_to("fr@example.org")[0].text
    assert "Ga naar uw gemeente." in page_of(client, idea, "nl")


@pytest.mark.parametrize("missing", ["instead_fr", "instead_nl", "public_note_nl", "reason"])
def test_what_is_not_admissible_says_where_to_go_too(missing, staff):
    idea = IdeaFactory()
    said = {
        "reason": "unclear",
        "public_note_fr": "Peu clair.",
        "public_note_nl": "Onduidelijk.",
        "instead_fr": "Voyez votre commune.",
        "instead_nl": "Ga naar uw gemeente.",
    }
    with pytest.raises(TransitionRefused):
        services.refuse_idea(idea, by=staff, **{**said, missing: ""})
    services.refuse_idea(idea, by=staff, **said)
    assert idea.status == "not_admissible"


def test_a_later_answer_replaces_the_one_before(client, staff, idea, contributors):
    first = answer(idea, by=staff, body_fr="Pas encore.", body_nl="Nog niet.", **DECLINED)
    page = page_of(client, idea)
    second = propose(idea, body_fr="Finalement oui.", body_nl="Toch wel.")
    assert page_of(client, idea) == page
    services.publish_statement(second, by=staff)
    second.refresh_from_db()
    assert second.supersedes == first
    idea.refresh_from_db()
    assert (idea.outcome, idea.answer_nl) == ("accepted", "Toch wel.")
    assert idea.answered_at == second.published_at
    after = page_of(client, idea)
    assert (
        after.index("Finalement oui.")
        < after.index('<details class="panel"')
        < after.index("Pas encore.")
    )
    assert len(mails_to("fr@example.org", "idea_answered")) == 2
    assert not OfficialStatement.objects.current_answers().exclude(pk=second.pk).exists()


def test_an_update_comes_after_the_answer(client, staff, idea, contributors):
    with pytest.raises(TransitionRefused):
        propose(idea, kind="update")
    answer(idea, by=staff)
    update = propose(idea, kind="update", body_fr="Posé en mai.", body_nl="In mei geplaatst.")
    assert "Posé en mai." not in page_of(client, idea)
    services.publish_statement(update, by=staff)
    assert "Posé en mai." in page_of(client, idea)
    (mail,) = mails_to("nl@example.org", "idea_updated")
    assert "In mei geplaatst." in mail.text
    idea.refresh_from_db()
    assert idea.answer_fr == "Oui, car."


def test_an_acknowledgement_reaches_the_contributor_before_moderation(client, staff):
    submission = SubmissionFactory(contact__email="zoe@example.org")
    statement = propose(submission.idea, kind="acknowledgement", body_fr="Bien reçu.")
    services.publish_statement(statement, by=staff)
    page = client.get(address("idea-tracking", services.issue_tracking(submission)))
    assert "Bien reçu." in page.content.decode()
    (mail,) = mails_to("zoe@example.org")
    assert "Bien reçu." in mail.text
    submission.idea.refresh_from_db()
    assert submission.idea.status == "received"


@pytest.mark.parametrize("status", ["merged", "withdrawn", "hidden", "received", "info_requested"])
def test_an_answer_that_was_overtaken_is_not_published(status, staff, idea):
    statement = propose(idea)
    needs = {"withdrawn": {"closing_reason": "solved"}, "merged": {"duplicate_of": IdeaFactory()}}
    Idea.objects.filter(pk=idea.pk).update(status=status, **needs.get(status, {}))
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)
    statement.refresh_from_db()
    assert statement.status == "proposed"


def test_a_decision_changed_meanwhile_stops_the_text(staff, idea):
    statement = propose(idea)
    IdeaDecision.objects.create(idea=idea, outcome="declined", by=staff)
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)


@pytest.mark.parametrize("name", ["implemented", "confirm", "resume_moderation", "answer"])
def test_an_illegal_jump_is_refused_on_every_way(name, client, login, staff):
    """Case 19: what the table does not hold, and what only the portal does."""
    idea = SubmissionFactory(idea__status="submitted", idea__reference=None).idea
    with pytest.raises(TransitionRefused):
        services_run(idea, name, by=staff)
    login(staff)
    url = reverse("admin:stakeholders_idea_transition", args=[idea.pk, name])
    assert client.post(url, {"reply": "x"}).status_code in {200, 403, 404}
    idea.refresh_from_db()
    assert idea.status == "submitted"
    page = client.get(reverse("admin:stakeholders_idea_change", args=[idea.pk]))
    assert f"/do/{name}/" not in page.content.decode()


def services_run(idea, name, by):
    from stakeholders.workflow import IDEA

    data = {"reply": "x"} if name.startswith("resume") else {}
    return IDEA.run(idea, name, by=by, **data)


@pytest.mark.parametrize("state", ["draft", "published", "dropped"])
def test_a_statement_is_published_from_its_proposal_only(state, staff, idea):
    statement = propose(idea)
    if state == "draft":
        services.send_back_statement(statement, by=staff, note="trop long")
    elif state == "dropped":
        services.drop_statement(statement, by=staff, note="inutile")
    else:
        services.publish_statement(statement, by=staff)
    changes = StatusChange.objects.count()
    with pytest.raises(TransitionRefused):
        services.publish_statement(statement, by=staff)
    assert StatusChange.objects.count() == changes


def test_what_is_published_never_changes(staff, idea):
    statement = answer(idea, by=staff)
    for change_ in ({"body_fr": "Non."}, {"status": "draft"}, {"published_at": None}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            OfficialStatement.objects.filter(pk=statement.pk).update(**change_)
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        OfficialStatement.objects.filter(pk=statement.pk).delete()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        IdeaDecision.objects.update(outcome="declined")


@pytest.mark.parametrize(
    "change_",
    [
        {"status": "gone"},
        {"kind": "promise"},
        {"outcome": ""},
        {"kind": "update"},
        {"reason": "cost"},
        {"proposed_at": None},
        {"status": "published"},
        {"published_at": NOW},
        {"instead_fr": "Là", "status": "published", "published_at": NOW, "proposed_by": None},
    ],
)
def test_the_database_refuses_nonsense(change_, staff):
    statement = StatementFactory(proposed=True, proposed_by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatement.objects.filter(pk=statement.pk).update(**change_)


def test_the_database_knows_four_eyes_and_one_proposal(staff, idea):
    statement = StatementFactory(idea=idea, proposed=True, proposed_by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatement.objects.update(status="published", published_by=staff, published_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatement.objects.update(status="published", published_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementFactory(idea=idea, status="draft", published_at=None)
    StatementFactory(idea=idea)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementFactory(idea=idea)
    assert statement.status == "proposed"


def test_internal_decisions_stay_internal(client, login, users, staff, idea):
    statement = propose(idea, note="remarque-interne")
    services.publish_statement(statement, by=staff)
    places = [
        address("idea-detail", idea.reference),
        address("idea-list"),
        address("idea-list") + "?format=json",
        address("idea-answering") + "?format=json",
        "/fr/search/?q=remarque-interne",
        reverse("admin:stakeholders_idea_change", args=[idea.pk]),
        change(statement),
    ]
    for role in ("secretary", "translator", "juror", "nobody", "superuser"):
        login(users[role])
        for place in places:
            content = client.get(place, follow=True).content.decode()
            told = content.replace("?q=remarque-interne", "").replace('"remarque-interne"', "")
            assert "remarque-interne" not in told or "search" in place, (role, place)
    login(staff)
    assert "remarque-interne" in client.get(places[-2]).content.decode()


def test_a_translator_writes_words_and_decides_nothing(client, login, users, idea):
    statement = propose(idea, body_nl="")
    services.send_back_statement(statement, by=users["staff"], note="le néerlandais manque")
    login(users["translator"])
    page = client.get(change(statement))
    names = set(page.context["adminform"].form.fields)
    assert {"body_fr", "body_nl"} <= names
    assert not names & {"outcome", "reason"}
    assert client.post(change(statement), {"body_fr": "Oui.", "body_nl": "Ja."}).status_code == 302
    statement.refresh_from_db()
    assert (statement.body_nl, statement.outcome) == ("Ja.", "accepted")


def test_the_page_of_an_idea_asks_once_for_all_that_was_said(
    client, staff, idea, django_assert_num_queries, django_assert_max_num_queries
):
    """The page of an idea reads all that was said with one query."""
    answer(idea, by=staff)
    page_of(client, idea)
    with django_assert_max_num_queries(60) as first:
        page_of(client, idea)
    for _time in range(3):
        answer(idea, by=staff)
        services.publish_statement(propose(idea, kind="update"), by=staff)
    StatusChange.objects.count()
    with django_assert_num_queries(len(first.captured_queries)):
        page_of(client, idea)


def test_the_order_of_the_flow_is_told_in_the_history(staff, idea):
    statement = answer(idea, by=staff)
    rows = StatusChange.objects.filter(content_type__model="officialstatement").order_by("pk")
    assert [row.transition for row in rows] == ["create", "propose", "publish"]
    assert set(STATEMENT.verbs) == set(STATEMENT.table)
    assert statement.idea.statements.count() == 1
    assert timezone.now() - idea.answered_at < timedelta(minutes=5)


def test_answers_of_before_are_taken_over(client):
    """What the migration does with ideas that were answered before there were statements."""
    migration = import_module("stakeholders.migrations.0013_statements")
    IdeaFactory(published=True)
    idea = IdeaFactory(answered=True, statement=False, answer_en="Yes, because.")
    with connection.cursor() as cursor:
        cursor.execute(migration.TAKE_OVER)
    taken = OfficialStatement.objects.get()
    assert (taken.idea, taken.status, taken.outcome) == (idea, "published", "accepted")
    assert (taken.body_nl, taken.published_at) == (idea.answer_nl, idea.answered_at)
    assert idea.answer_fr in page_of(client, idea)
