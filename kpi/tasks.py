"""What Celery does for figures; each task may run twice."""

from celery import shared_task

from . import import_services
from .models import ImportJob


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
    """Delete what is left of imports that came to nothing (beat)."""
    import_services.purge_imports()
