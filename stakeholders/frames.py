"""The analytical frames of the register: power/interest grid and engagement matrix, on any day.

A day after which nothing came, today as a rule, is read from `Standing`, through its indexes; an
earlier day is computed from the assessments. Everything here is internal: it starts from what is
`visible_to(user)`, and no public page, export, search or API imports it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import models
from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from .helix_signs import LETTERS
from .models import Engagement, StakeholderAssessment, Standing
from .permissions import reads_register

MIDDLE = 3
#: The scale of engagement, from far to near; a gap counts its steps.
LADDER = tuple(Engagement)
RUNG = {level: step for step, level in enumerate(LADDER)}
#: In each field of the grid at most this many organisations are drawn, so that each can be read.
DRAWN_IN_A_FIELD = 7
#: Seconds for which the choice and order of rows of a past day is remembered; a new row ends it at
#: once. Only an organisation that is merged or changes its group may stand there a minute longer.
REMEMBERED = 60
#: The order of the table of the grid, the most influential first; that of the matrix, the widest
#: gap first. By the names of `Standing`, which the assessments of a past day are given as well.
BY_POWER = ("-influence", "-interest", "slug")
BY_GAP = ("-gap", "-influence", "slug")


class Quadrant(models.TextChoices):
    """What the Office does with a stakeholder (Mendelow, power/interest grid)."""

    MANAGE = "manage", _("manage closely")
    SATISFY = "satisfy", _("keep satisfied")
    INFORM = "inform", _("keep informed")
    MONITOR = "monitor", _("monitor")


def quadrant(influence: int, interest: int) -> Quadrant:
    """Return the quadrant of Mendelow's grid for two scores from 1 to 5.

    The middle of the scale, 3, counts as not high, for both. It is what an assessor gives without a
    reason to say more, and each quadrant above "monitor" costs the Office time: it has to be earned
    by a 4. So "influential" means the same here as for the silence radar.
    """
    if influence > MIDDLE:
        return Quadrant.MANAGE if interest > MIDDLE else Quadrant.SATISFY
    return Quadrant.INFORM if interest > MIDDLE else Quadrant.MONITOR


def quadrant_of(assessment: StakeholderAssessment) -> Quadrant:
    """Return the quadrant of one assessment; it is computed, never stored."""
    return quadrant(assessment.influence, assessment.interest)


def engagement_gap(assessment: StakeholderAssessment) -> int:
    """Return desired minus current engagement in steps of the scale; negative: more than asked."""
    return RUNG[assessment.engagement_desired] - RUNG[assessment.engagement_current]


@dataclass(frozen=True)
class View:
    """Which assessments are looked at: those that held at the end of ``day``, for whom."""

    user: object
    day: date
    helix: str = ""
    theme: object = None

    @cached_property
    def is_newest(self) -> bool:
        """Tell whether nobody was assessed after that day, so that `Standing` tells of it."""
        later = Standing.objects.visible_to(self.user).framed().filter(assessed_on__gt=self.day)
        return not later.exists()

    def standings(self):
        """Return where each organisation stands now; merged ones are left out."""
        rows = Standing.objects.visible_to(self.user).framed()
        if self.helix:
            rows = rows.filter(helix=self.helix)
        return rows.filter(organisation__themes=self.theme) if self.theme else rows

    def assessments(self):
        """Return the assessment of each organisation on that day; merged ones are left out."""
        rows = StakeholderAssessment.objects.visible_to(self.user).latest_on(self.day)
        rows = rows.filter(organisation__merged_into=None)
        if self.helix:
            rows = rows.filter(organisation__helix=self.helix)
        # A theme is on an organisation once, so the join doubles nothing.
        return rows.filter(organisation__themes=self.theme) if self.theme else rows

    def remember(self, what: str, compute: Callable):
        """Return ``compute()``, remembered until somebody assesses: the table only ever grows."""
        if not reads_register(self.user):
            return compute()
        newest = StakeholderAssessment.objects.aggregate(newest=Max("pk"))["newest"]
        theme = self.theme.pk if self.theme else ""
        key = f"register:{what}:{newest}:{self.day}:{self.helix}:{theme}"
        return cache.get_or_set(key, compute, REMEMBERED)


def keys_of(view: View, order: tuple):
    """Return the keys of all assessments in ``order``, `BY_POWER` or `BY_GAP`, to take a page of.

    Today it is a queryset, of which no more is read than the page.
    """
    if view.is_newest:
        return view.standings().order_by(*order).values_list("assessment_id", flat=True)
    rows = ordered(view, order).select_related(None)
    return view.remember(".".join(order), lambda: list(rows.values_list("pk", flat=True)))


def assessments_of(view: View, keys: list[int]) -> list[StakeholderAssessment]:
    """Return the assessments with these ``keys``, in their order: one query for a page."""
    rows = StakeholderAssessment.objects.visible_to(view.user)
    found = rows.select_related("organisation", "assessed_by").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def ordered(view: View, order: tuple):
    """Return all assessments in ``order``, `BY_POWER` or `BY_GAP`, for the file."""
    rows = view.assessments().select_related("organisation", "assessed_by")
    gap = step("engagement_desired") - step("engagement_current")
    return rows.annotate(gap=gap, slug=F("organisation__slug")).order_by(*order)


def step(field: str) -> Case:
    """Return the place of the engagement in column ``field`` on the scale, for the database."""
    cases = [When(**{field: level}, then=Value(place)) for level, place in RUNG.items()]
    return Case(*cases, output_field=IntegerField())


@dataclass(frozen=True)
class Point:
    """One organisation as drawn in the grid: ``mark`` is its letter and number, as in the table."""

    assessment: StakeholderAssessment
    mark: str
    place: int


@dataclass(frozen=True)
class Grid:
    """What the power/interest grid shows: a few points in each field, and how many there are."""

    points: list[Point]
    fields: Counter
    quadrants: Counter

    @property
    def total(self) -> int:
        """Return how many organisations have an assessment in this view."""
        return sum(self.fields.values())

    def undrawn(self) -> dict[tuple[int, int], int]:
        """Return for each field (influence, interest) how many are there but not drawn."""
        drawn = Counter((p.assessment.influence, p.assessment.interest) for p in self.points)
        left = {field: count - drawn[field] for field, count in self.fields.items()}
        return {field: count for field, count in left.items() if count}

    def marks(self) -> dict[int, str]:
        """Return the mark of each organisation that is drawn, by its key."""
        return {point.assessment.organisation_id: point.mark for point in self.points}


def grid(view: View) -> Grid:
    """Return the grid of ``view``, with as many queries however many organisations there are."""
    fields, places = (
        spread(view) if view.is_newest else view.remember("spread", lambda: past_spread(view))
    )
    quadrants = Counter()
    for (influence, interest), count in fields.items():
        quadrants[quadrant(influence, interest)] += count
    return Grid(points(view, places), fields, quadrants)


def spread(view: View) -> tuple[Counter, dict[int, int]]:
    """Return (how many stand in each field, {key: place within its field} of those to draw).

    The few of each field come from an index, the influential fields first.
    """
    field = {"influence": OuterRef("influence"), "interest": OuterRef("interest")}
    few = view.standings().filter(**field).order_by("organisation_id").values("assessment_id")
    rows = view.standings().values("influence", "interest").annotate(n=Count("pk"))
    rows = rows.annotate(few=ArraySubquery(few[:DRAWN_IN_A_FIELD]))
    counts, places = Counter(), {}
    for row in rows.order_by("-influence", "-interest"):
        counts[row["influence"], row["interest"]] = row["n"]
        places |= {key: place for place, key in enumerate(row["few"], start=1)}
    return counts, places


def past_spread(view: View) -> tuple[Counter, dict[int, int]]:
    """Return what `spread` returns, for a past day."""
    rows = view.assessments().order_by().values("influence", "interest").annotate(n=Count("pk"))
    counts = Counter({(row["influence"], row["interest"]): row["n"] for row in rows})
    return counts, dict(drawn(view))


def points(view: View, places: dict[int, int]) -> list[Point]:
    """Return the organisations to draw, numbered within their helix group in a fixed order."""
    numbers, found = Counter(), []
    for row in assessments_of(view, list(places)):
        letter = LETTERS[row.organisation.helix]
        numbers[letter] += 1
        found.append(Point(row, f"{letter}{numbers[letter]}", places[row.pk]))
    return found


def drawn(view: View) -> list[tuple[int, int]]:
    """Return (key, place within its field) of those to draw on a past day, as `spread` does."""
    place = Window(
        RowNumber(),
        partition_by=[F("influence"), F("interest")],
        order_by=F("organisation_id").asc(),
    )
    rows = view.assessments().annotate(place=place).filter(place__lte=DRAWN_IN_A_FIELD)
    return list(rows.order_by("-influence", "-interest", "place").values_list("pk", "place"))


def differences(assessments: list[StakeholderAssessment]) -> list[tuple]:
    """Return (assessment, what changed since the one before) for a history, newest first.

    What changed is a list of (field name, value before, value now); None for the first assessment.
    """
    earlier = [*assessments[1:], None]
    return [(now, changed(before, now)) for now, before in zip(assessments, earlier, strict=True)]


COMPARED = ("influence", "interest", "engagement_current", "engagement_desired", "iap2_target")


def changed(before, now) -> list[tuple] | None:
    """Return (label, before, now) of each compared field that differs, None without a before."""
    if before is None:
        return None
    pairs = ((name, shown(before, name), shown(now, name)) for name in COMPARED)
    label = StakeholderAssessment._meta.get_field
    return [(label(name).verbose_name, old, new) for name, old, new in pairs if old != new]


def shown(assessment, name: str):
    """Return the value of a field as words, or its number."""
    words = getattr(assessment, f"get_{name}_display", None)
    return words() if words else getattr(assessment, name)
