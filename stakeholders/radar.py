"""The silence radar: influential organisations not heard for a while, and who has no voice.

"Heard" means that they spoke: an exchange that they sought, or a bilateral meeting that took place.
A letter from the Office is an exchange, but nobody was heard by it. Internal, like the frames.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.core.cache import cache
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from core import slots
from core.models import StatusChange
from programme.models import Municipality, Theme

from .frames import REMEMBERED
from .models import (
    TOOK_PLACE,
    BilateralMeeting,
    Helix,
    Idea,
    IdeaStatus,
    Interaction,
    Organisation,
    Participation,
    StakeholderAssessment,
    Standing,
)
from .permissions import reads_register

#: From this influence on, silence is worth a call.
INFLUENTIAL = 4
#: Days without a word before an organisation counts as silent.
SILENT_AFTER = 90

TALKED = Q(interaction__kind=Interaction.Kind.BILATERAL) & (
    Q(interaction__bilateral=None) | Q(interaction__bilateral__status__in=sorted(TOOK_PLACE))
)
#: The database computes the same for `Standing` (`standing_of`, migration 0009).
HEARD = Q(interaction__direction=Interaction.Direction.IN) | TALKED
#: Ideas in these states are no voice: not confirmed by mail, or kept off the portal.
NO_VOICE = (IdeaStatus.SUBMITTED, IdeaStatus.HIDDEN, IdeaStatus.NOT_ADMISSIBLE)


@dataclass(frozen=True)
class Silence:
    """What is looked for: influence at least ``influence``, no word for ``days`` before ``day``."""

    user: object
    day: date = field(default_factory=timezone.localdate)
    days: int = SILENT_AFTER
    influence: int = INFLUENTIAL

    @property
    def now(self) -> datetime:
        """Return the end of the day that is looked at."""
        return timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))

    @property
    def since(self) -> datetime:
        """Return the moment since which they should have been heard."""
        return timezone.make_aware(datetime.combine(self.day - timedelta(days=self.days), time()))

    @cached_property
    def is_newest(self) -> bool:
        """Tell whether nobody was assessed or heard after that day: then `Standing` tells of it."""
        rows = Standing.objects.visible_to(self.user).framed()
        if rows.filter(assessed_on__gt=self.day).exists():
            return False
        return not rows.filter(is_active=True, heard_at__gte=self.now).exists()

    def remember(self, what: str, compute: Callable):
        """Return ``compute()``, remembered until somebody assesses, talks, or moves a meeting."""
        if not reads_register(self.user):
            return compute()
        newest = [str(model.objects.aggregate(key=Max("pk"))["key"]) for model in GROWING]
        asked = f"{self.day}:{self.days}:{self.influence}"
        return cache.get_or_set(f"register:{what}:{asked}:{'.'.join(newest)}", compute, REMEMBERED)


#: Each of what the radar hears leaves a new row in one of these.
GROWING = (StakeholderAssessment, Participation, BilateralMeeting, Idea, StatusChange)


def silent_keys(silence: Silence):
    """Return the keys of the assessments of all silent organisations, the longest silence first.

    Today it is a queryset, of which no more is read than the page.
    """
    if silence.is_newest:
        rows = Standing.objects.visible_to(silence.user).framed()
        rows = rows.filter(unheard(silence), influence__gte=silence.influence, is_active=True)
        return rows.order_by(*BY_SILENCE).values_list("assessment_id", flat=True)
    rows = silent(silence).select_related(None)
    return silence.remember("silent", lambda: list(rows.values_list("pk", flat=True)))


def assessments_of(silence: Silence, keys: list[int]) -> list[StakeholderAssessment]:
    """Return the assessments with these ``keys``, in their order, with ``heard_at``: one query."""
    rows = StakeholderAssessment.objects.visible_to(silence.user).annotate(
        heard_at=heard_at(silence.now)
    )
    found = rows.select_related("organisation", "assessed_by").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def silent(silence: Silence):
    """Return the assessments of the silent organisations, the longest silence first.

    Each has ``heard_at`` (None: never heard, which is the longest silence of all). ``last_words``
    adds the rest for the rows that a page shows.
    """
    rows = StakeholderAssessment.objects.visible_to(silence.user).latest_on(silence.day)
    rows = rows.filter(
        influence__gte=silence.influence,
        organisation__merged_into=None,
        organisation__status=Organisation._meta.get_field("status").default,
    )
    rows = rows.annotate(heard_at=heard_at(silence.now), slug=F("organisation__slug"))
    rows = rows.filter(unheard(silence)).order_by(*BY_SILENCE)
    return rows.select_related("organisation", "assessed_by")


#: The longest silence first, by the names of `Standing`.
BY_SILENCE = (F("heard_at").asc(nulls_first=True), "-influence", "slug")


def unheard(silence: Silence) -> Q:
    """Return the condition that there was no word in the period."""
    return Q(heard_at=None) | Q(heard_at__lt=silence.since)


def heard_at(until: datetime) -> Greatest:
    """Return when the organisation of an assessment was last heard before ``until``.

    A meeting that took place counts for its organisation although nobody was noted as present.
    """
    theirs = Participation.objects.filter(
        HEARD, organisation=OuterRef("organisation"), happened_at__lt=until
    )
    met = BilateralMeeting.objects.filter(
        organisation=OuterRef("organisation"), status__in=sorted(TOOK_PLACE), starts_at__lt=until
    )
    # GREATEST of Postgres passes over what is NULL.
    return Greatest(latest(theirs, "happened_at"), latest(met, "starts_at"))


def latest(rows, moment: str) -> Subquery:
    """Return the greatest ``moment`` of ``rows`` that refer to one organisation."""
    return Subquery(
        rows.order_by().values("organisation").annotate(last=Max(moment)).values("last")
    )


@dataclass(frozen=True)
class Line:
    """One silent organisation as a page tells it."""

    assessment: StakeholderAssessment
    heard_at: datetime | None
    last: Participation | None
    owner: object

    @property
    def organisation(self) -> Organisation:
        """Return the organisation."""
        return self.assessment.organisation


def lines(assessments, silence: Silence) -> list[Line]:
    """Return the rows of one page with the last exchange and who knows them: two more queries."""
    found = list(assessments)
    keys = [each.organisation_id for each in found]
    exchanges, hosts = last_exchanges(keys, silence), last_hosts(keys)
    return [
        Line(
            each,
            each.heard_at,
            last := exchanges.get(each.organisation_id),
            owner(each, last, hosts),
        )
        for each in found
    ]


def owner(assessment, last, hosts: dict):
    """Return who of the Office knows the organisation best: the last host, logger or assessor."""
    host = hosts.get(assessment.organisation_id)
    logger = last.interaction.logged_by if last else None
    return host or logger or assessment.assessed_by


def last_exchanges(keys: list[int], silence: Silence) -> dict[int, Participation]:
    """Return the last exchange, of whatever sort, of each of these organisations."""
    rows = Participation.objects.visible_to(silence.user).filter(
        organisation__in=keys, happened_at__lt=silence.now
    )
    rows = rows.select_related("interaction__logged_by")
    newest = rows.order_by("organisation_id", "-happened_at", "-interaction_id").distinct(
        "organisation_id"
    )
    return {each.organisation_id: each for each in newest}


def last_hosts(keys: list[int]) -> dict:
    """Return who held or holds the newest bilateral meeting with each of these organisations."""
    rows = BilateralMeeting.objects.alive().filter(organisation__in=keys).select_related("owner")
    newest = rows.order_by("organisation_id", "-starts_at", "-pk").distinct("organisation_id")
    return {each.organisation_id: each.owner for each in newest}


# --- who has no voice at all -----------------------------------------------------------------


@dataclass(frozen=True)
class Voiceless:
    """Helix groups, themes and municipalities of which nothing was heard in the period."""

    helix: list[Helix]
    themes: list[Theme]
    municipalities: list[Municipality]


def without_voice(silence: Silence) -> Voiceless:
    """Return what had no idea, no exchange and no place in a workshop since ``silence.since``.

    Slot `stakeholders.voices`, called with (since, until), answers {"helix", "themes",
    "municipalities"}, each an iterable of values or keys that were heard in an upper app.
    """
    helix, themes, places = silence.remember("voices", lambda: voices_heard(silence))
    return Voiceless(
        [group for group in Helix if group not in helix],
        list(Theme.objects.exclude(pk__in=themes - {None}).order_by_translated("name")),
        list(Municipality.objects.exclude(pk__in=places - {None}).order_by_translated("name")),
    )


def voices_heard(silence: Silence) -> list[set]:
    """Return the helix groups, and the keys of themes and municipalities, that were heard."""
    heard = [of_ideas(silence), of_exchanges(silence)]
    heard += slots.collect("stakeholders.voices", silence.since, silence.now)
    names = ("helix", "themes", "municipalities")
    return [{key for voices in heard for key in voices[name]} for name in names]


def of_ideas(silence: Silence) -> dict:
    """Return the voices of the ideas received in the period."""
    rows = Idea.objects.exclude(status__in=NO_VOICE).filter(
        received_at__gte=silence.since, received_at__lt=silence.now
    )
    return {
        "helix": distinct(rows, "helix") | distinct(rows, "organisation__helix"),
        "themes": distinct(rows, "theme"),
        "municipalities": distinct(rows, "municipality"),
    }


def of_exchanges(silence: Silence) -> dict:
    """Return the voices of the exchanges of the period: of whom they were, and about what."""
    rows = Participation.objects.filter(
        side=Participation.Side.THEIRS,
        happened_at__gte=silence.since,
        happened_at__lt=silence.now,
    )
    # Of many exchanges there are few pairs: both are read in one go.
    pairs = rows.filter(organisation__isnull=False).order_by()
    pairs = pairs.values_list("organisation__helix", "organisation__municipality").distinct()
    helix, municipalities = zip(*pairs, strict=True) if pairs else ((), ())
    return {
        "helix": helix,
        "themes": distinct(rows, "interaction__themes") | distinct(rows, "organisation__themes"),
        "municipalities": municipalities,
    }


def distinct(rows, path: str) -> set:
    """Return the different values of ``path`` in ``rows``, where there is one."""
    rows = rows.filter(**{f"{path}__isnull": False}).order_by()
    return set(rows.values_list(path, flat=True).distinct())
