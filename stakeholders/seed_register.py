"""Demonstration people, assessments and exchanges of fictitious organisations.

Real bodies carry sourced facts only: a score on one of them stops the seed.
"""

from datetime import date, datetime

from django.utils import timezone

from core.seeding import ensure, read
from programme.models import Theme

from .models import (
    Affiliation,
    Contact,
    Interaction,
    LegalBasis,
    Organisation,
    Participation,
    StakeholderAssessment,
)


def load_demo_register() -> None:
    """Load what the frames show of fictitious organisations; again changes nothing."""
    demo = read("demo", "register")
    for entry in demo["people"]:
        load_person(entry)
    for entry in demo["assessments"]:
        load_assessment(entry)
    for entry in demo["exchanges"]:
        load_exchange(entry)


def fictitious(slug: str) -> Organisation:
    """Return the fictitious organisation; `DoesNotExist` for a real one."""
    return Organisation.objects.get(slug=slug, is_demo=True)


def load_person(entry) -> None:
    """Make one invented person, who is a role, and where that role is."""
    contact, _made = ensure(
        Contact,
        {"email": entry["email"]},
        name=entry["name"],
        language=entry["language"],
        legal_basis=LegalBasis.PUBLIC_TASK,
        is_demo=True,
    )
    ends_on = entry.get("ends_on")
    ensure(
        Affiliation,
        {"contact": contact, "organisation": fictitious(entry["organisation"])},
        role=entry["role"],
        starts_on=date.fromisoformat(entry["starts_on"]),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )


def load_assessment(entry) -> None:
    """Make one invented assessment."""
    values = {**entry, "organisation": fictitious(entry["organisation"])}
    key = {
        "organisation": values.pop("organisation"),
        "assessed_on": date.fromisoformat(values.pop("assessed_on")),
        "is_demo": True,
    }
    ensure(StakeholderAssessment, key, **values)


def load_exchange(entry) -> None:
    """Make one invented exchange with its one partner."""
    happened_at = timezone.make_aware(datetime.fromisoformat(entry["happened_at"]))
    exchange, is_new = ensure(
        Interaction,
        {"subject": entry["subject"], "happened_at": happened_at},
        kind=entry["kind"],
        direction=entry["direction"],
        minutes_long=entry["minutes_long"],
        is_demo=True,
    )
    if is_new:
        exchange.themes.set(Theme.objects.filter(slug=entry["theme"]))
        organisation = fictitious(entry["organisation"])
        exchange.participations.create(
            side=Participation.Side.THEIRS,
            organisation=organisation,
            contact=person_of(organisation, happened_at),
            happened_at=happened_at,
        )


def person_of(organisation, moment) -> Contact | None:
    """Return who spoke for the organisation on that day, if anybody is on record."""
    day = timezone.localdate(moment)
    running = organisation.affiliations.on(day).select_related("contact").first()
    return running.contact if running else None
