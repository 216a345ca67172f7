"""No form is opened for what can no longer be done: its page says why, where one can go on."""

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from portal.models import NewsItem
from stakeholders.models import OrganisationMerge
from stakeholders.services import merge_organisations
from tests.factories.governance import DecisionFactory
from tests.factories.projects import SheetFactory
from tests.factories.register import AffiliationFactory, BilateralFactory
from tests.factories.stakeholders import IdeaFactory, OrganisationFactory
from tests.factories.workshops import AgendaIdeaFactory, WorkshopFactory

pytestmark = pytest.mark.django_db


def told(answer) -> list[str]:
    """Return what the page that the answer leads to will say."""
    assert answer.status_code == 302
    return [str(each) for each in get_messages(answer.wsgi_request)]


def at(name, *args) -> str:
    with translation.override("en"):
        return reverse(name, args=args)


def test_a_decision_that_was_taken_is_not_taken_again(login, users):
    decision = DecisionFactory(taken=True)
    answer = login(users["secretary"]).get(at("governance:decision-do", decision.slug, "adopt"))
    assert answer.url == at("governance:decision-detail", decision.slug)
    (words,) = told(answer)
    assert "cannot be done now: the status is" in words
    assert str(decision.get_status_display()) in words


def test_a_sheet_in_another_state_is_not_moved(login, users):
    sheet = SheetFactory(status="draft")
    client = login(users["secretary"])
    answer = client.get(at("projects:sheet-move", sheet.reference, "propose"))
    assert answer.url == at("projects:sheet-detail", sheet.reference)
    assert "cannot be done now" in told(answer)[0]


def test_the_back_office_says_so_as_well(login, users):
    texts = {f"{name}_{code}": "x" for name in ("title", "body") for code in ("fr", "nl")}
    item = NewsItem.objects.create(slug="a", published_on="2026-11-24", status="draft", **texts)
    address = reverse("admin:portal_newsitem_transition", args=[item.pk, "archive"])
    answer = login(users["staff"]).get(address)
    assert answer.url == reverse("admin:portal_newsitem_change", args=[item.pk])
    assert "cannot be done now" in told(answer)[0]


@pytest.mark.parametrize("name", ["agree", "invite"])
def test_a_meeting_that_was_held_is_not_prepared(login, users, name):
    meeting = BilateralFactory(status="cancelled")
    answer = login(users["staff"]).get(at("stakeholders:meeting-do", meeting.pk, name))
    assert answer.url == at("stakeholders:meeting", meeting.pk)
    assert "cannot be done now" in told(answer)[0]


def test_a_sheet_that_was_sent_is_not_opened_for_writing(login, users):
    sheet = SheetFactory(status="submitted", lead=users["lead"])
    answer = login(users["lead"]).get(at("projects:sheet-edit", sheet.reference))
    assert answer.url == at("projects:sheet-detail", sheet.reference)
    assert "was sent" in told(answer)[0]


def test_a_result_waits_for_the_workshop_and_ends_with_its_report(login, users):
    client = login(users["staff"])
    for status, words in (("published", "has begun"), ("cancelled", "is over")):
        entry = AgendaIdeaFactory(workshop=WorkshopFactory(status=status, **CANCELLED))
        answer = client.get(at("workshops:result", entry.pk))
        assert answer.url == at("workshops:agenda", entry.workshop_id)
        assert words in told(answer)[-1]


CANCELLED = {"status_reason_fr": "Salle inondée", "status_reason_nl": "Zaal onder water"}


def test_an_affiliation_that_ended_is_not_closed_again(login, users):
    row = AffiliationFactory(ends_on=date(2026, 1, 31))
    address = reverse("admin:stakeholders_contact_close", args=[row.contact_id, row.pk])
    answer = login(users["staff"]).get(address)
    assert answer.url == reverse("admin:stakeholders_contact_change", args=[row.contact_id])
    assert "closed already" in told(answer)[0]


def test_a_merge_that_is_too_old_asks_nothing(login, users):
    pair = OrganisationFactory(), OrganisationFactory()
    record = merge_organisations(*pair, by=users["staff"], reason="Typed twice.")
    address = reverse("admin:stakeholders_organisation_undo", args=[record.pk])
    client = login(users["staff"])
    assert client.get(address).status_code == 200
    OrganisationMerge.objects.update(at=timezone.now() - timedelta(days=31))
    answer = client.get(address)
    assert answer.url == reverse("admin:stakeholders_organisation_duplicates")
    assert "within thirty days" in told(answer)[0]


def test_a_record_that_was_merged_leads_to_the_one_that_stayed(login, users):
    survivor, merged = OrganisationFactory(), OrganisationFactory()
    merge_organisations(survivor, merged, by=users["staff"], reason="Typed twice.")
    answer = login(users["staff"]).get(at("stakeholders:assessment-add", merged.slug))
    assert answer.url == at("stakeholders:assessment-history", survivor.slug)
    assert "was merged" in told(answer)[0]


def test_an_idea_that_is_not_public_becomes_no_sheet(login, users):
    idea = IdeaFactory(status="received", reference="SCO-2026-00042")
    answer = login(users["staff"]).get(at("projects:sheet-from-idea", idea.reference))
    assert answer.url == at("stakeholders:idea-detail", idea.reference)
    assert "published idea" in told(answer)[0]
