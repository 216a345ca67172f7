"""What the frames of the register show elsewhere: queue, menu of the back office, panel."""

from datetime import datetime, time

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots
from core.queues import Queue, Waiting

from . import radar
from .frames import quadrant_of
from .models import StakeholderAssessment
from .permissions import assesses, reads_register
from .words import FRAME_PAGES

VOLET = 1
ROWS = 10


def silent_organisations(user) -> Queue | None:
    """Queue: influential organisations not heard for a while, the longest silence first."""
    if not assesses(user):
        return None
    silence = radar.Silence(user)
    page = Paginator(radar.silent_keys(silence), ROWS).page(1)
    waiting = [
        Waiting(
            text=str(each.organisation),
            url=each.organisation.get_absolute_url(),
            since=each.heard_at or midnight(each.assessed_on),
        )
        for each in radar.assessments_of(silence, page.object_list)
    ]
    url = reverse("stakeholders:register-silence")
    total = page.paginator.count
    return Queue(_("Not heard for long"), VOLET, waiting, total, url) if waiting else None


def midnight(day) -> datetime:
    """Return the beginning of ``day`` in Brussels."""
    return timezone.make_aware(datetime.combine(day, time()))


def frames_panel(organisation, *, user) -> dict | None:
    """Panel on the page of an organisation: how the Office sees it, for those who may read it."""
    if not reads_register(user):
        return None
    rows = StakeholderAssessment.objects.visible_to(user).filter(organisation=organisation)
    latest = rows.first()
    context = {
        "organisation": organisation,
        "assessment": latest,
        "quadrant": quadrant_of(latest) if latest else None,
        "may_assess": assesses(user) and not organisation.merged_into_id,
    }
    return {"template": "stakeholders/frames/panel.html", "context": context}


def menu(user) -> dict | None:
    """Entries of the back office's menu: the working pages of the register."""
    if not reads_register(user):
        return None
    pages = [(str(label), reverse(f"stakeholders:{name}")) for name, label in FRAME_PAGES]
    return {"app": "stakeholders", "pages": pages}


slots.register("office.queues", silent_organisations)
slots.register("office.pages", menu)
slots.register("stakeholders.organisation.panels", frames_panel, order=10)
