"""The metadata report of an indicator (ESMS): what was written, else what its row itself says."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import translated

from .facts import Facts
from .models import SHOWN_HEADINGS, Heading


@dataclass(frozen=True)
class MetadataLine:
    """What stands under one heading, with the language of the words."""

    heading: str
    label: str
    text: str
    language: str
    is_written: bool


def report(facts: Facts, written) -> list[MetadataLine]:
    """Return the lines that have something to say, in the order of ESMS.

    ``written`` are the `MetadataEntry` rows of the indicator. Where none was written, the line says
    what the indicator itself tells (its unit, its lag, its breaks); else there is no line.
    """
    rows = {row.heading: row for row in written}
    found = [_line(heading, rows.get(heading), facts) for heading in Heading]
    return [line for line in found if line]


def shown(lines: list[MetadataLine]) -> tuple[list[MetadataLine], list[MetadataLine]]:
    """Return the lines of the first headings, and the rest."""
    first = set(list(Heading)[:SHOWN_HEADINGS])
    return [one for one in lines if one.heading in first], [
        one for one in lines if one.heading not in first
    ]


def _line(heading, row, facts: Facts) -> MetadataLine | None:
    label = str(heading.label)
    if row is not None:
        text, language = translated(row, "text")
        return MetadataLine(heading, label, text, language, is_written=True)
    told = TOLD.get(heading)
    text, language = told(facts) if told else ("", "")
    return MetadataLine(heading, label, text, language, is_written=False) if text else None


def _own(text: str) -> tuple[str, str]:
    return text, ""


def _contact(facts: Facts) -> tuple[str, str]:
    site = settings.SITE
    return _own(", ".join(filter(None, [str(site["name"]), site["contact"]["email"]])))


def _unit(facts: Facts) -> tuple[str, str]:
    return translated(facts.indicator, "unit")


def _presentation(facts: Facts) -> tuple[str, str]:
    return translated(facts.indicator, "definition")


def _period(facts: Facts) -> tuple[str, str]:
    known = [each for each in facts.own if each.value is not None]
    if not known:
        return _own("")
    ends = {"first": known[0].when.label, "last": known[-1].when.label}
    return _own(_("From %(first)s to %(last)s.") % ends)


def _mandate(facts: Facts) -> tuple[str, str]:
    return translated(facts.target, "basis") if facts.target else _own("")


def _confidentiality(facts: Facts) -> tuple[str, str]:
    return translated(facts.indicator, "confidentiality")


def _release(facts: Facts) -> tuple[str, str]:
    return _own(
        _("A second person approves what is released, or the portal computes it from its records.")
    )


def _frequency(facts: Facts) -> tuple[str, str]:
    return _own(str(facts.indicator.get_frequency_display()).capitalize() + ".")


def _access(facts: Facts) -> tuple[str, str]:
    return _own(_("On this page, and as files and by an interface for machines, free of charge."))


def _timeliness(facts: Facts) -> tuple[str, str]:
    days = facts.indicator.lag_days
    words = ngettext(
        "Expected %(days)s day after the end of a period at the latest.",
        "Expected %(days)s days after the end of a period at the latest.",
        days,
    )
    return _own("" if facts.indicator.is_frozen else words % {"days": days})


def _comparability(facts: Facts) -> tuple[str, str]:
    breaks = [each.when.label for each in facts.own if each.breaks_series]
    if not breaks:
        return _own(_("No break in the series is known."))
    words = _("The series is broken in %(periods)s: before and after cannot be compared.")
    return _own(words % {"periods": ", ".join(breaks)})


def _revision(facts: Facts) -> tuple[str, str]:
    return _own(
        _("A correction is a new vintage. Former values stay and can be asked for by their day.")
    )


TOLD: dict[str, Callable[[Facts], tuple[str, str]]] = {
    Heading.CONTACT: _contact,
    Heading.PRESENTATION: _presentation,
    Heading.UNIT: _unit,
    Heading.PERIOD: _period,
    Heading.MANDATE: _mandate,
    Heading.CONFIDENTIALITY: _confidentiality,
    Heading.RELEASE: _release,
    Heading.FREQUENCY: _frequency,
    Heading.ACCESS: _access,
    Heading.TIMELINESS: _timeliness,
    Heading.COMPARABILITY: _comparability,
    Heading.REVISION: _revision,
}
