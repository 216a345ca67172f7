"""Search and ordering that know the three languages, blind to case and accents.

A search looks for every word that is asked for: as a part of a word, of a short word only where a
word begins or ends (so that "vélo" is no answer in "développer" and "bus" is one in "nachtbus"), or
as another form of the word in the language of the text ("vélo" finds "vélos", "fiets" "fietsen").
The SQL functions `search_index` and `search_query` say what that means, on both sides; each model
that is searched has an index of it, so that the time follows what is found, not what there is.
"""

import unicodedata
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from .lookups import Fold

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
DICTIONARIES = {"fr": "french", "nl": "dutch", "en": "english"}
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


class Joined(Func):
    """The texts of some columns, one after the other; unlike CONCAT_WS it may stand in an index."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    def __init__(self, *columns):
        parts = [
            Coalesce(F(each) if isinstance(each, str) else each, Value("")) for each in columns
        ]
        super().__init__(*(parts or [Value("")]))


class SearchIndex(Func):
    """What can be found of a row: ``plain`` columns in any language, the others in their own."""

    function = "search_index"
    output_field = SearchVectorField()

    def __init__(self, *texts, translated=(), plain=()):
        if not texts:
            own = [[f"{name}_{code}" for name in translated] for code in DICTIONARIES]
            texts = [Joined(*columns) for columns in (plain, *own)]
        super().__init__(*texts)


class Asked(Func):
    """The words of a search. A query of its own, so that the planner trusts the index, not a guess.

    With the words before it, it takes a common word for reason to compute the index of each row.
    """

    function = "search_query"
    template = "(SELECT %(function)s(%(expressions)s))"
    output_field = SearchQueryField()

    def __init__(self, words: str):
        super().__init__(Value(words, output_field=TextField()))


class Answers(Func):
    """The condition "this index has all the words asked for"."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class TrilingualSearch:
    """Query-set mix-in. The query set names `search_translated` and `search_plain` fields."""

    search_translated: tuple[str, ...] = ()
    search_plain: tuple[str, ...] = ()

    def search(self, query: str):
        """Return the rows that answer ``query``; an empty one is answered by all."""
        if not query.strip():
            return self
        return self.filter(Answers(self.searched(), Asked(query)))

    @classmethod
    def searched(cls) -> SearchIndex:
        """Return what can be found of a row."""
        return SearchIndex(translated=cls.search_translated, plain=cls.search_plain)

    def order_by_translated(self, field: str, *more: str):
        """Order by ``field`` in the language of the page, blind to case and accents."""
        return self.order_by(Fold(in_language(field)), *more)


def search_index(name: str, rows: type[TrilingualSearch]) -> GinIndex:
    """Return the index of the model ``name`` that the query sets ``rows`` search."""
    return GinIndex(rows.searched(), name=f"search_{name}")


def answer(title: str, address: str, query: str, rows, shown: int = 5) -> dict:
    """Return what a group of the portal's search shows: {"title", "url", "total", "rows"}.

    ``address`` is the list that finds the same ``rows`` when it is asked for ``query``.
    """
    total = rows.count()
    return {
        "title": title,
        "url": f"{address}?{urlencode({'search': query})}",
        "total": total,
        "rows": list(rows[:shown]) if total else [],
    }
