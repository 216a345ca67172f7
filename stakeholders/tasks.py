"""What the clock does for this app."""

from celery import shared_task

from . import duplicates, services
from .models import Idea


@shared_task(name="stakeholders.purge_unconfirmed")
def purge_unconfirmed() -> None:
    """Delete ideas and requests for subscriptions that nobody confirmed within 72 hours (beat)."""
    services.purge_unconfirmed()
    services.purge_unconfirmed_subscriptions()


@shared_task(name="stakeholders.scan_attachments")
def scan_attachments() -> None:
    """Ask the virus scanner, where there is one, about the files that wait for it (beat)."""
    services.scan_attachments()


@shared_task(name="stakeholders.sweep_files")
def sweep_files() -> None:
    """Delete the files of ideas that no row names any more (beat)."""
    services.sweep_files()


@shared_task(name="stakeholders.tell_staff")
def tell_staff() -> None:
    """Tell each of the staff once a day what waits around ideas, if anything does (beat)."""
    services.tell_staff()


@shared_task(name="stakeholders.forget_reporters")
def forget_reporters() -> None:
    """Empty what reporters are known by: the device soon, the rest after a year (beat)."""
    services.forget_devices()
    services.forget_old_reporters()


@shared_task(name="stakeholders.purge_imports")
def purge_imports() -> None:
    """Empty the files for the register that were uploaded more than thirty days ago (beat)."""
    services.purge_imports()


@shared_task(name="stakeholders.find_duplicates")
def find_duplicates() -> None:
    """Look for records that may be the same, so that nobody waits for it on a page (beat)."""
    for model in duplicates.FINDERS:
        duplicates.refresh(model)


@shared_task(name="stakeholders.ask_whether_helped")
def ask_whether_helped() -> None:
    """Ask contributors, two weeks after an answer, whether it helped (beat)."""
    services.ask_whether_helped()


@shared_task(name="stakeholders.keep_figures")
def keep_figures() -> None:
    """Count how the Office answers, so that nobody waits for it on a page (beat)."""
    services.keep_figures()


@shared_task(name="stakeholders.find_idea_pairs")
def find_idea_pairs(pk: int) -> None:
    """Look for ideas that may be the same as the one that was received."""
    for idea in Idea.objects.filter(pk=pk):
        services.find_pairs(idea)


@shared_task(name="stakeholders.tell_steps")
def tell_steps() -> None:
    """Tell contributors and followers the steps that ideas have taken (beat)."""
    services.tell_steps()


@shared_task(name="stakeholders.tell_all_steps")
def tell_all_steps() -> None:
    """Tell as well what a look at the latest changes cannot find, by a look at all (beat)."""
    services.tell_steps(all_links=True)


@shared_task(name="stakeholders.send_digests")
def send_digests() -> None:
    """Send what saved searches have newly found, once a day to each person (beat)."""
    services.send_digests()
