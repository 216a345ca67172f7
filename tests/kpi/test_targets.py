"""Targets in words, and targets that are refused."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kpi.selectors import facts_of
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """Return the words of a page, without markup and with single spaces."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", text)


def offline():
    """Make the indicator of case 10: households without internet, 7 at first, now 5, aim 3."""
    indicator = make.IndicatorFactory(direction="down", decimals=0)
    make.BaselineFactory(indicator=indicator, period="2020", value=7)
    make.series(indicator, {"2020": 7, "2024": 5})
    make.TargetFactory(indicator=indicator, period="2030", value=3)
    return indicator


@pytest.mark.parametrize(
    ("language", "told"),
    [("fr", "50\u202f%"), ("nl", "50%")],
)
def test_case_10_where_lower_is_better_the_way_is_told_in_words(client, language, told):
    """Case 10."""
    indicator = offline()
    assert facts_of([indicator])[indicator.pk].progress == Decimal("0.5")
    page = client.get(f"/{language}/kpi/{indicator.code}/")
    way = [value for label, value in page.context["figures"] if value == told]
    assert way, page.context["figures"]


def test_case_10_above_the_target_is_said(client):
    """Case 10, without a starting value: no pace, and yet a sentence."""
    indicator = make.IndicatorFactory(direction="down", decimals=0)
    make.series(indicator, {"2024": 5})
    make.TargetFactory(indicator=indicator, period="2030", value=3)
    page = words(client.get(f"/en/kpi/{indicator.code}/"))
    assert "The target is 3% in 2030; the figure is still above it." in page


def test_case_12_a_target_in_another_unit_is_refused_beside_its_field(client, users, login):
    """Case 12, in the back office: 20 thousand people are not 20 per cent."""
    indicator = make.IndicatorFactory()
    data = {
        "indicator": indicator.pk,
        "geo": "BXL",
        "period": "2030",
        "value": "20.0",
        "unit_code": "th_ind",
        "kind": "legal",
        "path-TOTAL_FORMS": 0,
        "path-INITIAL_FORMS": 0,
    }
    page = login(users["staff"]).post("/admin/kpi/target/add/", data)
    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == {"unit_code"}
    assert not indicator.targets.exists()


def test_case_12_the_database_refuses_it_too():
    """Case 12."""
    indicator = make.IndicatorFactory()
    assert make.TargetFactory(indicator=indicator, unit_code="percent").pk
    with pytest.raises(IntegrityError):
        make.TargetFactory(indicator=indicator, period="2031", unit_code="th_ind")
