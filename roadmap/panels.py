"""What the roadmap shows on other pages and in the work queues."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots, typography
from core.permissions import is_office
from core.queues import Queue, Waiting
from core.search import answer
from stakeholders.timeline import Entry, rows_before, start_of

from . import selectors
from .models import Initiative, Milestone
from .permissions import can_publish_selection

ROWS = 10


def moment_of(day):
    """Return the beginning of ``day`` in Brussels."""
    return timezone.make_aware(datetime.combine(day, time.min))


def overdue_milestones(user) -> Queue | None:
    """Queue: milestones past due; the Office sees all, an owner the own ones."""
    rows = Milestone.objects.visible_to(user).missed().select_related("initiative__owner")
    if not is_office(user):
        rows = rows.filter(initiative__owner_id=getattr(user, "pk", None) or 0)
    total = rows.count()
    if not total:
        return None
    return Queue(
        title=_("Milestones overdue"),
        volet=5,
        rows=[_waiting_milestone(each) for each in rows.order_by("planned_on", "pk")[:ROWS]],
        total=total,
        url=reverse("roadmap:milestone-list") + "?state=missed",
    )


def _waiting_milestone(milestone) -> Waiting:
    due = moment_of(milestone.planned_on)
    owner = milestone.initiative.owner
    return Waiting(
        text=f"{milestone.initiative} · {milestone}",
        url=milestone.get_absolute_url(),
        since=due,
        due=due,
        whom=str(owner) if owner else "",
    )


def milestones_to_come(user) -> Queue | None:
    """Queue: the next milestones of the initiatives that this user owns."""
    rows = Milestone.objects.visible_to(user).to_come().select_related("initiative__owner")
    rows = rows.filter(initiative__owner_id=getattr(user, "pk", None) or 0)
    return Queue(
        title=_("Your next milestones"),
        volet=5,
        rows=[_waiting_milestone(each) for each in rows.order_by("planned_on", "pk")[:ROWS]],
        total=rows.count(),
        url=reverse("roadmap:milestone-list"),
    )


def selections_to_publish(user) -> Queue | None:
    """Queue: sheets that a decision selected and that are not on the roadmap yet."""
    if not can_publish_selection(user):
        return None
    rows = selectors.outcomes_without_initiative()
    total = rows.count()
    if not total:
        return None
    waiting = [
        Waiting(
            text=f"{each.sheet} · {each.decision.number}",
            url=reverse("roadmap:publish-selection", args=[each.decision_id]),
            since=moment_of(each.decision.decided_on),
        )
        for each in rows.order_by("decision__decided_on", "pk")[:ROWS]
    ]
    return Queue(_("Selected, not on the roadmap yet"), 5, waiting, total, waiting[0].url)


def publish_action(decision, *, user) -> dict | None:
    """Button on the page of a decision: put what it selected on the roadmap."""
    if not can_publish_selection(user):
        return None
    if not selectors.outcomes_without_initiative(decision).exists():
        return None
    url = reverse("roadmap:publish-selection", args=[decision.pk])
    return {"label": _("Publish the selection on the roadmap"), "url": url}


def decision_panel(decision, *, user) -> dict | None:
    """Panel on the page of a decision: the initiatives that it made."""
    rows = list(selectors.initiatives_of(user, outcome__decision=decision))
    if not rows:
        return None
    context = {"title": _("On the roadmap since this decision"), "initiatives": rows}
    return {"template": "roadmap/initiatives_panel.html", "context": context}


def workstream_panel(workstream, *, user) -> dict:
    """Panel on the page of a priority workstream."""
    rows = selectors.initiatives_of(user, workstream=workstream)
    url = reverse("roadmap:initiative-list") + f"?workstream={workstream.slug}"
    return {"title": _("Initiatives"), "rows": list(rows[:10]), "total": rows.count(), "url": url}


def organisation_panel(organisation, *, user) -> dict | None:
    """Panel on the page of an organisation: what it carries out."""
    rows = list(selectors.initiatives_of(user, organisations=organisation))
    if not rows:
        return None
    context = {"title": _("Initiatives of the roadmap"), "initiatives": rows}
    return {"template": "roadmap/initiatives_panel.html", "context": context}


def progress() -> dict:
    """Editions of the roadmap, as the deliverable counts them."""
    return {
        "ROADMAP": {
            "count": selectors.editions().count(),
            "url": reverse("roadmap:edition-list"),
            "as_of": None,
        }
    }


def chain() -> dict:
    """Step 5 of the chain on the home page: what is being carried out."""
    rows = Initiative.objects.public()
    ongoing = rows.in_state(Initiative.Status.IN_PROGRESS).count()
    text = ngettext("%(number)s ongoing", "%(number)s ongoing", ongoing)
    return {
        "stage": 5,
        "count": rows.count(),
        "url": reverse("roadmap:initiative-list"),
        "detail": text % {"number": typography.number(ongoing)},
        "detail_url": reverse("roadmap:initiative-list")
        + f"?status={Initiative.Status.IN_PROGRESS}",
    }


def search(query: str, user) -> dict:
    """Initiatives in the search of the portal."""
    rows = Initiative.objects.visible_to(user).search(query).newest_first()
    return answer(_("Roadmap"), reverse("roadmap:initiative-list"), query, rows)


def helix_counts(*, user) -> dict:
    """Tell which helix groups the initiatives of the roadmap are carried out by."""
    label = _("Initiatives, by their organisations")
    return {"stage": 5, "label": label, "counts": selectors.helix_of_initiatives(user)}


slots.register("office.queues", selections_to_publish)
slots.register("office.queues", overdue_milestones)
slots.register("office.queues", milestones_to_come)
slots.register("governance.decision.actions", publish_action)
slots.register("governance.decision.panels", decision_panel)
slots.register("programme.workstream.panels", workstream_panel, order=150)
slots.register("stakeholders.organisation.panels", organisation_panel)


def timeline_entries(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Tell the timeline of an organisation which initiatives it takes part in, by their start."""
    if organisation is None:
        return []
    rows = Initiative.objects.visible_to(user).filter(organisations=organisation)
    return [
        Entry(
            at=start_of(each.starts_on),
            kind=_("initiative"),
            text=str(each),
            url=each.get_absolute_url(),
            source="initiative",
            pk=each.pk,
            step=Initiative.chain_stage,
            note=each.get_status_display(),
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "starts_on", "initiative", before, limit)
    ]


slots.register("stakeholders.timeline", timeline_entries)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
slots.register("stakeholders.helix.counts", helix_counts)
