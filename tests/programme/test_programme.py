"""The programme: constraints, progress beside targets, workstreams, seed."""

import json

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from core import slots
from programme import seed, selectors
from programme.models import Deliverable, TimelineFact, Workstream
from tests.factories.portal import IdeaFactory
from tests.factories.programme import (
    DeliverableFactory,
    SourceFactory,
    TimelineFactFactory,
    WorkPackageFactory,
    WorkstreamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(monkeypatch):
    """Return a function that says what is on record, for this test only."""

    def say(**records):
        answers = {code: {"count": n, "url": f"/{code}/"} for code, n in records.items()}
        entry = (1, lambda: answers)
        monkeypatch.setitem(slots._SLOTS, "programme.progress", [entry])

    return say


@pytest.mark.parametrize("field", ["name_nl", "short_name_fr", "unit_nl"])
def test_database_refuses_a_deliverable_in_one_language(field):
    row = DeliverableFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=row.pk).update(**{field: " "})


def test_database_refuses_an_outcome_in_one_language():
    row = DeliverableFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programme_deliverable SET outcome_fr='dit' WHERE id=%s", [row.pk])


def test_database_refuses_a_workstream_without_dutch():
    row = WorkstreamFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Workstream.objects.filter(pk=row.pk).update(name_nl=None)


def test_database_refuses_a_date_told_twice():
    TimelineFactFactory(fact_fr="Une fois")
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineFactFactory(fact_fr="Une fois")


def test_record_stands_beside_its_target(counted):
    DeliverableFactory(code="BILAT", target=20)
    counted(BILAT=14)
    (volet,) = selectors.volets()
    (line,) = volet.lines
    assert (line.record.count, line.is_comparable) == (14, True)
    assert line.counted == "14 validated bilateral meetings"
    assert line.planned == "20 bilateral meetings"


@pytest.mark.parametrize(
    ("code", "target", "record"), [("KPI", None, 3), ("STANDARDS", 1, 56), ("COMM", 1, None)]
)
def test_no_share_where_target_and_record_are_not_the_same_thing(counted, code, target, record):
    DeliverableFactory(code=code, target=target)
    counted(**({code: record} if record is not None else {}))
    (line,) = selectors.volets()[0].lines
    assert not line.is_comparable


def test_nothing_counted_is_not_zero(counted):
    DeliverableFactory(code="BILAT", target=20)
    counted()
    (line,) = selectors.volets()[0].lines
    assert (line.record, line.counted) == (None, "")


def test_short_page_shows_the_targets_that_take_counting(counted):
    package = WorkPackageFactory()
    DeliverableFactory(work_package=package, code="COMM", target=1, position=1)
    DeliverableFactory(work_package=package, code="BILAT", target=20, position=2)
    counted()
    (volet,) = selectors.volets()
    assert [line.deliverable.code for line in volet.main_lines] == ["BILAT"]


@pytest.mark.parametrize("rows", [1, 3])
def test_volets_cost_the_same_however_many(counted, django_assert_num_queries, rows):
    for _ in range(rows):
        DeliverableFactory().sources.add(SourceFactory())
    counted()
    with django_assert_num_queries(4):
        selectors.volets()


@pytest.mark.parametrize(("language", "word"), [("fr", "Chantier"), ("nl", "Werf")])
def test_workstream_page_in_both_languages(client, language, word):
    row = WorkstreamFactory(name_fr="Chantier frais", name_nl="Werf koel", is_demo=True)
    with translation.override(language):
        page = client.get(row.get_absolute_url()).content.decode()
        listed = client.get(reverse("programme:workstream-list")).content.decode()
    assert f'<html lang="{language}">' in page
    assert word in page
    assert word in listed
    assert "chip-demo" in page


def test_workstream_page_lists_its_ideas(client):
    row = WorkstreamFactory()
    idea = IdeaFactory(workstream=row)
    hidden = IdeaFactory(workstream=row, status="received")
    page = client.get(row.get_absolute_url()).content.decode()
    assert idea.title in page
    assert hidden.title not in page


def test_workstreams_filter_by_words_and_theme(client):
    wanted, other = WorkstreamFactory(name_fr="Vélos"), WorkstreamFactory(name_fr="Eau")
    url = reverse("programme:workstream-list")
    for query in ({"search": "velos"}, {"theme": wanted.theme.slug}):
        rows = client.get(url, query).context["page_obj"].object_list
        assert list(rows) == [wanted]
        assert other not in rows


def test_workstream_files_hold_the_same_rows_in_both_languages(client):
    WorkstreamFactory.create_batch(2)
    found = {}
    for language in ("fr", "nl"):
        with translation.override(language):
            answer = client.get(reverse("programme:workstream-list"), {"format": "json"})
        found[language] = [row["slug"] for row in json.loads(answer.content)["rows"]]
    assert found["fr"] == found["nl"]
    assert len(found["fr"]) == 2


def test_unknown_format_is_not_found(client):
    answer = client.get(reverse("programme:workstream-list"), {"format": "exe"})
    assert answer.status_code == 404


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "999"}, {"theme": "nope"}])
def test_bad_input_still_gives_a_page(client, query):
    assert client.get(reverse("programme:workstream-list"), query).status_code == 200


def test_seed_twice_changes_nothing():
    seed.load()
    models = list(apps.get_app_config("programme").get_models())
    before = {model: model.objects.count() for model in models}
    seed.load()
    assert {model: model.objects.count() for model in models} == before
    assert before[Deliverable] == 12
    assert before[TimelineFact] == 34


def test_seed_leaves_an_edited_row_alone():
    seed.load(demo=False)
    Deliverable.objects.filter(code="BILAT").update(outcome_fr="Corrigé", outcome_nl="Verbeterd")
    seed.load(demo=False)
    assert Deliverable.objects.get(code="BILAT").outcome_fr == "Corrigé"


def test_seed_keeps_planned_and_published_apart():
    seed.load(demo=False)
    row = Deliverable.objects.get(code="MULTI-WS")
    assert (row.target, row.outcome_value) == (20, 12)
    assert list(row.outcome_sources.values_list("key", flat=True)) == ["S02", "S03"]
    assert not Workstream.objects.exists()
