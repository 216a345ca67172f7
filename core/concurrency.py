"""A concurrent edit is told, never overwritten: what a row looked like when its form was opened."""

import hashlib
import json

from django.forms import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

FIELD = "_row_state"


def row_state(obj, names=None) -> str:
    """Return a fingerprint per stored field of ``obj``, as text for a hidden input.

    A fingerprint can be guessed back: ``names`` leaves it to the fields that the reader may know.
    Lists of other rows are among them where they are named.
    """
    meta = obj._meta
    if names is None:
        fields = meta.concrete_fields
    else:
        every = (*meta.concrete_fields, *meta.many_to_many)
        fields = [each for each in every if each.name in names]
    return json.dumps({field.attname: _digest(_stored(obj, field)) for field in fields})


def changed_since(obj, state: str) -> list[str]:
    """Return the names (for people) of the fields of ``obj`` that differ from ``state``.

    Text that is no state, as an old page may send, counts as "nothing known": the answer is empty.
    """
    try:
        before = json.loads(state)
    except ValueError:
        return []
    return [
        str(field.verbose_name)
        for field in (*obj._meta.concrete_fields, *obj._meta.many_to_many)
        if field.attname in before and before[field.attname] != _digest(_stored(obj, field))
    ]


def refuse_stale(obj, state: str) -> None:
    """Raise ValidationError naming what somebody else changed since ``state``."""
    changed = changed_since(obj, state)
    if changed:
        raise ValidationError(stale_sentence(changed), code="stale")


def stale_sentence(changed: list[str]) -> str:
    """Return what to do about ``changed``, the names of what somebody else wrote meanwhile."""
    return _(
        "Somebody else changed this meanwhile: %(fields)s. What you typed is kept below "
        "and nothing is saved yet. Compare, then save again to put your version in place."
    ) % {"fields": get_text_list(changed, _("and"))}


def _stored(obj, field):
    """Return what ``obj`` has in ``field``; of a list of other rows, their keys."""
    if not field.many_to_many:
        return getattr(obj, field.attname)
    return sorted(getattr(obj, field.name).order_by().values_list("pk", flat=True))


def _digest(value) -> str:
    # A form saves an empty text where none was: nobody has changed anything.
    value = "" if value is None else value
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]
