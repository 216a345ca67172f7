"""What imports add to the back office: the queue of figures to approve, a line of the menu."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.permissions import is_office, reads_everything
from core.queues import Queue, Waiting
from core.selectors import last_changes

from ..models import ImportJob, ImportStatus

VOLET = 4
SHOWN = 10


def figures_to_approve(user) -> Queue | None:
    """Figures that somebody else sent and nobody has approved yet, the oldest first."""
    if not is_office(user):
        return None
    waiting = ImportJob.objects.filter(status=ImportStatus.IN_REVIEW).exclude(author=user)
    first = list(waiting.order_by("uploaded_at", "pk")[:SHOWN])
    since = last_changes(ImportJob, first)
    rows = [
        Waiting(str(each), each.get_absolute_url(), since.get(each.pk, each.uploaded_at))
        for each in first
    ]
    url = f"{reverse('kpi:import-list')}?status={ImportStatus.IN_REVIEW}&whose=others"
    return Queue(_("Figures to approve"), VOLET, rows, waiting.count(), url)


def menu(user) -> dict | None:
    """Entry of the back office's menu: the page of imports."""
    if not reads_everything(user):
        return None
    pages = [(str(_("Send and approve figures")), reverse("kpi:import-list"))]
    return {"app": "kpi", "pages": pages}


slots.register("office.queues", figures_to_approve)
slots.register("office.pages", menu)
