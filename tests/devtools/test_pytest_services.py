"""The fixtures for tests from outside: the real worker, the real mail server, the real browser."""

import pytest
from django.conf import settings
from django.core.cache import cache

from core import mail
from core.models import Message
from devtools.pytest_services import with_database_name


def test_the_name_of_the_database_is_replaced_in_its_address():
    assert (
        with_database_name("postgres://postgres@/smartcity?host=/tmp/s", "test_gw0")
        == "postgres://postgres@/test_gw0?host=/tmp/s"
    )
    assert with_database_name("postgres://u:p@db:5432/a", "b") == "postgres://u:p@db:5432/b"


def test_the_cache_is_the_broker_of_this_process():
    cache.set("key", "value")
    assert cache.get("key") == "value"
    assert settings.CELERY_BROKER_URL.endswith(settings.REDIS_URL.rpartition("=")[2])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_committed_message_is_sent_by_the_worker_to_the_mail_server(
    celery_worker_process, live_portal, smtp_sink
):
    message = Message.objects.create(
        key="test",
        template="test",
        recipient="one@example.org",
        language="nl",
        subject="Bevestig uw idee",
        text="Dag,\n",
    )
    mail.wake(message.pk)
    (caught,) = smtp_sink.wait_for(1)
    assert caught["X-Envelope-To"] == "one@example.org"
    assert caught["Subject"] == "Bevestig uw idee"
    assert caught["Content-Language"] == "nl"


@pytest.mark.browser
def test_the_browser_reaches_the_portal(live_portal, browser_page):
    answer = browser_page.goto(f"{live_portal.url}/healthz")
    assert answer.status == 200
    assert "ok" in browser_page.inner_text("body")
