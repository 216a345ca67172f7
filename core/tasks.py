"""What Celery does for the engine."""

from celery import shared_task

from . import mail
from .posting import mailbox


@shared_task(name="core.send_message")
def send_message(pk: int) -> None:
    """Send one message of the queue."""
    mail.send(pk)


@shared_task(name="core.sweep_mail")
def sweep_mail() -> None:
    """Find mails whose wake-up was lost (beat)."""
    mail.sweep()


@shared_task(name="core.fetch_bounces")
def fetch_bounces() -> None:
    """Read the mails that came back (beat); without a mailbox in the settings, nothing."""
    mailbox.fetch()
