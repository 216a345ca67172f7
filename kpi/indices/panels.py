"""What composite indices add to the pages of others: queues, working pages, search."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots
from core.models import StatusChange
from core.permissions import is_office
from core.queues import Queue, Waiting
from core.search import answer

from ..models import CompositeIndex, EditionStatus, IndexEdition, IndexStatus
from .selectors import listed_indices

VOLET = 4
SHOWN = 10


def to_publish(user) -> Queue | None:
    """Indices that somebody submitted and nobody has published yet."""
    if not is_office(user):
        return None
    rows = CompositeIndex.objects.filter(status=IndexStatus.IN_REVIEW).order_by("pk")
    first = list(rows[:SHOWN])
    since = submitted_at(first)
    waiting = [_waiting(str(each), "compositeindex", each.pk, since.get(each.pk)) for each in first]
    url = f"{reverse('admin:kpi_compositeindex_changelist')}?status__exact={IndexStatus.IN_REVIEW}"
    return Queue(_("Indices to publish"), VOLET, waiting, rows.count(), url)


def to_release(user) -> Queue | None:
    """Editions that somebody else loaded and nobody has released yet."""
    if not is_office(user):
        return None
    rows = IndexEdition.objects.filter(status=EditionStatus.LOADED).exclude(author=user)
    found = rows.select_related("index").order_by("pk")
    waiting = [
        _waiting(f"{each.index} · {each.code}", "indexedition", each.pk, each.loaded_at)
        for each in found[:SHOWN]
    ]
    url = f"{reverse('admin:kpi_indexedition_changelist')}?status__exact={EditionStatus.LOADED}"
    return Queue(_("Editions of indices to release"), VOLET, waiting, rows.count(), url)


def submitted_at(indices) -> dict:
    """Return {pk: when it was last submitted}."""
    kind = ContentType.objects.get_for_model(CompositeIndex)
    changes = StatusChange.objects.filter(
        content_type=kind, transition="submit", object_id__in=[each.pk for each in indices]
    )
    return dict(changes.order_by().values_list("object_id").annotate(last=Max("at")))


def _waiting(text: str, model: str, pk: int, since) -> Waiting:
    url = reverse(f"admin:kpi_{model}_change", args=[pk])
    return Waiting(text, url, since or timezone.now())


def menu(user) -> dict | None:
    """The working page of indices in the menu of the back office."""
    if not is_office(user):
        return None
    return {"app": "kpi", "pages": [(_("Import an index"), reverse("kpi:index-import"))]}


def search(query: str, user) -> dict:
    """Answer the search of the portal."""
    found = listed_indices(user).search(query)
    return answer(_("Composite indices"), reverse("kpi:index-list"), query, found)


slots.register("office.queues", to_publish)
slots.register("office.queues", to_release)
slots.register("office.pages", menu)
slots.register("portal.search", search)
