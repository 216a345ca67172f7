"""Every published figure, baseline and target is in, with its source; what contradicts, beside it.

`published.csv` is the list of what was published, as it was gathered from its sources.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from kpi import seed
from kpi.models import Baseline, Indicator, Observation, Target
from kpi.selectors import facts_of
from programme import seed as programme_seed

PUBLISHED = Path(__file__).with_name("published.csv")
MODELS = {"figure": Observation, "baseline": Baseline, "target": Target}
#: How closely the portal keeps a value that a later source published with more decimals.
CLOSE = Decimal("0.05")

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def seeded():
    """The published facts of indicators, as rows."""
    programme_seed.load(demo=False)
    seed.load(demo=False)


def published() -> list[dict]:
    """Return the lines of the list."""
    with PUBLISHED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_published_number_is_in_with_its_source(seeded):
    missing = []
    for line in published():
        rows = MODELS[line["what"]].objects.filter(
            indicator__code=line["code"], period=line["period"]
        )
        near = [row for row in rows if abs(row.value - Decimal(line["value"])) <= CLOSE]
        if not near or not any(row.sources.exists() for row in near):
            missing.append(line)
    assert missing == []


def test_contradictory_values_stand_side_by_side_with_their_sources(seeded, client):
    rows = Observation.objects.filter(indicator__code="irisbox-requests", period="2019")
    assert {row.value for row in rows} == {120_000, 280_000}
    assert all(row.disputed and row.note_fr and row.note_nl for row in rows)
    page = client.get("/fr/kpi/irisbox-requests/")
    lines = [row for row in page.context["chart"].table["rows"] if row[0] == "2019"]
    assert len(lines) == 2


def test_the_break_of_2019_cuts_chart_trend_and_comparison(seeded):
    """Case 9."""
    indicator = Indicator.objects.get(code="vhcn-coverage")
    facts = facts_of([indicator], everywhere=True)[indicator.pk]
    broken = next(row for row in facts.own if row.period == "2019")
    assert broken.breaks_series
    assert {at for at, _value in facts.trend_points} == {
        row.when.position for row in facts.own if row.when.year >= 2019
    }


def test_the_drawn_line_has_a_gap_and_says_why(seeded, client):
    """Case 9, in chart and words."""
    chart = client.get("/nl/kpi/vhcn-coverage/?beside=").context["chart"]
    belgium = [trace for trace in chart.figure["data"] if trace["mode"] == "lines+markers"]
    assert [trace["x"][0] for trace in belgium[:2]] == [2017.0, 2020.0]
    assert chart.notes
