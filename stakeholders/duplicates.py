"""Records that may be the same: proposed in pairs, decided by people, never proposed again.

Names are compared folded, whatever their language, old ones included. Comparing all with all would
take for ever at 20,000 organisations, so only names that share the beginning of a word are.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from core.search import LANGUAGES, fold

from .models import (
    Affiliation,
    Contact,
    DistinctContacts,
    DistinctOrganisations,
    Organisation,
    OrganisationName,
)

ALIKE = 90
#: Two short words differ in a letter and mean different things: below this they have to be equal.
SHORTEST_COMPARED = 6
PREFIX = 4
#: A beginning that so many names share says nothing about any two of them.
CROWD = 200
#: A host that more organisations share is a platform, not a house.
HOUSE = 3
LEGAL_FORMS = frozenset({"asbl", "vzw", "aisbl", "ivzw", "sa", "nv", "srl", "bv", "sprl", "bvba"})
KEPT_FOR = 3600
SHOWN_AT_MOST = 500


class Reason(models.TextChoices):
    """Why two records may be the same."""

    NAME = "name", _("same name")
    SIMILAR = "similar", _("similar name")
    WEBSITE = "website", _("same website")
    COLLEAGUE = "colleague", _("same name in the same organisation")
    ADDRESS = "address", _("similar e-mail address")


@dataclass(frozen=True)
class Pair:
    """Two keys, the smaller first, how alike the records are (0 to 100), and why."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


def bare(name: str) -> str:
    """Return ``name`` folded, without punctuation and legal form."""
    words = re.findall(r"\w+", fold(name or ""))
    return " ".join(word for word in words if word not in LEGAL_FORMS)


def host(website: str) -> str:
    """Return the host of an address without `www.`, "" where there is none."""
    text = website if "://" in website else f"https://{website}"
    return (urlsplit(text).hostname or "").removeprefix("www.") if website else ""


class NameIndex:
    """Names with the keys of their records, to find those that resemble a name."""

    def __init__(self, entries):
        """Take (key, name) pairs; a record may have several names."""
        self.exact, self.blocks = defaultdict(set), defaultdict(set)
        for key, name in entries:
            text = bare(name)
            if text:
                self.exact[text].add(key)
        for text in self.exact:
            for block in self._blocks_of(text):
                self.blocks[block].add(text)

    @staticmethod
    def _blocks_of(text):
        if len(text) < SHORTEST_COMPARED:
            return set()
        return {word[:PREFIX] for word in text.split() if len(word) >= PREFIX or word.isdigit()}

    def alike(self, name: str) -> dict[int, int]:
        """Return {key: score} of the records with the same (100) or a similar name."""
        text = bare(name)
        found = dict.fromkeys(self.exact.get(text, ()), 100)
        near = set()
        for block in self._blocks_of(text):
            members = self.blocks.get(block, set())
            near |= members if len(members) <= CROWD else set()
        near = [each for each in near if each != text and digits(each) == digits(text)]
        scores = process.extract(
            text, near, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=None
        )
        for other, score, _position in scores:
            for key in self.exact[other]:
                found[key] = max(found.get(key, 0), min(int(score), 99))
        return found


def digits(text: str) -> list[str]:
    """Return the numbers in ``text``: school 7 is not school 8."""
    return re.findall(r"\d+", text)


def names_of_organisations():
    """Return (key, name) of every name that an organisation of today has or had."""
    columns = [f"{field}_{code}" for field in ("name", "short_name") for code in LANGUAGES]
    for pk, *names in Organisation.objects.current().values_list("pk", *columns):
        yield from ((pk, name) for name in names if name)
    former = OrganisationName.objects.filter(organisation__merged_into=None)
    columns = [f"name_{code}" for code in LANGUAGES]
    for pk, *names in former.values_list("organisation_id", *columns):
        yield from ((pk, name) for name in names if name)


def find_organisations() -> list[Pair]:
    """Return the pairs of organisations that may be the same, the most alike first."""
    entries = list(names_of_organisations())
    index, found = NameIndex(entries), {}
    for key, name in entries:
        for other, score in index.alike(name).items():
            if other != key:
                reason = Reason.NAME if score == 100 else Reason.SIMILAR
                _note(found, key, other, score, reason)
    for key, other in _same_house():
        _note(found, key, other, ALIKE, Reason.WEBSITE)
    return _ranked(found)


def _same_house():
    by_host = defaultdict(list)
    rows = Organisation.objects.current().exclude(website="").values_list("pk", "website")
    for pk, website in rows:
        by_host[host(website)].append(pk)
    for name, pks in by_host.items():
        if name and len(pks) <= HOUSE:
            yield from combinations(sorted(pks), 2)


def _note(found, one, other, score, reason):
    pair = (min(one, other), max(one, other))
    best, reasons = found.get(pair, (0, frozenset()))
    found[pair] = (max(best, score), reasons | {reason})


def _ranked(found) -> list[Pair]:
    pairs = [
        Pair(*keys, score, tuple(reason for reason in Reason.values if reason in reasons))
        for keys, (score, reasons) in found.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second))


def find_contacts() -> list[Pair]:
    """Return the pairs of people that may be the same, the most alike first."""
    found = {}
    for one, other in _namesakes_at_work():
        _note(found, one, other, 100, Reason.COLLEAGUE)
    for one, other in _similar_addresses():
        _note(found, one, other, ALIKE, Reason.ADDRESS)
    return _ranked(found)


def _namesakes_at_work():
    known = Affiliation.objects.filter(contact__in=Contact.objects.current())
    groups = defaultdict(set)
    for organisation, pk, name in known.values_list("organisation", "contact", "contact__name"):
        if bare(name):
            groups[organisation, " ".join(sorted(bare(name).split()))].add(pk)
    for pks in groups.values():
        yield from combinations(sorted(pks), 2)


def _similar_addresses():
    """Yield pairs whose addresses differ by a slip of the finger."""
    people = Contact.objects.current().exclude(email="").values_list("pk", "email")
    blocks = defaultdict(list)
    for pk, email in people:
        local, _at, domain = email.lower().rpartition("@")
        plain = local.partition("+")[0].replace(".", "")
        blocks["local", plain].append((pk, plain, domain))
        blocks["domain", domain, plain[:3]].append((pk, plain, domain))
    for members in blocks.values():
        if len(members) <= CROWD:
            for (one, *first), (other, *second) in combinations(members, 2):
                if _one_slip(*first, *second):
                    yield one, other


def _one_slip(local, domain, other_local, other_domain) -> bool:
    if local == other_local:
        return Levenshtein.distance(domain, other_domain) <= 2
    return (
        domain == other_domain
        and min(len(local), len(other_local)) >= SHORTEST_COMPARED
        and digits(local) == digits(other_local)
        and Levenshtein.distance(local, other_local) <= 1
    )


FINDERS = {
    Organisation: (find_organisations, DistinctOrganisations),
    Contact: (find_contacts, DistinctContacts),
}


def refresh(model) -> list[Pair]:
    """Look for pairs again and keep them for an hour; return them."""
    pairs = FINDERS[model][0]()
    cache.set(_cache_key(model), pairs, KEPT_FOR)
    return pairs


def _cache_key(model) -> str:
    return f"stakeholders.duplicates.{model._meta.model_name}"


def proposals(model) -> list[Pair]:
    """Return the pairs to decide: found within the hour, neither decided nor merged since."""
    pairs = cache.get(_cache_key(model))
    pairs = refresh(model) if pairs is None else pairs
    if not pairs:
        return []
    current = set(model.objects.current().filter(pk__in=_keys(pairs)).values_list("pk", flat=True))
    told = decided(model)
    return [
        pair
        for pair in pairs
        if {pair.first, pair.second} <= current and (pair.first, pair.second) not in told
    ][:SHOWN_AT_MOST]


def _keys(pairs) -> set[int]:
    return {key for pair in pairs for key in (pair.first, pair.second)}


def decided(model) -> set[tuple[int, int]]:
    """Return the pairs that somebody found to be two; a merge hands this on to its survivor."""
    rows = FINDERS[model][1].objects.values_list(
        "first_id", "first__merged_into", "second_id", "second__merged_into"
    )
    ends = [
        (first_into or first, second_into or second)
        for first, first_into, second, second_into in rows
    ]
    return {(min(pair), max(pair)) for pair in ends}
