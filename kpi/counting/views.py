"""Plan against outcome: each deliverable of the contract with its count and its indicators."""

from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import Column, Table
from core.templatetags.ui import translated
from programme.lists import answer_file, export_links
from programme.selectors import Line, volets

from ..facts import Facts
from ..models import Indicator
from ..selectors import facts_of, published
from ..sentences import amount, chips, goal, headline, position
from ..tables import exact

FRAMEWORK = "programme"


@dataclass(frozen=True)
class Measured:
    """An indicator as the page shows it."""

    facts: Facts

    @property
    def indicator(self) -> Indicator:
        """Return the indicator."""
        return self.facts.indicator

    @property
    def value(self) -> str:
        """Return the last value with its unit's sign, "" where there is none."""
        latest = self.facts.latest
        return amount(latest.value, self.indicator, short=True) if latest else ""

    @property
    def target(self) -> str:
        """Return the target, "" where there is none."""
        target = self.facts.target
        return goal(target.value, self.indicator) if target else ""

    @property
    def sentence(self):
        """Return the sentence of the indicator as markup."""
        return headline(self.facts).html

    @property
    def aim(self):
        """Return the sentence that holds it against its target, as markup."""
        return position(self.facts).html

    @property
    def chips(self) -> list:
        """Return its standing and its age."""
        return chips(self.facts)


@dataclass(frozen=True)
class Row:
    """A deliverable: what was planned, what is on record, what measures it."""

    line: Line
    measures: list[Measured] = field(default_factory=list)


def plan() -> tuple[list[tuple], list[Measured]]:
    """Return [(work package, its rows)], and the indicators of the programme beyond the contract.

    An indicator that measures several deliverables stands with each of them.
    """
    wanted = published().filter(deliverables__isnull=False) | published().filter(
        framework__slug=FRAMEWORK
    )
    rows = wanted.distinct().select_related("framework").prefetch_related("deliverables")
    indicators = list(rows.order_by("code"))
    facts = facts_of(indicators)
    measured = {each.pk: Measured(facts[each.pk]) for each in indicators}
    by_code = {}
    for each in indicators:
        for deliverable in each.deliverables.all():
            by_code.setdefault(deliverable.code, []).append(measured[each.pk])
    packages = [
        (
            volet.work_package,
            [Row(line, by_code.get(line.deliverable.code, [])) for line in volet.lines],
        )
        for volet in volets()
    ]
    return packages, [measured[each.pk] for each in indicators if not each.deliverables.all()]


@login_not_required
def programme(request):
    """Show what the contract planned beside what the portal counts and how far it is."""
    packages, beyond = plan()
    file = answer_file(request, lambda: plan_export(packages, beyond))
    if file:
        return file
    context = {
        "packages": packages,
        "beyond": beyond,
        "exports": export_links(request),
        "trail": [(reverse("kpi:indicator-list"), _("Indicators"))],
    }
    return render(request, "kpi/programme.html", context)


def plan_export(packages, beyond) -> Table:
    """Return the page as a file: one line for each deliverable and indicator."""
    rows = []
    for package, lines in packages:
        for row in lines:
            rows += [(package, row.line, each) for each in row.measures or [None]]
    rows += [(None, None, each) for each in beyond]
    return Table("plan-against-outcome", COLUMNS, rows)


def _of_line(read):
    return lambda row: read(row[1]) if row[1] else None


def _of_facts(read):
    return lambda row: read(row[2].facts) if row[2] else None


COLUMNS = (
    Column("work_package", gettext_lazy("Work package"), lambda row: row[0] and row[0].number),
    Column(
        "deliverable", gettext_lazy("Deliverable"), _of_line(lambda line: line.deliverable.code)
    ),
    Column(
        "name",
        gettext_lazy("Name"),
        _of_line(lambda line: translated(line.deliverable, "short_name")[0]),
    ),
    Column("planned", gettext_lazy("Planned"), _of_line(lambda line: line.deliverable.target)),
    Column(
        "recorded",
        gettext_lazy("Recorded in this portal"),
        _of_line(lambda line: line.record.count if line.record else None),
    ),
    Column("indicator", gettext_lazy("Indicator"), _of_facts(lambda facts: facts.indicator.code)),
    Column(
        "period",
        gettext_lazy("Period"),
        _of_facts(lambda facts: facts.latest.period if facts.latest else None),
    ),
    Column("value", gettext_lazy("Value"), _of_facts(lambda facts: exact_or_none(facts.latest))),
    Column("target", gettext_lazy("Target"), _of_facts(lambda facts: exact_or_none(facts.target))),
    Column("standing", gettext_lazy("Against the path"), _of_facts(lambda facts: facts.standing)),
)


def exact_or_none(figure):
    """Return the value of a figure as a file holds it."""
    return exact(figure.value) if figure else None
