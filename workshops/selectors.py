"""What pages ask about workshops."""

from django.db.models import Count
from django.utils import timezone

from stakeholders.models import Idea

from .models import AgendaIdea, Workshop, WorkshopStatus


def workshops(user):
    """Return what ``user`` may see, ready for lists, the latest first."""
    rows = Workshop.objects.visible_to(user).select_related("theme", "municipality")
    return rows.annotate(idea_count=Count("agenda")).order_by("-starts_at", "-pk")


def next_workshops(count: int):
    """Return the next ``count`` announced workshops, the nearest first."""
    rows = Workshop.objects.public().select_related("theme", "municipality")
    return rows.upcoming(timezone.now())[:count]


def public_workshops():
    """Return what anybody may see, with what was cancelled."""
    return Workshop.objects.public()


def agenda(workshop, user):
    """Return the entries of the agenda whose idea ``user`` may see."""
    rows = workshop.agenda.select_related("idea__theme", "idea__municipality")
    return rows.filter(idea__in=Idea.objects.visible_to(user).values("pk"))


def without_result():
    """Return the agenda entries of held workshops that have no result yet."""
    rows = AgendaIdea.objects.filter(workshop__status=WorkshopStatus.HELD, result="")
    return rows.select_related("workshop", "idea").order_by("workshop__starts_at", "position")
