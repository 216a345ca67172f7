"""The errors in figures that a person reported, told to that person among all that is kept."""

from django.utils.translation import gettext as _

from stakeholders.own_data import Section
from stakeholders.own_records import Fact, Record, record

from ..models import FigureReport
from .services import KEPT_FOR, words_of_figures


def own_reports(contact) -> Section:
    """Return the reports that hold the address of ``contact`` (slot `stakeholders.own_data`).

    Once it is answered a report holds none: whose it was is known to nobody.
    """
    rows = FigureReport.objects.none()
    if contact.email:
        rows = FigureReport.objects.filter(email__iexact=contact.email)
    rows = list(rows.select_related("indicator").order_by("at", "pk"))
    words = words_of_figures(rows) if rows else {}
    records = [_report(row, words[row.pk]) for row in rows]
    return Section("figure_reports", _("Errors that you reported in figures"), records)


def _report(row: FigureReport, figure: str) -> Record:
    about = record(row, "indicator", more=[Fact("figure", _("figure"), figure)])
    said = record(
        row,
        *("reason", "language", "email", "at"),
        more=[
            Fact("words", _("what you wrote"), row.words, row.language),
            Fact("kept_until", _("your address is deleted by"), row.at + KEPT_FOR),
        ],
    )
    return Record((*about.facts, *said.facts))
