"""The verbs of the roadmap. Nothing else writes a status, an edition or a decided initiative."""

import calendar
import hashlib
import json
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.search import LANGUAGES
from core.workflow import PermissionRefused, TransitionRefused, record_change
from governance.models import Decision
from projects.models import SheetStatus
from projects.workflow import SHEET

from .models import ABANDONED_INITIATIVE, RESERVED_SLUGS, Initiative, RoadmapVersion
from .permissions import can_publish_edition, can_publish_selection
from .selectors import is_adopted, selected_outcomes
from .workflow import INITIATIVE, MILESTONE

# --- initiatives -------------------------------------------------------------------------------


@INITIATIVE.verb("select")
def select_initiative(initiative, *, by, note=""):
    """Enter a candidate that an adopted decision selects."""
    return INITIATIVE.apply(initiative, "select", by=by, note=note)


@INITIATIVE.verb("enter_planned")
def enter_planned(initiative, *, by, note=""):
    """Publish an initiative that existed before as planned."""
    return INITIATIVE.apply(initiative, "enter_planned", by=by, note=note)


@INITIATIVE.verb("enter_ongoing")
def enter_ongoing(initiative, *, by, note=""):
    """Publish an initiative that existed before as ongoing."""
    return INITIATIVE.apply(initiative, "enter_ongoing", by=by, note=note)


@INITIATIVE.verb("enter_completed")
def enter_completed(initiative, *, by, note=""):
    """Publish an initiative that existed before as completed."""
    return INITIATIVE.apply(initiative, "enter_completed", by=by, note=note)


@INITIATIVE.verb("plan")
def plan_initiative(initiative, *, by, note=""):
    """Plan a selected initiative; start and end have to be known."""
    return INITIATIVE.apply(initiative, "plan", by=by, note=note)


@INITIATIVE.verb("start")
def start_initiative(initiative, *, by, note=""):
    """Say that the work has begun; from here on the state is known, whatever the sources said."""
    return INITIATIVE.apply(initiative, "start", by=by, note=note, status_published=True)


@INITIATIVE.verb("hold")
def hold_initiative(initiative, *, by, note="", **reason):
    """Suspend the work with its public reason (``status_reason_fr``, ``_nl``, ``_en``)."""
    return INITIATIVE.apply(initiative, "hold", by=by, note=note, **reason)


@INITIATIVE.verb("resume")
def resume_initiative(initiative, *, by, note=""):
    """Take the work up again; the reason of the suspension moves into the history."""
    reasons = [getattr(initiative, f"status_reason_{code}") or "" for code in LANGUAGES]
    kept = "\n".join(text for text in (note, *reasons) if text)
    empty = {f"status_reason_{code}": "" for code in LANGUAGES}
    return INITIATIVE.apply(initiative, "resume", by=by, note=kept, **empty)


@INITIATIVE.verb("complete")
def complete_initiative(initiative, *, by, note=""):
    """Say that the work is done."""
    return INITIATIVE.apply(initiative, "complete", by=by, note=note)


@INITIATIVE.verb("stop")
def stop_initiative(initiative, *, by, note="", **reason):
    """Give the initiative up with its public reason; open milestones are no longer pursued."""
    return INITIATIVE.apply(initiative, "stop", by=by, note=note, **reason)


@INITIATIVE.verb("merge")
def merge_initiative(initiative, *, by, merged_into, note="", **reason):
    """Let the initiative go on inside another public one, with the public reason."""
    if merged_into.pk == initiative.pk or merged_into.status in ABANDONED_INITIATIVE:
        raise TransitionRefused(_("Choose another initiative that goes on."))
    if merged_into.status not in Initiative.PUBLIC_STATES:
        raise TransitionRefused(_("The other initiative is not public yet."))
    return INITIATIVE.apply(
        initiative, "merge", by=by, note=note, merged_into=merged_into, **reason
    )


@MILESTONE.verb("achieve")
def achieve_milestone(milestone, *, by, achieved_on, note="", **evidence):
    """Record that a milestone is achieved, on which day and by what evidence (fr, nl, en)."""
    if achieved_on > timezone.localdate():
        raise TransitionRefused(_("The day on which it was achieved is not over yet."))
    if milestone.initiative.status in ABANDONED_INITIATIVE:
        raise TransitionRefused(_("The initiative was given up: its milestones are closed."))
    return MILESTONE.apply(
        milestone, "achieve", by=by, note=note, achieved_on=achieved_on, **evidence
    )


# --- what a decision selected ------------------------------------------------------------------


@transaction.atomic
def publish_selection(decision: Decision, *, by) -> list[Initiative]:
    """Put what ``decision`` selected on the roadmap; return the initiatives made now.

    Each selected sheet becomes exactly one initiative, prefilled from the sheet, also when this is
    called twice or by two people at once; the sheet moves on to "on the roadmap". A sheet that was
    not selected becomes none. Raises `PermissionRefused` or `TransitionRefused`; then nothing is
    written.
    """
    if not can_publish_selection(by):
        raise PermissionRefused(_("You may not do this."))
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if not is_adopted(locked):
        raise TransitionRefused(_("Only an adopted decision puts sheets on the roadmap."))
    waiting = [each for each in selected_outcomes(locked) if not hasattr(each, "initiative")]
    _refuse_unpublished(waiting)
    return [_make_initiative(outcome, by) for outcome in waiting]


def _refuse_unpublished(outcomes) -> None:
    ready = (SheetStatus.PUBLISHED, SheetStatus.ON_ROADMAP)
    early = [each.sheet.reference for each in outcomes if each.sheet.status not in ready]
    if early:
        raise TransitionRefused(
            _("Publish the outcome of these sheets first: %(sheets)s.")
            % {"sheets": ", ".join(early)}
        )


def _make_initiative(outcome, by) -> Initiative:
    sheet = outcome.sheet
    initiative = Initiative.objects.create(
        slug=free_slug(sheet.title_en or sheet.title_fr),
        origin=Initiative.Origin.DECISION,
        status=Initiative.Status.SELECTED,
        outcome=outcome,
        **values_of_sheet(sheet),
    )
    initiative.municipalities.set(sheet.municipalities.all())
    if sheet.owner_organisation:
        initiative.organisations.add(sheet.owner_organisation)
    record_change(
        initiative, "publish_selection", "", initiative.status, by=by, note=outcome.decision.number
    )
    if sheet.status == SheetStatus.PUBLISHED:
        SHEET.run(sheet, "put_on_roadmap", by=by)
    return initiative


def values_of_sheet(sheet) -> dict:
    """Return what an initiative takes over from the sheet on which was decided."""
    values = {
        f"{field}_{code}": getattr(sheet, f"{field}_{code}") or ""
        for field in ("title", "summary")
        for code in LANGUAGES
    }
    return values | {
        "theme": sheet.theme,
        "workstream": sheet.workstream,
        "starts_on": sheet.starts_on,
        "ends_on": end_after(sheet.starts_on, sheet.duration_months),
        "budget_planned": sheet.cost_likely,
        "owner": sheet.lead,
        "is_demo": sheet.is_demo,
        "not_proofread": sheet.not_proofread,
    }


def end_after(start: date | None, months: int | None) -> date | None:
    """Return the last day of ``months`` months from ``start``; None where either is unknown."""
    if start is None or not months:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if start.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, start.day) - timedelta(days=1)


def free_slug(title: str) -> str:
    """Return an address from ``title`` that no initiative and no page has."""
    stem = slugify(title)[:70].strip("-") or "initiative"
    taken = set(Initiative.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken.update(RESERVED_SLUGS)
    numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbers) if slug not in taken)


# --- editions ----------------------------------------------------------------------------------


@transaction.atomic
def publish_edition(*, adopted_by: Decision, published_on: date, by, **texts) -> RoadmapVersion:
    """Freeze the public roadmap as the next numbered edition, adopted by a decision.

    ``texts`` are title and introduction in fr, nl and en. The content is a copy: what happens to
    the initiatives later does not change it.
    """
    if not can_publish_edition(by):
        raise PermissionRefused(_("You may not do this."))
    if not is_adopted(adopted_by):
        raise TransitionRefused(_("An edition is adopted by a decision that was itself adopted."))
    last = RoadmapVersion.objects.aggregate(last=Max("number"))["last"] or 0
    edition = RoadmapVersion(
        number=last + 1, adopted_by=adopted_by, published_on=published_on, **texts
    )
    return freeze_edition(edition)


def freeze_edition(edition: RoadmapVersion) -> RoadmapVersion:
    """Give an unsaved edition its content and fingerprint, and save it for good."""
    edition.content = roadmap_content()
    edition.sha256 = fingerprint(edition.content)
    edition.save(force_insert=True)
    return edition


def roadmap_content() -> dict:
    """Return the public roadmap as plain values, in a fixed order."""
    rows = Initiative.objects.public().select_related("outcome__decision").order_by("slug")
    return {"initiatives": [_frozen(each) for each in rows.prefetch_related("milestones")]}


def _frozen(initiative) -> dict:
    return {
        "slug": initiative.slug,
        "title": _languages(initiative, "title"),
        "summary": _languages(initiative, "summary"),
        "period": _languages(initiative, "period"),
        "state": initiative.status if initiative.status_published else None,
        "starts_on": initiative.starts_text,
        "ends_on": initiative.ends_text,
        "decision": initiative.outcome.decision.number if initiative.outcome else None,
        "is_demo": initiative.is_demo,
        "milestones": [
            {"title": _languages(each, "title"), "planned_on": each.planned_on.isoformat()}
            for each in initiative.milestones.all()
        ],
    }


def _languages(obj, field: str) -> dict:
    return {code: getattr(obj, f"{field}_{code}") or "" for code in LANGUAGES}


def canonical(content: dict) -> str:
    """Return the one text of ``content`` that is hashed and downloaded."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(content: dict) -> str:
    """Return the SHA-256 of the canonical text of ``content``."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
