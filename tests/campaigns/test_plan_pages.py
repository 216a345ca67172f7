"""The pages of a plan for the public and for the Office, in French and Dutch."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from campaigns import services
from campaigns.models import KPIReading
from core import slots
from tests.factories.campaigns import (
    CampaignFactory,
    PlanActionFactory,
    PlanAudienceFactory,
    PlanFactory,
    PlanKPIFactory,
    PlanObjectiveFactory,
    full_plan,
)
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db
NOTE = "Decided on Monday."


@pytest.fixture
def staff(make_user):
    return make_user("staff", name="Louise Peeters")


@pytest.fixture
def adopted(staff):
    plan = full_plan()
    services.adopt_plan(plan, by=staff)
    return plan


def address(plan, language="fr", rest=""):
    return f"/{language}/communication-plans/{plan.pk}/{rest}"


def page_of(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_public_reads_the_whole_plan_in_its_language(client, adopted, language):
    page = page_of(client, address(adopted, language))
    words = "nl" if language == "nl" else "fr"
    action, audience = adopted.actions.get(), adopted.audiences.get()
    kpi, objective = adopted.kpis.get(), adopted.objectives.get()
    for row, field in (
        *((adopted, "title"), (action, "title"), (action, "text"), (objective, "text")),
        *((kpi, "name"), (audience, "name"), (audience, "need"), (audience, "message")),
    ):
        assert getattr(row, f"{field}_{words}") in page, field
    assert f'<html lang="{language}">' in page


def test_a_figure_tells_value_target_day_and_records(client, adopted):
    kpi = adopted.kpis.get()
    KPIReading.objects.create(kpi=kpi, on=date(2026, 11, 1), value="7.5", note="Compté.")
    page = page_of(client, address(adopted))
    assert "7,5" in page
    assert "20,0" in page
    assert "1er novembre 2026" in page
    assert 'value="37"' in page
    assert "Compté." not in page


def test_the_office_sees_gaps_owners_and_moves_and_the_public_does_not(client, adopted, users):
    action = adopted.actions.get()
    action.owner = users["staff"]
    action.save()
    public = client.get(address(adopted))
    assert public.context["gaps"] is None
    assert users["staff"].email not in public.content.decode()
    assert "/do/" not in public.content.decode()
    client.force_login(users["auditor"])
    auditor = client.get(address(adopted))
    assert auditor.context["gaps"]
    assert "/do/close/" not in auditor.content.decode()
    client.force_login(users["staff"])
    office = page_of(client, address(adopted))
    for part in ("/do/close/", "/do/amend/", f"actions/{action.pk}/do/complete/", "/reading/"):
        assert part in office
    assert str(users["staff"]) in office


def test_every_gap_opens_a_page(client, adopted, staff):
    PlanKPIFactory(plan=adopted, metric="bilaterals")
    PlanActionFactory(plan=adopted, text_nl="")
    client.force_login(staff)
    gaps = client.get(address(adopted)).context["gaps"]
    assert {each.kind for each in gaps} >= {"overdue", "owner", "words", "reading", "month"}
    for url in {each.url for each in gaps}:
        assert client.get(url).status_code == 200, url


def test_what_lacks_a_language_is_not_shown_to_the_public(client, adopted, staff):
    action = adopted.actions.get()
    action.text_fr, action.text_nl = "Seulement en français", ""
    services.save_row(action, by=staff, changed=["text_fr", "text_nl"])
    assert "Seulement en français" not in page_of(client, address(adopted))
    client.force_login(staff)
    assert "Seulement en français" in page_of(client, address(adopted))


def test_a_draft_is_for_the_office(client, users):
    plan = full_plan()
    for role, status in (("staff", 200), ("auditor", 200), ("juror", 404), ("nobody", 404)):
        client.force_login(users[role])
        for rest in ("", "pdf/"):
            assert client.get(address(plan, rest=rest)).status_code == status, (role, rest)
    client.logout()
    assert client.get(address(plan)).status_code == 404
    assert plan.title_fr not in page_of(client, "/fr/communication-plans/")
    client.force_login(users["staff"])
    assert plan.title_fr in page_of(client, "/fr/communication-plans/")


def test_while_it_is_amended_the_public_reads_the_last_version(client, adopted, staff):
    services.amend_plan(adopted, by=staff, note=NOTE)
    adopted.title_fr, adopted.title_nl = "Nom secret", "Geheime naam"
    services.save_plan(adopted, by=staff)
    campaign = CampaignFactory(finished=True, approved_by=staff, plan=adopted)
    for url in ("/fr/communication-plans/", campaign.get_absolute_url(), address(adopted)):
        page = client.get(url, follow=True).content.decode()
        assert "Nom secret" not in page
        assert adopted.versions.get().content["title"]["fr"] in page or "/en/" in url
    response = client.get(address(adopted))
    assert response.status_code == 302
    assert response.url == address(adopted, rest="versions/1/")
    assert client.get(address(adopted, rest="pdf/")).status_code == 404


def test_the_deliverable_counts_what_the_public_list_names(client, adopted, staff):
    services.amend_plan(adopted, by=staff, note=NOTE)
    PlanFactory()
    PlanFactory(draft=True)
    (found,) = [each["COMM"] for each in slots.collect("programme.progress") if "COMM" in each]
    listed = client.get(found["url"]).context["page_obj"].paginator.count
    assert found["count"] == listed == 2


def test_filters_narrow_calendar_and_actions(client, adopted):
    audience = PlanAudienceFactory(plan=adopted)
    mail = PlanActionFactory(plan=adopted, channel="mail", audiences=[audience])
    done = PlanActionFactory(plan=adopted, channel="web", done=True)
    for query, wanted in (
        ({"audience": audience.pk}, [mail]),
        ({"channel": "mail"}, [mail]),
        ({"status": "done"}, [done]),
        ({"channel": "mail", "status": "done"}, []),
    ):
        context = client.get(address(adopted), query).context
        assert context["actions"] == wanted
        shown = [month for month in context["calendar"]["months"] if not month.is_empty]
        assert shown == context["calendar"]["months"]
        assert bool(shown) == bool(wanted)
    assert len(client.get(address(adopted)).context["calendar"]["months"]) == 18


@pytest.mark.parametrize(
    "query", ["?audience=x", "?audience=999999", "?channel=pigeon", "?status=%00", "?table=x"]
)
def test_bad_input_is_no_error(client, adopted, query):
    assert client.get(address(adopted) + query).status_code == 200


def test_the_audiences_of_other_plans_are_not_offered(client, adopted):
    other = PlanAudienceFactory()
    choices = client.get(address(adopted)).context["filter"].form.fields["audience"].queryset
    assert list(choices) == list(adopted.audiences.all())
    assert other not in choices


def grown(staff, number) -> object:
    plan = PlanFactory()
    for _ in range(number):
        objective = PlanObjectiveFactory(plan=plan)
        audience = PlanAudienceFactory(plan=plan)
        action = PlanActionFactory(
            plan=plan,
            objective=objective,
            audiences=[audience],
            lead=OrganisationFactory(),
            owner=staff,
        )
        action.partners.set([OrganisationFactory()])
        KPIReading.objects.create(
            kpi=PlanKPIFactory(plan=plan, objective=objective), on=date(2026, 3, 1), value=1
        )
    return plan


@pytest.mark.parametrize("role", ["nobody", "staff"])
def test_the_page_asks_the_same_number_of_queries_for_one_row_and_three(client, users, role):
    client.force_login(users[role])
    counts = []
    for number in (1, 3, 6):
        plan = grown(users["staff"], number)
        page_of(client, address(plan))
        with CaptureQueriesContext(connection) as found:
            page_of(client, address(plan))
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]


# --- versions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_a_version_is_shown_as_it_was_frozen(client, adopted, staff, language):
    services.amend_plan(adopted, by=staff, note=NOTE)
    objective = adopted.objectives.get()
    before = objective.text_fr if language != "nl" else objective.text_nl
    objective.text_fr, objective.text_nl = "Autre chose", "Iets anders"
    services.save_row(objective, by=staff)
    response = client.get(address(adopted, language, "versions/1/"))
    page = response.content.decode()
    assert before in page
    assert "Autre chose" not in page
    assert not response.context["is_compared"]  # the amendment is for the Office
    services.adopt_plan(adopted, by=staff)
    response = client.get(address(adopted, language, "versions/1/"))
    assert response.context["newer"].number == 2
    after = "Iets anders" if language == "nl" else "Autre chose"
    told = "".join(words for row in response.context["rows"] for _kind, words in row.parts)
    assert before.split()[0] in told
    assert after.split()[0] in told


def test_the_last_version_tells_what_was_done_since(client, adopted, staff):
    url = address(adopted, "nl", "versions/1/")
    assert client.get(url).context["rows"] == []
    services.complete_action(adopted.actions.get(), by=staff, done_on=date(2026, 2, 28))
    response = client.get(url)
    assert "28 februari 2026" in response.content.decode()
    assert any(row.kind == "changed" for row in response.context["rows"])


def test_the_frozen_content_is_downloaded_as_it_was_hashed(client, adopted):
    response = client.get(address(adopted, rest="versions/1/"), {"format": "json"})
    digest = hashlib.sha256(response.content).hexdigest()
    assert digest == adopted.versions.get().sha256
    assert client.get(address(adopted, rest="versions/1/"), {"format": "exe"}).status_code == 404
    assert client.get(address(adopted, rest="versions/2/")).status_code == 404


# --- moves and readings ------------------------------------------------------------------------


def test_moving_asks_first_and_is_for_the_office(client, adopted, users):
    url = address(adopted, rest="do/close/")
    assert client.get(url).status_code == 302  # to the login
    client.force_login(users["auditor"])
    assert client.get(url).status_code == 403
    client.force_login(users["staff"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": ""}).status_code == 200
    adopted.refresh_from_db()
    assert adopted.status == "adopted"
    assert client.post(url, {"note": NOTE}).status_code == 302
    adopted.refresh_from_db()
    assert adopted.status == "closed"


def test_an_action_is_reported_done_from_its_page(client, adopted, staff):
    client.force_login(staff)
    action = adopted.actions.get()
    url = reverse("campaigns:action-do", args=[action.pk, "complete"])
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused = client.post(url, {"done_on": tomorrow.isoformat(), "note": "kept"})
    assert refused.context["form"].errors["done_on"]
    assert "kept" in refused.content.decode()
    answer = client.post(url, {"done_on": "2026-02-27", "note": ""})
    assert answer.status_code == 302
    assert answer.url.endswith(f"#action-{action.pk}")
    action.refresh_from_db()
    assert (action.status, action.done_on) == ("done", date(2026, 2, 27))


def test_a_reading_is_written_down_from_its_page(client, adopted, users):
    kpi = adopted.kpis.get()
    url = reverse("campaigns:plan-reading", args=[kpi.pk])
    assert client.get(url).status_code == 302
    for role, status in (("auditor", 403), ("nobody", 403), ("staff", 200)):
        client.force_login(users[role])
        assert client.get(url).status_code == status, role
    bad = {"on": (timezone.localdate() + timedelta(days=1)).isoformat(), "value": "many"}
    refused = client.post(url, bad)
    assert set(refused.context["form"].errors) == {"on", "value"}
    assert "many" in refused.content.decode()
    assert client.post(url, {"on": "2026-03-01", "value": "12"}).status_code == 302
    assert kpi.readings.get().by == users["staff"]
    assert "12" in page_of(client, url)


def test_what_the_portal_counts_is_not_read_by_hand(client, adopted, staff):
    client.force_login(staff)
    kpi = PlanKPIFactory(plan=adopted, metric="bilaterals")
    assert client.get(reverse("campaigns:plan-reading", args=[kpi.pk])).status_code == 404


def test_an_empty_plan_says_so(client):
    with translation.override("fr"):
        page = page_of(client, address(PlanFactory()))
    assert "encore" in page
