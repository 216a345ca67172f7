"""The engine of all state machines, tried on a small machine of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import InternalError, connection, connections, transaction

from core.models import StatusChange
from core.permissions import SYSTEM, anyone, is_staff, is_system
from core.selectors import history_of
from core.workflow import (
    REGISTRY,
    PermissionRefused,
    Transition,
    TransitionRefused,
    Workflow,
    workflow_of,
)
from portal.models import NewsItem, NewsStatus


def needs_a_date(item):
    if item.published_on is None:
        raise TransitionRefused("No date yet.")


@pytest.fixture
def flow():
    """A machine beside the real one of the model, taken away afterwards."""
    known = REGISTRY.get("portal.newsitem")
    made = Workflow(
        "portal.NewsItem",
        NewsStatus,
        [
            Transition("publish", ("draft",), "published", is_staff, "Publish", guard=needs_a_date),
            Transition("archive", ("published",), "archived", anyone, "Archive", reason=True),
            Transition("expire", ("published",), "archived", is_system, "Expire"),
        ],
    )
    yield made
    REGISTRY.pop("portal.newsitem")
    if known:
        REGISTRY["portal.newsitem"] = known


@pytest.fixture
def item(db):
    words = {f"{field}_{code}": "x" for field in ("title", "body") for code in ("fr", "nl")}
    return NewsItem.objects.create(slug="a", published_on="2026-11-24", **words)


def test_a_move_saves_the_state_the_changes_and_a_line_of_history(flow, item, make_user):
    staff = make_user("staff")
    flow.apply(item, "publish", by=staff, note="ready", title_fr="Neuf")
    item.refresh_from_db()
    assert (item.status, item.title_fr) == ("published", "Neuf")
    line = history_of(item).get()
    assert (line.source, line.target, line.by, line.note) == (
        "draft",
        "published",
        staff,
        "ready",
    )


def test_a_move_from_another_state_is_refused_in_words(flow, item, make_user):
    with pytest.raises(TransitionRefused, match="draft"):
        flow.apply(item, "archive", by=make_user(), note="old")
    assert not StatusChange.objects.exists()


def test_a_move_without_the_role_is_refused_even_to_a_superuser(flow, item, make_user):
    with pytest.raises(PermissionRefused):
        flow.apply(item, "publish", by=make_user(is_superuser=True))


def test_a_refusal_of_the_guard_changes_nothing(flow, item, make_user):
    NewsItem.objects.filter(pk=item.pk).update(published_on=None)
    with pytest.raises(TransitionRefused, match="No date yet"):
        flow.apply(item, "publish", by=make_user("staff"), title_fr="Neuf")
    item.refresh_from_db()
    assert (item.status, item.title_fr) == ("draft", "x")


def test_an_obligatory_reason_is_asked_for(flow, item, make_user):
    flow.apply(item, "publish", by=make_user("staff"))
    with pytest.raises(TransitionRefused):
        flow.apply(item, "archive", by=make_user(), note="  ")


def test_only_the_portal_itself_makes_its_own_moves(flow, item, make_user):
    staff = make_user("staff")
    flow.apply(item, "publish", by=staff)
    with pytest.raises(PermissionRefused):
        flow.apply(item, "expire", by=staff)
    assert flow.apply(item, "expire", by=SYSTEM).by is None


def test_available_gives_what_this_user_may_do_from_here(flow, item, make_user):
    assert [each.name for each in flow.available(item, make_user("staff"))] == ["publish"]
    assert flow.available(item, make_user()) == []


def test_run_calls_the_verb_and_refuses_what_does_not_exist(flow, item, make_user):
    @flow.verb("publish")
    def publish(obj, *, by, note=""):
        return flow.apply(obj, "publish", by=by, note=note or "by the verb")

    assert flow.run(item, "publish", by=make_user("staff")).note == "by the verb"
    with pytest.raises(TransitionRefused):
        flow.run(item, "explode", by=make_user("staff"))


def test_a_table_with_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="unknown states"):
        Workflow("x.Y", NewsStatus, [Transition("a", ("draft",), "nowhere", anyone, "A")])


def test_history_cannot_be_rewritten(flow, item, make_user):
    line = flow.apply(item, "publish", by=make_user("staff"))
    with pytest.raises(InternalError), transaction.atomic():
        StatusChange.objects.filter(pk=line.pk).update(note="other")
    with pytest.raises(InternalError), transaction.atomic():
        StatusChange.objects.filter(pk=line.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_of_eight_concurrent_moves_one_succeeds(flow, item, make_user):
    staff = make_user("staff")
    assert staff.roles  # loaded here, so that the threads share it
    start = Barrier(8)

    def move(_number):
        start.wait()
        try:
            flow.apply(NewsItem.objects.get(pk=item.pk), "publish", by=staff)
        except TransitionRefused:
            return "refused"
        finally:
            connections.close_all()
        return "moved"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(move, range(8)))
    assert answers == ["moved"] + ["refused"] * 7
    assert StatusChange.objects.count() == 1
    connection.close()


@pytest.mark.parametrize("label", sorted(REGISTRY))
def test_every_transition_of_the_portal_has_its_verb(label):
    flow = REGISTRY[label]
    assert set(flow.table) == set(flow.verbs)


def test_the_workflow_of_a_model_is_found(flow):
    assert workflow_of(NewsItem) is flow
    assert workflow_of(StatusChange) is None
