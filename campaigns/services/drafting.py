"""Make drafts of what has happened in the portal. Nothing is sent by itself: see `writing`.

The history is read by a mark of `core.changes`, so a move that is committed late is not missed;
whatever was looked at has a row of `OccasionEvent`, so nothing makes a second draft.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import changes
from core.models import StatusChange
from core.publication import REQUIRED
from core.search import LANGUAGES
from core.workflow import TransitionRefused, record_change
from stakeholders.models import Topic, Watch

from ..models import (
    BLOCK_TEXTS,
    CAMPAIGN_TEXTS,
    Block,
    Campaign,
    Occasion,
    OccasionCode,
    OccasionEvent,
    Outcome,
)
from ..occasion_words import written
from ..occasions import KINDS, Kind
from ..permissions import check_writer

WATCH = "occasions"
#: What happens within a day goes into one draft, as long as nobody has touched it.
GATHERED_OVER = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """One event that nobody has looked at: which row, and which move if it was one."""

    kind: Kind
    pk: int
    change: int | None = None

    def note(self, occasion, outcome, campaign=None) -> OccasionEvent:
        """Return the row that remembers it."""
        about = {"change_id": self.change} if self.change else {f"{self.kind.by_day}_id": self.pk}
        return OccasionEvent(occasion=occasion, outcome=outcome, campaign=campaign, **about)


@transaction.atomic
def draft_from_events() -> list[Campaign]:
    """Make drafts of what has happened since the last run; return those made or added to (beat).

    All or nothing, with the mark up to which the history was read; a second worker waits for the
    first and then finds nothing left. The very first run makes none: what was there is no news.
    What is switched off, or not public at this moment, is noted and makes no draft later. Events
    that `Kind.gathers` go into one draft, also with those of the last day, as long as nobody has
    written in it or submitted it; a workshop, a call and an edition have one each.
    """
    is_first = Watch.objects.get_or_create(name=WATCH)[1]
    watch = Watch.objects.select_for_update().get(name=WATCH)
    occasions = known_occasions()
    # Before looking: what is committed meanwhile is looked at the next time.
    now = changes.mark()
    happened = [*([] if is_first else _moves(watch, now)), *_days()]
    drafts = [] if is_first else _drafted(happened, occasions)
    if is_first:
        _note(happened, occasions, Outcome.BEFORE)
    watch.position = now
    watch.save(update_fields=["position"])
    return drafts


def known_occasions() -> dict[str, Occasion]:
    """Return {code: switch}; one that is not there yet is made, switched off."""
    found = {each.code: each for each in Occasion.objects.select_related("topic")}
    for code in OccasionCode.values:
        if code not in found:
            topic = Topic.objects.filter(slug=KINDS[code].topic).first()
            found[code] = Occasion.objects.create(code=code, topic=topic)
    return found


@transaction.atomic
def switch_occasion(occasion: Occasion, *, by, topic: Topic | None, is_active: bool) -> None:
    """Say for which topic an event makes drafts, and whether it makes any from now on."""
    check_writer(by)
    locked = Occasion.objects.select_for_update().get(pk=occasion.pk)
    if is_active and topic is None:
        raise TransitionRefused(_("Choose the topic for which the drafts are."))
    if is_active != locked.is_active:
        states = ("off", "on") if is_active else ("on", "off")
        record_change(locked, "switch_on" if is_active else "switch_off", *states, by=by)
    locked.topic, locked.is_active = topic, is_active
    locked.save(update_fields=["topic", "is_active"])
    occasion.refresh_from_db()


def _moves(watch, now: int) -> list[Happened]:
    """Return the moves that nobody has looked at, the oldest first."""
    kinds = {}
    wanted = Q()
    for kind in KINDS.values():
        if kind.moves:
            thing = ContentType.objects.get_for_model(kind.model)
            kinds |= {(thing.pk, name): kind for name in kind.moves}
            wanted |= Q(content_type=thing, transition__in=kind.moves)
    rows = StatusChange.objects.filter(wanted, at__gte=watch.began_at, occasion_event=None)
    if changes.reaches(watch.position, now):
        rows = changes.since(rows, watch.position)
    found = rows.order_by("pk").values_list("content_type", "transition", "object_id", "pk")
    return [Happened(kinds[thing, name], pk, change) for thing, name, pk, change in found]


def _days() -> list[Happened]:
    """Return the days that have come of calls and editions and that nobody has looked at."""
    found = []
    for kind in KINDS.values():
        if kind.by_day:
            events = OccasionEvent.objects.filter(occasion__code=kind.code)
            known = events.exclude(**{kind.by_day: None}).values(kind.by_day)
            rows = kind.rows().exclude(pk__in=known)
            found += [Happened(kind, pk) for pk in rows.values_list("pk", flat=True)]
    return found


def _note(happened, occasions, outcome, campaign=None) -> None:
    OccasionEvent.objects.bulk_create(
        [each.note(occasions[each.kind.code], outcome, campaign) for each in happened]
    )


def _drafted(happened, occasions) -> list[Campaign]:
    by_kind = defaultdict(list)
    for each in happened:
        by_kind[each.kind.code].append(each)
    drafts = []
    for code, events in by_kind.items():
        if occasions[code].is_active:
            drafts += _drafted_of_kind(KINDS[code], occasions[code], events)
        else:
            _note(events, occasions, Outcome.OFF)
    return drafts


def _drafted_of_kind(kind, occasion, events) -> list[Campaign]:
    """Make the drafts of one kind, invented rows apart from real ones."""
    rows = list(kind.rows().filter(pk__in={each.pk for each in events}))
    seen = {row.pk for row in rows}
    _note([each for each in events if each.pk not in seen], {kind.code: occasion}, Outcome.HIDDEN)
    if kind.gathers:
        batches = [[row for row in rows if row.is_demo is mark] for mark in (False, True)]
    else:
        batches = [[row] for row in rows]
    return [
        _draft(kind, occasion, batch, [each for each in events if each.pk in _keys(batch)])
        for batch in batches
        if batch
    ]


def _keys(rows) -> set:
    return {row.pk for row in rows}


def _draft(kind, occasion, rows, events) -> Campaign:
    campaign = _untouched(kind, occasion, rows[0].is_demo)
    if campaign is None:
        campaign = Campaign(
            slug=_free_slug(kind), layout=kind.layout, topic=occasion.topic, is_demo=rows[0].is_demo
        )
    else:
        rows = _with_those_before(kind, campaign, rows)
        campaign.version += 1
    is_new = campaign.pk is None
    letters = _letters(kind, rows)
    for name in CAMPAIGN_TEXTS:
        for code in LANGUAGES:
            words = getattr(letters[code], name) if code in letters else ""
            setattr(campaign, f"{name}_{code}", words)
    campaign.save()
    if is_new:
        record_change(campaign, "prepare", "", campaign.status, by=None)
    _set_blocks(kind, campaign, rows, letters)
    _note(events, {kind.code: occasion}, Outcome.DRAFTED, campaign)
    return campaign


def _untouched(kind, occasion, is_demo) -> Campaign | None:
    """Return the draft of the last day to which this can be added, locked; None for none."""
    if not kind.gathers:
        return None
    since = timezone.now() - GATHERED_OVER
    recent = OccasionEvent.objects.filter(occasion=occasion, noted_at__gte=since)
    drafts = Campaign.objects.select_for_update().filter(
        pk__in=recent.exclude(campaign=None).values("campaign"),
        status=Campaign.Status.DRAFT,
        topic=occasion.topic,
        is_demo=is_demo,
        created_by=None,
    )
    # Asked after the lock: whoever had the row may have written in it.
    return next((each for each in drafts if not each.editors.exists()), None)


def _with_those_before(kind, campaign, rows) -> list:
    """Return what the draft tells already, as far as it is public still, together with ``rows``."""
    told = campaign.events.values_list("change__object_id", flat=True)
    return list(kind.rows().filter(pk__in={*told, *_keys(rows)}))


def _free_slug(kind) -> str:
    """Return an address from the kind and the day that no campaign has."""
    stem = f"{kind.code}-{timezone.localdate().isoformat()}"
    taken = set(Campaign.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbers) if slug not in taken)


def _letters(kind, rows) -> dict:
    """Return {language: letter}: French and Dutch, and English where all rows have it."""
    codes = [code for code in LANGUAGES if code in REQUIRED or kind.has_english(rows)]
    return {code: written(kind, rows, code) for code in codes}


def _set_blocks(kind, campaign, rows, letters) -> None:
    campaign.blocks.all().delete()
    for place, parts in enumerate(zip(*(each.blocks for each in letters.values()), strict=True)):
        words = {
            f"{name}_{code}": getattr(part, name, "")
            for code, part in zip(letters, parts, strict=True)
            for name in BLOCK_TEXTS
        }
        Block.objects.create(
            campaign=campaign,
            kind=kind.block,
            position=(place + 1) * 10,
            begins_at=kind.begins(rows[place]),
            **words,
        )
