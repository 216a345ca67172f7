"""The fast entry: what a filled form of the log becomes, new people with it."""

from django.db import transaction
from django.utils import timezone

from ..models import Affiliation, Contact, Interaction, LegalBasis, Outcome
from .exchanges import log_exchange, once
from .meetings import log_meeting


def log_entry(*, key: str, by, organisation, kind, happened_at, subject, people, strangers, **rest):
    """Log an exchange, or a bilateral meeting that was held, in one go; return the exchange.

    ``rest``: outcomes (codes) and language. The same ``key`` sent twice makes one row.
    """
    words = {"by": by, "organisation": organisation, "happened_at": happened_at}

    def make():
        contacts = [*people, *add_people(strangers, organisation, happened_at, rest["language"])]
        common = {**words, "subject": subject, "contacts": contacts}
        if kind == Interaction.Kind.BILATERAL:
            language = contacts[0].language if contacts else rest["language"]
            return log_meeting(**common, outcomes=rest["outcomes"], language=language)
        summary = ", ".join(str(Outcome(code).label) for code in rest["outcomes"])
        return log_exchange(**common, kind=kind, summary=summary)

    return once(key, by=by, make=make)


@transaction.atomic
def add_people(names, organisation, happened_at, language: str) -> list[Contact]:
    """Put people met for the first time into the register, at the organisation they stood for."""
    made = []
    for name in names:
        is_address = "@" in name
        person = Contact.objects.create(
            name="" if is_address else name,
            email=name.lower() if is_address else "",
            language=language,
            legal_basis=LegalBasis.PUBLIC_TASK,
            is_demo=organisation.is_demo,
        )
        Affiliation.objects.create(
            contact=person, organisation=organisation, starts_on=timezone.localdate(happened_at)
        )
        made.append(person)
    return made
