"""A campaign whose senders, broker and mail server are killed: nothing twice, nothing lost."""

import pytest

from tests.crash.arena import Arena, check, make_subscribers, send_under_fire
from tests.factories.campaigns import CampaignFactory

KILLS = ["child", "after", "before", "behind", "sink", "worker", "broker"]


@pytest.fixture
def arena(transactional_db):
    """Real processes on the database of this test."""
    made = Arena()
    made.start()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_nothing_is_sent_twice_or_lost(arena, make_user):
    author, reviewer = make_user("staff"), make_user("secretary")
    campaign = CampaignFactory(approved=True, created_by=author, approved_by=reviewer)
    make_subscribers(campaign.topic, 700)
    send_under_fire(arena, campaign, by=author, kills=KILLS, seed=5)
    found = check(arena, campaign)
    assert found["sent"] >= 700 - 2 * len(KILLS)
