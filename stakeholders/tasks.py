"""What the clock does for this app."""

from celery import shared_task

from . import services


@shared_task(name="stakeholders.purge_unconfirmed")
def purge_unconfirmed() -> None:
    """Delete ideas and requests for subscriptions that nobody confirmed within 72 hours (beat)."""
    services.purge_unconfirmed()
    services.purge_unconfirmed_subscriptions()
