"""The files of an indicator, a framework or of all, with the words that pages put on the links."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

FILES = (
    ("csv", "CSV", _("every figure, for spreadsheets and programs")),
    ("csv-metadata.json", "CSVW", _("what the columns of the CSV mean, for programs")),
    ("json", "JSON-stat", _("every figure as a cube, for charts and statistics")),
    ("xlsx", "XLSX", _("workbook with the figures, what they mean, and the flags")),
)
#: What stands after "data." in an address.
KINDS = tuple(kind for kind, _label, _words in FILES)


@dataclass(frozen=True)
class Download:
    """A file: its address, the name of its format, and what it is good for."""

    url: str
    label: str
    words: str


def downloads_of(subject: str, *args, as_of=None, leave: frozenset[str] = frozenset()) -> list:
    """Return the files of ``subject`` ("indicator", "framework", "all"), whose code is in ``args``.

    With ``as_of`` (a day) they are those of that day; ``leave`` are kinds that there are not.
    """
    day = f"?as_of={as_of.isoformat()}" if as_of else ""
    return [
        Download(reverse(f"kpi:{subject}-data", args=[*args, kind]) + day, label, words)
        for kind, label, words in FILES
        if kind not in leave
    ]


def indicator_downloads(code: str, as_of=None) -> list[Download]:
    """Return what can be taken away of a public indicator: its files, and where programs ask."""
    api = reverse("api:indicator-detail", args=[code])
    words = _("the indicator, its targets and its method, for programs")
    return [*downloads_of("indicator", code, as_of=as_of), Download(api, "API", words)]
