"""Several proposed answers published at once: what can be, each once, and the rest by name."""

import pytest
from django.urls import reverse

from core.models import Message
from core.permissions import SYSTEM
from core.workflow import TransitionRefused
from stakeholders import services
from stakeholders.models import Idea, OfficialStatement
from tests.factories.stakeholders import SubmissionFactory
from tests.stakeholders.conftest import evaluator, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def proposals():
    """Five proposals: two whole, one without Dutch, one overtaken, one of an own idea."""
    made = [
        propose(SubmissionFactory(idea__published=True, contact__email=f"p{n}@example.org").idea)
        for n in range(2)
    ]
    half = SubmissionFactory(idea__published=True).idea
    gone = SubmissionFactory(idea__published=True).idea
    made += [propose(half, body_nl=""), propose(gone)]
    services.withdraw_idea(gone, by=SYSTEM, reason="solved", explanation="Fait.")
    Message.objects.all().delete()
    return made


def test_a_batch_publishes_what_can_be_and_names_the_rest(client, login, staff, proposals):
    login(staff)
    listed = reverse("admin:stakeholders_officialstatement_changelist") + "?status__exact=proposed"
    data = {"action": "publish_chosen", "_selected_action": [each.pk for each in proposals]}
    asked = client.post(listed, data)
    assert asked.status_code == 302
    shown = client.get(asked.url)
    against = {line.pk: words for line, words in shown.context["lines"]}
    assert [bool(against[each.pk]) for each in proposals] == [False, False, True, True]
    assert "Dutch" in against[proposals[2].pk] or "néerlandais" in against[proposals[2].pk]
    assert not Message.objects.exists(), "looking publishes nothing"
    chosen = {"pk": [each.pk for each in proposals], "filters": "status__exact=proposed"}
    url = reverse("admin:stakeholders_officialstatement_publish")
    done = client.post(url, chosen, follow=True)
    assert done.redirect_chain[0][0] == listed
    told = [str(each) for each in done.context["messages"]]
    assert len(told) == 3
    assert proposals[2].idea.reference in told[1]
    assert proposals[3].idea.reference in told[2]
    states = dict(OfficialStatement.objects.values_list("pk", "status"))
    assert [states[each.pk] for each in proposals] == ["published"] * 2 + ["proposed"] * 2
    assert {idea.status for idea in Idea.objects.filter(statements__in=proposals[:2])} == {
        "answered"
    }
    assert proposals[2].idea.status == "published"
    assert sorted(mail.recipient for mail in Message.objects.all()) == [
        "p0@example.org",
        "p1@example.org",
    ]


def test_a_batch_run_twice_mails_nobody_twice(client, login, staff, proposals):
    login(staff)
    url = reverse("admin:stakeholders_officialstatement_publish")
    for _time in range(2):
        done = client.post(url, {"pk": [each.pk for each in proposals]}, follow=True)
    assert Message.objects.count() == 2
    assert len(list(done.context["messages"])) == 4, "each is named with its reason"


def test_a_batch_that_fails_on_one_is_whole_for_the_others(monkeypatch, staff, proposals):
    """What breaks while it is being published leaves nothing of it behind."""
    from stakeholders.services import statements

    broken = proposals[0]
    real = statements._tell

    def tell(statement, change_):
        real(statement, change_)
        if statement.pk == broken.pk:
            raise TransitionRefused("broken")

    monkeypatch.setattr(statements, "_tell", tell)
    batch = services.publish_batch(proposals, by=staff)
    assert batch.published == [proposals[1]]
    assert (broken, "broken") in batch.refused
    broken.refresh_from_db()
    broken.idea.refresh_from_db()
    assert (broken.status, broken.idea.status) == ("proposed", "published")
    assert [mail.recipient for mail in Message.objects.all()] == ["p1@example.org"]


def test_a_batch_of_own_proposals_is_refused(proposals):
    batch = services.publish_batch(proposals, by=evaluator())
    assert batch.published == []
    assert len(batch.refused) == 4


@pytest.mark.parametrize("role", ["secretary", "auditor", "administrator", "translator", "juror"])
def test_only_staff_publish_several(role, users, client, login, proposals):
    login(users[role])
    url = reverse("admin:stakeholders_officialstatement_publish")
    assert client.get(f"{url}?pk={proposals[0].pk}").status_code in {302, 403}
    assert client.post(url, {"pk": proposals[0].pk}).status_code in {302, 403}
    assert not Message.objects.exists()
