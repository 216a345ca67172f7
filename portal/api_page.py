"""What the page about the API says: each address with what it gives, its parameters, an example."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpi.open_data import api
from kpi.open_data.figures import public_indicators

#: Used in the examples where there is no public indicator yet.
ANY_CODE = "basic-digital-skills"


@dataclass(frozen=True)
class Endpoint:
    """An address of the API: its pattern, what it gives, its parameters, and an example."""

    pattern: str
    words: str
    parameters: str
    example: str


def endpoints() -> list[Endpoint]:
    """Return the addresses in the order in which one uses them."""
    first = public_indicators().values_list("code", flat=True).first() or ANY_CODE
    figures = {"indicator": first, "period_from": "2020", "as_of": "2024-12-31"}
    return [
        _list("indicator", api.IndicatorList, _("the indicators, each with its last figure")),
        _one("indicator", api.IndicatorDetail, first, _("one indicator with all that explains it")),
        _list("observation", api.ObservationList, _("the figures, as known now or then"), figures),
        _list("framework", api.FrameworkList, _("the frameworks in which indicators are defined")),
        _list("place", api.PlaceList, _("the places that figures are about")),
    ]


def _list(name: str, view, words, query: dict | None = None) -> Endpoint:
    address = reverse(f"api:{name}-list")
    asked = f"?{urlencode(query)}" if query else ""
    return Endpoint(address, words, ", ".join((*view.parameters, "language")), address + asked)


def _one(name: str, view, code: str, words) -> Endpoint:
    address = reverse(f"api:{name}-detail", args=[code])
    pattern = address.replace(code, "CODE")
    return Endpoint(pattern, words, ", ".join((*view.parameters, "language")), address)
