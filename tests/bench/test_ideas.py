"""The list of ideas, its filters, its search and the similar ideas at 1,000 and 100,000 ideas."""

from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench.conftest import seconds
from tests.bench.results import record
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import MunicipalityFactory

SMALL, LARGE = 1_000, 100_000
ROUNDS = 7
LIMIT = 1.5

#: Ideas one minute apart in two languages and every public state. Each title has a word that a
#: tenth of all have, one that few have, and one that all have; every twentieth is withdrawn.
FILL = """
INSERT INTO stakeholders_idea (uuid, reference, title, body, language, expected_benefit, theme_id,
    municipality_id, submitter_type, helix, organisation_claimed, display, display_text,
    staff_summary, answer, answer_fr, answer_nl, status, outcome, closing_reason, public_note,
    instead, withdrawal_words, submitted_at, received_at, published_at, is_demo)
SELECT gen_random_uuid(), 'SCO-2020-' || n,
    'Un quartier ' || (ARRAY['calme', 'propre', 'vert', 'ouvert', 'bleu', 'sobre', 'gai', 'rapide',
        'solidaire', 'numérique'])[n %% 10 + 1] || ' avec idée' || n / 5,
    'Le texte de ce qui est proposé.', (ARRAY['fr', 'nl'])[n %% 2 + 1], '',
    (%(themes)s::bigint[])[n %% 8 + 1], CASE WHEN n %% 3 > 0 THEN %(municipality)s END,
    'person', '', '', 'anonymous', '', '', '', '', '',
    CASE WHEN n %% 20 = 0 THEN 'withdrawn' WHEN n %% 3 = 0 THEN 'under_review' ELSE 'published' END,
    '', CASE WHEN n %% 20 = 0 THEN 'solved' ELSE '' END, '', '', '',
    moment, moment, moment, true
FROM generate_series(%(first)s, %(last)s - 1) n,
    LATERAL (SELECT timestamptz '2020-01-01' + n * interval '1 minute') AS one(moment)
"""

#: What the trigger of the table does for each row, for all of them at once.
KEYS = """
INSERT INTO stakeholders_ideakey (idea_id, key)
SELECT idea.id, key FROM stakeholders_idea AS idea, title_keys(idea.title, idea.language) AS key
WHERE idea.reference = ANY (ARRAY(
    SELECT 'SCO-2020-' || n FROM generate_series(%(first)s, %(last)s - 1) n))
"""
INVERTED = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'stakeholders_idea' AND indexdef LIKE '%% USING gin %%'
"""

LISTS = {
    "first": "",
    "last_page": "page=999999",
    "theme": "theme=theme-bench-3",
    "state": "status=under_review",
    "withdrawn": "status=withdrawn",
    "place_and_language": "municipality=jette&language=nl",
    "stage": "stage=1",
}
SEARCHES = {
    "common": "search=quartier",
    "tenth": "search=solidaire",
    "rare": "search=idée7",
    "reference": "search=SCO-2020-77",
    "nothing": "search=introuvable",
}
SIMILAR = {
    "common": "title=Un+quartier",
    "typed": "title=Un+quartier+solidaire+avec+des+bancs",
    "rare": "title=Notre+idée7+pour+un+quartier+calme",
    "nothing": "title=Introuvable",
}


@pytest.fixture
def fill(db):
    """Return a function that makes ideas from a number to another."""
    given = {
        "themes": [ThemeFactory(slug=f"theme-bench-{number}").pk for number in range(8)],
        "municipality": MunicipalityFactory().pk,
    }

    def make(first, last):
        with connection.cursor() as cursor, in_bulk(cursor):
            numbers = {"first": first, "last": last}
            cursor.execute(FILL, {**given, **numbers})
            cursor.execute(KEYS, numbers)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return make


@contextmanager
def in_bulk(cursor):
    """Leave out what the table does row by row: inverted indexes are built at the end instead.

    Whatever fills the table inside does the work of its triggers.
    """
    cursor.execute(INVERTED)
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute("ALTER TABLE stakeholders_idea DISABLE TRIGGER USER")
    yield
    cursor.execute("ALTER TABLE stakeholders_idea ENABLE TRIGGER USER")
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute("ANALYZE")


def forgotten(client, address) -> float:
    """Return the seconds of one view after everything that was kept is forgotten."""
    cache.clear()
    return seconds(client, address)


@pytest.mark.bench
def test_ideas_take_no_longer_when_there_are_a_hundred_thousand(fill, client):
    kinds = {
        "list": (reverse("stakeholders:idea-list"), LISTS),
        "search": (reverse("stakeholders:idea-list"), SEARCHES),
        "similar": (reverse("stakeholders:idea-similar"), SIMILAR),
    }
    took, new, asked, first = {}, {}, {}, 0
    for size in (SMALL, LARGE):
        fill(first, size)
        first = size
        for kind, (address, queries) in kinds.items():
            for name, query in queries.items():
                page = f"{address}?{query}"
                cache.clear()
                client.get(page)
                with CaptureQueriesContext(connection) as counted:
                    client.get(page)
                asked[kind, name, size] = len(counted)
                took[kind, name, size] = min(seconds(client, page) for _round in range(ROUNDS))
                new[kind, name, size] = min(forgotten(client, page) for _round in range(ROUNDS))
    slow = {}
    for kind, (_address, queries) in kinds.items():
        figures = {}
        for name in queries:
            small, large = took[kind, name, SMALL], took[kind, name, LARGE]
            figures[f"{name}_at_1000_ms"] = small * 1000
            figures[f"{name}_at_100000_ms"] = large * 1000
            figures[f"{name}_ratio"] = large / small
            first_small, first_large = new[kind, name, SMALL], new[kind, name, LARGE]
            figures[f"{name}_first_at_1000_ms"] = first_small * 1000
            figures[f"{name}_first_at_100000_ms"] = first_large * 1000
            figures[f"{name}_first_ratio"] = first_large / first_small
            figures[f"{name}_queries"] = asked[kind, name, LARGE]
            if large / small > LIMIT:
                slow[kind, name] = (small, large)
        record(f"growth.ideas_{kind}" if kind != "similar" else "growth.similar", figures)
    assert slow == {}
    assert all(asked[kind, name, SMALL] == count for (kind, name, _size), count in asked.items())
