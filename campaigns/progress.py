"""How the sending of a campaign goes: counts, pace, what is left, and the story of one address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.posting.addresses import keyed_hash, normal
from core.posting.rows import CopyState
from core.search import LANGUAGES

from . import selectors
from .models import Campaign, LeftOut
from .services.freezing import forecast
from .services.letters import is_quiet

PACE_OVER = timedelta(minutes=1)
MOVING = (Campaign.Status.FREEZING, Campaign.Status.SENDING)
SHOWN_UNCERTAIN = 100


@dataclass(frozen=True)
class Expected:
    """Whom a campaign would reach if its list were frozen now, and whom not, with the reason."""

    languages: dict[str, int]
    left_out: list[tuple[str, int]]

    @property
    def considered(self) -> int:
        """Return how many people the audience has."""
        return sum(self.languages.values()) + sum(number for _reason, number in self.left_out)


def expected_of(campaign: Campaign) -> Expected:
    """Return what a freeze would make of the audience of ``campaign`` now."""
    languages, reasons = dict.fromkeys(LANGUAGES, 0), {}
    for reason, language, number in forecast(campaign):
        if reason:
            reasons[reason] = reasons.get(reason, 0) + number
        else:
            languages[language] += number
    return Expected(
        languages, [(str(LeftOut(code).label), reasons[code]) for code in sorted(reasons)]
    )


@dataclass(frozen=True)
class Progress:
    """Where a campaign stands: ``counts`` as `selectors.outcome`, ``a_minute`` the last pace."""

    campaign: Campaign
    counts: dict[str, int]
    left_out: list[tuple[str, int]]
    a_minute: int
    left: timedelta | None
    rests: bool
    #: Of a campaign that is held: how many people its audience has now, where that can be said.
    considered: int | None = None
    #: How many of those that wait have to, because their domain takes no more for now.
    held_back: int = 0

    @property
    def settled(self) -> int:
        """Return how many rows of the list need nothing more."""
        return self.counts["prepared"] - self.counts["waiting"]

    @property
    def is_moving(self) -> bool:
        """Tell whether the page is worth looking at again in a moment."""
        return self.campaign.status in MOVING

    @property
    def minutes_left(self) -> int | None:
        """Return the minutes left at this pace, rounded up; None where nothing moves."""
        return None if self.left is None else -(-self.left // timedelta(minutes=1))


def progress_of(campaign: Campaign) -> Progress:
    """Return how far ``campaign`` has come, now."""
    counts = selectors.outcome(campaign)
    since = timezone.now() - PACE_OVER
    a_minute = campaign.deliveries.filter(handed_at__gte=since).count()
    moves = campaign.status in MOVING and a_minute and counts["waiting"]
    left = PACE_OVER * counts["waiting"] / a_minute if moves else None
    rests = campaign.status in MOVING and is_quiet()
    now = selectors.considered(campaign) if campaign.status == Campaign.Status.HELD else None
    held_back = waiting_for_domain(campaign) if campaign.status in MOVING else 0
    return Progress(campaign, counts, left_out(campaign), a_minute, left, rests, now, held_back)


def waiting_for_domain(campaign) -> int:
    """Return how many mails wait for the limit of their domain: no attempt, and a time to wait."""
    rows = campaign.deliveries.filter(state=CopyState.QUEUED, attempts=0)
    return rows.filter(next_try_at__gt=timezone.now()).count()


def left_out(campaign) -> list[tuple[str, int]]:
    """Return (reason in words, how many) of all who got nothing: before the freeze and after."""
    found: dict[str, int] = {}
    for rows in (campaign.exclusions.all(), campaign.deliveries.exclude(reason="")):
        for reason, number in rows.order_by().values_list("reason").annotate(Count("pk")):
            found[reason] = found.get(reason, 0) + number
    return [(str(LeftOut(reason).label), found[reason]) for reason in sorted(found)]


def uncertain(campaign):
    """Return the deliveries of which nobody knows whether they arrived, the oldest first."""
    rows = campaign.deliveries.filter(state=CopyState.UNCERTAIN)
    return rows.select_related("contact").order_by("pk")


@dataclass(frozen=True)
class Story:
    """What became of one address: a sentence, when, in which language, and the server's words."""

    words: str
    at: datetime | None = None
    language: str = ""
    answer: str = ""


def story_of(campaign: Campaign, address: str) -> Story:
    """Return whether whoever has ``address`` got ``campaign``, when, which text, or why not."""
    rows = campaign.deliveries.filter(email_norm=normal(address))
    row = rows.first() or campaign.deliveries.filter(email_hmac=keyed_hash(address)).first()
    if row is not None:
        return _story_of_row(row)
    excluded = campaign.exclusions.filter(contact__email__iexact=address.strip()).first()
    if excluded is not None:
        reason = LeftOut(excluded.reason).label
        return Story(_("Left out of the list: %(reason)s.") % {"reason": reason})
    if campaign.prepared is None:
        return Story(_("The list of this campaign is not frozen yet."))
    return Story(_("This address is not on the list: no confirmed subscription at that moment."))


def _story_of_row(row) -> Story:
    answer = f"{row.smtp_code or ''} {row.smtp_text}".strip()
    more = {"language": row.language, "answer": answer}
    if row.state == CopyState.SENT:
        words = _("The mail server took this message.")
        if row.bounced_at:
            words = _("The mail server took this message, but it came back.")
        return Story(words, at=row.handed_at, **more)
    if row.reason:
        reason = LeftOut(row.reason).label
        return Story(_("Not sent: %(reason)s.") % {"reason": reason}, language=row.language)
    words = {
        CopyState.FAILED: _("The mail server refused this message."),
        CopyState.UNCERTAIN: _(
            "Handed over, but no answer came: it may have arrived. It is not sent again by itself."
        ),
    }
    waiting = _("It waits to be sent.")
    return Story(words.get(row.state, waiting), at=row.next_try_at, **more)
