"""Indicators at full size against a hundredth: 1,030, of 20 places, 60 periods, 3 vintages."""

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import translation

from tests.bench.conftest import Sizes
from tests.bench.results import record
from tests.factories.kpi import FrameworkFactory, place
from tests.factories.programme import ThemeFactory

#: A list has twenty lines a page, a dashboard twelve: the last page has ten in both sizes.
FEW, MANY = 10, 1030
PLACES, PERIODS, VINTAGES = 20, 60, 3
LIMIT = 1.5
#: The last vintage was released after this day, the first two before.
AS_OF = "2023-06-30"

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

INDICATORS = """
INSERT INTO kpi_indicator (code, framework_id, theme_id, name, name_fr, name_nl, definition,
    definition_fr, definition_nl, unit, unit_fr, unit_nl, unit_code, headline, source_text,
    coverage, confidentiality, licence, metric, decimals, direction, kind, frequency, lag_days,
    is_frozen, geo, status, verified, is_demo, not_proofread)
SELECT 'indicator-' || n, %(framework)s, (%(themes)s)[1 + n %% 6], 'x', 'Indicateur ' || n,
    'Meetcijfer ' || n, 'x', 'Ce qui est compté.', 'Wat geteld wordt.', 'x', '%%', '%%', 'percent',
    '', '', '', '', '', '', 1, 'up', 'outcome', 'M', 45, false, 'BXL', 'published', true, false,
    '{}'
FROM generate_series(1, %(count)s) AS n
"""
FIGURES = """
INSERT INTO kpi_observation (indicator_id, geo, period, value, flag, position, disputed, vintage,
    reason, note, released_at, not_proofread)
SELECT i.id, p.code, to_char(date '2019-01-01' + make_interval(months => m), 'YYYY-MM'),
    20 + m * 0.7 + (i.id %% 7) + v * 0.1, '', 0, false, v, 'scheduled', '',
    timestamptz '2020-01-01' + make_interval(years => v),
    '{}'
FROM kpi_indicator AS i, unnest(%(places)s) AS p(code),
    generate_series(0, %(periods)s - 1) AS m, generate_series(1, %(vintages)s) AS v
"""
TARGETS = """
INSERT INTO kpi_target (indicator_id, geo, period, value, unit_code, kind, basis, not_proofread)
SELECT id, 'BXL', '2030-12', 90, '', 'political', '', '{}' FROM kpi_indicator;
INSERT INTO kpi_baseline (indicator_id, geo, period, value)
SELECT id, 'BXL', '2019-01', 20 FROM kpi_indicator;
"""


def fill(count: int) -> None:
    """Make ``count`` indicators with all their figures."""
    places = ["BXL", *(f"P{number:02}" for number in range(1, PLACES))]
    for code in places:
        place(code)
    themes = [ThemeFactory().pk for _number in range(6)]
    values = {"framework": FrameworkFactory().pk, "themes": themes, "count": count}
    values |= {"places": places, "periods": PERIODS, "vintages": VINTAGES}
    with connections["default"].cursor() as cursor:
        cursor.execute(INDICATORS, values)
        cursor.execute(FIGURES, values)
        cursor.execute(TARGETS)


@pytest.fixture
def full(transactional_db):
    """Two copies of the database, one a hundredth of the other."""
    made = Sizes((FEW, MANY))
    made.fill(fill)
    yield made
    made.drop()


def address(name: str, *arguments, query: str = "") -> str:
    """Return the address of a page in French."""
    with translation.override("fr"):
        return reverse(name, args=arguments) + query


def test_indicators_take_no_longer_when_there_are_a_hundred_times_as_many(client, full):
    code = "indicator-7"
    detail, files = address("kpi:indicator-detail", code), ("csv", "json", "xlsx")
    pages = {
        "kpi_dashboard": address("kpi:dashboard"),
        "kpi_dashboard.last_page": address("kpi:dashboard", query="?page=999999"),
        "kpi_list": address("kpi:indicator-list", query="?page=999999"),
        "kpi_list.late": address("kpi:indicator-list", query="?freshness=overdue&page=999999"),
        "kpi_list.standing": address("kpi:indicator-list", query="?standing=off_track"),
        "kpi_indicator": detail,
        "kpi_indicator.as_of": f"{detail}?as_of={AS_OF}",
        "kpi_series": f"{detail}?format=csv",
        "kpi_series.as_of": f"{detail}?format=csv&as_of={AS_OF}",
        **{f"kpi_export.{kind}": address("kpi:indicator-data", code, kind) for kind in files},
        "kpi_export.as_of": address("kpi:indicator-data", code, "csv", query=f"?as_of={AS_OF}"),
        "kpi_image": address("kpi:indicator-svg", code),
        "kpi_api.series": f"/api/v1/observations/?indicator={code}",
    }
    ratios = {}
    for name, page in pages.items():
        took = full.times(client, page)
        ratios[name] = took[MANY] / took[FEW]
        record(
            f"growth.{name}",
            {
                "few_ms": took[FEW] * 1000,
                "many_ms": took[MANY] * 1000,
                "observations": MANY * PLACES * PERIODS * VINTAGES,
                "ratio": ratios[name],
            },
        )
    assert {name: ratio for name, ratio in ratios.items() if ratio > LIMIT} == {}
