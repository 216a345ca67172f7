"""Search and ordering that know the three languages, blind to case and accents.

Stemming alone is weak in French and Dutch ("vélo" misses "vélos"), so a search is full text in the
right dictionary, or a folded substring; of a short word only where a word begins or ends, so that
"vélo" is no answer in "développer" and "bus" is one in "nachtbus". The embedded PostgreSQL has no
`unaccent`, so folding is an SQL function of our own (`fold`), with this Python twin.
"""

import re
import unicodedata

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Q, Value
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


def matches(query: str, *, translated=(), plain=()) -> Q:
    """Return the condition "some field contains every word of ``query``", folded.

    ``translated`` names modeltranslation fields (each of the three columns is tried), ``plain``
    other text fields. Every word has to be found, each in any of the fields; a plural finds its
    singular.
    """
    columns = [
        *plain,
        *(f"{field}_{code}" for field in translated for code in LANGUAGES),
    ]
    condition = Q()
    for word in fold(query).split():
        found = Q()
        for column in columns:
            for lookup, value in map(lookup_of, {word, singular(word)}):
                found |= Q(**{f"{column}__fold__{lookup}": value})
        condition &= found
    return condition


def lookup_of(word: str) -> tuple[str, str]:
    """Return the lookup and its value for a folded ``word``: anywhere, or at the edge of a word."""
    if len(word) >= ANYWHERE_FROM:
        return "contains", word
    literal = re.escape(word)
    return "regex", rf"(^|[^[:alnum:]]){literal}|{literal}($|[^[:alnum:]])"


class TrilingualSearch:
    """Query-set mix-in. The query set names `search_translated` and `search_plain` fields."""

    search_translated: tuple[str, ...] = ()
    search_plain: tuple[str, ...] = ()
    #: Names the column with the language in which the plain fields were written, if there is one.
    search_language_field: str | None = None

    def search(self, query: str):
        """Return the rows that answer ``query``: full text in each language or folded substring.

        An empty query returns everything.
        """
        if not query.strip():
            return self
        vectors = self._vectors()
        found = matches(query, translated=self.search_translated, plain=self.search_plain)
        for code in vectors:
            found |= Q(**{f"vector_{code}": SearchQuery(query, config=DICTIONARIES[code])})
        names = {f"vector_{code}": vector for code, vector in vectors.items()}
        return self.alias(**names).filter(found)

    def _vectors(self) -> dict:
        vectors = {}
        for code in LANGUAGES:
            columns = [f"{field}_{code}" for field in self.search_translated]
            columns += self.search_plain
            if columns:
                vectors[code] = SearchVector(*columns, config=DICTIONARIES[code])
        return vectors

    def order_by_translated(self, field: str, *more: str):
        """Order by ``field`` in the language of the page, blind to case and accents."""
        return self.order_by(Fold(in_language(field)), *more)
