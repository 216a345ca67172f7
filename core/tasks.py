"""What Celery does for the engine."""

from celery import shared_task

from . import mail


@shared_task(name="core.send_message")
def send_message(pk: int) -> None:
    """Send one message of the queue."""
    mail.send(pk)


@shared_task(name="core.sweep_mail")
def sweep_mail() -> None:
    """Find mails whose wake-up was lost (beat)."""
    mail.sweep()
