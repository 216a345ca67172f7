"""Indicators and their figures."""

from decimal import Decimal

import factory

from kpi.models import Baseline, Framework, Indicator, Observation, Place, Target

PLACES = {"BXL": "region", "BE": "country", "EU": "union", "VLA": "region", "WAL": "region"}


def place(code: str) -> Place:
    """Return the place with this code, made if need be."""
    names = {f"{field}_{lang}": code for field in ("name", "short_name") for lang in ("fr", "nl")}
    values = names | {"kind": PLACES.get(code, "country"), "position": len(PLACES)}
    return Place.objects.get_or_create(code=code, defaults=values)[0]


class AtPlace(factory.django.DjangoModelFactory):
    """Rows that are about a place, given by its code."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **values):
        geo = values.pop("geo")
        values["geo"] = place(geo) if isinstance(geo, str) else geo
        return super()._create(model_class, *args, **values)


class FrameworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Framework
        django_get_or_create = ("slug",)

    slug = "local"
    name_fr = "Cadre local"
    name_nl = "Lokaal kader"


class IndicatorFactory(AtPlace):
    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"indicator-{n}")
    framework = factory.SubFactory(FrameworkFactory)
    name_fr = factory.Sequence(lambda n: f"Indicateur {n}")
    name_nl = factory.Sequence(lambda n: f"Meetcijfer {n}")
    definition_fr = "Ce qui est compté."
    definition_nl = "Wat geteld wordt."
    unit_fr = "%"
    unit_nl = "%"
    unit_code = "percent"
    headline_fr = "En {period}, {value}\u00a0% des écoles."
    headline_nl = "In {period}, {value}\u00a0% van de scholen."
    decimals = 1
    direction = "up"
    geo = "BXL"
    status = Indicator.Status.PUBLISHED


class ObservationFactory(AtPlace):
    class Meta:
        model = Observation

    indicator = factory.SubFactory(IndicatorFactory)
    geo = factory.SelfAttribute("indicator.geo_id")
    period = "2024"
    value = Decimal(10)


class TargetFactory(AtPlace):
    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    geo = factory.SelfAttribute("indicator.geo_id")
    period = "2030"
    value = Decimal(80)


class BaselineFactory(AtPlace):
    class Meta:
        model = Baseline

    indicator = factory.SubFactory(IndicatorFactory)
    geo = factory.SelfAttribute("indicator.geo_id")
    period = "2021"
    value = Decimal(50)


def series(indicator, values: dict, **fields):
    """Make one observation for each {period: value}."""
    return [
        ObservationFactory(indicator=indicator, period=period, value=value, **fields)
        for period, value in values.items()
    ]


def basic_skills(**fields):
    """Make the indicator of acceptance number O8, as it was published."""
    indicator = IndicatorFactory(geo="BE", **fields)
    series(indicator, {"2021": Decimal("54.2318"), "2025": Decimal("61.22")})
    BaselineFactory(indicator=indicator, value=Decimal("54.2318"))
    TargetFactory(indicator=indicator, geo="EU")
    return indicator
