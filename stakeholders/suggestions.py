"""What the fields of the fast entry suggest while one types: organisations, and who took part."""

import re
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from core.search import fold

from .meeting_selectors import SHOWN_CHOICES, organisations_called
from .models import Affiliation, Contact

#: From so many letters on, people of other organisations are suggested too.
EVERYBODY_FROM = 2


@dataclass(frozen=True)
class Suggestion:
    """One line: what the field becomes when it is chosen, what is read, what tells it apart."""

    value: str
    text: str
    hint: str = ""


def suggested_organisations(typed: str, user) -> list[Suggestion]:
    """Return the organisations that ``typed`` may mean, an old name included."""
    return [Suggestion(str(each), str(each)) for each in organisations_called(typed, user)]


def suggested_people(typed: str, user, *, organisation=None, day) -> list[Suggestion]:
    """Return who may be meant by the words after the last comma of ``typed``.

    Those who worked for ``organisation`` on ``day`` come first. A name that several have is
    replaced by the address, so that what is chosen means one person.
    """
    done, _comma, words = typed.rpartition(",")
    before = [part.strip() for part in done.split(",") if part.strip()]
    people = people_like(words.strip(), user, organisation, day)
    several = names_of_several(people, user)
    homes = organisations_of(people, user, day)
    found = []
    for person in people:
        is_clear = "," not in person.name and fold(person.name) not in several
        sign = person.name if person.name and is_clear else person.email
        if sign and fold(sign) not in map(fold, before):
            hint = " · ".join([*homes.get(person.pk, []), *([] if is_clear else [person.email])])
            value = ", ".join([*before, sign, ""])
            found.append(Suggestion(value, str(person), hint))
    return found


def people_like(words: str, user, organisation, day) -> list[Contact]:
    """Return the people with a word in their name that begins so; an address is one from its @."""
    rows = Contact.objects.visible_to(user).current().order_by("name", "pk")
    if words:
        by_address = Q(email__istartswith=words) if "@" in words else Q()
        rows = rows.filter(by_address or Q(name__fold__regex=rf"\m{re.escape(fold(words))}"))
    here = []
    if organisation:
        running = organisation.affiliations.on(day).values("contact")
        here = list(rows.filter(pk__in=running)[:SHOWN_CHOICES])
    if len(words) < EVERYBODY_FROM:
        return here
    others = rows.exclude(pk__in=[each.pk for each in here])
    return [*here, *others[: SHOWN_CHOICES - len(here)]]


def names_of_several(people, user) -> set[str]:
    """Return the folded names of ``people`` that somebody else in the register has too."""
    names = sorted({fold(each.name) for each in people if each.name})
    if not names:
        return set()
    rows = Contact.objects.visible_to(user).current().filter(name__fold__in=names)
    counts = Counter(map(fold, rows.values_list("name", flat=True)))
    return {name for name, count in counts.items() if count > 1}


def organisations_of(people, user, day) -> dict[int, list[str]]:
    """Return the names of the organisations that each of ``people`` worked for on ``day``."""
    rows = Affiliation.objects.visible_to(user).on(day).filter(contact__in=people)
    found: dict[int, list[str]] = {}
    for each in rows.select_related("organisation").order_by("-is_main", "pk"):
        found.setdefault(each.contact_id, []).append(str(each.organisation))
    return found
