"""Where the office meets drafts of the portal: switches, queue, preview, advice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns import panels, seed, services
from campaigns.findings import findings_of
from campaigns.models import Campaign, Occasion, OccasionCode, OccasionEvent
from core.workflow import record_change
from tests.factories.campaigns import CampaignFactory, CampaignTopicFactory, switched_on
from tests.factories.kpi import IndicatorFactory

pytestmark = pytest.mark.django_db
ADVICE = "somebody has to read it"


@pytest.fixture
def draft():
    switched_on("indicator")
    services.draft_from_events()
    record_change(IndicatorFactory(), "publish", "approved", "published", by=None)
    (made,) = services.draft_from_events()
    return made


def address(name, *args, language="fr"):
    with translation.override(language):
        return reverse(name, args=args)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_preview_says_where_a_draft_comes_from(client, users, draft, language):
    client.force_login(users["staff"])
    page = client.get(address("campaigns:preview", draft.slug, language=language))
    indicator = draft.events.get().subject
    words = page.content.decode()
    assert 'id="origins"' in words
    assert getattr(indicator, f"name_{language}") in words
    assert address("kpi:indicator-detail", indicator.code, language=language) in words
    other = CampaignFactory()
    page = client.get(address("campaigns:preview", other.slug, language=language))
    assert 'id="origins"' not in page.content.decode()


def test_a_draft_of_the_portal_is_marked_as_such_in_each_language(draft):
    told = [each.language for each in findings_of(draft) if ADVICE in each.words]
    assert told == ["fr", "nl"]
    assert not [each for each in findings_of(draft) if each.is_error]
    assert not [each for each in findings_of(CampaignFactory()) if ADVICE in each.words]
    texts = (draft.subject_en, draft.body_fr, draft.preheader_nl)
    assert not any(ADVICE in (text or "") for text in texts), "it is advice, no text"


def test_the_queue_shows_what_nobody_has_read(users, draft):
    queue = panels.drafts_to_look_at(users["staff"])
    assert (queue.total, [row.text for row in queue.rows]) == (1, [str(draft)])
    assert queue.rows[0].since == draft.events.get().noted_at
    assert panels.drafts_to_look_at(users["juror"]) is None
    services.edit_campaign(draft, by=users["staff"], subject_fr="Lu")
    assert panels.drafts_to_look_at(users["staff"]).total == 0


def test_the_form_of_a_campaign_names_its_origin(client, users, draft):
    client.force_login(users["staff"])
    at = address("admin:campaigns_campaign_change", draft.pk)
    page = client.get(at, headers={"accept-language": "nl"}).content.decode()
    indicator = draft.events.get().subject
    assert f'href="{address("kpi:indicator-detail", indicator.code, language="nl")}"' in page


def form_of(client, occasion) -> dict:
    """Return what the browser would send back unchanged."""
    page = client.get(address("admin:campaigns_occasion_change", occasion.pk))
    state = {page.context["row_state_name"]: page.context["row_state"]}
    return {"topic": occasion.topic_id or "", **state}


def test_staff_switch_an_event_on_and_off(client, users):
    services.draft_from_events()
    occasion, topic = Occasion.objects.get(code="decision"), CampaignTopicFactory()
    client.force_login(users["staff"])
    at = address("admin:campaigns_occasion_change", occasion.pk)
    fields = form_of(client, occasion)
    refused = client.post(at, fields | {"is_active": "on"})
    assert refused.context["adminform"].form.errors["topic"]
    assert client.post(at, fields | {"is_active": "on", "topic": topic.pk}).status_code == 302
    occasion.refresh_from_db()
    assert (occasion.is_active, occasion.topic) == (True, topic)
    stale = client.post(at, fields | {"topic": topic.pk})
    assert stale.status_code == 200, "somebody switched it on meanwhile"
    assert client.post(at, form_of(client, occasion)).status_code == 302
    occasion.refresh_from_db()
    assert not occasion.is_active


@pytest.mark.parametrize("name", ["occasion", "occasionevent"])
@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("auditor", 200), ("juror", 302), ("facilitator", 403)]
)
def test_the_lists_open_for_their_readers(client, users, draft, name, role, status):
    client.force_login(users[role])
    assert client.get(address(f"admin:campaigns_{name}_changelist")).status_code == status


def test_nobody_adds_or_deletes_and_the_events_are_read_only(client, users, draft):
    client.force_login(users["staff"])
    event = OccasionEvent.objects.get()
    for name in ("occasion", "occasionevent"):
        assert client.get(address(f"admin:campaigns_{name}_add")).status_code == 403
    for name, row in (("occasion", event.occasion), ("occasionevent", event)):
        assert client.post(address(f"admin:campaigns_{name}_delete", row.pk)).status_code == 403
    assert client.post(address("admin:campaigns_occasionevent_change", event.pk)).status_code == 403


def test_an_auditor_reads_the_switch_and_does_not_turn_it(client, users, draft):
    occasion = Occasion.objects.get(code="indicator")
    client.force_login(users["auditor"])
    at = address("admin:campaigns_occasion_change", occasion.pk)
    assert client.get(at).status_code == 200
    assert client.post(at, {"topic": ""}).status_code == 403


def test_events_are_for_those_who_read_drafts(users, draft):
    assert OccasionEvent.objects.visible_to(users["auditor"]).count() == 1
    assert not OccasionEvent.objects.visible_to(users["juror"]).exists()


def test_the_list_of_events_takes_as_many_queries_for_three(client, users, draft):
    client.force_login(users["staff"])
    at = address("admin:campaigns_occasionevent_changelist")
    numbers = []
    for more in (0, 2):
        for _each in range(more):
            record_change(IndicatorFactory(), "publish", "approved", "published", by=None)
        services.draft_from_events()
        client.get(at)
        with CaptureQueriesContext(connection) as queries:
            client.get(at)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_the_demonstration_switches_everything_on_once(users):
    seed.load()
    assert Occasion.objects.filter(is_active=True).count() == len(OccasionCode)
    occasion = Occasion.objects.get(code="decision")
    services.switch_occasion(occasion, by=users["staff"], topic=occasion.topic, is_active=False)
    seed.load()
    occasion.refresh_from_db()
    assert not occasion.is_active
    assert services.draft_from_events() == [], "what the seed tells is no news"
    assert Campaign.objects.count() == 3
