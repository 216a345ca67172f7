"""What pages ask about workshops."""

from django.db.models import BooleanField, Case, Count, DateTimeField, F, Q, Value, When
from django.utils import timezone

from stakeholders.balance import group_of_idea, tally
from stakeholders.models import Idea

from .models import AgendaIdea, Workshop, WorkshopStatus

#: The agenda of these can still grow.
OPEN_AGENDA = frozenset(WorkshopStatus) - {WorkshopStatus.REPORTED, WorkshopStatus.CANCELLED}
DISCUSSABLE = (Idea.Status.PUBLISHED, Idea.Status.UNDER_REVIEW, Idea.Status.ANSWERED)


def workshops(user):
    """Return what ``user`` may see, read as an agenda: the next one first, then the last held."""
    now = timezone.now()
    past = Case(
        When(starts_at__lt=now, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    to_come = Case(
        When(starts_at__gte=now, then=F("starts_at")),
        default=Value(None),
        output_field=DateTimeField(),
    )
    rows = Workshop.objects.visible_to(user).select_related("theme", "municipality")
    return rows.annotate(is_past=past, to_come=to_come).order_by(
        "is_past", F("to_come").asc(nulls_last=True), "-starts_at", "-pk"
    )


def with_idea_counts(rows, user):
    """Return ``rows`` with how many ideas on their agenda ``user`` may see."""
    seen = Q(agenda__idea__in=Idea.objects.visible_to(user).values("pk"))
    return rows.annotate(idea_count=Count("agenda", filter=seen))


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


def to_report():
    """Return the workshops that were held and not reported, the oldest first."""
    return Workshop.objects.filter(status=WorkshopStatus.HELD).order_by("ends_at")


def workshops_to_fill():
    """Return the workshops on whose agenda an idea can still be put, the next one first."""
    return Workshop.objects.filter(status__in=sorted(OPEN_AGENDA)).order_by("starts_at")


def discussable_ideas(workshop):
    """Return the public ideas that can still be put on the agenda of ``workshop``."""
    ideas = Idea.objects.public().filter(status__in=DISCUSSABLE)
    return ideas.exclude(pk__in=workshop.agenda.values("idea"))


def discussed(user=None):
    """Return the agenda entries of workshops that took place, for ``user`` or for nobody's page."""
    rows = AgendaIdea.objects.filter(workshop__in=Workshop.objects.held().values("pk"))
    return rows.filter(idea__in=Idea.objects.visible_to(user).values("pk")) if user else rows


def helix_of_ideas(user):
    """Return how many ideas of each helix group were dealt with in a workshop."""
    return tally(discussed(user).annotate(group=group_of_idea("idea__")), "group", "idea")


def voices(since, until) -> dict[str, set]:
    """Return whose ideas the workshops of a period dealt with: groups, themes, municipalities."""
    rows = discussed().filter(workshop__starts_at__gte=since, workshop__starts_at__lt=until)
    found = rows.annotate(group=group_of_idea("idea__")).values_list(
        "group", "idea__theme", "idea__municipality"
    )
    return {
        name: {entry[place] for entry in found}
        for place, name in enumerate(("helix", "themes", "municipalities"))
    }
