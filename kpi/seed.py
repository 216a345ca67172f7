"""Loads the published indicators, the indicators of DESI 2022, and the demonstration ones."""

from collections import Counter
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.dateparse import parse_date

from core.seeding import ensure, read, texts
from programme.models import Municipality, Orientation, Source, Theme
from roadmap.models import Initiative
from stakeholders.models import Organisation

from .counting import seed as seed_programme
from .indices import seed as seed_index
from .models import (
    Baseline,
    FigureReport,
    Framework,
    Indicator,
    InitiativeIndicator,
    Mapping,
    Observation,
    Place,
    Target,
)

NAMES, TONGUES = ("name", "short_name"), ("fr", "nl", "en")

PUBLISHED = Indicator.Status.PUBLISHED
#: The targets of the Union for 2030 stand in the decision that set up the policy programme.
DIGITAL_DECADE_BASIS = {
    "fr": "décision (UE) 2022/2481",
    "nl": "Besluit (EU) 2022/2481",
    "en": "Decision (EU) 2022/2481",
}
#: Published figures that are by name about an initiative of the Region.
MEASURES = {
    "fixmystreet-reports": "fixmystreet",
    "fixmystreet-closing-time": "fixmystreet",
    "fixmystreet-resolved": "fixmystreet",
    "irisbox-requests": "irisbox",
    "irisbox-users": "irisbox",
    "wifi-brussels-sites": "wifi-brussels",
    "schools-on-fibre": "fiber-to-the-school",
    "schools-with-wifi": "branche-ton-ecole",
    "urbis-downloads": "brussels-urbis",
    "shared-cameras": "plateforme-videoprotection",
    "irisnet-sites-very-fast-broadband": "irisnet",
}
LAG_DAYS = {"A": 365, "S": 120, "Q": 90, "M": 45}
DESI_ORIENTATIONS = {
    "1": "human_capital",
    "2": "connectivity",
    "3": "integration_of_digital",
    "4": "digital_public_services",
}
SCORE_UNIT = {"fr": "points sur 100", "nl": "punten op 100", "en": "points out of 100"}
#: The one unit of DESI that does not begin with its per cent sign.
SPECTRUM_UNIT = {
    "fr": "% du spectre 5G harmonisé",
    "nl": "% van het geharmoniseerde 5G-spectrum",
    "en": "% of the harmonised 5G spectrum",
}
DESI_DEFINITION = {
    "fr": "Indicateur {code} de l’indice DESI 2022, sous-dimension «\u00a0{group}\u00a0». "
    "Unité publiée\u00a0: {unit}.",
    "nl": "Indicator {code} van de DESI-index 2022, subdimensie ‘{group}’. "
    "Gepubliceerde eenheid: {unit}.",
    "en": "Indicator {code} of the DESI index 2022, sub-dimension “{group}”. "
    "Unit as published: {unit}.",
}


def load(facts: bool = True, demo: bool = True) -> None:
    """Make what is missing; rows that exist are left as they are."""
    load_places()
    load_frameworks()
    if facts:
        for entry in read("facts", "indicators"):
            load_published(entry)
        load_desi(read("facts", "desi_2022"))
        load_mappings()
        seed_index.load(read("facts", "desi_2022"))
        seed_index.load_former(read("facts", "desi_2018"))
        seed_programme.load()
    if demo:
        for entry in read("demo", "indicators"):
            load_demo(entry)
        for entry in read("demo", "figure_reports"):
            load_report(entry)


def load_places() -> None:
    """Load the territories that figures are about, and the municipalities as places."""
    for position, entry in enumerate(read("facts", "places"), 1):
        names = {name: entry[name] for name in ("name", "short_name")}
        values = texts(**names) | {"kind": entry["kind"], "position": position}
        ensure(Place, {"code": entry["code"]}, **values)
    for row in Municipality.objects.all():
        names = {
            f"{field}_{code}": getattr(row, f"name_{code}") for field in NAMES for code in TONGUES
        }
        values = names | {"kind": Place.Kind.MUNICIPALITY, "municipality": row}
        ensure(Place, {"code": row.nis}, **values)


def load_frameworks() -> None:
    """Load where indicators are defined; of protected frameworks the names alone."""
    for position, entry in enumerate(read("facts", "frameworks"), 1):
        ensure(
            Framework,
            {"slug": entry["slug"]},
            position=position,
            not_proofread=["fr", "nl"],
            **{name: entry[name] for name in ("kind", "publisher", "url")},
            **texts(name=entry["name"]),
        )


def load_mappings() -> None:
    """Load what indicators are called in frameworks of which the names alone are kept."""
    for entry in read("facts", "mappings"):
        indicator = Indicator.objects.get(code=entry["indicator"])
        framework = Framework.objects.get(slug=entry["framework"])
        key = {"indicator": indicator, "framework": framework, "name": entry["name"]}
        ensure(Mapping, key, match=entry["match"], verified=entry["verified"])


def load_published(entry: dict) -> None:
    """Load one published indicator with its figures, and link it to what it measures."""
    indicator, made = ensure(Indicator, {"code": entry["code"]}, **values_of(entry))
    if not made:
        return
    load_figures(indicator, entry)
    link_sources(indicator, all_sources(entry))
    if entry["code"] in MEASURES:
        link_initiatives(indicator, [MEASURES[entry["code"]]])


def values_of(entry: dict) -> dict:
    """Return the columns of an indicator."""
    return {
        "framework": Framework.objects.get(slug=entry["framework"]),
        "unit_code": entry["unit_code"],
        "decimals": entry["decimals"],
        "direction": entry["direction"],
        "frequency": entry["frequency"],
        "lag_days": LAG_DAYS[entry["frequency"]],
        "geo_id": entry["geo"],
        "theme": Theme.objects.filter(slug=entry["theme"]).first(),
        "orientation": Orientation.objects.filter(slug=entry["orientation"]).first(),
        "not_proofread": entry.get("not_proofread", []),
        "status": PUBLISHED,
        **texts(**{name: entry[name] for name in ("name", "definition", "unit", "headline")}),
    }


def load_figures(indicator: Indicator, entry: dict) -> None:
    """Load observations, baseline and targets; contradictory values get positions of their own."""
    met = Counter()
    for figure in entry["observations"]:
        geo = figure.get("geo", indicator.geo_id)
        position = met[geo, figure["period"]]
        met[geo, figure["period"]] += 1
        load_observation(indicator, geo, position, figure)
    if start := entry["baseline"]:
        key = {"indicator": indicator, "geo_id": indicator.geo_id}
        row, _made = ensure(Baseline, key, period=start["period"], value=Decimal(start["value"]))
        link_sources(row, start.get("sources", ()))
    for aim in entry["targets"]:
        load_target(indicator, aim)


def load_observation(indicator: Indicator, geo: str, position: int, figure: dict) -> None:
    """Load the first vintage of one figure."""
    key = {"indicator": indicator, "geo_id": geo, "period": figure["period"], "position": position}
    more = texts(note=figure.get("note"))
    if released := figure.get("released_on"):
        more["released_at"] = timezone.make_aware(datetime.combine(parse_date(released), time(9)))
    row, _made = ensure(
        Observation,
        key | {"vintage": 1},
        value=Decimal(str(figure["value"])),
        flag=figure.get("flag", ""),
        disputed=figure.get("disputed", False),
        **more,
    )
    link_sources(row, figure.get("sources", ()))


def load_target(indicator: Indicator, aim: dict) -> None:
    """Load one target; those of the Union for 2030 bind by law."""
    geo = aim.get("geo", indicator.geo_id)
    of_union = "DD" in aim.get("sources", ()) and geo == "EU"
    kind = Target.Kind.LEGAL if of_union else Target.Kind.POLITICAL
    if indicator.is_demo:
        kind = Target.Kind.INTERNAL
    row, _made = ensure(
        Target,
        {
            "indicator": indicator,
            "geo_id": geo,
            "period": aim["period"],
            "value": Decimal(aim["value"]),
        },
        kind=kind,
        **texts(basis=DIGITAL_DECADE_BASIS if of_union else None),
    )
    link_sources(row, aim.get("sources", ()))


def all_sources(entry: dict) -> set[str]:
    """Return the keys of every source that the figures of an entry name."""
    parts = [*entry["observations"], *entry["targets"], entry["baseline"] or {}]
    return {key for part in parts for key in part.get("sources", ())}


def link_sources(row, keys) -> None:
    """Say where a row was read."""
    if keys:
        row.sources.set(Source.objects.filter(key__in=keys))


def link_initiatives(indicator: Indicator, slugs) -> None:
    """Say what the indicator measures, as far as the roadmap knows it."""
    for initiative in Initiative.objects.filter(slug__in=slugs):
        ensure(InitiativeIndicator, {"initiative": initiative, "indicator": indicator})


def load_desi(index: dict) -> None:
    """Load the 33 indicators of the index with the values of Belgium and of the Union."""
    framework = Framework.objects.get(slug="desi-2022")
    for dimension in index["dimensions"]:
        orientation = Orientation.objects.filter(slug=DESI_ORIENTATIONS[dimension["code"]]).first()
        for group in dimension["subdimensions"]:
            for entry in group["indicators"]:
                values = desi_values(entry, group) | {
                    "framework": framework,
                    "orientation": orientation,
                    "not_proofread": index["not_proofread"],
                }
                load_desi_indicator(entry, values, index["sources"])


def desi_values(entry: dict, group: dict) -> dict:
    """Return the columns of an indicator of DESI; the edition is closed, so no figure is late."""
    definition = {
        code: words.format(code=entry["code"], group=group["name"][code], unit=entry["unit"][code])
        for code, words in DESI_DEFINITION.items()
    }
    is_score = entry["norm_max"] > 1
    unit = SCORE_UNIT if is_score else entry["unit"]
    if not is_score and not unit["en"].startswith("%"):
        unit = SPECTRUM_UNIT
    return {
        "unit_code": "score" if is_score else "percent",
        "decimals": 1,
        "direction": entry["direction"],
        "geo_id": "BE",
        "is_frozen": True,
        "status": PUBLISHED,
        **texts(name=entry["name"], definition=definition, unit=unit, source_text=entry["source"]),
    }


def load_desi_indicator(entry: dict, values: dict, sources) -> None:
    """Load one indicator of DESI; shares are published as fractions and shown as per cent."""
    indicator, made = ensure(Indicator, {"code": f"desi-2022-{entry['code']}"}, **values)
    if not made:
        return
    link_sources(indicator, sources)
    factor = 1 if values["unit_code"] == "score" else 100
    for geo in ("BE", "EU"):
        value = Decimal(str(entry[geo.lower()])) * factor
        figure = {"period": str(entry["reference_year"]), "value": value, "sources": sources}
        load_observation(indicator, geo, 0, figure)


def load_demo(entry: dict) -> None:
    """Load a demonstration indicator and link it to the initiatives that it measures."""
    values = values_of(entry) | {
        "is_demo": True,
        "owner_organisation": Organisation.objects.filter(slug=entry["owner_organisation"]).first(),
        **texts(source_text=entry["source"]),
    }
    indicator, made = ensure(Indicator, {"code": entry["code"]}, **values)
    if made:
        load_figures(indicator, entry)
        link_initiatives(indicator, entry["initiatives"])


def load_report(entry: dict) -> None:
    """Load what a reader says of a demonstration figure; nobody is written to."""
    indicator = Indicator.objects.get(code=entry["indicator"])
    values = {name: entry[name] for name in ("period", "reason", "words", "language")}
    values |= {"indicator": indicator, "geo_id": indicator.geo_id, "vintage": 1}
    ensure(FigureReport, {"form_key": f"demo-{indicator.code}"}, **values)
