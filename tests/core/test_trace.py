"""The chain walked both ways, seen only as far as the reader may see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import trace
from core.trace import Edge
from programme.models import Theme
from projects.models import Call, ProjectSheet, SheetIdea
from stakeholders.models import Idea
from workshops.models import AgendaIdea, Workshop

PUBLIC = AnonymousUser()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _edges(monkeypatch):
    """Two links of the chain and one that leads back, so that the graph has a loop."""
    monkeypatch.setattr(trace, "EDGES", [])
    for edge in (
        Edge(
            "stakeholders.Idea",
            "workshops.Workshop",
            "workshops.AgendaIdea",
            "idea",
            "workshop",
            "discussed in",
            "discussed",
        ),
        Edge(
            "workshops.Workshop",
            "projects.ProjectSheet",
            "projects.ProjectSheet_workshops",
            "workshop",
            "projectsheet",
            "deepened as",
            "deepened in",
        ),
        Edge(
            "stakeholders.Idea",
            "projects.ProjectSheet",
            "projects.SheetIdea",
            "idea",
            "sheet",
            "led to",
            "born from",
        ),
    ):
        trace.register(edge)


@pytest.fixture
def theme(db):
    return Theme.objects.create(slug="mobility", name_fr="Mobilité", name_nl="Mobiliteit")


@pytest.fixture
def make_chain(theme):
    """Return a maker of idea → workshop → sheet number ``n``."""
    call = Call.objects.create(
        slug="c", name_fr="Appel", name_nl="Oproep", edition=1, opens_on=NOON, closes_on=NOON
    )

    def make(n, sheet_status="frozen"):
        idea = Idea.objects.create(
            title=f"Idea {n}",
            body="b",
            language="fr",
            theme=theme,
            status="published",
            reference=f"SCO-2026-{n:05}",
        )
        words = {f"{f}_{c}": "x" for f in ("title", "summary", "venue") for c in ("fr", "nl")}
        workshop = Workshop.objects.create(
            kind="multidisciplinary",
            series_no=n,
            starts_at=NOON,
            ends_at=NOON + timedelta(hours=2),
            status="published",
            **words,
        )
        AgendaIdea.objects.create(workshop=workshop, idea=idea)
        words = {f"{f}_{c}": "x" for f in ProjectSheet.public_fields for c in ("fr", "nl")}
        sheet = ProjectSheet.objects.create(
            reference=f"FP-{n}", call=call, theme=theme, status=sheet_status, **words
        )
        sheet.workshops.add(workshop)
        SheetIdea.objects.create(sheet=sheet, idea=idea)
        return idea, workshop, sheet

    return make


def test_down_the_chain_everything_is_met_once(make_chain):
    idea, workshop, sheet = make_chain(1)
    (root,) = trace.walk([idea], PUBLIC)
    assert [node.obj for node in trace.descendants(root)] == [workshop, sheet]


def test_up_the_chain_leads_back_to_the_idea(make_chain):
    idea, workshop, sheet = make_chain(1)
    (root,) = trace.walk([sheet], PUBLIC, down=False)
    assert {node.obj for node in trace.descendants(root)} == {workshop, idea}


def test_what_is_hidden_is_not_met_and_hides_what_is_behind_it(make_chain, make_user):
    idea, workshop, _sheet = make_chain(1, sheet_status="draft")
    seen = lambda user: [n.obj for n in trace.descendants(trace.walk([idea], user)[0])]  # noqa: E731
    assert seen(PUBLIC) == [workshop]
    assert len(seen(make_user("staff"))) == 2
    Workshop.objects.update(status="draft")
    assert seen(PUBLIC) == []


def test_neighbours_are_grouped_by_label_both_ways(make_chain):
    idea, workshop, sheet = make_chain(1)
    assert trace.neighbours(workshop, PUBLIC) == {
        "up": [("discussed", [idea])],
        "down": [("deepened as", [sheet])],
    }


def test_stages_say_how_far_each_came(make_chain):
    idea = make_chain(1)[0]
    other = make_chain(2, sheet_status="draft")[0]
    assert trace.stages([idea, other], PUBLIC) == {idea.pk: 3, other.pk: 2}


def test_the_walk_takes_as_many_queries_for_three_as_for_one(make_chain):
    chains = [make_chain(n) for n in (1, 2, 3)]
    counts = []
    for ideas in ([chains[0][0]], [chain[0] for chain in chains]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            trace.stages(ideas, PUBLIC)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_loop_ends(make_chain):
    idea, workshop, _sheet = make_chain(1)
    trace.register(
        Edge(
            "workshops.Workshop",
            "stakeholders.Idea",
            "workshops.AgendaIdea",
            "workshop",
            "idea",
            "back",
            "forth",
        )
    )
    (root,) = trace.walk([idea], PUBLIC)
    assert workshop in [node.obj for node in trace.descendants(root)]


def test_an_edge_may_hide_its_links(make_chain, monkeypatch):
    from django.db.models import Q

    idea, _workshop, _sheet = make_chain(1)
    secret = Edge(
        "stakeholders.Idea",
        "workshops.Workshop",
        "workshops.AgendaIdea",
        "idea",
        "workshop",
        "discussed in",
        "discussed",
        visible=lambda user: Q(pk__in=[]),
    )
    monkeypatch.setattr(trace, "EDGES", [secret])
    assert trace.neighbours(idea, PUBLIC) == {"up": [], "down": []}
