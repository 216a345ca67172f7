"""The ecosystem in figures: the organisations that agreed to be shown, by place, theme and helix.

Everything here is public. That an organisation is in the public register is a public fact, so its
counts are not withheld below five; figures about people come from `balance.balance_public`.
"""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from programme.models import Municipality, Source, Theme

from . import selectors
from .balance import Balance, balance_public, exact
from .models import Helix

#: What a filter of the list calls "none recorded"; django-filter's own word.
NONE = "null"


@dataclass(frozen=True)
class Line:
    """The organisations of one municipality or theme by helix group.

    ``subject`` is None for those without one. An organisation has one group, so ``total`` counts
    each once; with two themes it stands in two lines.
    """

    parameter: str
    subject: Municipality | Theme | None
    counts: Counter = field(default_factory=Counter)
    demo: int = 0

    @property
    def total(self) -> int:
        """Return how many organisations are in the line."""
        return self.counts.total()

    def url(self, helix: str = "") -> str:
        """Return the address of the list with the organisations of the line, or of one group."""
        chosen = {self.parameter: self.subject.slug if self.subject else NONE}
        return list_url(**({"helix": helix} if helix else {}), **chosen)


@dataclass(frozen=True)
class Ecosystem:
    """All figures of the map, each counted from the list that it opens."""

    municipalities: list[Line]
    themes: list[Line]

    @property
    def helix(self) -> Counter:
        """Return how many organisations each group has."""
        return sum((line.counts for line in self.municipalities), Counter())

    @property
    def total(self) -> int:
        """Return how many organisations are shown."""
        return self.helix.total()

    @property
    def demo(self) -> int:
        """Return how many of them are fictitious."""
        return sum(line.demo for line in self.municipalities)

    @property
    def sources(self) -> list[Source]:
        """Return where the names and codes of the municipalities come from, each once."""
        known = [line.subject.sources.all() for line in self.municipalities if line.subject]
        return sorted({source for some in known for source in some}, key=lambda each: each.key)

    @property
    def empty_fields(self) -> int:
        """Return how many fields of the table of themes and groups have no organisation."""
        named = [line for line in self.themes if line.subject]
        return sum(not line.counts[group] for line in named for group in Helix)


def list_url(**chosen: str) -> str:
    """Return the address of the public list, narrowed to ``chosen``."""
    address = reverse("stakeholders:organisation-list")
    return f"{address}?{urlencode(chosen)}" if chosen else address


def ecosystem() -> Ecosystem:
    """Return the figures of the map, in the order of the page's language."""
    towns = Municipality.objects.prefetch_related("sources")
    return Ecosystem(
        municipalities=lines("municipality", "municipality", towns),
        themes=lines("theme", "themes", Theme.objects.all()),
    )


def lines(parameter: str, path: str, rows) -> list[Line]:
    """Return a line for every one of ``rows``, the last for those that have none."""
    subjects = [*rows.order_by_translated("name", "pk"), None]
    found = {getattr(each, "pk", None): Line(parameter, each) for each in subjects}
    demo = Counter()
    for key, helix, is_demo, count in tally(path):
        found[key].counts[helix] += count
        demo[key] += count if is_demo else 0
    return [Line(parameter, each.subject, each.counts, demo[key]) for key, each in found.items()]


def tally(path: str):
    """Count the organisations of the public register by ``path``, group and whether invented."""
    rows = selectors.listed_organisations(AnonymousUser()).order_by()
    return rows.values_list(path, "helix", "is_demo").annotate(n=Count("pk", distinct=True))


def participation(found: Ecosystem) -> list[Balance]:
    """Return the public balance of each step, before them that of the register itself."""
    register = {"stage": 1, "label": _("Organisations shown"), "counts": found.helix}
    return [exact(register), *balance_public()]
