"""What the log, the meetings and the promises show elsewhere: queues, progress, panels, links."""

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots
from core.permissions import is_staff
from core.queues import Queue, Waiting

from . import meeting_selectors, playbook
from .models import KNOW_PEOPLE, BilateralMeeting, Contact, Interaction, Organisation
from .timeline import timeline

VOLET = 1
ROWS = 10
PANEL_ENTRIES = 3


def playbook_tasks(user) -> Queue | None:
    """Queue: what the bilateral meetings ask for, the first due first."""
    if not is_staff(user):
        return None
    found = playbook.tasks(user)
    rows = [_waiting_task(task) for task in found[:ROWS]]
    url = reverse("stakeholders:meetings")
    return Queue(_("Bilateral meetings"), VOLET, rows, len(found), url) if rows else None


def _waiting_task(task) -> Waiting:
    meeting = task.meeting
    return Waiting(
        text=f"{task.step.label} · {meeting}",
        url=reverse("stakeholders:meeting-do", args=[meeting.pk, task.action]),
        since=min(meeting.starts_at, timezone.now()),
        due=task.due,
        whom=task.whom,
    )


def commitments_overdue(user) -> Queue | None:
    """Queue: promises of both sides past their day."""
    if not is_staff(user):
        return None
    late = meeting_selectors.overdue_commitments(user)
    rows = [_waiting_commitment(each) for each in late[:ROWS]]
    url = reverse("admin:stakeholders_commitment_changelist") + "?overdue=yes"
    return Queue(_("Promises past their day"), VOLET, rows, late.count(), url) if rows else None


def _waiting_commitment(each) -> Waiting:
    due = timezone.make_aware(datetime.combine(each.due_on, time.max))
    return Waiting(
        text=f"{each.text} · {each.organisation}",
        url=reverse("admin:stakeholders_commitment_change", args=[each.pk]),
        since=each.created_at,
        due=due,
        whom=str(each.owner),
    )


def progress() -> dict:
    """Count the validated meetings with stakeholders; the list behind it shows exactly these."""
    count = meeting_selectors.bilateral_counts()["stakeholder"]["validated"]
    url = reverse("stakeholders:bilateral-list") + "?kind=stakeholder"
    return {meeting_selectors.DELIVERABLE: {"count": count, "url": url, "as_of": None}}


def organisation_panel(organisation, *, user) -> dict | None:
    """Show the last exchanges and the open promises on the page of an organisation."""
    if not KNOW_PEOPLE(user):
        return None
    page = timeline(user=user, organisation=organisation, limit=PANEL_ENTRIES)
    context = {
        "organisation": organisation,
        "entries": page.entries,
        "next_meeting": meeting_selectors.next_meeting(organisation, user),
        "pending": meeting_selectors.open_commitments(organisation, user).count(),
    }
    return {"template": "stakeholders/timeline/panel.html", "context": context}


def office_link(obj, *, user) -> dict | None:
    """Lead from a page of the back office to the timeline, or to the working page of the thing."""
    if not KNOW_PEOPLE(user):
        return None
    if isinstance(obj, Organisation):
        url = reverse("stakeholders:organisation-timeline", args=[obj.slug])
        return {"label": _("Timeline"), "url": url}
    if isinstance(obj, Contact):
        url = reverse("stakeholders:contact-timeline", args=[obj.pk])
        return {"label": _("Timeline"), "url": url}
    if isinstance(obj, BilateralMeeting | Interaction):
        return {"label": _("Working page"), "url": obj.get_absolute_url()}
    return None


slots.register("office.queues", playbook_tasks)
slots.register("office.queues", commitments_overdue)
slots.register("programme.progress", progress)
slots.register("stakeholders.organisation.panels", organisation_panel)
slots.register("office.links", office_link)
