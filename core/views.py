"""Addresses of the engine: health, the refusal of a stale form."""

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError as DatabaseDown
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError as BrokerDown


@login_not_required
@never_cache
def healthz(request):
    """Answer 200 when database and broker answer, else 503 with what does not."""
    down = [name for name, check in CHECKS.items() if not check()]
    body = {"status": "down", "down": down} if down else {"status": "ok"}
    return JsonResponse(body, status=503 if down else 200)


def database_answers() -> bool:
    """Tell whether a query comes back; a dead connection is dropped, so that the next works."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseDown:
        connection.close()
        return False
    return True


def broker_answers() -> bool:
    """Tell whether the broker can be reached, on a connection of its own."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerDown, OSError):
        return False
    return True


CHECKS = {"database": database_answers, "broker": broker_answers}


@login_not_required
def csrf_failure(request, reason=""):
    """Say in plain words that the form had waited too long, and how to go on without loss."""
    return render(request, "403_csrf.html", {"back": request.path}, status=403)
