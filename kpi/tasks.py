"""What the clock does for the indicators."""

from celery import shared_task

from . import alerts, computing, reports


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
