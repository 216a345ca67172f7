"""How well the Office answers ideas: the figures that it publishes about itself, each defined.

Nothing to count is "n/a", never 0; what fewer than five ideas or people make up is not published.
Counting reads every idea, so a task does it (`services.keep_figures`); the page reads the result.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.disclosure import LIMIT
from core.exports import Column, Table
from core.typography import number

from .clock import clock_of, timed
from .models import TOLD, AnswerFeedback, AnsweringFigure, FeedbackStatus, Idea, IdeaStatus

#: Before they are counted for the first time, a visitor waits for them once in ten minutes.
REMEMBERED_SECONDS = 600
#: As many ideas are in memory at once while they are counted.
AT_ONCE = 2000
#: What a clock is read from, of each idea.
READ = ("status", "received_at", "acknowledged_at", "first_answered_at", "paused_seconds")


@dataclass(frozen=True)
class Figure:
    """One published figure: ``value`` of ``base`` ideas or replies; None where there are none."""

    code: str
    value: float | None
    base: int

    @property
    def is_withheld(self) -> bool:
        """Tell whether it stands for too few to be published."""
        return 0 < self.base < LIMIT

    @property
    def published(self) -> float | None:
        """Return the value as far as it may be published."""
        return None if self.is_withheld else self.value

    @property
    def published_base(self) -> int | None:
        """Return of how many it is, where that may be published."""
        return None if self.is_withheld else self.base


@dataclass(frozen=True)
class Measure:
    """What a figure is called, how it is defined and in what it is counted."""

    label: str
    words: str
    unit: str
    #: The setting that the definition names.
    limit: str = ""

    @property
    def definition(self) -> str:
        """Return the published definition."""
        return (
            str(self.words) % {"days": getattr(settings, self.limit)} if self.limit else self.words
        )


MEASURES = {
    "acknowledged_on_time": Measure(
        gettext_lazy("First reaction in time"),
        gettext_lazy(
            "Share of the ideas with a first reaction (published, question asked, refused, merged "
            "or acknowledged) within %(days)s days after they were received. Counted: those that "
            "had one, and those still waiting whose time is over."
        ),
        "%",
        "IDEA_ACKNOWLEDGE_WITHIN_DAYS",
    ),
    "answered_on_time": Measure(
        gettext_lazy("Answer in time"),
        gettext_lazy(
            "Share of the ideas whose first answer was published within %(days)s days after they "
            "were received, without the days on which the Office waited for a reply. Counted: "
            "those answered, and those still waiting whose time is over; not those withdrawn, "
            "merged or not admissible."
        ),
        "%",
        "IDEA_ANSWER_WITHIN_DAYS",
    ),
    "median_days_to_acknowledge": Measure(
        gettext_lazy("Days to the first reaction"),
        gettext_lazy("Median of the days from the day an idea was received to the first reaction."),
        gettext_lazy("days"),
    ),
    "median_days_to_answer": Measure(
        gettext_lazy("Days to the answer"),
        gettext_lazy(
            "Median of the days from the day an idea was received to its first answer, without "
            "the days on which the Office waited for a reply."
        ),
        gettext_lazy("days"),
    ),
    "helped": Measure(
        gettext_lazy("The answer helped"),
        gettext_lazy(
            "Share of “yes” among the contributors who replied to the question whether the answer "
            "helped them, asked two weeks after each answer."
        ),
        "%",
    ),
}


def figures(now=None) -> list[Figure]:
    """Count all ideas up to ``now``; return the figures in the order of `MEASURES`.

    The ideas are read once, some at a time, and none is kept.
    """
    now = now or timezone.now()
    first, last, days_to_first, days_to_last = Counter(), Counter(), [], []
    for row in _rows().iterator(AT_ONCE):
        clock = clock_of(row, now)
        if clock.acknowledged_at or clock.is_running:
            first[clock.acknowledged_in_time] += 1
        if clock.answered_at or clock.is_running:
            last[clock.answered_in_time] += 1
        if clock.acknowledged_at:
            days_to_first.append(clock.days_to_acknowledge)
        if clock.answered_at:
            days_to_last.append(clock.days_to_answer)
    return [
        share("acknowledged_on_time", first),
        share("answered_on_time", last),
        middle("median_days_to_acknowledge", days_to_first),
        middle("median_days_to_answer", days_to_last),
        helped(),
    ]


def _rows():
    rows = Idea.objects.exclude(received_at=None).exclude(status=IdeaStatus.HIDDEN)
    return timed(rows.order_by()).values_list(*READ, named=True)


def share(code: str, verdicts: Mapping) -> Figure:
    """Return the share of True among what is decided; None stands for what is not."""
    known = verdicts[True] + verdicts[False]
    return Figure(code, 100 * verdicts[True] / known if known else None, known)


def middle(code: str, days: list[int]) -> Figure:
    """Return the median of ``days``."""
    return Figure(code, float(median(days)) if days else None, len(days))


def helped() -> Figure:
    """Return the share of those whom an answer helped among those who told."""
    rows = AnswerFeedback.objects.filter(status__in=sorted(TOLD)).order_by()
    told = dict(rows.values_list("status").annotate(n=Count("pk")))
    total = sum(told.values())
    value = 100 * told.get(FeedbackStatus.HELPED, 0) / total if total else None
    return Figure("helped", value, total)


@dataclass(frozen=True)
class Published:
    """The figures as they were last counted, in the order of `MEASURES`, and when that was."""

    figures: list[Figure]
    counted_at: datetime


def published() -> Published:
    """Return the figures of the last count: one query, however many ideas there are."""
    rows = {row.code: row for row in AnsweringFigure.objects.newest()}
    if not rows:
        return cache.get_or_set("stakeholders:punctuality", _counted_now, REMEMBERED_SECONDS)
    found = [
        Figure(code, rows[code].value, rows[code].base) if code in rows else Figure(code, None, 0)
        for code in MEASURES
    ]
    return Published(found, max(row.counted_at for row in rows.values()))


def _counted_now() -> Published:
    now = timezone.now()
    return Published(figures(now), now)


def words(figure: Figure) -> str:
    """Return a figure as the page says it."""
    if figure.is_withheld:
        return pgettext("figure", "not published")
    if figure.value is None or MEASURES[figure.code].unit == "%":
        return number(figure.value, 1, "%")
    return _("%(n)s days") % {"n": number(figure.value, 1)}


def table(found: list[Figure]) -> dict:
    """Return the figures as the table of the page."""
    return {
        "caption": _("How we answer"),
        "columns": [
            {"label": _("Figure"), "kind": "text"},
            {"label": _("Value"), "kind": "number"},
            {"label": _("Out of"), "kind": "number"},
        ],
        "rows": [
            [
                MEASURES[each.code].label,
                words(each),
                pgettext("figure", "not published") if each.is_withheld else number(each.base),
            ]
            for each in found
        ],
    }


def definitions() -> list[tuple[str, str]]:
    """Return (name, definition) of each figure."""
    return [(measure.label, measure.definition) for measure in MEASURES.values()]


COLUMNS = (
    Column("figure", gettext_lazy("Figure"), lambda row: row.code),
    Column("label", gettext_lazy("Name"), lambda row: MEASURES[row.code].label),
    Column("value", gettext_lazy("Value"), lambda row: rounded(row.published)),
    Column("unit", gettext_lazy("Unit"), lambda row: MEASURES[row.code].unit),
    Column("base", gettext_lazy("Out of"), lambda row: row.published_base),
    Column("said", gettext_lazy("In words"), words),
    Column("definition", gettext_lazy("Definition"), lambda row: MEASURES[row.code].definition),
)


def rounded(value: float | None) -> float | None:
    """Return a value with one decimal."""
    return None if value is None else round(value, 1)


def export(found: Published) -> Table:
    """Return the figures as a file, each with the moment when it was counted."""
    counted = Column("counted_at", gettext_lazy("Counted"), lambda row: found.counted_at)
    return Table("how-we-answer", (*COLUMNS, counted), found.figures)
