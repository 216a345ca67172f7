"""The back office: what waits, the buttons, what came on paper, the seed."""

import itertools

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import reverse

from core.models import Message, StatusChange
from stakeholders import seed
from stakeholders.models import Contact, Idea, Organisation, ReferenceSeries, Submission
from stakeholders.panels import ideas_to_answer, ideas_to_moderate
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import IdeaFactory, OrganisationFactory, SubmissionFactory
from tests.stakeholders.conftest import WORDS, mails_to, propose

pytestmark = pytest.mark.django_db
ADD = reverse("admin:stakeholders_idea_add")


def change_url(idea, name=None):
    if name:
        return reverse("admin:stakeholders_idea_transition", args=[idea.pk, name])
    return reverse("admin:stakeholders_idea_change", args=[idea.pk])


def test_queues_show_the_oldest_first_to_the_staff_only(users):
    ideas = [IdeaFactory(received_at=f"2026-0{month}-01T09:00Z") for month in (3, 1, 2)]
    own = SubmissionFactory(contact__user=users["staff"]).idea
    queue = ideas_to_moderate(users["staff"])
    assert [row.text for row in queue.rows] == [str(ideas[index]) for index in (1, 2, 0)]
    assert queue.total == 3
    assert str(own) not in [row.text for row in queue.rows]
    assert all(row.is_overdue for row in queue.rows)
    for role, user in users.items():
        assert (ideas_to_moderate(user) is None) == (role != "staff"), role


def test_the_queue_of_answers(users, login):
    waiting = IdeaFactory(published=True)
    IdeaFactory(answered=True)
    queue = ideas_to_answer(users["staff"])
    assert [row.text for row in queue.rows] == [str(waiting)]
    response = login(users["staff"]).get(queue.url)
    assert response.context["cl"].result_count == queue.total == 1


@pytest.mark.parametrize(("language", "history"), [("fr", "Historique"), ("nl", "Geschiedenis")])
def test_one_thing_on_a_form_is_called_history(users, login, language, history):
    idea = SubmissionFactory().idea
    client = login(users["staff"])
    assert client.post(change_url(idea, "publish"), {"note": ""}).status_code == 302
    spoken = {"accept-language": language}
    page = client.get(change_url(idea), headers=spoken).content.decode()
    form = page.partition('id="content"')[2]  # the menu beside it lists the history of everything
    assert form.count(f">{history}<") == 1
    assert 'class="historylink"' in page


def test_moderation_by_the_buttons(users, login):
    idea = SubmissionFactory(contact__email="zoe@example.org").idea
    client = login(users["staff"])
    assert client.get(change_url(idea)).status_code == 200
    for name in ("ask_info", "refuse", "merge", "withdraw", "publish"):
        assert client.get(change_url(idea, name)).status_code == 200, name
    response = client.post(change_url(idea, "refuse"), {"reason": "unclear"})
    assert "public_note_fr" in response.context["form"].errors
    assert client.post(change_url(idea, "publish"), {"note": ""}).status_code == 302
    assert client.post(change_url(idea, "answer"), {}).status_code == 403, "nobody proposed one"
    propose(idea)
    assert client.post(change_url(idea, "answer"), {"note": ""}).status_code == 302
    idea.refresh_from_db()
    assert idea.status == "answered"
    assert [mail.template for mail in mails_to("zoe@example.org")] == [
        "idea_published",
        "idea_answered",
    ]


def test_a_merge_needs_a_reference_that_exists(users, login):
    idea, other = IdeaFactory(published=True), IdeaFactory(published=True)
    client = login(users["staff"])
    wrong = client.post(change_url(idea, "merge"), {"into": "SCO-1999-00001"})
    assert "into" in wrong.context["form"].errors
    assert client.post(change_url(idea, "merge"), {"into": other.reference}).status_code == 302
    idea.refresh_from_db()
    assert idea.duplicate_of == other


@pytest.mark.parametrize("role", ["juror", "auditor", "administrator", "translator", "secretary"])
def test_nobody_else_moderates(role, users, login):
    idea = IdeaFactory()
    response = login(users[role]).post(change_url(idea, "publish"), {"note": ""})
    assert response.status_code in {302, 403}
    idea.refresh_from_db()
    assert idea.status == "received"


def test_an_own_idea_cannot_be_moderated_in_the_back_office_either(users, login):
    idea = SubmissionFactory(contact__user=users["staff"]).idea
    assert login(users["staff"]).post(change_url(idea, "publish"), {}).status_code == 403


def test_a_status_is_never_typed(users, login):
    idea = IdeaFactory()
    login(users["staff"]).post(
        change_url(idea), {"status": "published", "theme": str(idea.theme_id), "title": "Hacked"}
    )
    idea.refresh_from_db()
    assert (idea.status, idea.title != "Hacked") == ("received", True)


def test_contributors_are_not_shown_to_translators(users, login):
    idea = SubmissionFactory(contact__name="Zoé Secret").idea
    assert "Zoé Secret" in login(users["staff"]).get(change_url(idea)).content.decode()
    assert "Zoé Secret" not in login(users["translator"]).get(change_url(idea)).content.decode()
    contacts = reverse("admin:stakeholders_contact_changelist")
    assert login(users["translator"]).get(contacts).status_code == 403


@pytest.mark.parametrize("channel", ["paper", "phone", "desk", "meeting"])
def test_what_came_on_paper_has_the_same_rights(users, login, channel):
    data = {**WORDS, "theme": str(ThemeFactory().pk), "channel": channel, "name": "Zoé"}
    client = login(users["staff"])
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, data).status_code == 302
    idea, submission = Idea.objects.get(), Submission.objects.get()
    assert idea.status == "received"
    assert idea.reference
    assert (submission.channel, submission.consent_version) == (channel, "off-line-2026-11")
    assert submission.email_verified_at is None
    (mail,) = mails_to("zoe@example.org")
    assert idea.reference in mail.text
    kinds = list(history(idea).values_list("transition", "by"))
    assert kinds == [("submit", users["staff"].pk), ("register", users["staff"].pk)]


def history(idea):
    kind = ContentType.objects.get_for_model(idea)
    return StatusChange.objects.filter(content_type=kind, object_id=idea.pk).order_by("pk")


def test_nobody_needs_an_address(users, login):
    data = {**WORDS, "theme": str(ThemeFactory().pk), "channel": "desk", "name": "Zoé"}
    client = login(users["staff"])
    assert client.post(ADD, {**data, "email": ""}).status_code == 302
    assert Contact.objects.get().email == ""
    assert not Message.objects.exists()
    for missing in ({"email": "", "name": ""}, {"consent": ""}, {"channel": "web"}):
        response = client.post(ADD, {**data, **missing})
        assert response.status_code == 200
        assert response.context["adminform"].form.errors, missing
    assert Idea.objects.count() == 1


def test_only_staff_enter_what_came_on_paper(users, login):
    for role in ("secretary", "auditor", "administrator"):
        assert login(users[role]).get(ADD).status_code == 403, role


def test_lists_of_the_back_office_open(users, login):
    SubmissionFactory()
    OrganisationFactory()
    client = login(users["staff"])
    for model in apps.get_app_config("stakeholders").get_models():
        name = f"admin:stakeholders_{model._meta.model_name}_changelist"
        if model.__name__ in {"Idea", "Organisation", "Contact", "Topic", "Subscription"}:
            assert client.get(reverse(name) + "?q=zo").status_code == 200, name


@pytest.fixture
def seeded(db):
    from programme import seed as programme_seed

    programme_seed.load()
    seed.load()


def counts():
    models = (*apps.get_app_config("stakeholders").get_models(), StatusChange)
    return {model: model.objects.count() for model in models}


def test_the_seed_runs_twice_and_changes_nothing(seeded):
    before = counts()
    assert before[Idea] == 30
    assert Organisation.objects.filter(is_demo=False, is_listed=True).count() == 68
    seed.load()
    assert counts() == before
    assert ReferenceSeries.objects.get().last == 30


def test_the_seed_tells_believable_histories(seeded):
    for idea in Idea.objects.exclude(status="submitted"):
        changes = list(history(idea))
        assert changes[-1].target == idea.status, idea
        assert [each.at for each in changes] == sorted(each.at for each in changes), idea
        for before, after in itertools.pairwise(changes):
            assert before.target == after.source, idea
    assert all(
        email.endswith("@example.org") for email in Contact.objects.values_list("email", flat=True)
    )
    assert not Idea.objects.filter(is_demo=False).exists()


def test_the_seeded_pages_open(seeded, client):
    for language in ("fr", "nl"):
        for obj in (*Idea.objects.public(), *Organisation.objects.public()[:8]):
            path = obj.get_absolute_url().replace("/en/", f"/{language}/", 1)
            assert client.get(path).status_code == 200, path


def test_the_models_and_the_migration_agree():
    call_command("makemigrations", "stakeholders", check=True, dry_run=True, verbosity=0)
