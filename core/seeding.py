"""Helpers of the seed command: facts and demo content become rows, once.

What is there already is left alone, so that running the command again changes nothing and nobody's
later edit is overwritten.
"""

import json
from datetime import datetime, time
from functools import cache

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from .search import LANGUAGES
from .workflow import record_change, workflow_of


@cache
def read(folder: str, name: str):
    """Return the parsed `seed/<folder>/<name>.json` ("facts" or "demo")."""
    path = settings.BASE_DIR / "seed" / folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def moment(day: str | None):
    """Return nine o'clock in Brussels on an ISO ``day``, None for None."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(datetime.fromisoformat(day), time(9)))


def texts(**fields: dict | str | None) -> dict:
    """Return model values for translated fields: ``title={"fr": …, "nl": …}`` → title_fr, …"""
    values = {}
    for field, words in fields.items():
        words = words or {}
        for code in LANGUAGES:
            values[f"{field}_{code}"] = (words if isinstance(words, str) else words.get(code)) or ""
    return values


def ensure(model: type[Model], key: dict, **values) -> tuple[Model, bool]:
    """Return (row with ``key``, whether it was made now). An existing row is not touched.

    A new row of a model with a workflow gets a `StatusChange` that says it was loaded.
    """
    found = model._base_manager.filter(**key).first()
    if found:
        return found, False
    made = model._base_manager.create(**key, **values)
    flow = workflow_of(model)
    if flow:
        record_change(made, "seed", "", getattr(made, flow.field), by=None)
    return made, True
