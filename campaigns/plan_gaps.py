"""What a plan lacks: pure functions over its rows, each gap a sentence and where it is mended.

Nothing here asks the database: the rows come from `plan_rows`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from core import typography
from core.publication import LANGUAGE_NAMES
from core.templatetags.ui import translated

from .models import ActionStatus
from .plan_calendar import is_overdue, month_name, months_of, next_month, takes_place
from .plan_rows import PlanRows

#: An action without any text is a gap from so many days before it begins.
TEXT_WANTED = timedelta(days=60)


@dataclass(frozen=True)
class Gap:
    """One thing that a plan lacks: which ``kind``, told in ``text``, mended at ``url``."""

    kind: str
    text: str
    url: str


def gaps_of(rows: PlanRows, today: date) -> list[Gap]:
    """Return everything that the plan of ``rows`` lacks on ``today``, what presses most first."""
    return [gap for kind in KINDS for gap in kind(rows, today)]


# --- where it is mended ------------------------------------------------------------------------


def change_url(row) -> str:
    """Return the page of the back office on which ``row`` is written."""
    return reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk])


def add_url(plan, model: str, **values) -> str:
    """Return where a row is added to ``plan``: that of the amendment first, where it is adopted."""
    if not plan.is_open:
        return reverse("campaigns:plan-do", args=[plan.pk, "amend"])
    filled = "&".join(f"{name}={value}" for name, value in {"plan": plan.pk, **values}.items())
    return f"{reverse(f'admin:campaigns_{model}_add')}?{filled}"


def said(row, field: str) -> str:
    """Return a text of ``row`` for a sentence, in the language of the page where there is one."""
    return translated(row, field)[0].rstrip(".")


# --- the gaps ----------------------------------------------------------------------------------


def overdue_actions(rows, today) -> Iterator[Gap]:
    """Yield the actions whose end has passed and that are still planned."""
    for action in rows.actions:
        if is_overdue(action, today):
            text = _("“%(action)s” ended on %(day)s and is still planned.") % {
                "action": said(action, "title"),
                "day": typography.day(action.ends_on),
            }
            yield Gap("overdue", text, reverse("campaigns:action-do", args=[action.pk, "complete"]))


def actions_without_owner(rows, today) -> Iterator[Gap]:
    """Yield the planned actions that nobody looks after."""
    for action in rows.actions:
        if action.status == ActionStatus.PLANNED and action.owner_id is None:
            text = _("Nobody looks after “%(action)s”.") % {"action": said(action, "title")}
            yield Gap("owner", text, change_url(action))


def missing_words(rows, today) -> Iterator[Gap]:
    """Yield the actions that lack French or Dutch; without any word only as their day nears."""
    for action in rows.kept:
        lacking = [
            code for code in LANGUAGE_NAMES if not (getattr(action, f"text_{code}") or "").strip()
        ]
        names = {"action": said(action, "title")}
        if len(lacking) == 1:
            names["language"] = LANGUAGE_NAMES[lacking[0]]
            text = _("“%(action)s” lacks its text in %(language)s.") % names
        elif lacking and _begins_soon(action, today):
            text = _("“%(action)s” has no text yet, neither in French nor in Dutch.") % names
        else:
            continue
        yield Gap("words", text, change_url(action))


def _begins_soon(action, today) -> bool:
    return action.status == ActionStatus.PLANNED and action.starts_on - today <= TEXT_WANTED


def figures_without_reading(rows, today) -> Iterator[Gap]:
    """Yield the key figures that have never been read."""
    for figure in rows.figures:
        if figure.reading is None:
            text = _("“%(figure)s” has no reading yet.") % {"figure": said(figure.kpi, "name")}
            yield Gap("reading", text, _reading_url(figure.kpi))


def figures_behind(rows, today) -> Iterator[Gap]:
    """Yield the key figures whose day is near or over and that are far from their target."""
    for figure in rows.figures:
        if figure.is_behind(today):
            text = _("“%(figure)s” is due on %(day)s: %(value)s of %(target)s so far.") % {
                "figure": said(figure.kpi, "name"),
                "day": typography.day(figure.kpi.due),
                "value": typography.number(figure.reading.value),
                "target": typography.number(figure.kpi.target),
            }
            yield Gap("behind", text, _reading_url(figure.kpi))


def _reading_url(kpi) -> str:
    """Return where a manual figure is read; what the portal counts is looked at in its row."""
    if kpi.is_manual:
        return reverse("campaigns:plan-reading", args=[kpi.pk])
    return change_url(kpi)


def audiences_without_action(rows, today) -> Iterator[Gap]:
    """Yield the audiences to which nothing is said this quarter, within the period of the plan."""
    first, last = quarter_of(today, rows.plan)
    if first > last:
        return
    running = [each for each in rows.kept if takes_place(each, first, last)]
    served = {audience.pk for action in running for audience in action.audiences.all()}
    for audience in rows.audiences:
        if audience.pk not in served:
            text = _("Nothing is planned this quarter for “%(audience)s”.") % {
                "audience": said(audience, "name")
            }
            url = add_url(rows.plan, "planaction", audiences=audience.pk)
            yield Gap("audience", text, url)


def quarter_of(today: date, plan) -> tuple[date, date]:
    """Return first and last day of the quarter of ``today`` that lie in the period of ``plan``."""
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    last = next_month(next_month(next_month(first))) - timedelta(days=1)
    return max(first, plan.starts_on), min(last, plan.ends_on)


def objectives_without_action(rows, today) -> Iterator[Gap]:
    """Yield the objectives that no action serves."""
    served = {each.objective_id for each in rows.kept}
    for objective in rows.objectives:
        if objective.pk not in served:
            text = _("No action serves the objective “%(objective)s”.")
            url = add_url(rows.plan, "planaction", objective=objective.pk)
            yield Gap("objective", text % {"objective": said(objective, "text")}, url)


def objectives_without_figure(rows, today) -> Iterator[Gap]:
    """Yield the objectives that no key figure measures."""
    measured = {each.kpi.objective_id for each in rows.figures}
    for objective in rows.objectives:
        if objective.pk not in measured:
            text = _("No key figure measures the objective “%(objective)s”.")
            url = add_url(rows.plan, "plankpi", objective=objective.pk)
            yield Gap("measure", text % {"objective": said(objective, "text")}, url)


def empty_months(rows, today) -> Iterator[Gap]:
    """Yield the months of the plan, from this one on, in which nothing takes place."""
    for first in months_of(max(rows.plan.starts_on, today.replace(day=1)), rows.plan.ends_on):
        last = next_month(first) - timedelta(days=1)
        if not any(takes_place(each, first, last) for each in rows.kept):
            text = _("No action is planned in %(month)s.") % {"month": month_name(first)}
            day = max(first, rows.plan.starts_on).isoformat()
            yield Gap("month", text, add_url(rows.plan, "planaction", starts_on=day, ends_on=day))


KINDS: tuple[Callable[[PlanRows, date], Iterator[Gap]], ...] = (
    overdue_actions,
    actions_without_owner,
    missing_words,
    figures_behind,
    figures_without_reading,
    audiences_without_action,
    objectives_without_action,
    objectives_without_figure,
    empty_months,
)
