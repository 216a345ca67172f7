"""Panels, back office and seed."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import override

from kpi import panels, seed
from kpi.models import ImportJob, Indicator, Mapping, Observation
from kpi.selectors import facts_of
from programme import seed as programme_seed
from tests.factories import kpi as make
from tests.factories.programme import SourceFactory
from tests.kpi.conftest import sent_back

pytestmark = pytest.mark.django_db


def rows_of(client, url) -> int:
    return client.get(url).context["page_obj"].paginator.count


def test_progress_and_chain_open_exactly_what_they_count(client, login, users):
    make.basic_skills()
    make.series(make.IndicatorFactory(), {"2010": 1})
    for state in ("draft", "retired", "suspended"):
        make.IndicatorFactory(status=state)
    with override("fr"):
        found = panels.progress()["KPI"]
        step = panels.chain()
    assert found["count"] == step["count"] == rows_of(client, found["url"]) == 2
    assert step["stage"] == 6
    login(users["staff"])
    assert rows_of(client, found["url"]) == 2


def test_the_queues_of_the_office(client, users, login, make_user):
    waiting = make.IndicatorFactory(status="draft")
    from kpi.services import submit_indicator

    submit_indicator(waiting, by=users["staff"])
    owner = make_user("owner")
    make.series(make.IndicatorFactory(owner=owner), {"2010": 1})
    make.series(make.IndicatorFactory(), {"2012": 1})
    with override("fr"):
        review, late = panels.to_review(users["staff"]), panels.late_figures(users["staff"])
        own = panels.late_figures(owner)
    assert [row.text for row in review.rows] == [str(waiting)]
    assert late.total == 2
    assert late.rows[0].is_overdue
    assert own.total == 1
    login(users["staff"])
    assert rows_of(client, late.url) == 2
    assert client.get(review.url).status_code == 200
    for name in ("auditor", "juror", "nobody"):
        assert panels.to_review(users[name]) is None
        assert panels.late_figures(users[name]) is None
    assert panels.late_figures(AnonymousUser()) is None


def test_search_sees_what_the_visitor_may_see(users):
    make.IndicatorFactory(name_fr="Fibre à l’école")
    make.IndicatorFactory(name_fr="Fibre secrète", status="draft")
    with override("nl"):
        assert panels.search("fibre", AnonymousUser())["total"] == 1
        assert panels.search("fibre", users["staff"])["total"] == 2


@pytest.mark.parametrize("model", ["framework", "indicator", "observation"])
def test_pages_of_the_back_office(client, users, login, model):
    indicator = make.basic_skills()
    row = apps.get_model("kpi", model).objects.first()
    login(users["staff"])
    base = f"/admin/kpi/{model}/"
    for url in (base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}?q=x"):
        assert client.get(url).status_code == 200, url
    assert str(indicator) in client.get("/admin/kpi/indicator/").content.decode()


def test_a_figure_is_added_by_two_and_never_edited_in_the_back_office(
    client, users, login, make_user
):
    """Case 14, the back office."""
    indicator, source = make.IndicatorFactory(), SourceFactory()
    login(users["staff"])
    data = {"indicator": indicator.pk, "geo": "BXL", "period": "2024", "position": 1}
    data |= {"value": "5", "reason": "scheduled", "disputed": "on", "sources": [source.pk]}
    url = "/admin/kpi/observation/add/"
    bad = client.post(url, data | {"period": "2024-13"})
    assert bad.status_code == 200
    assert "period" in bad.context["adminform"].form.errors
    response = client.post(url, data)
    job = ImportJob.objects.get()
    assert response.url == job.get_absolute_url()
    assert not Observation.objects.exists()
    approve = f"/admin/kpi/importjob/{job.pk}/do/approve/"
    assert client.post(approve, {"note": ""}).status_code == 403
    login(make_user("secretary"))
    assert client.post(approve, {"note": ""}).status_code == 302
    row = Observation.objects.get()
    assert (row.value, row.author, row.vintage) == (5, users["staff"], 1)
    assert (row.position, row.disputed, row.sources.get()) == (1, True, source)
    again = client.post(url, data)
    assert again.status_code == 200
    assert ImportJob.objects.count() == 1
    assert client.post(url, data | {"value": "6"}).status_code == 302
    assert client.post(f"/admin/kpi/observation/{row.pk}/change/", data).status_code == 403
    assert client.post(f"/admin/kpi/observation/{row.pk}/delete/").status_code == 403
    for page in ("/admin/kpi/importjob/", f"/admin/kpi/importjob/{job.pk}/change/"):
        assert client.get(page).status_code == 200


def test_transitions_through_the_back_office(client, users, login, make_user):
    indicator = make.IndicatorFactory(status="draft")
    base = f"/admin/kpi/indicator/{indicator.pk}/do"
    login(users["staff"])
    assert client.post(f"{base}/submit/", {"note": ""}).status_code == 302
    assert client.post(f"{base}/approve/", {"note": ""}).status_code == 403
    login(make_user("secretary"))
    assert client.post(f"{base}/approve/", {"note": ""}).status_code == 302
    assert client.post(f"{base}/publish/", {"note": ""}).status_code == 302
    assert client.post(f"{base}/retire/", {"note": ""}).status_code == 200
    assert client.post(f"{base}/retire/", {"note": "no longer measured"}).status_code == 302
    indicator.refresh_from_db()
    assert indicator.status == "retired"


@pytest.fixture
def seeded():
    programme_seed.load()
    seed.load()


def test_the_seed_is_complete_and_changes_nothing_the_second_time(seeded):
    def counts():
        return {
            each: each._base_manager.count() for each in apps.get_app_config("kpi").get_models()
        }

    before = counts()
    seed.load()
    assert counts() == before
    assert Indicator.objects.filter(is_demo=False).count() == 32 + 33 + 1 + 14
    assert Indicator.objects.filter(is_demo=True).count() == 5
    assert Indicator.objects.public().count() == 85


def test_the_published_facts_as_they_were_published(seeded, client):
    found = {each.code: each for each in Indicator.objects.all()}
    every = facts_of(found.values(), everywhere=True)
    skills = every[found["basic-digital-skills"].pk]
    assert round(skills.pace, 4) == round(skills.pace.from_float(0.6102), 4)
    disputed = [each for each in every[found["irisbox-requests"].pk].own if each.disputed]
    assert {each.value for each in disputed} == {120000, 280000}
    assert (
        every[found["vhcn-coverage"].pk].trend_points[0][1]
        == every[found["vhcn-coverage"].pk].own[3].value
    )
    spectrum = every[found["desi-2022-2c1"].pk]
    assert (spectrum.freshness, spectrum.indicator.unit_en[0]) == ("frozen", "%")
    assert {each.value for each in every[found["desi-2022-1a1"].pk].own} == {skills.own[0].value}


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_seeded_indicator_has_its_page(seeded, client, language):
    for code in ("irisbox-requests", "desi-2022-4a2", "demo-cargo-bike-loans", "schools-with-vdsl"):
        with override(language):
            url = reverse("kpi:indicator-detail", args=[code])
        assert client.get(url).status_code == 200


UNSEEN = {"fr": "pas encore vu dans une source", "nl": "nog niet in een bron gezien"}


def test_names_in_other_frameworks_are_seeded_as_not_seen(seeded, client):
    mapping = Mapping.objects.get(indicator__code="fttp-coverage", framework__slug="citykeys")
    assert not Mapping.objects.filter(verified=True).exists()
    Mapping.objects.filter(pk=mapping.pk).update(verified=True)
    seed.load()
    mapping.refresh_from_db()
    assert mapping.verified, "what somebody has seen is not taken back"
    for language, words in UNSEEN.items():
        page = client.get(f"/{language}/kpi/fttp-coverage/").text
        _before, _mark, elsewhere = page.partition('id="elsewhere"')
        seen, unseen = sorted(elsewhere.split("</ul>")[0].split("<li>")[1:], key=words.count)
        assert mapping.name in seen
        assert words not in seen
        assert words in unseen


def test_the_office_says_that_it_has_seen_a_name(client, users, login):
    indicator, other = make.IndicatorFactory(), make.FrameworkFactory(slug="other")
    mapping = Mapping.objects.create(indicator=indicator, framework=other, name="Skills")
    login(users["staff"])
    url = f"/admin/kpi/indicator/{indicator.pk}/change/"
    page = client.get(url)
    fields = sent_back(page)
    prefix = "mappings-0-"
    assert fields[f"{prefix}name"] == "Skills"
    assert client.post(url, fields | {f"{prefix}verified": "on"}).status_code == 302
    mapping.refresh_from_db()
    assert mapping.verified


@pytest.mark.parametrize(("language", "words"), [("fr", "100,0"), ("nl", "100,0"), ("en", "100.0")])
def test_a_figure_is_named_with_the_decimals_of_its_indicator(language, words):
    indicator = make.IndicatorFactory(code="fibre", decimals=1)
    target = make.TargetFactory(indicator=indicator, value="100.000000000000")
    target.refresh_from_db()
    observed = make.ObservationFactory(indicator=indicator, value=None, flag="m")
    with override(language):
        assert str(target) == f"fibre 2030: {words}"
        assert "None" not in str(observed)
