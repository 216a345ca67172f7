"""What Celery does for campaigns."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="campaigns.drain", soft_time_limit=75)
def drain_campaign(pk: int) -> None:
    """Send what waits of a campaign for some seconds."""
    services.drain(pk)


@shared_task(name="campaigns.tick")
def tick() -> None:
    """Begin what is due, settle what a dead sender left, wake, and close what is through (beat)."""
    services.tick()


@shared_task(name="campaigns.forget_addresses")
def forget_addresses() -> None:
    """Empty the addresses of campaigns that ended a year ago (beat)."""
    services.forget_addresses(timezone.now())


@shared_task(name="campaigns.check_links", soft_time_limit=300)
def check_links() -> None:
    """Look up the links that somebody asked about (also beat, for a call that was lost)."""
    services.check_links()


@shared_task(name="campaigns.keep_plan_figures")
def keep_plan_figures() -> None:
    """Count what the adopted plans are measured by, as of today (beat)."""
    services.keep_plan_figures()


@shared_task(name="campaigns.draft_from_events")
def draft_from_events() -> None:
    """Make drafts of what has happened in the portal (beat); a person sends them."""
    services.draft_from_events()
