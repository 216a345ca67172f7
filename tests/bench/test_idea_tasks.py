"""How we answer, and the mails about steps, at 1,000 ideas and at 100,000.

What a visitor waits for and what ten moves cost must not grow with the ideas. Counting the figures
reads all ideas and does grow: how long the task takes is recorded beside it.
"""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Message, StatusChange
from stakeholders import services
from stakeholders.models import Idea, IdeaStep, OfficialStatement, Subscription
from tests.bench.conftest import clock_of
from tests.bench.results import record
from tests.bench.test_ideas import FILL, KEYS, LARGE, LIMIT, SMALL, forgotten, in_bulk, seconds
from tests.factories.programme import ThemeFactory
from tests.factories.rows import words
from tests.factories.stakeholders import ContactFactory, MunicipalityFactory
from tests.factories.workshops import WorkshopFactory
from workshops.models import AgendaIdea

ROUNDS, MOVES = 7, 10
#: Every so many-th idea waited for its author, had its answer, came to a workshop.
PAUSED, ANSWERED, DISCUSSED = 10, 4, 50
PER_WORKSHOP = 30
BATCH = 2000
DAY = timedelta(days=1)

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]


class Register:
    """Ideas with the history of each, which grows from one size to the next."""

    def __init__(self):
        themes = [ThemeFactory(slug=f"theme-bench-{number}").pk for number in range(8)]
        self.given = {"themes": themes, "municipality": MunicipalityFactory().pk}
        self.size = 0

    def grow_to(self, size):
        numbers = {"first": self.size, "last": size}
        with connection.cursor() as cursor, in_bulk(cursor):
            cursor.execute(FILL, {**self.given, **numbers})
            cursor.execute(KEYS, numbers)
        before = Idea.objects.order_by("pk")[: self.size].count()
        self._remember(list(Idea.objects.order_by("pk")[before:]))
        self.size = size
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _remember(self, ideas):
        """Give each idea its moves, told as they would have been, and some an answer or a link."""
        moves = [move for n, idea in enumerate(ideas) for move in _moves(n, idea)]
        made = StatusChange.objects.bulk_create(moves, batch_size=BATCH)
        told = [move for move in made if move.target == "published"]
        IdeaStep.objects.bulk_create(
            (IdeaStep(idea_id=each.object_id, kind="change", key=each.pk) for each in told),
            batch_size=BATCH,
        )
        answers = (_answer(idea) for idea in ideas[::ANSWERED])
        OfficialStatement.objects.bulk_create(answers, batch_size=BATCH)
        self._discuss([idea for idea in ideas[1::DISCUSSED] if idea.is_public])

    @staticmethod
    def _discuss(ideas):
        workshops = [WorkshopFactory() for _each in range(-(-len(ideas) // PER_WORKSHOP))]
        links = AgendaIdea.objects.bulk_create(
            AgendaIdea(
                workshop=workshops[n // PER_WORKSHOP],
                idea=idea,
                result="retained",
                **words("reason"),
            )
            for n, idea in enumerate(ideas)
        )
        IdeaStep.objects.bulk_create(
            IdeaStep(idea_id=each.idea_id, kind="workshops.Workshop", key=each.workshop_id)
            for each in links
        )


def _moves(n, idea):
    kind = ContentType.objects.get_for_model(Idea)
    steps = [("confirm", "submitted", "received", 0), ("publish", "received", "published", 2)]
    if n % PAUSED == 0:
        steps += [
            ("ask_info", "published", "info_requested", 5),
            ("resume_publication", "info_requested", "published", 9),
        ]
    for name, source, target, days in steps:
        yield StatusChange(
            content_type=kind,
            object_id=idea.pk,
            transition=name,
            source=source,
            target=target,
            at=idea.received_at + days * DAY,
        )


def _answer(idea):
    return OfficialStatement(
        idea=idea,
        kind="answer",
        status="published",
        outcome="accepted",
        published_at=idea.received_at + 40 * DAY,
        **words("signatory", "body"),
    )


@pytest.fixture
def register(monkeypatch):
    """The ideas; no worker sends what is queued."""
    monkeypatch.setattr("core.mail.wake", lambda pk: None)
    return Register()


def work(act) -> float:
    """Return the processor seconds of ``act``, in Python and in PostgreSQL."""
    clock = clock_of(connection.connection)
    start = clock()
    act()
    return clock() - start


def ratios(took: dict) -> dict:
    """Return the figures of {(name, size): seconds} to be recorded."""
    figures = {}
    for name in {name for name, _size in took}:
        small, large = took[name, SMALL], took[name, LARGE]
        figures[f"{name}_at_1000_ms"] = small * 1000
        figures[f"{name}_at_100000_ms"] = large * 1000
        figures[f"{name}_ratio"] = large / small
    return figures


def test_how_we_answer_is_read_as_fast_among_a_hundred_thousand_ideas(register, client):
    page, took, asked = reverse("stakeholders:idea-answering"), {}, {}
    for size in (SMALL, LARGE):
        register.grow_to(size)
        took["count", size] = min(work(services.keep_figures) for _round in range(2))
        client.get(page)
        with CaptureQueriesContext(connection) as counted:
            client.get(page)
        asked[size] = len(counted)
        took["page", size] = min(seconds(client, page) for _round in range(ROUNDS))
        took["page_first", size] = min(forgotten(client, page) for _round in range(ROUNDS))
    figures = ratios(took)
    record("growth.ideas_answering", {**figures, "queries": asked[LARGE]})
    assert asked[SMALL] == asked[LARGE]
    assert figures["page_ratio"] <= LIMIT, figures
    assert figures["page_first_ratio"] <= LIMIT, figures


def ten_moves(staff) -> list[Idea]:
    """Let the review of ten ideas begin, each of which somebody follows."""
    ideas = list(Idea.objects.filter(status="published").order_by("-pk")[:MOVES])
    for idea in ideas:
        Subscription.objects.create(
            contact=ContactFactory(),
            kind="idea",
            target=idea.reference,
            language="nl",
            status="active",
            confirmed_at=timezone.now(),
        )
        services.start_review(idea, by=staff)
    return ideas


def test_ten_moves_are_told_as_fast_among_a_hundred_thousand_ideas(register, make_user):
    took, asked, staff = {}, {}, make_user("staff")
    for size in (SMALL, LARGE):
        register.grow_to(size)
        cache.clear()
        services.tell_steps(all_links=True)
        told, rounds = Message.objects.count(), []
        for done in range(1, ROUNDS + 1):
            ten_moves(staff)
            rounds.append(work(services.tell_steps))
            assert Message.objects.count() == told + done * MOVES
        took["moves", size] = min(rounds)
        took["nothing", size] = min(work(services.tell_steps) for _round in range(ROUNDS))
        took["all", size] = work(lambda: services.tell_steps(all_links=True))
        ten_moves(staff)
        with CaptureQueriesContext(connection) as counted:
            services.tell_steps()
        asked[size] = len(counted)
    figures = ratios(took)
    record("growth.ideas_steps", {**figures, "moves": MOVES, "queries": asked[LARGE]})
    assert asked[SMALL] == asked[LARGE]
    assert figures["moves_ratio"] <= LIMIT, figures
    assert figures["nothing_ratio"] <= LIMIT, figures
