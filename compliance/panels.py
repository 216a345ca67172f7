"""Compliance on the pages of initiatives and standards, and in the work queues."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots
from core.models import StatusChange
from core.permissions import is_office
from core.queues import Queue, Waiting
from governance.moves import moves_of

from . import selectors
from .marks import marked
from .models import ComplianceStatement, StatementStatus

ROWS = 10


def initiative_panel(initiative, *, user) -> dict | None:
    """Section of the page of an initiative: its answers, standard by standard."""
    rows = marked(selectors.statements(user).filter(initiative=initiative))
    if not rows:
        return None
    for each in rows:
        each.moves = moves_of(each, user, "compliance:statement-do", each.pk)
    context = {"statements": rows, "matrix": reverse("compliance:matrix")}
    return {"template": "compliance/initiative_panel.html", "context": context}


def standard_panel(standard, *, user) -> dict | None:
    """Section of the page of a standard: what the initiatives answered."""
    found = selectors.statements(user).filter(standard=standard)
    rows = marked(found)
    if not rows:
        return None
    context = {
        "statements": rows,
        "rate": selectors.rate(found),
        "url": f"{reverse('compliance:statement-list')}?standard={standard.slug}",
    }
    return {"template": "compliance/standard_panel.html", "context": context}


def to_assess(user) -> Queue | None:
    """Queue: statements of the roadmap without an answer; an owner sees the own ones."""
    rows = selectors.statements(user).filter(status=StatementStatus.NOT_ASSESSED)
    if not is_office(user):
        rows = rows.filter(initiative__owner_id=getattr(user, "pk", None) or 0)
    total = rows.count()
    if not total:
        return None
    first = list(rows.select_related("initiative__owner")[:ROWS])
    url = f"{reverse('compliance:statement-list')}?status={StatementStatus.NOT_ASSESSED}"
    since = asked_at(first)
    return Queue(_("Standards to assess"), 6, [_waiting(each, since) for each in first], total, url)


def _waiting(statement, since) -> Waiting:
    owner = statement.initiative.owner
    return Waiting(
        text=f"{statement.initiative} · {statement.standard}",
        url=statement.get_absolute_url(),
        since=since.get(statement.pk) or timezone.now(),
        whom=str(owner) if owner else "",
    )


def asked_at(statements) -> dict:
    """Return {pk: when it last became "not assessed"}."""
    kind = ContentType.objects.get_for_model(ComplianceStatement)
    changes = StatusChange.objects.filter(
        content_type=kind,
        object_id__in=[each.pk for each in statements],
        target=StatementStatus.NOT_ASSESSED,
    )
    return dict(changes.order_by().values_list("object_id").annotate(last=Max("at")))


slots.register("roadmap.initiative.panels", initiative_panel)
slots.register("standards.standard.panels", standard_panel)
slots.register("office.queues", to_assess)
