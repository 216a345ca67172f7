"""A segment is made with and without scripts; a mail is seen as somebody gets it."""

import pytest

from campaigns.models import Segment
from tests.e2e.browser import (
    LAW,
    NARROW,
    WIDE,
    axe_faults,
    keyboard_faults,
    listen,
    sideways_faults,
)
from tests.factories.campaigns import CampaignFactory, SubscriberFactory
from tests.factories.stakeholders import OrganisationFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def enter(live_portal, open_page, make_user):
    """Return a function that opens a page of somebody of the staff who is logged in."""
    staff = make_user("staff")

    def enter(language, **options):
        page, complaints = open_page(locale=f"{language}-BE", **options), []
        page.goto(f"{live_portal.url}/{language}/accounts/login/")
        page.fill("[name=login]", staff.email)
        page.fill("[name=password]", "a long password")
        page.click("form:has([name=password]) button[type=submit]")
        listen(page, live_portal.url, complaints)
        return page, complaints

    return enter


def faults(page) -> list[str]:
    return axe_faults(page, LAW) + sideways_faults(page)


@pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
def test_a_segment_is_made_and_counts_while_one_chooses(live_portal, enter, language, size):
    for number, spoken in enumerate(("fr", "nl", "nl")):
        SubscriberFactory(language=spoken, email=f"reader{number}@example.org")
    OrganisationFactory(name_fr="Moulin", name_nl="Molen")
    page, complaints = enter(language, viewport=size)
    page.goto(f"{live_portal.url}/{language}/news/segments/new/")
    assert faults(page) == []
    page.select_option("#id_b0-r0-field", "language")
    page.locator("[name=b0-r0-value][value=nl]").check()
    page.locator("#reach", has_text="reader2@example.org").wait_for(state="attached")
    assert page.locator("#reach li").count() == 2
    page.locator("button[value=add-0]").click()
    page.select_option("#id_b0-r1-field", "organisation")
    page.select_option("#id_b0-r1-operator", "not_is")
    page.locator("#id_b0-r1-value[role=combobox]").press_sequentially(
        "mol" if language == "nl" else "moul"
    )
    page.locator(".suggestions li").first.click()
    assert faults(page) == []
    assert keyboard_faults(page) == []
    page.fill("[name=name_fr]", "Lecteurs")
    page.fill("[name=name_nl]", "Lezers")
    page.locator("button[value=save]").click()
    page.wait_for_load_state()
    assert page.locator(".error-summary, .invalid-feedback").all_inner_texts() == []
    page.locator(".message-success").wait_for()
    assert [row["field"] for row in Segment.objects.get().rule["rows"]] == [
        "language",
        "organisation",
    ]
    assert faults(page) == []
    assert complaints == []


def test_without_scripts_each_choice_is_sent(live_portal, enter):
    page, _complaints = enter("fr", java_script_enabled=False)
    page.goto(f"{live_portal.url}/fr/news/segments/new/")
    page.fill("[name=name_fr]", "Lecteurs")
    page.fill("[name=name_nl]", "Lezers")
    page.select_option("#id_b0-r0-field", "idea")
    page.locator(".builder-row button[value=look]").first.click()
    page.select_option("#id_b0-r0-operator", "not_yes")
    page.locator("button[value=group]").click()
    page.select_option("#id_b1-r0-field", "received_within")
    page.locator(".builder-row button[value=look]").first.click()
    page.fill("#id_b1-r0-value", "30")
    page.locator("button[value=save]").click()
    rule = Segment.objects.get().rule
    assert [group["rows"][0]["negated"] for group in rule["rows"]] == [True, False]


@pytest.mark.parametrize(("language", "size"), [("fr", NARROW), ("nl", WIDE)])
def test_a_mail_is_seen_as_somebody_gets_it(live_portal, enter, language, size):
    campaign = CampaignFactory(body_nl="Dag {name}")
    reader = SubscriberFactory(topic=campaign.topic, language="nl", email="zoe@example.org")
    type(reader.contact).objects.update(name="Zoé Peeters")
    page, complaints = enter(language, viewport=size)
    page.goto(f"{live_portal.url}/{language}/news/campaigns/{campaign.slug}/preview/")
    assert faults(page) == []
    page.locator("a[href$='/recipient/']").click()
    page.locator("#id_who[role=combobox]").press_sequentially("zoe")
    page.locator(".suggestions li").first.click()
    page.locator("main form [type=submit]").click()
    page.frame_locator("iframe").get_by_text("Dag Zoé Peeters").wait_for()
    assert "Zo" not in page.url
    assert faults(page) == []
    assert complaints == []
