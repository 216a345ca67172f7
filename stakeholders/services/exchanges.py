"""The engagement log: what was exchanged with whom, and for which organisation on that day."""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Token
from core.permissions import is_staff
from core.tokens import subject_of
from core.workflow import PermissionRefused, TransitionRefused

from ..models import Affiliation, Interaction, Participation

#: A form that was opened earlier than this is a new entry, also with the same key.
KEY_LIVES = timedelta(days=30)
ENTRY = "exchange-entry"


@transaction.atomic
def log_exchange(
    *,
    by,
    kind: str,
    subject: str,
    organisation=None,
    contacts=(),
    colleagues=(),
    happened_at=None,
    **details,
) -> Interaction:
    """Log one exchange that has taken place, with those who took part on both sides.

    Each person stands for the organisation in which they worked on that day. ``by`` stands for the
    Office where no ``colleagues`` are named. ``details`` are further fields of the exchange.
    """
    happened_at = happened_at or timezone.now()
    _check(by, happened_at)
    exchange = Interaction.objects.create(
        kind=kind, subject=subject, happened_at=happened_at, logged_by=by, **details
    )
    seated = seats(contacts, timezone.localdate(happened_at), organisation)
    theirs = [Participation(contact=person, organisation=seat) for person, seat in seated]
    if organisation and organisation not in [seat for _person, seat in seated]:
        theirs.append(Participation(organisation=organisation))
    ours = [Participation(side="ours", user=user) for user in colleagues or [by]]
    for each in (*theirs, *ours):
        each.interaction, each.happened_at = exchange, happened_at
    Participation.objects.bulk_create([*theirs, *ours])
    return exchange


def _check(by, happened_at):
    if not is_staff(by):
        raise PermissionRefused(_("You may not do this."))
    if happened_at > timezone.now():
        raise TransitionRefused(_("An exchange is logged once it has taken place."))


def seats(contacts, day, organisation=None) -> list[tuple]:
    """Return [(person, organisation for which they stood on ``day``)].

    Of several, ``organisation`` comes before the main one; without any it is what remains.
    """
    contacts = list(contacts)
    running = Affiliation.objects.filter(contact__in=contacts).on(day).order_by("-is_main", "pk")
    by_person: dict[int, list] = {}
    for each in running.select_related("organisation"):
        by_person.setdefault(each.contact_id, []).append(each.organisation)
    found = []
    for person in contacts:
        known = by_person.get(person.pk, [])
        seat = organisation if organisation in known or not known else known[0]
        found.append((person, seat))
    return found


@transaction.atomic
def move_exchange(exchange, happened_at) -> None:
    """Move an exchange to another moment, with those who took part.

    Whoever stood for the organisation of the old day stands for that of the new one.
    """
    if happened_at > timezone.now():
        raise TransitionRefused(_("An exchange is logged once it has taken place."))
    rows = list(
        exchange.participations.select_for_update(of=("self",)).select_related("organisation")
    )
    people = exchange.participations.exclude(contact=None).select_related("contact")
    people = [row.contact for row in people]
    before = dict(seats(people, timezone.localdate(exchange.happened_at)))
    after = dict(seats(people, timezone.localdate(happened_at)))
    persons = {person.pk: person for person in people}
    for row in rows:
        row.happened_at = happened_at
        person = persons.get(row.contact_id)
        if person and after[person] and row.organisation == before[person]:
            row.organisation = after[person]
    Participation.objects.bulk_update(rows, ["happened_at", "organisation"])
    exchange.happened_at = happened_at
    exchange.save(update_fields=["happened_at"])


def once(key: str, *, by, make):
    """Return what ``make()`` makes, or what it made when ``key`` was sent before by the same user.

    A form that is sent twice, even at the same moment, makes one row.
    """
    digest = hashlib.sha256(f"{ENTRY}:{by.pk}:{key}".encode()).hexdigest()
    try:
        with transaction.atomic():
            token = Token.objects.create(
                purpose=ENTRY,
                subject="",
                digest=digest,
                expires_at=timezone.now() + KEY_LIVES,
            )
            made = make()
            token.subject = subject_of(made)
            token.save(update_fields=["subject"])
            return made
    except IntegrityError:
        first = Token.objects.filter(purpose=ENTRY, digest=digest).first()
        if first is None:
            raise
        return Interaction.objects.get(pk=first.subject_pk)
