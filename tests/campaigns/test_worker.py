"""A campaign through the real broker, the real worker and a real SMTP server."""

import time

import pytest

from campaigns import services
from campaigns.models import Campaign, Delivery
from tests.factories.campaigns import CampaignFactory, SubscriberFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def wait_until(condition, within=20.0):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, list(Delivery.objects.values("state", "smtp_text"))
        time.sleep(0.1)


def test_it_reaches_every_subscriber_once(make_user, smtp_sink, celery_worker_process):
    author, reviewer = make_user("staff"), make_user("secretary")
    campaign = CampaignFactory(created_by=author)
    languages = ["fr", "nl", "en"] * 4
    for number, language in enumerate(languages):
        SubscriberFactory(
            topic=campaign.topic, language=language, email=f"{language}{number}@example.org"
        )
    services.submit_campaign(campaign, by=author)
    services.approve_campaign(campaign, by=reviewer)
    services.start_campaign(campaign, by=author)
    services.wake(campaign.pk)  # a task that is delivered twice

    wait_until(lambda: campaign.deliveries.filter(state=3).count() == len(languages))
    services.tick()
    assert Campaign.objects.get().status == "finished"
    mails = smtp_sink.wait_for(len(languages))
    assert len(mails) == len(languages)
    addresses = sorted(mail["to"] for mail in mails)
    assert addresses == sorted(
        f"{lang}{number}@example.org" for number, lang in enumerate(languages)
    )
    for mail in mails:
        assert mail["to"].startswith(mail["content-language"])
        assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
