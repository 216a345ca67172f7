"""What this app shows on pages of others: counts, search, what is made of an idea."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import slots
from core.permissions import is_office
from core.search import answer
from stakeholders.timeline import Entry, rows_before

from . import queues, selectors
from .models import ProjectSheet, SheetStatus


def progress() -> dict:
    """Count the public sheets for the contract; the list behind it shows exactly these."""
    url = reverse("projects:sheet-list")
    return {"SHEETS": {"count": selectors.public_sheets().count(), "url": url, "as_of": None}}


def chain() -> dict:
    """Tell the home page how many ideas became a sheet that everybody reads."""
    sheets = selectors.public_sheets()
    waiting = sheets.filter(status=SheetStatus.FROZEN).count()
    detail = ngettext("%(number)d before the jury", "%(number)d before the jury", waiting) % {
        "number": waiting
    }
    return {
        "stage": 3,
        "count": sheets.count(),
        "url": reverse("projects:sheet-list"),
        "detail": detail,
        "detail_url": f"{reverse('projects:sheet-list')}?status={SheetStatus.FROZEN}",
    }


def search(query, user) -> dict:
    """Answer the search of the portal."""
    found = ProjectSheet.objects.visible_to(user).search(query)
    return answer(_("Project sheets"), reverse("projects:sheet-list"), query, found)


def workstream_panel(workstream, *, user) -> dict:
    """Show the sheets of a priority workstream on its page."""
    rows = ProjectSheet.objects.visible_to(user).filter(workstream=workstream)
    return {
        "title": _("Project sheets"),
        "rows": list(rows[:5]),
        "total": rows.count(),
        "url": f"{reverse('projects:sheet-list')}?workstream={workstream.slug}",
    }


def idea_action(idea, *, user) -> dict | None:
    """Offer the office to make a sheet of a published idea."""
    if not is_office(user) or idea.status not in idea.PUBLIC_STATES:
        return None
    url = reverse("projects:sheet-from-idea", args=[idea.reference])
    return {"label": _("Make a project sheet"), "url": url}


def helix_of_sheets(*, user) -> dict:
    """Tell which helix groups carry the sheets that ``user`` may see."""
    label = _("Project sheets, by their carrier")
    return {"stage": 3, "label": label, "counts": selectors.helix_of_sheets(user)}


def timeline_entries(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Tell the timeline of an organisation which sheets it owns, of a person those led."""
    mine = {"owner_organisation": organisation} if organisation else {"lead__contact": contact}
    rows = ProjectSheet.objects.visible_to(user).filter(**mine)
    return [
        Entry(
            at=each.created_at,
            kind=_("project sheet"),
            text=str(each),
            url=each.get_absolute_url(),
            source="sheet",
            pk=each.pk,
            step=ProjectSheet.chain_stage,
            note=each.get_status_display(),
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "created_at", "sheet", before, limit)
    ]


slots.register("stakeholders.timeline", timeline_entries)
slots.register("programme.progress", progress)
slots.register("portal.chain", chain)
slots.register("portal.search", search)
slots.register("programme.workstream.panels", workstream_panel)
slots.register("stakeholders.idea.actions", idea_action)
for queue in queues.QUEUES:
    slots.register("office.queues", queue)
slots.register("stakeholders.helix.counts", helix_of_sheets)
