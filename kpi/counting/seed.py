"""Loads the indicators of the programme itself, which the portal computes from its own records."""

from decimal import Decimal

from core.seeding import ensure, read, texts
from programme.models import Contract, Deliverable

from ..models import Baseline, Framework, Indicator, Target
from .computing import compute_figures

#: Days after the end of a period until its figure is final: the night after would do.
LAG_DAYS = 31
CONTRACT_BASIS = {
    "fr": "marché de 2018",
    "nl": "opdracht van 2018",
    "en": "contract of 2018",
}
PARITY_BASIS = {
    "fr": "règle du portail\u00a0: le français et le néerlandais paraissent ensemble",
    "nl": "regel van het portaal: Nederlands en Frans verschijnen samen",
    "en": "rule of the portal: French and Dutch appear together",
}
#: The rule holds for as long as the portal does; a target needs a period.
PARITY_PERIOD = "2030"
OWN_RECORDS = {
    "fr": "les propres dossiers de ce portail, comptés chaque nuit",
    "nl": "de eigen dossiers van dit portaal, elke nacht geteld",
    "en": "this portal’s own records, counted every night",
}


def load() -> None:
    """Make the indicators that are missing, with their targets, and count what is there."""
    for entry in read("facts", "programme_indicators"):
        indicator, is_new = ensure(Indicator, {"code": entry["code"]}, **values_of(entry))
        if is_new:
            indicator.deliverables.set(Deliverable.objects.filter(code__in=entry["deliverables"]))
            load_target(indicator, entry)
    compute_figures(everything=True)


def values_of(entry: dict) -> dict:
    """Return the columns of an indicator."""
    words = {name: entry[name] for name in ("name", "definition", "unit", "headline")}
    same = ("metric", "unit_code", "decimals", "kind", "frequency", "not_proofread")
    return {
        "framework": Framework.objects.get(slug="programme"),
        "direction": Indicator.Direction.UP,
        "lag_days": LAG_DAYS,
        "geo_id": "BXL",
        "status": Indicator.Status.PUBLISHED,
        **{name: entry[name] for name in same},
        **texts(source_text=OWN_RECORDS, **words),
    }


def load_target(indicator: Indicator, entry: dict) -> None:
    """Load what the contract asks for (counted from nothing before it), or the rule of parity."""
    if entry["target"] == "all":
        add_target(indicator, PARITY_PERIOD, Decimal(100), PARITY_BASIS)
    contract = Contract.objects.first()
    planned = indicator.deliverables.exclude(target=None).first()
    if entry["target"] == "contract" and contract and planned:
        start = contract.kick_off.year
        end = str(start + contract.assistance_years)
        add_target(indicator, end, Decimal(planned.target), CONTRACT_BASIS)
        before = {"period": str(start - 1), "value": Decimal(0)}
        ensure(Baseline, {"indicator": indicator, "geo_id": indicator.geo_id}, **before)


def add_target(indicator: Indicator, period: str, value: Decimal, basis: dict) -> None:
    """Add a target to an indicator that has none."""
    key = {"indicator": indicator, "geo_id": indicator.geo_id, "period": period, "value": value}
    ensure(Target, key, kind=Target.Kind.INTERNAL, **texts(basis=basis))
