"""What Celery does for campaigns."""

from celery import shared_task

from . import services


@shared_task(name="campaigns.drain")
def drain_campaign(pk: int) -> None:
    """Queue the mails of a campaign that has started."""
    services.drain(pk)


@shared_task(name="campaigns.tick")
def tick() -> None:
    """Repair lost wake-ups and close what is through (beat)."""
    services.tick()
