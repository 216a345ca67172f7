"""Ideas like a title, at the same cost among a thousand ideas and among a hundred thousand.

An idea is found by keys (see `IdeaKey`). Of each word only the newest ideas are looked at, so what
is asked grows with the words typed, never with the ideas there are. A word that few titles have
gives all of its ideas; of one that many have, those that share nothing else are left out. A title
with the very same words is always found, because all the words together are a key too.
"""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F
from rapidfuzz import fuzz, process

from core.lookups import Fold
from core.search import DICTIONARIES, fold

from .models import Idea
from .selectors import IDEA_NAMES, listed_ideas

SHOWN = 5
#: As many of the newest ideas of a word are compared; where there are more, the total says so.
PER_KEY = 60
#: As many keys of a title are asked for, the rarest first.
KEYS = 8
#: No title needs more, and nobody else's time is spent on more.
LONGEST = 150

#: The keys of a text in each language.
KEYS_OF = """
SELECT DISTINCT key FROM unnest(%(languages)s::text[]) AS language, title_keys(%(title)s, language)
    AS asked(key)
"""
#: How many ideas have a key, counted up to one beyond what is looked at; and the newest of them.
#: One statement for each key: the planner knows the common ones and reads no more than is asked.
COUNT = """
(SELECT %s, count(*) FROM (
    SELECT FROM stakeholders_ideakey WHERE key = %s ORDER BY key DESC, idea_id DESC LIMIT %s
) AS counted)
"""
NEWEST = """
(SELECT idea_id FROM stakeholders_ideakey WHERE key = %s
ORDER BY key DESC, idea_id DESC LIMIT %s)
"""


@dataclass(frozen=True)
class Similar:
    """The ideas most like a title, how many share a word with it, and whether there are more."""

    ideas: list = field(default_factory=list)
    total: int = 0
    and_more: bool = False


def similar_ideas(title: str, user, *, other_than=None) -> Similar:
    """Return the ideas that ``user`` may see most like ``title``, at most five.

    Words are compared in the language of each idea, blind to case and accents.
    """
    keys, and_more = rarest_keys(title)
    if not keys:
        return Similar()
    pks = [pk for pk in newest_of(keys) if other_than is None or pk != other_than.pk]
    titles = folded_titles(listed_ideas(user).filter(pk__in=pks))
    best = [pk for _title, _score, pk in ranked(title, titles, limit=SHOWN)]
    ideas = Idea.objects.select_related(*IDEA_NAMES).in_bulk(best)
    return Similar([ideas[pk] for pk in best], len(titles), and_more and bool(titles))


def rarest_keys(title: str, languages=tuple(DICTIONARIES)) -> tuple[list[str], bool]:
    """Return the rarest keys of ``title`` that ideas have, and whether more ideas have them."""
    words = title[:LONGEST].replace("\0", " ")
    with connection.cursor() as cursor:
        cursor.execute(KEYS_OF, {"title": words, "languages": list(languages)})
        known = [key for (key,) in cursor.fetchall()]
        if not known:
            return [], False
        asked = [each for key in known for each in (key, key, PER_KEY + 1)]
        cursor.execute(" UNION ALL ".join([COUNT] * len(known)), asked)
        counts = sorted((count, ":" in key, key) for key, count in cursor.fetchall() if count)
    and_more = any(count > PER_KEY for count, *_key in counts)
    return [key for *_count, key in counts[:KEYS]], and_more


def newest_of(keys: list[str], most: int = PER_KEY) -> list[int]:
    """Return the ideas of any of ``keys``, of each key the newest."""
    with connection.cursor() as cursor:
        asked = [each for key in keys for each in (key, most)]
        cursor.execute(" UNION ".join([NEWEST] * len(keys)), asked)
        return [pk for (pk,) in cursor.fetchall()]


def folded_titles(ideas) -> dict[int, str]:
    """Return {pk: title without case and accents} of the query set ``ideas``."""
    rows = ideas.order_by().annotate(folded=Fold(F("title")))
    return dict(rows.values_list("pk", "folded"))


def ranked(title: str, titles: dict[int, str], *, limit=None, at_least: int = 0) -> list[tuple]:
    """Return (title, likeness from 0 to 100, pk), the most alike first and then the newest."""
    newest_first = dict(sorted(titles.items(), reverse=True))
    return process.extract(
        fold(title),
        newest_first,
        scorer=fuzz.token_sort_ratio,
        score_cutoff=at_least,
        limit=limit,
    )
