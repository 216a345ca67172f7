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

#: The keys of a text in each language, and how many ideas have each, counted up to one beyond
#: what is looked at.
COUNTS = """
SELECT asked.key, (
    SELECT count(*) FROM (
        SELECT FROM stakeholders_ideakey AS known WHERE known.key = asked.key LIMIT %(most)s
    ) AS counted
)
FROM unnest(%(languages)s::text[]) AS language, title_keys(%(title)s, language) AS asked(key)
"""
#: The newest ideas of each key.
NEWEST = """
SELECT DISTINCT idea_id FROM unnest(%(keys)s::text[]) AS asked(key), LATERAL (
    SELECT idea_id FROM stakeholders_ideakey AS known WHERE known.key = asked.key
    ORDER BY idea_id DESC LIMIT %(most)s
) AS newest
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
    asked = {"title": words, "languages": list(languages), "most": PER_KEY + 1}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, asked)
        counts = sorted((count, ":" in key, key) for key, count in cursor.fetchall() if count)
    and_more = any(count > PER_KEY for count, *_key in counts)
    return [key for *_count, key in counts[:KEYS]], and_more


def newest_of(keys: list[str], most: int = PER_KEY) -> list[int]:
    """Return the ideas of any of ``keys``, of each key the newest."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"keys": keys, "most": most})
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
