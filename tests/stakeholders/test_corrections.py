"""Corrections by the author: at once before moderation, by approval afterwards, never lost."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.models import Idea, IdeaEdit, text_state, words_of
from stakeholders.panels import corrections_to_decide
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import MunicipalityFactory, SubmissionFactory
from tests.stakeholders.conftest import DECLINED, address, answer, mails_to

pytestmark = pytest.mark.django_db
OLD, NEW = "Un banc à chaque deuxième arrêt.", "Un banc large à chaque arrêt du tram."


@pytest.fixture
def staff(make_user):
    return make_user("staff")


def sent(status="published", **changes):
    """Return the contribution of an idea in ``status``."""
    public = status not in {"received"}
    return SubmissionFactory(
        contact__email="zoe@example.org",
        idea__title="Mon banc",
        idea__body=OLD,
        idea__status=status,
        idea__published_at=timezone.now() if public else None,
        **changes,
    )


def path_of(submission, language="fr"):
    """Return the address of the page that corrects."""
    return address("idea-correct", services.issue_tracking(submission), language=language)


def typed(submission, **changes) -> dict:
    """Return what the form sends."""
    idea = submission.idea
    data = {"title": "Mon banc", "body": NEW, "expected_benefit": "", "theme": idea.theme_id}
    return {**data, "municipality": "", "seen": text_state(idea), **changes}


def corrected(submission, **changes) -> IdeaEdit:
    """Correct through the service."""
    words = {**words_of(submission.idea), "body": NEW, **changes}
    return services.correct_idea(submission, words, seen=text_state(submission.idea))


def decision(edit, name):
    return reverse("admin:stakeholders_ideaedit_transition", args=[edit.pk, name])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_before_moderation_the_text_changes_and_the_old_one_is_kept(client, language):
    submission, theme, place = sent("received"), ThemeFactory(), MunicipalityFactory()
    path = path_of(submission, language)
    assert OLD in client.get(path).content.decode()
    data = typed(submission, title="Mon grand banc", theme=theme.pk, municipality=place.pk)
    page = client.post(path, data, follow=True).content.decode()
    idea = Idea.objects.get()
    assert (idea.title, idea.body, idea.theme, idea.municipality) == (
        *("Mon grand banc", NEW),
        *(theme, place),
    )
    edit = IdeaEdit.objects.get()
    assert (edit.status, edit.former["body"], edit.former["title"]) == ("applied", OLD, "Mon banc")
    assert NEW in page
    moves = [row.transition for row in StatusChange.objects.order_by("pk")]
    assert moves == ["submit", "apply"]


@pytest.mark.parametrize("status", ["published", "under_review", "info_requested"])
def test_a_published_idea_keeps_its_text_until_the_correction_is_approved(
    client, login, staff, status
):
    submission = sent(status)
    page = client.post(path_of(submission), typed(submission), follow=True).content.decode()
    assert NEW in page, "the author sees the pending text"
    public = address("idea-detail", submission.idea.reference)
    for path in (public, address("idea-list")):
        assert NEW not in client.get(path).content.decode()
    assert OLD in client.get(public).content.decode()
    edit = IdeaEdit.objects.get()
    assert edit.status == "pending"
    office = login(staff)
    change = reverse("admin:stakeholders_ideaedit_change", args=[edit.pk])
    diff = office.get(change, headers={"accept-language": "nl"}).content.decode()
    assert "<del>" in diff
    assert "<ins>" in diff
    assert 'class="visually-hidden"' in diff, "told in words, not by colour alone"
    assert office.post(decision(edit, "approve"), {"note": ""}).status_code == 302
    assert NEW in client.get(public).content.decode()
    assert Idea.objects.get().status == status, "approving moves nothing else"
    (mail,) = mails_to("zoe@example.org", "idea_edit_approved")
    assert "Mon banc" in mail.text


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_refusal_has_a_reason_and_reaches_the_author_in_their_language(
    client, login, staff, language
):
    submission = sent(language=language, notify=False)
    edit = corrected(submission)
    office = login(staff)
    empty = office.post(decision(edit, "refuse"), {"reason": "", "explanation": ""})
    assert set(empty.context["form"].errors) == {"reason", "explanation"}
    data = {"reason": "personal_data", "explanation": "Sans nom, svp."}
    assert office.post(decision(edit, "refuse"), data).status_code == 302
    edit.refresh_from_db()
    assert (edit.status, Idea.objects.get().body) == ("refused", OLD)
    (mail,) = mails_to("zoe@example.org", "idea_edit_refused")
    assert (mail.language, "Sans nom, svp." in mail.text) == (language, True)
    tracking = address("idea-tracking", services.issue_tracking(submission), language=language)
    assert "Sans nom, svp." in client.get(tracking).content.decode()


def test_nobody_decides_on_an_idea_of_their_own(login, staff):
    submission = sent(contact__user=staff)
    edit = corrected(submission)
    assert corrections_to_decide(staff) is None
    assert login(staff).post(decision(edit, "approve")).status_code == 403
    with pytest.raises(PermissionRefused):
        services.approve_edit(edit, by=staff)
    assert Idea.objects.get().body == OLD


def test_only_the_staff_decides(users):
    edit = corrected(sent())
    for role, user in [*users.items(), ("system", SYSTEM)]:
        assert (corrections_to_decide(user) is None) == (role != "staff"), role
        if role != "staff":
            with pytest.raises(PermissionRefused):
                services.approve_edit(edit, by=user)


def test_a_second_correction_takes_the_place_of_the_first(client, staff):
    submission = sent()
    first = corrected(submission)
    second = corrected(submission, body="Deux bancs à chaque arrêt du tram.")
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "pending")
    with pytest.raises(TransitionRefused):
        services.approve_edit(first, by=staff)
    assert (
        services.correct_idea(
            submission, words_of(submission.idea), seen=text_state(submission.idea)
        )
        is None
    ), "the approved words again: taken back"
    assert not IdeaEdit.objects.pending().exists()


def test_two_open_forms_the_second_is_told_and_keeps_its_words(client):
    submission = sent()
    path, data = path_of(submission), typed(submission)
    client.post(path, data)
    other = "Des bancs en bois à tous les arrêts."
    told = client.post(path, {**data, "body": other})
    assert told.status_code == 200
    assert told.context["form"].non_field_errors()
    assert other in told.content.decode()
    assert IdeaEdit.objects.get().body == NEW, "nothing overwritten"
    seen = told.context["form"]["seen"].value()
    assert client.post(path, {**data, "body": other, "seen": seen}).status_code == 302
    assert IdeaEdit.objects.pending().get().body == other


def test_a_decision_between_two_corrections_is_told(client, staff):
    submission = sent()
    edit, path, data = corrected(submission), path_of(submission), typed(submission)
    services.approve_edit(edit, by=staff)
    told = client.post(path, {**data, "body": "Un banc en bois partout dans la rue."})
    assert told.context["form"].non_field_errors()
    assert Idea.objects.get().body == NEW


def test_a_text_corrected_meanwhile_is_not_published_unread(login, staff):
    submission = sent("received")
    idea = submission.idea
    path = reverse("admin:stakeholders_idea_transition", args=[idea.pk, "publish"])
    office = login(staff)
    form = office.get(path).context["form"]
    assert OLD in form["words"].value()
    corrected(submission)
    told = office.post(path, {"seen": form["seen"].value(), "note": ""})
    assert told.context["form"].non_field_errors()
    assert NEW in told.content.decode()
    assert Idea.objects.get().status == "received"
    again = {"seen": told.context["form"]["seen"].value(), "note": ""}
    assert office.post(path, again).status_code == 302
    assert Idea.objects.get().status == "published"


def test_what_the_office_filed_elsewhere_meanwhile_is_not_overwritten(staff):
    submission = sent()
    edit = corrected(submission, theme_id=ThemeFactory().pk)
    filed = ThemeFactory()
    Idea.objects.update(theme=filed)
    with pytest.raises(TransitionRefused):
        services.approve_edit(edit, by=staff)
    idea = Idea.objects.get()
    assert (idea.theme, idea.body) == (filed, OLD)


def test_an_answered_idea_is_no_longer_corrected(client, staff):
    submission = sent()
    path, data, edit = path_of(submission), typed(submission), corrected(submission)
    answer(submission.idea, by=staff)
    with pytest.raises(TransitionRefused):
        services.approve_edit(edit, by=staff)
    assert client.post(path, data).context["form"].non_field_errors()
    assert client.get(path).status_code == 302
    assert Idea.objects.get().body == OLD


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", ""),
        ("title", "x" * 151),
        ("body", "court"),
        ("body", "x" * 5001),
        ("body", "Un banc\x00 à chaque deuxième arrêt."),
        ("expected_benefit", "x" * 1001),
        ("theme", "0"),
        ("municipality", "' OR 1=1 --"),
    ],
)
def test_bad_input_is_told_beside_its_field(client, field, text):
    submission = sent("received")
    response = client.post(path_of(submission), typed(submission, **{field: text}))
    assert field in response.context["form"].errors
    assert not IdeaEdit.objects.exists()


def test_markup_in_a_correction_stays_words(client, login, staff):
    submission = sent()
    client.post(path_of(submission), typed(submission, body="<script>alert(1)</script> des bancs"))
    edit = IdeaEdit.objects.get()
    change = reverse("admin:stakeholders_ideaedit_change", args=[edit.pk])
    assert "<script>alert" not in login(staff).get(change).content.decode()


def test_nothing_changed_is_said(client):
    submission = sent()
    response = client.post(path_of(submission), typed(submission, body=OLD))
    assert response.context["form"].non_field_errors()
    assert not IdeaEdit.objects.exists()


def test_ends_of_lines_alone_are_no_change(client):
    submission = sent()
    Idea.objects.update(body="Un banc à chaque arrêt.\nPour souffler.")
    submission.idea.refresh_from_db()
    body = "Un banc à chaque arrêt.\r\nPour souffler."
    response = client.post(path_of(submission), typed(submission, body=body))
    assert response.context["form"].non_field_errors()
    assert not IdeaEdit.objects.exists()


def test_a_dead_link_corrects_nothing(client):
    submission = sent()
    response = client.post(address("idea-correct", "x" * 43), typed(submission))
    assert response.templates[0].name == "stakeholders/link_dead.html"
    assert not IdeaEdit.objects.exists()


def test_the_database_refuses_nonsense():
    edit = corrected(sent())
    for wrong in ({"status": "odd"}, {"status": "refused", "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IdeaEdit.objects.filter(pk=edit.pk).update(**wrong)


def test_the_queue_asks_as_often_for_three_as_for_one(staff, django_assert_num_queries):
    corrected(sent())
    corrections_to_decide(staff)  # learns the roles of the user
    with django_assert_num_queries(2):
        assert corrections_to_decide(staff).total == 1
    for n in range(2):
        corrected(SubmissionFactory(contact__email=f"p{n}@example.org", idea__published=True))
    with django_assert_num_queries(2):
        assert corrections_to_decide(staff).total == 3


def test_the_tracking_page_asks_as_often_for_three_corrections_as_for_one(
    client, django_assert_max_num_queries
):
    submission = sent()
    page = address("idea-tracking", services.issue_tracking(submission))
    corrected(submission)
    client.get(page)
    with django_assert_max_num_queries(30) as first:
        client.get(page)
    for n in range(2):
        corrected(submission, body=f"{NEW} Encore {n}.")
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(page)


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_kept_and_the_other_told():
    submission = sent()
    seen, words = text_state(submission.idea), words_of(submission.idea)
    results = []

    def correct(body):
        try:
            services.correct_idea(submission, {**words, "body": body}, seen=seen)
            results.append("kept")
        except TransitionRefused:
            results.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=correct, args=[f"{NEW} {n}"]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["kept", "told"]
    assert IdeaEdit.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_mails_are_switched_off_and_change_their_language(client, staff, language):
    submission = sent(contact__language="fr")
    page = address("idea-tracking", services.issue_tracking(submission), language=language)
    assert client.get(page).context["settings_form"].initial["notify"] is True
    wrong = client.post(page, {"action": "settings", "language": "de"})
    assert "language" in wrong.context["settings_form"].errors
    data = {"action": "settings", "notify": "on", "language": "nl"}
    assert client.post(page, data).url == page
    services.start_review(submission.idea, by=staff)
    answer(submission.idea, by=staff, body_nl="Neen, want.", **DECLINED)
    (mail,) = mails_to("zoe@example.org")
    assert "Neen, want." in mail.text
    client.post(page, {"action": "settings", "language": "nl"})
    submission.refresh_from_db()
    assert submission.notify is False
