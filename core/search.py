"""Search and ordering that know the three languages, blind to case and accents.

Stemming alone is weak in French and Dutch ("vélo" misses "vélos"), so a search is full text in the
right dictionary, or a part of a word in any spelling; of a short word only where a word begins or
ends, so that "vélo" is no answer in "développer" and "bus" is one in "nachtbus". The embedded
PostgreSQL has no `unaccent` and no trigrams: what is sorted or compared is folded by an SQL
function of our own (`fold`, with this Python twin); what is searched is not folded at all, the
words asked for become patterns that know the accents. Over thousands of rows that is fifty times
faster.
"""

import re
import unicodedata
from collections import defaultdict
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from .lookups import Fold

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
DICTIONARIES = {"fr": "french", "nl": "dutch", "en": "english"}
#: Words of so many letters are looked for inside longer words too.
ANYWHERE_FROM = 5
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents and ligatures, as SQL `fold()` does."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def current_language() -> str:
    """Return the active language code, or French where none of the three is active."""
    language = (get_language() or "")[:2]
    return language if language in LANGUAGES else "fr"


def in_language(field: str, language: str | None = None):
    """Return the expression of translated ``field``, falling back fr, nl, en where it is empty."""
    first = language or current_language()
    order = [first, *(code for code in LANGUAGES if code != first)]
    columns = [NullIf(F(f"{field}_{code}"), Value("")) for code in order]
    return Coalesce(*columns, Value(""))


def singular(word: str) -> str:
    """Return a folded ``word`` without the ending of a French or Dutch plural, if it is long."""
    if len(word) > 4 and word[-1] in "sx":
        return word[:-1]
    return word[:-2] if len(word) > 6 and word.endswith("en") else word


def _spellings() -> dict[str, str]:
    found = defaultdict(str)
    for char in map(chr, range(0xC0, 0x180)):
        if char.islower():
            found[fold(char)] += char
    return dict(found)


#: What `fold` makes of the accented letters and ligatures of Latin scripts, the other way round.
SPELLINGS = _spellings()
LIGATURE_PARTS = "|".join(sorted(key for key in SPELLINGS if len(key) > 1))
START = 3


def pattern(word: str) -> str:
    """Return the regular expression that finds a folded ``word`` with any accents and ligatures."""
    return "".join(_any_spelling(part) for part in re.findall(f"{LIGATURE_PARTS}|.", word))


def _any_spelling(part: str) -> str:
    letters = "".join(
        f"[{letter}{SPELLINGS[letter]}]" if letter in SPELLINGS else re.escape(letter)
        for letter in part
    )
    return f"(?:{letters}|[{SPELLINGS[part]}])" if len(part) > 1 else letters


def document(columns):
    """Return the expression of the text of all ``columns``, one after the other."""
    return Func(Value(" "), *columns, function="CONCAT_WS", output_field=TextField())


def matches(query: str) -> Q:
    """Return the condition "`document` contains every word of ``query``", in any spelling.

    A plural finds its singular.
    """
    condition = Q()
    for word in fold(query).split():
        wanted = sorted({part_of_word(each) for each in (word, singular(word))})
        condition &= Q(document__iregex="|".join(wanted))
    return condition


def part_of_word(word: str) -> str:
    """Return the pattern of a folded ``word``: a short one counts at the edge of a word only."""
    anywhere = pattern(word)
    return anywhere if len(word) >= ANYWHERE_FROM else rf"\m{anywhere}|{anywhere}\M"


def may_stem(query: str) -> Q:
    """Return a condition that whatever full text search finds fulfils, and that is quick to check.

    A form of a word and its stem begin alike; computing the lexemes of each row is what takes long.
    """
    starts = "|".join(pattern(word[:START]) for word in fold(query).split())
    return Q(document__iregex=rf"\m(?:{starts})")


class TrilingualSearch:
    """Query-set mix-in. The query set names `search_translated` and `search_plain` fields."""

    search_translated: tuple[str, ...] = ()
    search_plain: tuple[str, ...] = ()

    def search(self, query: str):
        """Return the rows that answer ``query``: full text in each language or parts of words.

        An empty query returns everything.
        """
        if not query.strip():
            return self
        stems, vectors = Q(pk__in=[]), {}
        for code, dictionary in DICTIONARIES.items():
            columns = [f"{field}_{code}" for field in self.search_translated]
            vectors[f"vector_{code}"] = SearchVector(
                *columns, *self.search_plain, config=dictionary
            )
            stems |= Q(**{f"vector_{code}": SearchQuery(query, config=dictionary)})
        rows = self.alias(document=document(self._searched()), **vectors)
        return rows.filter(matches(query) | (may_stem(query) & stems))

    def _searched(self) -> list[str]:
        translated = (f"{name}_{code}" for name in self.search_translated for code in LANGUAGES)
        return [*self.search_plain, *translated]

    def order_by_translated(self, field: str, *more: str):
        """Order by ``field`` in the language of the page, blind to case and accents."""
        return self.order_by(Fold(in_language(field)), *more)


def answer(title: str, address: str, query: str, rows, shown: int = 5) -> dict:
    """Return what a group of the portal's search shows: {"title", "url", "total", "rows"}.

    ``address`` is the list that finds the same ``rows`` when it is asked for ``query``. One query
    goes through the rows: it counts them and tells which come first.
    """
    keys = list(rows.values_list("pk", flat=True))
    return {
        "title": title,
        "url": f"{address}?{urlencode({'search': query})}",
        "total": len(keys),
        "rows": list(rows.filter(pk__in=keys[:shown])),
    }
