"""The Belgian enterprise number (KBO/BCE): ten digits, the last two a check modulo 97.

Rule of the Crossroads Bank for Enterprises: the last two digits are 97 − (the first eight mod 97).
"""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, Case, IntegerField, Value, When
from django.db.models.functions import Cast, Mod, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

SHAPE = r"^[01][0-9]{9}$"


def normal(text: str) -> str:
    """Return what was typed as bare digits: "BE 0316.381.138" becomes "0316381138".

    An old number of nine digits gets its leading zero. Anything else is returned as it was.
    """
    digits = re.sub(r"[\s.\-]", "", text.upper().removeprefix("BE"))
    return f"0{digits}" if re.fullmatch(r"[0-9]{9}", digits) else digits


def has_valid_check(number: str) -> bool:
    """Tell whether ``number`` is ten digits, the last two being the check of the first eight."""
    return bool(re.match(SHAPE, number)) and 97 - int(number[:8]) % 97 == int(number[8:])


def validate_enterprise_number(text: str) -> None:
    """Raise ValidationError, saying what is wrong and how to mend it."""
    number = normal(text)
    if not re.match(SHAPE, number):
        raise ValidationError(
            _("An enterprise number has ten digits and begins with 0 or 1, such as 0316.381.138.")
        )
    if not has_valid_check(number):
        raise ValidationError(
            _("The last two digits do not fit the first eight: look for a mistyped digit.")
        )


class EnterpriseNumberField(models.CharField):
    """An enterprise number, typed as people write it and kept as ten digits; may be empty."""

    LONGEST_TYPED = 20

    default_validators = [validate_enterprise_number]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 10, "blank": True, **kwargs})

    def to_python(self, value):
        """Return the bare digits."""
        return normal(super().to_python(value) or "")

    def formfield(self, **kwargs):
        """Let dots, dashes and the country code be typed."""
        return super().formfield(**{"max_length": self.LONGEST_TYPED, **kwargs})


def is_valid(column: str):
    """Return the condition "``column`` holds a valid enterprise number", for a constraint."""
    check = Value(97) - Mod(Cast(Substr(column, 1, 8), IntegerField()), Value(97))
    fits = Exact(Cast(Substr(column, 9, 2), IntegerField()), Cast(check, IntegerField()))
    # PostgreSQL promises the order of evaluation for CASE only, and the casts need digits.
    shape = {f"{column}__regex": SHAPE}
    return Exact(
        Case(When(**shape, then=fits), default=Value(False), output_field=BooleanField()),
        Value(True),
    )
