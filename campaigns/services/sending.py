"""Plan, start, pause and end a campaign. Rows are the queue; Celery only wakes who empties it."""

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.permissions import SYSTEM
from core.posting.drain import Drain, Drained, End
from core.posting.reaping import reap
from core.posting.rows import CopyState
from core.workflow import TransitionRefused

from .. import selectors
from ..audience import differs, is_approved_audience
from ..models import Campaign, Delivery, LeftOut
from ..permissions import check_writer
from ..segments import BadRule
from ..workflow import CAMPAIGN
from .freezing import freeze_list
from .letters import is_quiet, mailing_of
from .links import make_links

Status = Campaign.Status
#: So long a sender that was called may wait for a worker before a tick calls another one.
AT_WORK_SECONDS = 20


@CAMPAIGN.verb("schedule")
def schedule_campaign(campaign, *, by, send_at, not_after=None, note=""):
    """Let an approved campaign begin by itself at ``send_at``; after ``not_after`` not at all."""
    if send_at <= timezone.now():
        raise TransitionRefused(_("This moment has passed. Choose a later one, or send now."))
    if not_after is not None and not_after <= send_at:
        raise TransitionRefused(_("The latest time is before the planned one."))
    return CAMPAIGN.apply(
        campaign, "schedule", by=by, note=note, send_at=send_at, not_after=not_after
    )


@CAMPAIGN.verb("start")
def start_campaign(campaign, *, by, note=""):
    """Begin: the list of addressees is frozen by a worker, then the sending starts."""
    change = CAMPAIGN.apply(campaign, "start", by=by, note=note, started_at=timezone.now())
    transaction.on_commit(lambda: wake(campaign.pk))
    return change


@CAMPAIGN.verb("begin")
@transaction.atomic
def begin_campaign(campaign, *, by=SYSTEM, note=""):
    """Freeze the list and open the campaign, both or neither.

    Where the audience is not what was approved, the campaign is held until a person decides.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    objection = audience_objection(locked) if locked.status == Status.FREEZING else ""
    if objection:
        return hold_campaign(campaign, by=by, note=objection)
    change = CAMPAIGN.apply(campaign, "begin", by=by, note=note)
    freeze_list(campaign)
    make_links(campaign)
    return change


def audience_objection(campaign) -> str:
    """Return why the list may not be frozen without a person: "" where nothing speaks against it.

    The words stand in the history: for people of any language, so they are figures where possible.
    """
    approved = campaign.approved_count
    if approved is None:
        return ""
    try:
        now = selectors.audience(campaign).count()
    except BadRule as bad:
        return str(bad)
    if not is_approved_audience(campaign):
        return _("The audience is not the one that was approved.")
    return f"{approved} → {now}" if differs(approved, now) else ""


@CAMPAIGN.verb("hold")
def hold_campaign(campaign, *, by=SYSTEM, note=""):
    """Have a campaign wait for a person before its list is frozen."""
    return CAMPAIGN.apply(campaign, "hold", by=by, note=note)


@CAMPAIGN.verb("confirm_audience")
def confirm_audience(campaign, *, by, seen: int, agreed=True, note=""):
    """Let a held campaign go to the ``seen`` people whom its audience has now.

    ``seen`` is the number that ``by`` was shown: it takes the place of the approved one, so that a
    change after it is held again.
    """
    if not agreed:
        raise TransitionRefused(_("Say that you know how many people it goes to now."))
    change = CAMPAIGN.apply(
        campaign, "confirm_audience", by=by, note=note or f"→ {seen}", approved_count=seen
    )
    transaction.on_commit(lambda: wake(campaign.pk))
    return change


@CAMPAIGN.verb("pause")
def pause_campaign(campaign, *, by, note=""):
    """Stop for now: at most ten mails a connection still go out."""
    return CAMPAIGN.apply(campaign, "pause", by=by, note=note)


@CAMPAIGN.verb("change_rate")
@transaction.atomic
def change_rate(campaign, *, by, rate: int | None, seen: int | None, note=""):
    """Let a paused campaign go on at ``rate`` mails a minute, None as fast as the server takes.

    ``seen`` is the rate that ``by`` was shown: where somebody else has changed it since, that is
    told. Whoever still sends at the old rate stops (`letters.IS_OPEN`).
    """
    now = Campaign.objects.select_for_update().values_list("rate_per_minute", flat=True)
    known = now.get(pk=campaign.pk)
    if known != seen:
        raise TransitionRefused(rate_was_changed(known))
    return CAMPAIGN.apply(
        campaign,
        "change_rate",
        by=by,
        note=note or f"{_in_words(known)} → {_in_words(rate)}",
        rate_per_minute=rate,
    )


def rate_was_changed(rate: int | None) -> str:
    """Return the sentence that somebody else has set ``rate`` since a form was opened."""
    return _(
        "Somebody else has changed the rate meanwhile: it is %(rate)s now. Send again to put "
        "yours in its place."
    ) % {"rate": _in_words(rate)}


def _in_words(rate: int | None) -> str:
    return "∞" if rate is None else str(rate)


@CAMPAIGN.verb("resume")
def resume_campaign(campaign, *, by, note=""):
    """Go on where it stopped."""
    change = CAMPAIGN.apply(campaign, "resume", by=by, note=note, trouble="", trouble_at=None)
    transaction.on_commit(lambda: wake(campaign.pk))
    return change


@CAMPAIGN.verb("miss")
def miss_campaign(campaign, *, by=SYSTEM, note=""):
    """Do not send what could not begin in time: a person decides anew."""
    return CAMPAIGN.apply(campaign, "miss", by=by, note=note)


@CAMPAIGN.verb("finish")
def finish_campaign(campaign, *, by=SYSTEM, note=""):
    """Close a campaign all of whose mails have been settled; it enters the archive."""
    return CAMPAIGN.apply(campaign, "finish", by=by, note=note, finished_at=timezone.now())


@CAMPAIGN.verb("cancel")
@transaction.atomic
def cancel_campaign(campaign, *, by, note):
    """Stop a campaign for good: what was not handed over yet stays here."""
    change = CAMPAIGN.apply(campaign, "cancel", by=by, note=note)
    campaign.deliveries.filter(state=CopyState.QUEUED).update(
        state=CopyState.CANCELLED, reason=LeftOut.CANCELLED
    )
    return change


@CAMPAIGN.verb("send_again")
@transaction.atomic
def send_again(campaign, *, by, note=""):
    """Send the uncertain mails of a finished campaign once more: exactly these.

    Whoever got the first one may get a second: only a person decides that.
    """
    change = CAMPAIGN.apply(campaign, "send_again", by=by, note=note, finished_at=None)
    _uncertain(campaign).update(state=CopyState.QUEUED, attempts=0, next_try_at=None)
    transaction.on_commit(lambda: wake(campaign.pk))
    return change


def take_as_arrived(campaign, *, by) -> int:
    """Count the uncertain mails of a campaign as sent; return how many there were."""
    check_writer(by)
    return _uncertain(campaign).update(state=CopyState.SENT, handed_at=timezone.now())


def _uncertain(campaign):
    return campaign.deliveries.filter(state=CopyState.UNCERTAIN)


def wake(pk: int) -> None:
    """Have one sender for each connection take up campaign ``pk``.

    Each goes on by itself (`drain`). A lost call, and senders that died, are repaired by `tick`.
    """
    for _each in range(settings.CAMPAIGN_CONNECTIONS):
        _ask_for_a_drain(pk)


def _ask_for_a_drain(pk: int) -> None:
    try:
        current_app.send_task("campaigns.drain", args=[pk], retry=False)
    except OperationalError:
        return  # the rows wait for the next tick
    _note_at_work(pk)


def _note_at_work(pk: int) -> None:
    """Remember for a moment that somebody sends campaign ``pk``, so that a tick adds nobody."""
    cache.set(f"campaigns:at-work:{pk}", 1, AT_WORK_SECONDS)


def is_at_work(campaign) -> bool:
    """Tell whether somebody sends ``campaign``: holds rows of it, or was called a moment ago.

    Ask after `reap`, which takes the rows of the dead away.
    """
    held = campaign.deliveries.filter(state=CopyState.SENDING)
    return held.exists() or cache.get(f"campaigns:at-work:{campaign.pk}") is not None


def drain(pk: int) -> Drained | None:
    """Send what waits of campaign ``pk`` for some seconds; None where it is not being sent.

    May run several times and in several workers at once: each takes other rows. A sender whose time
    is over calls one successor, so there are never more of them than were woken.
    """
    _note_at_work(pk)
    campaign = Campaign.objects.select_related("topic").get(pk=pk)
    if campaign.status == Status.FREEZING:
        _once(begin_campaign, campaign)
    if campaign.status != Status.SENDING or is_quiet():
        return None
    drained = Drain(mailing_of(campaign)).run()
    _note_trouble(campaign, drained)
    if drained.end == End.TIME:
        _ask_for_a_drain(pk)
    return drained


def _note_trouble(campaign, drained: Drained) -> None:
    """Say on the page that the mail server does not answer; pause where it refuses our mail."""
    rows = Campaign.objects.filter(pk=campaign.pk)
    if drained.end in (End.UNREACHABLE, End.REFUSED):
        rows.filter(trouble_at=None).update(trouble_at=timezone.now())
        rows.update(trouble=drained.words[:500])
    elif drained.taken:
        rows.exclude(trouble="").update(trouble="", trouble_at=None)
    if drained.end == End.REFUSED:
        _once(pause_campaign, campaign, by=SYSTEM, note=drained.words[:500])


def tick() -> None:
    """Do what is due: begin, repair, wake, close (beat, every ten seconds)."""
    now = timezone.now()
    reap(Delivery)
    for campaign in Campaign.objects.filter(status=Status.SCHEDULED, send_at__lte=now):
        _begin_planned(campaign, now)
    for campaign in Campaign.objects.filter(status__in=[Status.FREEZING, Status.SENDING]):
        _go_on(campaign, now)


def _begin_planned(campaign, now):
    if campaign.not_after is not None and campaign.not_after < now:
        _once(miss_campaign, campaign)
    elif not is_quiet():
        _once(start_campaign, campaign, by=SYSTEM)


def _go_on(campaign, now):
    waiting = campaign.deliveries.filter(state=CopyState.QUEUED)
    due = waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=now))
    if campaign.status == Status.FREEZING or due.exists():
        if not is_at_work(campaign):
            wake(campaign.pk)
    elif not selectors.unfinished_deliveries(campaign).exists():
        _once(finish_campaign, campaign)


def _once(verb, campaign, **more) -> None:
    """Do ``verb``; another worker may have done it a moment ago, which is as good."""
    before = campaign.status
    try:
        verb(campaign, **more)
    except TransitionRefused:
        campaign.refresh_from_db()
        if campaign.status == before:
            raise
