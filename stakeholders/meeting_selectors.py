"""What pages ask about bilateral meetings, exchanges and commitments."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from programme.models import Deliverable, Portfolio

from .models import (
    TOOK_PLACE,
    BilateralMeeting,
    BilateralStatus,
    Commitment,
    Contact,
    Idea,
    Interaction,
    Organisation,
)

#: The deliverable of the contract that the validated meetings with stakeholders fulfil.
DELIVERABLE = "BILAT"
SHOWN_CHOICES = 8


def bilateral_counts() -> dict[str, dict]:
    """Return {kind: {"validated", "held", "target"}}. Only what is validated counts.

    ``held`` are all that took place, the validated ones with them. The target with stakeholders is
    that of the contract, the political round has one meeting for each portfolio.
    """
    took_place = Q(status__in=sorted(TOOK_PLACE))
    validated = Q(status=BilateralStatus.VALIDATED)
    rows = BilateralMeeting.objects.order_by().values("kind")
    rows = rows.annotate(
        validated=Count("pk", filter=validated), held=Count("pk", filter=took_place)
    )
    found = {row["kind"]: row for row in rows}
    contract = Deliverable.objects.filter(code=DELIVERABLE).values_list("target", flat=True).first()
    targets = {"stakeholder": contract, "political": Portfolio.objects.count()}
    return {
        kind: {
            "validated": found.get(kind, {}).get("validated", 0),
            "held": found.get(kind, {}).get("held", 0),
            "target": target,
        }
        for kind, target in targets.items()
    }


def political_round(user):
    """Return the portfolios with the meeting of each cabinet: [(portfolio, meeting or None)]."""
    alive = BilateralMeeting.objects.visible_to(user).alive().filter(kind="political")
    met = {each.portfolio_id: each for each in alive.select_related("organisation", "owner")}
    portfolios = Portfolio.objects.order_by("slug")
    return [(portfolio, met.get(portfolio.pk)) for portfolio in portfolios]


@dataclass(frozen=True)
class PublicBilateral:
    """All that the public learns of a meeting; the organisation only where it agreed to be shown.

    It is a copy of four values, so that no page, file or search reaches the rest through it.
    """

    number: int
    kind: str
    day: date
    organisation: Organisation | None
    is_demo: bool

    @property
    def kind_label(self) -> str:
        """Name the series."""
        return BilateralMeeting.Kind(self.kind).label


def counted_bilaterals():
    """Return the validated meetings, the newest first: for `as_public` only."""
    rows = BilateralMeeting.objects.counted().select_related("organisation")
    return rows.order_by("-starts_at", "-pk")


def as_public(meetings) -> list[PublicBilateral]:
    """Return what the public may know of ``meetings``."""
    return [
        PublicBilateral(
            number=each.series_no,
            kind=each.kind,
            day=timezone.localdate(each.starts_at),
            organisation=shown(each.organisation),
            is_demo=each.is_demo,
        )
        for each in meetings
    ]


def shown(organisation):
    """Return ``organisation`` where it is in the public register, else None."""
    return organisation if organisation.is_listed and not organisation.merged_into_id else None


def meetings_for(user):
    """Return the meetings that ``user`` may see, with what a line about them names."""
    rows = BilateralMeeting.objects.visible_to(user)
    return rows.select_related("organisation", "owner", "portfolio")


def exchanges_for(user):
    """Return the log as ``user`` may see it, the newest first."""
    return Interaction.objects.visible_to(user).order_by("-happened_at", "-pk")


def open_commitments(organisation, user):
    """Return the promises between the Office and ``organisation`` that are still to be kept."""
    rows = Commitment.objects.visible_to(user).pending().filter(organisation=organisation)
    return rows.select_related("owner", "contact")


def overdue_commitments(user):
    """Return the promises past their day, of both sides."""
    rows = Commitment.objects.visible_to(user).overdue(timezone.localdate())
    return rows.select_related("organisation", "owner")


def ideas_raised(exchange, user):
    """Return the ideas raised in an exchange."""
    if exchange is None:
        return Idea.objects.none()
    return Idea.objects.visible_to(user).filter(raised_in=exchange).order_by("-submitted_at", "pk")


def next_meeting(organisation, user):
    """Return the next meeting with ``organisation``, None where none is planned."""
    to_come = (BilateralStatus.PROPOSED, BilateralStatus.AGREED)
    rows = meetings_for(user).filter(organisation=organisation, status__in=to_come)
    return rows.filter(starts_at__gte=timezone.now()).order_by("starts_at").first()


def organisations_called(text: str, user) -> list[Organisation]:
    """Return the organisations that ``text`` may mean: one where the name is exactly that."""
    rows = Organisation.objects.visible_to(user).current()
    words = text.strip()
    exact = Q()
    for field in ("name", "short_name"):
        for code in ("fr", "nl", "en"):
            exact |= Q(**{f"{field}_{code}__iexact": words})
    same = list(rows.filter(exact)[:2]) if words else []
    if len(same) == 1:
        return same
    found = rows.search(words) if words else rows.none()
    return list(found.order_by_translated("name", "pk")[:SHOWN_CHOICES])


def people_at(organisation, day):
    """Return the people who worked for ``organisation`` on ``day``."""
    running = organisation.affiliations.on(day).values("contact")
    return Contact.objects.current().filter(pk__in=running).order_by("name", "pk")


def organisations_for(user):
    """Return the organisations with which something may be logged: not those merged away."""
    return Organisation.objects.visible_to(user).current()


def office():
    """Return those of the Office who may follow something up."""
    return User.objects.filter(is_active=True, groups__name=Role.STAFF).order_by("name", "email")


def colleagues_of(user):
    """Return the others of the Office."""
    return office().exclude(pk=user.pk)


def wording(meeting) -> str:
    """Return the newest wording of the minutes, "" where nothing is written."""
    if meeting is None or meeting.minutes_id is None:
        return ""
    newest = meeting.minutes.versions.order_by("-number").first()
    return newest.body if newest else ""
