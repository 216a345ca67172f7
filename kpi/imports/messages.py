"""What is wrong with figures that somebody sent, as sentences that say how to mend it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.typography import number
from core.uploads import size_words

from .files import COLUMNS, MOST_BYTES

LANGUAGES = ("fr", "nl")
#: The sentence of each code. ``near`` is what was probably meant, or what is expected.
SENTENCES = {
    "too_large": gettext_lazy("The file is larger than %(limit)s. Split it."),
    "file_type": gettext_lazy("The file is neither CSV nor XLSX. Save it as one of them."),
    "encoding": gettext_lazy("The text is not written in UTF-8. Save the file as “CSV UTF-8”."),
    "empty_file": gettext_lazy("The file is empty."),
    "no_table": gettext_lazy("From this line on the file is no table with separators."),
    "no_heading": gettext_lazy(
        "No column is recognised. The first row has to name them: %(near)s."
    ),
    "column_twice": gettext_lazy("The column “%(value)s” stands there twice."),
    "no_rows": gettext_lazy("The file has headings, but no figure."),
    "column": gettext_lazy(
        "The column “%(near)s” is missing. It may be empty, but has to be there."
    ),
    "surplus": gettext_lazy(
        "The line has more cells than there are headings. Put a decimal comma between quotation "
        "marks, or separate the columns with semicolons."
    ),
    "empty": gettext_lazy("This cell may not be empty."),
    "indicator": gettext_lazy("There is no indicator with this code."),
    "geo": gettext_lazy("This territory is not known."),
    "forbidden": gettext_lazy("You may not record figures of this indicator."),
    "retired": gettext_lazy("This indicator is retired: it takes no more figures."),
    "period": gettext_lazy("Write the period as 2025, 2025-S1, 2025-Q3 or 2025-05."),
    "future": gettext_lazy(
        "This period has not begun; only a forecast (flag “f”) may be recorded for it."
    ),
    "flag": gettext_lazy("A flag is made of at most four of the letters b d e f i m n p u."),
    "number": gettext_lazy("This is no number."),
    "mixed": gettext_lazy(
        "Decimal comma and decimal point are mixed; the file began with “%(near)s”."
    ),
    "range": gettext_lazy(
        "A number has at most 14 digits before the decimal sign and 12 after it."
    ),
    "no_value": gettext_lazy("Without a value a flag must say why, such as “m” for missing."),
    "unit": gettext_lazy("The indicator is counted in the unit “%(near)s”."),
    "duplicate": gettext_lazy("The same indicator, territory and period stand in line %(near)s."),
    "note": gettext_lazy("A note is published in French and in Dutch: fill in both, or neither."),
    "outlier": gettext_lazy(
        "The jump from the figure before (%(near)s) is more than five times the usual one. "
        "Is it right?"
    ),
}
GUESS = gettext_lazy("Did you mean “%(near)s”?")


def sentence(fault) -> str:
    """Return what is wrong, and how to mend it, in the language of the page."""
    words = {"value": fault.value, "near": fault.near, "limit": size_words(MOST_BYTES)}
    if fault.code == "column":
        words["near"] = str(COLUMNS[fault.near])
    if fault.code == "outlier":
        words["near"] = with_its_decimals(fault.near)
    told = str(SENTENCES[fault.code]) % words
    if fault.code in {"indicator", "geo"} and fault.near:
        told = f"{told} {GUESS % words}"
    return told


def with_its_decimals(text: str) -> str:
    """Return a number that the database wrote as the language of the page writes it."""
    return number(text, len(text.partition(".")[2]))


def column_label(fault) -> str:
    """Return the name of the column in the language of the page."""
    return str(COLUMNS.get(fault.column, ""))


def in_full(fault) -> str:
    """Return a fault in one line for the file of failed rows: "Value: This is no number."."""
    label = column_label(fault)
    if not label:
        return sentence(fault)
    return _("%(column)s: %(message)s") % {"column": label, "message": sentence(fault)}


def in_both(make, *args) -> dict[str, str]:
    """Return {"fr": …, "nl": …} of what ``make`` says in each language."""
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = make(*args)
    return found


def as_json(fault) -> dict:
    """Return a fault as the interface for programs tells it."""
    return {
        "row": fault.number,
        "column": fault.column or None,
        "code": fault.code,
        "level": fault.level,
        "value": fault.value,
        "suggestion": fault.near or None,
        "message": in_both(sentence, fault),
    }
