"""The form of a block shows what its kind asks, and never hides what is filled."""

import pytest

from campaigns.models import ASKED, NEEDED, BlockKind
from tests.e2e.actors import Office
from tests.e2e.browser import NARROW
from tests.factories.campaigns import BlockFactory, CampaignFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_every_kind_is_asked_for_what_it_needs():
    assert set(ASKED) == set(BlockKind)
    assert all(set(NEEDED[kind]) <= set(ASKED[kind]) for kind in BlockKind)


def test_the_form_follows_the_kind(live_portal, open_page, make_user):
    staff = make_user("staff")
    campaign = CampaignFactory()
    link = {"link": "https://example.org/"}
    BlockFactory(campaign=campaign, kind=BlockKind.TEXT, **link)
    page = open_page(locale="nl-BE", viewport=NARROW)
    office = Office(page, live_portal.url, "nl").log_in(staff.email, "a long password").enter()
    office.go(f"/admin/campaigns/campaign/{campaign.pk}/change/")

    def shown(block: int, name: str) -> bool:
        return page.locator(f"[name=blocks-{block}-{name}]").is_visible()

    assert shown(0, "heading_nl")
    assert not shown(0, "figure_nl")
    assert not shown(0, "begins_at_0")
    page.select_option("[name=blocks-0-kind]", "event")
    assert shown(0, "begins_at_0")
    assert shown(0, "heading_fr")
    assert not shown(0, "picture")
    # The address is filled, so no choice of a kind takes it out of sight.
    page.select_option("[name=blocks-0-kind]", "picture")
    assert shown(0, "picture")
    assert shown(0, "link")
    assert not shown(0, "begins_at_0")
    page.locator(".add-row a").last.click()
    assert shown(1, "position")
    assert shown(1, "kind")
    assert not shown(1, "picture")
    page.select_option("[name=blocks-1-kind]", "figure")
    assert shown(1, "figure_fr")
    assert shown(1, "words_nl")
    assert not shown(1, "heading_fr")
