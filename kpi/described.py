"""What the page of an indicator says beside its figures: metadata, former targets, how to cite."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.ui import translated
from core.typography import day as day_words

from . import esms
from .asked import Asked
from .facts import Facts
from .indices.pages import percent
from .indices.selectors import inputs_about
from .models import Indicator, Target
from .sentences import amount, goal


def described(indicator: Indicator, facts: Facts, user) -> dict:
    """Return the description of an indicator, as ``user`` may see it.

    {"shown", "rest": lines of the metadata report, "versions", "mappings", "contributions",
    "indices"}; whatever has nothing is empty.
    """
    first, rest = esms.shown(esms.report(facts, indicator.metadata.all()))
    return {
        "shown": first,
        "rest": rest,
        "versions": list(indicator.versions.order_by("-number")),
        "mappings": list(indicator.mappings.select_related("framework")),
        "contributions": contributions(indicator),
        "indices": indices(indicator, user),
    }


def contributions(indicator: Indicator) -> list[dict]:
    """Return what initiatives are expected to add: initiative, amount, period, without it, why."""
    rows = indicator.measuring.exclude(expected=None).select_related("initiative")
    return [
        {
            "row": row,
            "initiative": row.initiative,
            "amount": amount(row.expected, indicator),
            "period": row.expected_period,
            "without": amount(row.without, indicator) if row.without is not None else "",
        }
        for row in rows
        if row.initiative.status in type(row.initiative).PUBLIC_STATES
    ]


def indices(indicator: Indicator, user) -> list[dict]:
    """Return which composite indices it goes into: index, dimension, weight in the score."""
    return [
        {"index": row.index, "node": row.node, "weight": percent(row.weight_in_whole)}
        for row in inputs_about(indicator, user)
    ]


def past_targets(facts: Facts) -> list[dict]:
    """Return the targets that do not count any more, or not yet, with their days."""
    now = {each.pk for each in facts.targets}
    rows = facts.indicator.targets.exclude(pk__in=now).select_related("superseded_by")
    return [past_target(row, facts) for row in rows.order_by("decided_on", "period", "pk")]


def past_target(row: Target, facts: Facts) -> dict:
    """Return a former target in words: how much, when, from when, and until when it counted."""
    successor = row.superseded_by
    return {
        "amount": goal(row.value, facts.indicator),
        "due": row.when.label,
        "from": row.decided_on,
        "until": successor.decided_on if successor else None,
        "basis": translated(row, "basis")[0],
    }


def citation(request, wanted: Asked, facts: Facts) -> dict:
    """Return how to cite the figure: {"text", "url"}; the address shows this vintage for ever."""
    path = reverse("kpi:indicator-detail", args=[wanted.indicator.code])
    url = request.build_absolute_uri(f"{path}?{wanted.permanent}")
    latest = facts.latest
    name, place = str(wanted.indicator), facts.place_name(wanted.geo)
    parts = [settings.SITE["name"], name if name.endswith(f", {place}") else f"{name}, {place}"]
    if latest:
        value = amount(latest.value, wanted.indicator)
        parts.append(
            _("%(period)s: %(value)s (vintage %(vintage)s, released on %(day)s)")
            % {
                "period": latest.when.label,
                "value": value,
                "vintage": latest.vintage,
                "day": day_words(latest.released_at),
            }
        )
    parts.append(_("as known on %(day)s") % {"day": day_words(wanted.known_on)})
    return {"text": ". ".join(parts), "url": url}
