"""What the clock and the worker do for the indicators; each task may run twice."""

from celery import shared_task

from .counting import computing
from .imports import services as import_services
from .indices import services as index_services
from .models import ImportJob
from .news import alerts
from .reports import services as reports


@shared_task(name="kpi.compute_figures")
def compute_figures() -> None:
    """Count again what has moved, for the indicators that compute themselves (beat)."""
    computing.compute_figures()


@shared_task(name="kpi.compute_all_figures")
def compute_all_figures() -> None:
    """Count everything again: periods that ended, and what has no history (beat, by night)."""
    computing.compute_figures(everything=True)


@shared_task(name="kpi.tell_news")
def tell_news() -> None:
    """Tell followers and owners what has happened to figures, once each (beat)."""
    alerts.tell_news()


@shared_task(name="kpi.forget_reporters")
def forget_reporters() -> None:
    """Empty the addresses in reports of figures that are a year old (beat)."""
    reports.forget_old_addresses()


@shared_task(name="kpi.check_import")
def check_import(pk: int) -> None:
    """Check an import that is too long to be checked while somebody waits."""
    for job in ImportJob.objects.filter(pk=pk):
        import_services.check_import(job)


@shared_task(name="kpi.release_import")
def release_import(pk: int) -> None:
    """Release an approved import that is too long to be released while somebody waits."""
    for job in ImportJob.objects.filter(pk=pk):
        import_services.release_import(job)


@shared_task(name="kpi.take_up_imports")
def take_up_imports() -> None:
    """Ask again for what was lost on its way to the worker (beat)."""
    import_services.take_up_lost()


@shared_task(name="kpi.purge_imports")
def purge_imports() -> None:
    """Delete what is left of imports of figures and indices that came to nothing (beat)."""
    import_services.purge_imports()
    index_services.purge_imports()
