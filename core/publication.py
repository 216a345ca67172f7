"""French and Dutch are equal: the gate that everything the authority writes passes.

A model names its public translated fields (`public_fields`, and `public_optional` for those that
may stay empty, but in both languages at once). The gate is checked in the service (`parity_guard`
as guard of the transition that publishes), in the admin (the same service), and by a
CheckConstraint against raw SQL (`bilingual`).
"""

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .workflow import TransitionRefused

REQUIRED = ("fr", "nl")
INCOMPLETE = gettext_lazy("French and Dutch have to be complete.")
LANGUAGE_NAMES = {"fr": gettext_lazy("French"), "nl": gettext_lazy("Dutch")}


def filled(column: str) -> Q:
    """Return the condition "this text column holds more than white space" (never unknown)."""
    return Q(**{f"{column}__isnull": False}) & Q(**{f"{column}__regex": r"\S"})


def bilingual(name: str, fields, *, states=None, optional=(), field="status") -> CheckConstraint:
    """Return the constraint: in ``states``, ``fields`` are filled in French and in Dutch.

    ``states`` None means always. ``optional`` fields are filled in both languages or in neither.
    """
    complete = Q()
    for each in fields:
        for code in REQUIRED:
            complete &= filled(f"{each}_{code}")
    for each in optional:
        french, dutch = filled(f"{each}_fr"), filled(f"{each}_nl")
        complete &= (french & dutch) | (~french & ~dutch)
    if states is not None:
        complete |= ~Q(**{f"{field}__in": sorted(states)})
    return CheckConstraint(
        condition=complete,
        name=name,
        violation_error_message=INCOMPLETE,
    )


def missing_texts(obj) -> list[tuple[str, str]]:
    """Return [(field, language)] of what stands between ``obj`` and its publication."""
    missing = [
        (field, code)
        for field in obj.public_fields
        for code in REQUIRED
        if not _text(obj, field, code)
    ]
    for field in getattr(obj, "public_optional", ()):
        has = {code: bool(_text(obj, field, code)) for code in REQUIRED}
        if any(has.values()):
            missing += [(field, code) for code in REQUIRED if not has[code]]
    return missing


def parity_guard(obj) -> None:
    """Raise `TransitionRefused` naming every public field that lacks French or Dutch."""
    missing = missing_texts(obj)
    if missing:
        names = [
            f"{obj._meta.get_field(field).verbose_name} ({LANGUAGE_NAMES[code]})"
            for field, code in missing
        ]
        raise TransitionRefused(
            _("French and Dutch are published together. Still missing: %(fields)s.")
            % {"fields": ", ".join(names)}
        )


def breaks_parity(obj) -> bool:
    """Tell whether ``obj``, as it is in memory, breaks a parity constraint of its model."""
    for constraint in obj._meta.constraints:
        if constraint.violation_error_message == INCOMPLETE:
            try:
                constraint.validate(type(obj), obj)
            except ValidationError:
                return True
    return False


def identical_texts(obj) -> list[str]:
    """Return the public fields whose French and Dutch are the same words (to be looked at)."""
    fields = (*obj.public_fields, *getattr(obj, "public_optional", ()))
    return [field for field in fields if _text(obj, field, "fr") == _text(obj, field, "nl") != ""]


def _text(obj, field, code) -> str:
    return (getattr(obj, f"{field}_{code}") or "").strip()
