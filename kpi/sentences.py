"""Sentences before figures: what a minister could read aloud, in the language of the page."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.templatetags.ui import is_foreign, translated
from core.typography import number, unit_suffix

from .facts import Facts, Freshness
from .models import Indicator
from .progress import MIN_POINTS, Standing

STANDING_CHIPS = {
    Standing.REACHED: "ok",
    Standing.ON_TRACK: "ok",
    Standing.AT_RISK: "wait",
    Standing.OFF_TRACK: "late",
    Standing.MOVING_AWAY: "late",
}
FRESHNESS_CHIPS = {
    Freshness.FRESH: "info",
    Freshness.LATE: "late",
    Freshness.STALE: "late",
    Freshness.NO_DATA: "wait",
    Freshness.FROZEN: "info",
}
#: From here on a share would be rounded up to all of it.
ALMOST_ALL, JUST_BELOW, ALL = Decimal("99.5"), Decimal("99.9"), Decimal(100)
DIRECTION_SIGNS = {Standing.MOVING_AWAY: "◀", Standing.AT_RISK: "!"}
FRESHNESS_SIGNS = {Freshness.FRESH: "✓", Freshness.FROZEN: "■"}


@dataclass(frozen=True)
class Chip:
    """A status as `{% chip kind text sign %}` draws it."""

    kind: str
    text: str
    sign: str = ""


@dataclass(frozen=True)
class Sentence:
    """Words and the same words as markup, with the key figure marked."""

    text: str
    html: SafeString


def chips(facts: Facts) -> list[Chip]:
    """Return where the indicator stands (if it has a path) and how old its figure is."""
    age = facts.freshness
    found = [Chip(FRESHNESS_CHIPS[age], str(age.label), FRESHNESS_SIGNS.get(age, ""))]
    if facts.standing:
        kind, sign = STANDING_CHIPS[facts.standing], DIRECTION_SIGNS.get(facts.standing, "")
        found.insert(0, Chip(kind, str(facts.standing.label), sign))
    return found


def amount(value, indicator: Indicator, *, short: bool = False, signed: bool = False) -> str:
    """Return a value with its unit; ``short`` keeps of the unit only a per cent sign."""
    unit = translated(indicator, "unit")[0]
    if unit.startswith("%"):
        text = number(value, indicator.decimals, "%", signed=signed)
        return text if short else text + unit.removeprefix("%")
    return number(value, indicator.decimals, "" if short else unit, signed=signed)


def goal(value, indicator: Indicator) -> str:
    """Return a target with its unit's sign; a whole number gets no decimals that nobody decided."""
    decimals = 0 if value == value.to_integral_value() else indicator.decimals
    percent = translated(indicator, "unit")[0].startswith("%")
    return number(value, decimals, "%" if percent else "")


def share(value) -> str:
    """Return a ratio as a percentage without decimals; what falls short is never said to be all."""
    if value is None:
        return number(None, unit="%")
    percent = value * 100
    if ALMOST_ALL <= percent < ALL:
        return number(min(percent, JUST_BELOW), 1, "%")
    return number(percent, 0, "%")


def headline(facts: Facts) -> Sentence:
    """Return the sentence of the indicator with its last value, the figure highlighted.

    Where the sentence is missing in the language of the page, the first filled one stands in, with
    its own language; where there is none at all, a plain one is made. The sentence of the indicator
    speaks of its own place: of another place a plain one with its name is made.
    """
    if facts.latest is None:
        words = _start(facts)
        return Sentence(words, conditional_escape(words))
    if facts.geo != facts.indicator.geo_id:
        plain = _("{place}, {period}: {value}.").replace("{place}", facts.place_name(facts.geo))
        return _filled(plain, facts, unit=True)
    template, language = translated(facts.indicator, "headline")
    if not template:
        return _filled(_("In {period}: {value}."), facts, unit=True)
    with override(language):
        sentence = _filled(template, facts)
    if not is_foreign(language):
        return sentence
    return Sentence(
        sentence.text, format_html('<span lang="{}">{}</span>', language, sentence.html)
    )


def _filled(template: str, facts: Facts, unit: bool = False) -> Sentence:
    latest, indicator = facts.latest, facts.indicator
    value = number(latest.value, indicator.decimals)
    if unit:
        value = amount(latest.value, indicator)
    # Not str.format: the template is typed by people, and braces must not reach attributes.
    words = template.replace("{period}", latest.when.label)
    before, found, after = words.partition("{value}")
    if not found:
        return Sentence(words, conditional_escape(words))
    after, sign = _percent_sign(after)
    marked = value + sign
    return Sentence(
        before + marked + after.replace("{value}", value),
        format_html("{}<mark>{}</mark>{}", before, marked, after.replace("{value}", value)),
    )


def _percent_sign(after: str) -> tuple[str, str]:
    """Return the words after the figure without, and, the per cent sign that belongs to it."""
    for sign in ("\u202f%", "\u00a0%", " %", "%"):
        if after.startswith(sign):
            return after.removeprefix(sign), unit_suffix("%")
    return after, ""


def _start(facts: Facts) -> str:
    if facts.baseline is None:
        return _("No figure is known yet.")
    words = {
        "period": facts.baseline.when.label,
        "value": amount(facts.baseline.value, facts.indicator),
    }
    return _("At the start, in %(period)s: %(value)s. No later figure is known.") % words


def position(facts: Facts) -> Sentence:
    """Return the sentence that holds the last value against its target; empty without a target."""
    if facts.target is None:
        return Sentence("", SafeString())
    words = {
        "target": goal(facts.target.value, facts.indicator),
        "due": facts.target.when.label,
    }
    if facts.standing == Standing.REACHED:
        return _strong("", _("The target of %(target)s for %(due)s is reached.") % words)
    if facts.pace is not None:
        words["expected"] = amount(facts.expected, facts.indicator, short=True)
        path = _("To be on the path to %(target)s in %(due)s, it would have to be %(expected)s:")
        return _strong(path % words, _verdict(facts))
    told = _goal(facts) % words
    return Sentence(told, conditional_escape(told))


def _goal(facts: Facts) -> str:
    if facts.target_is_of_the_union:
        return _("The European Union as a whole aims at %(target)s in %(due)s.")
    if facts.value is not None and facts.indicator.direction == "down":
        return _("The target is %(target)s in %(due)s; the figure is still above it.")
    return _("The target is %(target)s in %(due)s.")


def _verdict(facts: Facts) -> str:
    if facts.standing == Standing.MOVING_AWAY:
        return _("the figure is moving away from its target.")
    if facts.standing == Standing.ON_TRACK:
        return _("the pace is sufficient.")
    return _("the pace is %(share)s of what is needed.") % {"share": share(facts.pace)}


def _strong(before: str, verdict: str) -> Sentence:
    if not before:
        return Sentence(verdict, format_html("<strong>{}</strong>", verdict))
    text = f"{before} {verdict}"
    return Sentence(text, format_html("{} <strong>{}</strong>", before, verdict))


def outlook(facts: Facts) -> str:
    """Return what may be said of the future: a projection that says it is one, or why none."""
    if facts.target is None or facts.latest is None or facts.standing == Standing.REACHED:
        return ""
    count = len(facts.trend_points)
    if facts.projected is None:
        return _too_few(count)
    words = {
        "count": count,
        "value": amount(facts.projected, facts.indicator, short=True),
        "due": facts.target.when.label,
    }
    if facts.is_bounded:
        told = _(
            "Projection, not a figure: the logistic curve through the last %(count)s values, "
            "which slows down towards 100 per cent, leads to %(value)s in %(due)s."
        )
    else:
        told = _(
            "Projection, not a figure: the straight line through the last %(count)s values "
            "leads to %(value)s in %(due)s."
        )
    return told % words


def _too_few(count: int) -> str:
    if count >= MIN_POINTS:
        return ""
    if count == 2:
        return _("Two points are not enough for a projection: the portal makes none.")
    if count == 1:
        return _("One point is not enough for a projection: the portal makes none.")
    return _("Too few points for a projection: the portal makes none.")
