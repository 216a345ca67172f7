"""Load on the real processes: what was acknowledged is there exactly once, whatever the pace.

Fifty public requests, five ideas and two acts of the staff a second, for LOAD_SECONDS (300).
"""

import os
import re
from urllib.parse import urlsplit

import psycopg2
import pytest

from devtools import embedded
from devtools.checkout import socket_folder
from stakeholders.forms.guards import FASTEST
from tests.bench import load
from tests.bench.results import record

SECONDS = float(os.environ.get("LOAD_SECONDS", "300"))
READS, IDEAS, ACTS = 50, 5, 2
READERS, SENDERS, COLLEAGUES = 32, 48, 4
STAFF = ("staff@example.org", "brussels-demo-2018")
PAGES = [
    *("/fr/", "/nl/", "/fr/ideas/", "/nl/ideas/", "/fr/ideas/new/", "/nl/ideas/?search=bank"),
    *("/fr/ideas/SCO-2026-00001/", "/nl/ideas/SCO-2026-00008/", "/fr/ideas/feed.atom"),
    *("/fr/workshops/", "/nl/projects/", "/fr/roadmap/", "/nl/kpi/", "/fr/standards/"),
    *("/fr/journeys/", "/nl/programme/", "/fr/stakeholders/", "/fr/ideas/similar/?title=banc"),
]
#: How often each title stands in the table, and in which state.
STORED = """
SELECT title, count(*), min(status) FROM stakeholders_idea WHERE title ~ '^(Charge|Papier) \\d+$'
GROUP BY title
"""
TWINS = """
SELECT reference FROM stakeholders_idea WHERE reference IS NOT NULL
GROUP BY reference HAVING count(*) > 1
"""
MAILS = "SELECT count(*), count(DISTINCT key) FROM core_message WHERE template = 'idea_confirm'"
PUBLISHED = """
SELECT idea.title, count(*) FROM core_statuschange AS move
JOIN stakeholders_idea AS idea ON idea.id = move.object_id
JOIN django_content_type AS kind ON kind.id = move.content_type_id AND kind.model = 'idea'
WHERE move.transition = 'publish' AND idea.title ~ '^Papier' GROUP BY idea.title
"""


def asked(database, statement) -> list[tuple]:
    """Return the rows of ``statement`` from the portal's own database."""
    name = re.fullmatch(r"postgres://(\w+)@/(\w+)\?host=(.+)", database)
    with psycopg2.connect(user=name[1], dbname=name[2], host=name[3]) as line, line.cursor() as ask:
        ask.execute(statement)
        return ask.fetchall()


def percentile(times, share) -> float:
    """Return the time in ms within which ``share`` of the requests were answered."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def put_under_load(port) -> load.Log:
    """Run all clients together and return what they saw."""
    log = load.Log()
    theme = re.search(
        r'<select[^>]*name="theme".*?value="(\d+)"',
        load.Client(port).get("/fr/ideas/new/").page,
        re.S,
    )[1]
    colleagues = [load.signed_in(port, *STAFF) for _each in range(COLLEAGUES)]
    reads, ideas, acts = (load.Pace(rate, SECONDS) for rate in (READS, IDEAS, ACTS))
    jobs = [
        (READERS, load.read, (log, reads, port, PAGES)),
        (SENDERS, load.submit, (log, ideas, port, theme, FASTEST + 0.2)),
        *((1, load.work, (log, acts, port, theme, each)) for each in colleagues),
    ]
    log.seconds = load.run_together(jobs)
    return log


def lost_or_doubled(log, database) -> dict[str, list]:
    """Return what breaks a promise: {what: titles}; everything empty is what is wanted."""
    stored = {title: (count, status) for title, count, status in asked(database, STORED)}
    published = dict(asked(database, PUBLISHED))
    kept = log.promised.get("idea", set()) | log.promised.get("paper", set())
    tried = log.tried.get("idea", set()) | log.tried.get("paper", set())
    return {
        "lost": sorted(title for title in kept if title not in stored),
        "twice": sorted(title for title in tried if stored.get(title, (0,))[0] > 1),
        "references": asked(database, TWINS),
        "not published once": sorted(
            title for title in log.promised.get("publish", ()) if published.get(title) != 1
        ),
        "not public": sorted(
            title for title in log.promised.get("publish", ()) if stored[title][1] != "published"
        ),
    }


@pytest.fixture(scope="session")
def pages_kept():
    """The portal of this bench keeps pages as it does by default."""
    os.environ["PAGE_CACHE_SECONDS"] = "5"
    yield
    del os.environ["PAGE_CACHE_SECONDS"]


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_what_was_acknowledged_is_there_once(pages_kept, portal):
    database = embedded.Places(
        data=portal.state, logs=portal.state, sockets=socket_folder(portal.state)
    ).database_url
    log = put_under_load(urlsplit(portal.url).port)
    wrong = lost_or_doubled(log, database)
    ((mails, keys),) = asked(database, MAILS)
    record("load.ideas", figures(log, mails))
    assert {what: titles for what, titles in wrong.items() if titles} == {}
    assert log.promised.keys() == {"idea", "paper", "publish"}
    assert mails == keys
    assert mails >= len(log.promised["idea"])
    assert [each for each in log.statuses if re.search(r" 5\d\d$", each)] == []
    assert log.failures == []


def figures(log, mails) -> dict[str, float]:
    """Return the report: rates that were reached, times, and what was promised."""
    found = {"seconds_asked": SECONDS, "seconds_taken": log.seconds}
    found |= {"processors": os.cpu_count(), "confirmation_mails": mails}
    for kind, times in log.times.items():
        found[f"{kind}_a_second"] = len(times) / log.seconds
        found[f"{kind}_median_ms"] = percentile(times, 0.5)
        found[f"{kind}_95_percent_ms"] = percentile(times, 0.95)
    for kind, titles in log.promised.items():
        found[f"{kind}_acknowledged"] = len(titles)
    found["server_errors"] = sum(n for key, n in log.statuses.items() if key.split()[1] >= "500")
    found["without_answer"] = len(log.failures)
    return found
