"""Numbers, dates and times as the language of the page writes them, for people to read.

Pages, mails and documents share these functions, so that a figure looks the same everywhere.
Files for machines use ``core.exports`` instead.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext

BRUSSELS = ZoneInfo("Europe/Brussels")
NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"

# Django's own formats for English are American, and the French one has no "1er".
DAY_FORMATS = {"fr": "j F Y", "nl": "j F Y", "en": "j F Y"}
# Django's own French ones are wrong ("jui" for June) and have no full stop.
SHORT_MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "nl": "jan. feb. mrt. apr. mei juni juli aug. sep. okt. nov. dec.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
TIME_FORMATS = {"fr": r"G \h i", "nl": r"G.i \u\u\r", "en": "H:i"}
MOMENT_FORMATS = {
    "fr": "{day} à {time}",
    "nl": "{day} om {time}",
    "en": "{day}, {time}",
}


def page_language() -> str:
    """Return the two-letter language of the page: fr, nl or en."""
    language = (get_language() or "en")[:2]
    return language if language in DAY_FORMATS else "en"


def number(value, decimals: int = 0, unit: str = "", *, signed: bool = False) -> str:
    """Return ``value`` rounded half up, with its unit, as the page's language writes it.

    ``None`` gives the translated "n/a": an absent figure is never shown as 0. The per cent sign
    follows the language ("61,2 %" in French, "61,2%" in Dutch and English).
    """
    if value is None:
        return pgettext("figure", "n/a")
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = number_format(abs(rounded), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{text}{unit_suffix(unit)}"


def unit_suffix(unit: str) -> str:
    """Return ``unit`` with the space that the page's language puts before it."""
    if not unit:
        return ""
    if unit == "%":
        return f"{NARROW_NO_BREAK}%" if page_language() == "fr" else "%"
    return f"{NO_BREAK}{unit}"


def in_brussels(value: date | datetime) -> date | datetime:
    """Return an aware datetime in Brussels time; naive datetimes and dates are left alone."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(BRUSSELS)
    return value


def day(value: date | datetime | None, *, short: bool = False) -> str:
    """Return the day in words ("1er mars 2026"); a datetime gives its day in Brussels."""
    if value is None:
        return ""
    language = page_language()
    local = in_brussels(value)
    text = format_date(local, DAY_FORMATS[language])
    if short:
        text = f"{local.day} {short_month(local)} {local.year}"
    if language == "fr" and local.day == 1:
        return text.replace("1 ", "1er ", 1)
    return text


def short_month(value: date | datetime) -> str:
    """Return the month as the page's language shortens it ("déc.", "mrt.", "Jun")."""
    return SHORT_MONTHS[page_language()].split()[value.month - 1]


def clock(value: datetime) -> str:
    """Return the time of day in Brussels ("13 h 30", "13.30 uur", "13:30")."""
    text = format_date(in_brussels(value), TIME_FORMATS[page_language()])
    return text.replace(" ", NO_BREAK)


def moment(value: datetime | None) -> str:
    """Return day and time in Brussels ("14 mai 2026 à 13 h 30")."""
    if value is None:
        return ""
    return MOMENT_FORMATS[page_language()].format(day=day(value), time=clock(value))
