"""The journey of an idea: everything that came of it, as far as the reader may see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from core import trace
from core.reach import having_reached, with_reach
from portal.journeys import ideas_by_reach, journey_of
from portal.panels import ideas_of_workstream
from stakeholders.models import Idea
from tests.factories.portal import (
    NOON,
    IdeaFactory,
    make_chain,
    make_decision,
    make_initiative,
    make_sheet,
    make_workshop,
)
from tests.factories.programme import WorkstreamFactory

pytestmark = pytest.mark.django_db
QUERIES_OF_AN_IDEA = 18
PUBLIC = AnonymousUser()


def page_of(client, idea, language="fr"):
    with translation.override(language):
        return client.get(reverse("portal:journey", args=[idea.reference]))


def test_every_step_is_told_with_its_link(client):
    chain = make_chain()
    page = page_of(client, chain.idea).content.decode()
    for thing in (chain.workshop, chain.sheet, chain.decision, chain.initiative, chain.indicator):
        with translation.override("fr"):
            assert thing.get_absolute_url() in page
    assert "Utile aux livreurs" in page
    assert "Le besoin est prouvé" in page


@pytest.mark.parametrize(
    ("language", "reason"), [("fr", "Le besoin est prouvé"), ("nl", "De nood is bewezen")]
)
def test_reasons_are_in_the_language_of_the_page(client, language, reason):
    chain = make_chain()
    page = page_of(client, chain.idea, language).content.decode()
    assert f'<html lang="{language}">' in page
    assert reason in page


def test_came_all_the_way():
    journey = journey_of(make_chain().idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (6, False)
    assert [bool(step.chapters) for step in journey.steps] == [True] * 6


def test_waits_where_it_is():
    idea = IdeaFactory()
    make_sheet(idea, status="frozen")
    journey = journey_of(idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (3, False)
    assert [step.state for step in journey.steps] == ["on", "on", "now", "", "", ""]


@pytest.mark.parametrize("result", ["dropped", "parked"])
def test_stops_in_the_workshop_and_says_why(client, result):
    idea = IdeaFactory()
    make_workshop(idea, result=result)
    journey = journey_of(idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (2, True)
    assert "Utile aux livreurs" in page_of(client, idea).content.decode()


def test_stops_at_a_refusal_and_says_why(client):
    idea = IdeaFactory()
    make_decision(make_sheet(idea, status="published"), outcome="not_selected")
    journey = journey_of(idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (4, True)
    assert "Le besoin est prouvé" in page_of(client, idea).content.decode()


def test_one_refusal_does_not_end_what_another_sheet_carries_on():
    idea = IdeaFactory()
    make_decision(make_sheet(idea, 1, "published"), outcome="not_selected", number=1)
    make_initiative(make_decision(make_sheet(idea, 2), number=2))
    journey = journey_of(idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (5, False)


def test_withdrawn_idea_has_ended_and_says_why(client):
    idea = IdeaFactory(status="withdrawn", closing_reason="solved", published_at=NOON)
    journey = journey_of(idea, PUBLIC)
    assert (journey.reach, journey.has_stopped) == (1, True)
    assert "the need was met in another way" in page_of(client, idea, "en").content.decode()


def test_answered_idea_shows_its_answer(client):
    idea = IdeaFactory(
        status="answered", outcome="declined", answer_fr="Trop cher.", answer_nl="Te duur."
    )
    assert journey_of(idea, PUBLIC).has_stopped
    assert "Te duur." in page_of(client, idea, "nl").content.decode()


def test_merged_idea_follows_the_one_that_took_it_in():
    chain = make_chain()
    merged = IdeaFactory(status="merged", duplicate_of=chain.idea)
    assert journey_of(merged, PUBLIC).reach == 6


def test_what_is_not_public_does_not_exist_for_the_public(client, make_user):
    chain = make_chain()
    chain.sheet.status = "draft"
    chain.sheet.save()
    chain.workshop.status = "draft"
    chain.workshop.save()
    page = page_of(client, chain.idea).content.decode()
    assert chain.sheet.reference not in page
    assert chain.initiative.get_absolute_url() not in page
    assert journey_of(chain.idea, PUBLIC).reach == 1
    assert journey_of(chain.idea, make_user("staff")).reach == 6


@pytest.mark.parametrize("status", ["submitted", "received", "info_requested", "hidden"])
def test_journey_of_a_hidden_idea_is_not_found(client, status):
    idea = IdeaFactory(status=status)
    assert page_of(client, idea).status_code == 404


@pytest.mark.parametrize("reference", ["SCO-2026-99999", "..", "x' OR 1=1"])
def test_unknown_reference_is_not_found(client, reference):
    assert client.get(f"/fr/journeys/{reference}/").status_code == 404


def test_list_has_the_furthest_first(client):
    near = IdeaFactory()
    far = make_chain().idea
    middle = IdeaFactory()
    make_sheet(middle, 9, "frozen")
    rows = client.get("/fr/journeys/").context["page_obj"].object_list
    assert [(idea, idea.reach) for idea in rows] == [(far, 6), (middle, 3), (near, 1)]


def test_list_filters_by_step(client):
    IdeaFactory()
    far = make_chain().idea
    rows = client.get("/fr/journeys/", {"reach": 6}).context["page_obj"].object_list
    assert list(rows) == [far]


def test_query_and_walk_agree(make_user):
    chain = make_chain()
    IdeaFactory(status="merged", duplicate_of=chain.idea)
    make_decision(make_sheet(IdeaFactory(), 7, "published"), "not_selected", number=7)
    make_workshop(IdeaFactory(), number=5)
    chain_with_draft = make_sheet(IdeaFactory(), 8, "draft")
    make_decision(chain_with_draft, number=8)
    for user in (PUBLIC, make_user("staff")):
        rows = with_reach(Idea.objects.visible_to(user), user)
        assert {row.pk: row.reach for row in rows} == trace.stages(rows, user)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_many(django_assert_num_queries, count):
    for number in range(1, count + 1):
        make_chain(number)
    with django_assert_num_queries(1):
        list(ideas_by_reach(PUBLIC))


@pytest.mark.parametrize(
    ("language", "reason", "other"),
    [
        ("fr", "Le besoin est prouvé", "De nood is bewezen"),
        ("nl", "De nood is bewezen", "Le besoin est prouvé"),
    ],
)
def test_the_page_of_an_idea_tells_each_step_one_click_away(client, language, reason, other):
    chain = make_chain()
    with translation.override(language):
        page = client.get(chain.idea.get_absolute_url())
        panel = page.content.decode().split('id="journey-panel"')[1]
        for thing in (chain.workshop, chain.sheet, chain.decision, chain.initiative):
            assert f'<h4><a href="{thing.get_absolute_url()}"' in panel
    assert reason in panel
    assert other not in panel
    assert panel.count('<li class="on">') == 6


def test_the_page_of_an_idea_and_its_journey_end_the_same(client):
    idea = IdeaFactory(published_at=NOON)
    make_decision(make_sheet(idea, status="published"), outcome="not_selected")
    with translation.override("fr"):
        ending = journey_of(idea, PUBLIC).ending
        for path in (idea.get_absolute_url(), reverse("portal:journey", args=[idea.reference])):
            assert escape(ending) in client.get(path).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_an_idea_costs_the_same_however_much_became_of_it(client, count):
    idea = IdeaFactory(published_at=NOON)
    for number in range(1, count + 1):
        make_workshop(idea, number=number)
        make_initiative(make_decision(make_sheet(idea, number), number=number), number)
    client.get(f"/fr/ideas/{idea.reference}/")  # content types are looked up once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/fr/ideas/{idea.reference}/").status_code == 200
    assert len(queries) == QUERIES_OF_AN_IDEA


def test_a_merged_idea_is_no_journey_of_its_own_in_the_list(client):
    survivor = IdeaFactory()
    merged = IdeaFactory(status="merged", duplicate_of=survivor, published_at=NOON)
    rows = client.get("/fr/journeys/").context["page_obj"].object_list
    assert list(rows) == [survivor]
    found = client.get("/fr/journeys/", {"search": merged.reference}).context["page_obj"]
    assert list(found.object_list) == [merged]
    assert page_of(client, merged).status_code == 200


def test_a_workstream_counts_a_merged_idea_where_it_goes_on(client):
    workstream = WorkstreamFactory()
    survivor = IdeaFactory(workstream=workstream)
    IdeaFactory(workstream=workstream, status="merged", duplicate_of=survivor, published_at=NOON)
    IdeaFactory(
        workstream=workstream, status="withdrawn", closing_reason="solved", published_at=NOON
    )
    panel = ideas_of_workstream(workstream, PUBLIC)
    behind = client.get(panel["url"])
    assert (panel["total"], panel["rows"]) == (1, [survivor])
    assert list(behind.context["page_obj"].object_list) == [survivor]
    assert behind.context["total"] == 1


def test_each_panel_of_a_workstream_counts_what_its_list_shows(client, make_user):
    chain = make_chain()
    workstream = WorkstreamFactory()
    for thing in (chain.idea, chain.sheet, chain.initiative):
        thing.workstream = workstream
        thing.save()
    IdeaFactory(workstream=workstream, status="received")
    for user in (None, make_user("staff")):
        if user:
            client.force_login(user)
        panels = client.get(f"/fr/workstreams/{workstream.slug}/").context["panels"]
        assert [panel["total"] for panel in panels] == [1, 1, 1]
        for panel in panels:
            shown = client.get(panel["url"]).context["page_obj"].paginator.count
            assert shown == panel["total"], panel["title"]


def test_the_filter_by_step_agrees_with_the_step_shown():
    make_chain()
    make_sheet(IdeaFactory(), number=2, status="frozen")
    make_workshop(IdeaFactory(), number=3)
    IdeaFactory()
    shown = {idea.pk: idea.reach for idea in ideas_by_reach(PUBLIC)}
    for stage in range(1, 7):
        kept = set(having_reached(Idea.objects.all(), stage, PUBLIC).values_list("pk", flat=True))
        assert kept == {pk for pk, reach in shown.items() if reach == stage}
