"""The page of the sending renews itself while mails go out, and rests when they are out."""

import pytest

from campaigns import services
from campaigns.services.freezing import freeze_list
from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen, sideways_faults
from tests.factories.campaigns import CampaignFactory, SubscriberFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
COUNTS = {"fr": ("0 sur 1", "1 sur 1"), "nl": ("0 van 1", "1 van 1")}


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
def test_the_page_follows_the_mails(live_portal, open_page, make_user, language, size):
    staff = make_user("staff")
    campaign = CampaignFactory(
        status="sending", created_by=staff, approved_by=make_user("secretary")
    )
    SubscriberFactory(topic=campaign.topic)
    freeze_list(campaign)
    page, complaints = open_page(viewport=size, locale=f"{language}-BE"), []
    page.goto(f"{live_portal.url}/{language}/accounts/login/")
    page.fill("[name=login]", staff.email)
    page.fill("[name=password]", "a long password")
    page.click("form:has([name=password]) button[type=submit]")
    listen(page, live_portal.url, complaints)
    page.goto(f"{live_portal.url}/{language}/news/campaigns/{campaign.slug}/progress/")
    before, after = COUNTS[language]
    assert before in page.locator("#progress").inner_text()
    assert axe_faults(page, LAW) == []
    assert sideways_faults(page) == []
    assert services.drain(campaign.pk).taken == 1
    services.tick()
    page.locator("#progress", has_text=after).wait_for(timeout=15000)
    assert page.locator("#progress[hx-get]").count() == 0
    assert complaints == []
