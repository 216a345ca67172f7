"""Moderation, review, answer, merge: who may do what from which state, and what follows."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.roles import Role
from core.models import StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.models import (
    Idea,
    IdeaDecision,
    IdeaMerge,
    IdeaQuestion,
    IdeaStatus,
    Submission,
)
from stakeholders.workflow import IDEA
from tests.factories.stakeholders import IdeaFactory, StatementFactory, SubmissionFactory
from tests.stakeholders.conftest import address, evaluator, mails_to

REFUSAL = {
    "reason": "unclear",
    "public_note_fr": "Peu clair.",
    "public_note_nl": "Onduidelijk.",
    "instead_fr": "Voyez votre commune.",
    "instead_nl": "Ga naar uw gemeente.",
}
WITHDRAWAL = {"reason": "changed", "explanation": "Déménagement."}
#: What each action needs beside who does it.
DATA = {
    "ask_info": {"question": "Où ?"},
    "resume_moderation": {"reply": "Ici."},
    "resume_publication": {"reply": "Ici."},
    "resume_review": {"reply": "Ici."},
    "refuse": REFUSAL,
    "withdraw": WITHDRAWAL,
    "hide": {"note": "abuse"},
    "undo_merge_published": {"note": "two ideas"},
}
OFFICE = {"publish", "ask_info", "start_review", "answer", "refuse", "merge", "hide", "archive"}
RESUMES = {"resume_moderation", "resume_publication", "resume_review"}


#: What an idea in the right state may still not do: tried with such an idea elsewhere.
OF_SOME_ONLY = {
    *("confirm", "register", "merge", "resume_publication", "resume_review"),
    *("split_off", "undo_merge_received", "undo_merge_review", "undo_merge_answered"),
}


def idea_in(status, **changes) -> Idea:
    """Return an idea in ``status`` with whatever this state needs."""
    needs = {
        "submitted": {"reference": None},
        "merged": {"duplicate_of": IdeaFactory(published=True)},
        "withdrawn": {"closing_reason": "solved"},
        "not_admissible": {"closing_reason": "unclear"},
    }
    public = status in {"published", "under_review", "answered", "merged", "archived"}
    base = {"answered": status == "answered", "published": public and status != "answered"}
    made = IdeaFactory(**base, **{"status": status, **needs.get(status, {}), **changes})
    if status == "merged":
        IdeaMerge.objects.create(merged=made, survivor=made.duplicate_of, was_status="published")
    if status == "info_requested":
        IdeaQuestion.objects.create(idea=made, text="Où ?", asked_from="received")
    if status in {"published", "under_review"}:
        colleague = evaluator()
        StatementFactory(idea=made, proposed=True, proposed_by=colleague)
        IdeaDecision.objects.create(idea=made, outcome="accepted", by=colleague)
    return made


def expected(role, status) -> set[str]:
    """Return what ``role`` may do from ``status``, written down independently of the table."""
    from_state = {name for name, step in IDEA.table.items() if status in step.sources}
    allowed = set()
    if role == "staff":
        allowed |= OFFICE | {"withdraw", "resume_moderation", "register", "undo_merge_published"}
    if role == "system":
        allowed |= {"confirm", "withdraw", "resume_moderation"}
    return from_state & allowed


@pytest.mark.django_db
@pytest.mark.parametrize("status", IdeaStatus.values)
@pytest.mark.parametrize("role", [*Role.values, "nobody", "superuser", "system"])
def test_matrix_of_roles_states_and_actions(role, status, users):
    user = SYSTEM if role == "system" else users[role]
    idea = idea_in(status)
    if status == "submitted":
        SubmissionFactory(idea=idea, channel="paper")
    possible = expected(role, status)
    assert {step.name for step in IDEA.available(idea, user)} == possible
    refused = set(IDEA.table) - possible - {"merge"}
    for name in sorted(refused):
        with pytest.raises(TransitionRefused):
            IDEA.run(idea, name, by=user, **DATA.get(name, {}))
    idea.refresh_from_db()
    assert idea.status == status
    assert not StatusChange.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "name"),
    [
        (state, name)
        for name, step in IDEA.table.items()
        for state in step.sources
        if name not in OF_SOME_ONLY
    ],
)
def test_every_possible_action_leads_to_its_state(status, name, users):
    idea = idea_in(status)
    IDEA.run(idea, name, by=users["staff"], **DATA.get(name, {}))
    assert idea.status == IDEA.table[name].target
    change = StatusChange.objects.filter(content_type__model="idea").latest("pk")
    assert (change.source, change.target, change.by) == (status, idea.status, users["staff"])


@pytest.mark.django_db
def test_nobody_decides_on_an_idea_of_their_own(users):
    staff = users["staff"]
    for status in IdeaStatus.values:
        idea = idea_in(status)
        SubmissionFactory(idea=idea, contact__user=None)
        own = idea.submissions.get().contact
        own.user = staff
        own.save()
        names = {step.name for step in IDEA.available(idea, staff)}
        assert names <= {"withdraw"}, status
        own.user = None
        own.save()


@pytest.mark.django_db
def test_staff_confirm_nothing_that_came_through_the_web(users):
    idea = SubmissionFactory(idea__status="submitted", idea__reference=None).idea
    assert IDEA.available(idea, users["staff"]) == []
    with pytest.raises(PermissionRefused):
        services.confirm_idea(idea, by=users["staff"])


@pytest.mark.django_db
def test_a_merge_keeps_both_pages_and_both_followers(client, users):
    first = SubmissionFactory(idea__published=True, contact__email="a@example.org")
    second = SubmissionFactory(
        idea__answered=True, idea__title="Ombre sur la place", contact__email="b@example.org"
    )
    services.merge_idea(first.idea, by=users["staff"], into=second.idea)
    first.idea.refresh_from_db()
    second.idea.refresh_from_db()
    assert (first.idea.status, first.idea.duplicate_of) == ("merged", second.idea)
    assert first.idea.answer_fr is None or first.idea.answer_fr == ""
    followers = set(second.idea.submissions.values_list("contact__email", flat=True))
    assert followers == {"a@example.org", "b@example.org"}
    assert second.idea.submissions.get(contact=first.contact).via == first.idea
    (mail,) = mails_to("a@example.org")
    assert second.idea.reference in mail.text
    page = client.get(address("idea-detail", first.idea.reference))
    assert page.status_code == 200
    assert address("idea-detail", second.idea.reference) in page.content.decode()
    assert StatusChange.objects.latest("pk").transition == "merge"


@pytest.mark.django_db
def test_a_contributor_through_a_merge_cannot_withdraw_the_other_idea(users):
    first, second = SubmissionFactory(), SubmissionFactory(idea__published=True)
    services.merge_idea(first.idea, by=users["staff"], into=second.idea)
    services.send_links(first.contact.email, language="fr")
    (mail,) = mails_to(first.contact.email, "idea_links")
    assert mail.text.count("/ideas/track/") == 1
    assert second.idea.title not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["received", "merged", "withdrawn", "hidden", "archived"])
def test_an_idea_is_merged_only_into_one_that_goes_on(status, users):
    target, idea = idea_in(status), IdeaFactory(published=True)
    with pytest.raises(TransitionRefused):
        services.merge_idea(idea, by=users["staff"], into=target)
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_an_idea_is_not_merged_into_itself(users):
    idea = IdeaFactory(published=True)
    with pytest.raises(TransitionRefused):
        services.merge_idea(idea, by=users["staff"], into=idea)


@pytest.mark.django_db
def test_what_was_published_is_not_refused_afterwards(users):
    idea = IdeaFactory(published=True)
    services.ask_question(idea, by=users["staff"], question="Où ?")
    with pytest.raises(TransitionRefused):
        services.refuse_idea(idea, by=users["staff"], **REFUSAL)


@pytest.mark.django_db
def test_a_hidden_idea_leaves_every_public_place_at_once(client, users):
    idea = IdeaFactory(published=True)
    services.hide_idea(idea, by=users["staff"], note="abuse")
    detail = address("idea-detail", idea.reference)
    assert client.get(detail).status_code == 404
    for path in (
        address("idea-list"),
        address("idea-list") + "?format=json",
        address("idea-list") + f"?search={idea.reference}&status=hidden",
        address("idea-similar") + f"?title={idea.title}",
        f"/fr/search/?q={idea.title}",
    ):
        assert detail not in client.get(path).content.decode(), path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"status": "implemented"},
        {"status": "published", "reference": None},
        {"status": "answered", "outcome": ""},
        {"status": "answered", "outcome": "accepted", "answer_fr": "Oui", "answer_nl": None},
        {"status": "answered", "outcome": "accepted", "answer_fr": "Oui", "answer_nl": " \n"},
        {"status": "merged", "duplicate_of": None},
        {"status": "withdrawn", "closing_reason": ""},
        {"status": "not_admissible", "closing_reason": ""},
        {"public_note_fr": "Seulement en français"},
    ],
)
def test_the_database_refuses_nonsense(change):
    idea = IdeaFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=idea.pk).update(**change)


@pytest.mark.django_db
def test_raw_sql_cannot_ask_two_questions_at_once():
    idea = IdeaFactory()
    IdeaQuestion.objects.create(idea=idea, text="Où ?", asked_from="received")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stakeholders_ideaquestion (idea_id, text, asked_from, asked_at, reply)"
            " SELECT idea_id, text, asked_from, asked_at, reply FROM stakeholders_ideaquestion"
        )


@pytest.mark.django_db(transaction=True)
def test_of_eight_moderators_at_once_one_publishes(make_user):
    staff, idea = make_user("staff"), IdeaFactory()
    results = []

    def publish():
        try:
            services.publish_idea(Idea.objects.get(pk=idea.pk), by=staff)
            results.append("published")
        except TransitionRefused:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["published", *["refused"] * 7]


@pytest.mark.django_db(transaction=True)
def test_references_taken_at_once_are_all_different():
    found = []

    def take():
        with transaction.atomic():
            found.append(services.next_reference(2026))
        connections.close_all()

    threads = [threading.Thread(target=take) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"SCO-2026-{n:05}" for n in range(1, 7)]
