"""Helix balance: counts, shares, evenness, gaps; what of it the public may read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import slots
from stakeholders import balance as module
from stakeholders.balance import GROUPS, Balance, balance, balance_public, evenness, exact
from stakeholders.models import Helix
from tests.factories.register import BilateralFactory, InteractionFactory, ParticipationFactory
from tests.factories.stakeholders import IdeaFactory, OrganisationFactory

FOUR = dict.fromkeys(GROUPS, 7)


def test_evenness_of_known_cases():
    assert evenness(FOUR) == pytest.approx(1)
    assert evenness({"public": 9}) == 0
    assert evenness({}) is None
    assert evenness({"public": 5, "private": 5}) == pytest.approx(math.log(2) / math.log(4))


@given(st.fixed_dictionaries({group: st.integers(0, 1000) for group in GROUPS}))
def test_evenness_lies_between_none_and_full(counts):
    found = evenness(counts)
    assert found is None if not sum(counts.values()) else 0 <= found <= 1 + 1e-9


def step(**counts) -> Balance:
    return exact({"stage": 1, "label": "Step", "counts": counts})


def test_an_empty_step_has_no_share_and_no_gap():
    empty = step()
    assert (empty.share("public"), empty.evenness, empty.gaps()) == (None, None, [])


def test_a_gap_is_a_share_below_an_eighth():
    found = step(public=7, private=1, academia=0, civil_society=0)
    assert found.gaps() == [Helix.ACADEMIA, Helix.CIVIL_SOCIETY]
    assert step(public=8, private=1).gaps()[0] == Helix.PRIVATE


def test_what_has_no_group_is_in_no_share():
    found = exact({"stage": 1, "label": "Step", "counts": {"public": 3, "": 2}})
    assert (found.total, found.unknown, found.share("public")) == (3, 2, 1)


@pytest.mark.django_db
def test_the_steps_of_this_app(users):
    public = OrganisationFactory(helix="public")
    IdeaFactory(helix="private", organisation=public)
    IdeaFactory(organisation=public)
    IdeaFactory(status="hidden", helix="academia")
    IdeaFactory()
    exchange = InteractionFactory()
    for _n in range(2):
        ParticipationFactory(interaction=exchange, organisation=public)
    ParticipationFactory(interaction=exchange, organisation__helix="academia")
    BilateralFactory(organisation=public)
    BilateralFactory(organisation=public, status="held", interaction=exchange)
    ideas, exchanges, bilaterals = balance(users["staff"])[:3]
    assert (ideas.counts["private"], ideas.counts["public"], ideas.unknown) == (1, 1, 1)
    assert ideas.total == 2
    assert (exchanges.counts["public"], exchanges.counts["academia"]) == (1, 1)
    assert (bilaterals.counts["public"], bilaterals.total) == (1, 1)


@pytest.mark.django_db
def test_upper_apps_add_their_steps_in_the_order_of_the_chain(users):
    stages = [each.stage for each in balance(users["staff"])]
    assert stages == sorted(stages)
    assert set(stages) == {1, 2, 3, 4, 5}


@pytest.mark.django_db
def test_the_public_reads_no_small_number(monkeypatch):
    entry = {"public": 20, "private": 3, "academia": 9, "civil_society": 12}
    entries = [{"stage": 1, "label": "Step", "counts": entry}]
    monkeypatch.setattr(module, "entries", lambda user, internal: entries)
    (found,) = balance_public()
    expected = {"public": 20, "private": None, "academia": None, "civil_society": 12}
    assert found.counts == expected
    assert (found.total, found.evenness, found.unknown) == (44, None, 0)
    entry |= {"private": 8}
    (found,) = balance_public()
    assert found.counts == entry
    assert found.evenness == pytest.approx(evenness(entry))


@pytest.mark.django_db
def test_the_public_balance_counts_what_the_public_sees():
    for _n in range(6):
        IdeaFactory(helix="private", published=True)
        IdeaFactory(helix="public")
    ideas = balance_public()[0]
    assert (ideas.total, ideas.counts["private"]) == (6, None)
    assert slots.collect(module.SLOT, user=None)
