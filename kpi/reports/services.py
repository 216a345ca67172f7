"""What readers report about a figure: taken once, sent to the owner, answered once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import mail
from stakeholders.follow_mails import absolute

from ..models import FigureReport, Indicator, Observation
from ..news.reminders import may_be_written_to
from ..sentences import amount
from ..workflow import REPORT

#: An address that nobody has answered is kept for so long.
KEPT_FOR = timedelta(days=365)


@transaction.atomic
def report_figure(
    indicator: Indicator,
    *,
    form_key: str,
    reason: str,
    words: str,
    language: str,
    email: str = "",
    figure: Observation | None = None,
) -> FigureReport:
    """Note what somebody says is wrong with ``figure``, and tell the owner; return the report.

    ``form_key`` is the same for both halves of a double click: the second one returns the report of
    the first. ``email`` serves to answer and may be empty. Without ``figure`` it is about the
    indicator as a whole.
    """
    shown = {}
    if figure:
        shown = {"geo_id": figure.geo_id, "period": figure.period, "vintage": figure.vintage}
    report, is_new = FigureReport.objects.get_or_create(
        form_key=form_key,
        defaults={
            "indicator": indicator,
            "reason": reason,
            "words": words,
            "language": language,
            "email": email,
            **shown,
        },
    )
    if is_new and may_be_written_to(indicator.owner):
        tell_owner(report)
    return report


def tell_owner(report: FigureReport) -> None:
    """Queue the mail by which the owner of the indicator learns of a report."""
    owner = report.indicator.owner
    mail.enqueue(
        key=f"figure-report:{report.pk}",
        template="figure_report",
        to=owner.email,
        language=owner.language or mail.BOTH,
        context=lambda: {
            "report": report,
            "figure": figure_words(report),
            "page": absolute(report),
        },
    )


def figure_words(report: FigureReport) -> str:
    """Return the reported figure in words ("2025 · 61.2 %"), "" for the indicator as a whole."""
    return words_of_figures([report])[report.pk]


def words_of_figures(reports) -> dict[int, str]:
    """Return {pk of a report: its figure in words, as it stood then} with one query for all."""
    reports = list(reports)
    rows = Observation.objects.filter(
        indicator__in={each.indicator_id for each in reports},
        period__in={each.period for each in reports},
    )
    # Of contradictory values of one period the first is the one that was shown.
    found = {_key_of(row): row for row in rows.order_by("-position")}
    words = {}
    for each in reports:
        row = found.get(_key_of(each))
        words[each.pk] = in_a_line(row, each.indicator) if row else ""
    return words


def _key_of(row) -> tuple:
    """Return what names a figure, of an observation and of a report alike."""
    return (row.indicator_id, row.geo_id, row.period, row.vintage)


def in_a_line(row: Observation, indicator: Indicator) -> str:
    """Return period and value of a figure."""
    return f"{row.when.label} · {amount(row.value, indicator)}"


@REPORT.verb("answer")
def answer_report(report, *, by, note=""):
    """Answer a report that was a question; ``note`` is the answer."""
    return _settle(report, "answer", by, note)


@REPORT.verb("correct")
def correct_report(report, *, by, note=""):
    """Say that the error was mended; ``note`` is the answer."""
    return _settle(report, "correct", by, note)


@REPORT.verb("reject")
def reject_report(report, *, by, note=""):
    """Say why there is no error; ``note`` is the answer."""
    return _settle(report, "reject", by, note)


@transaction.atomic
def _settle(report, move: str, by, note: str):
    """Make the move, send the answer to who gave an address, and forget the address."""
    # Read under the lock: an address that is being erased is not written to.
    email = FigureReport.objects.select_for_update().get(pk=report.pk).email
    answered = {"answer": note.strip(), "answered_by": by, "answered_at": timezone.now()}
    change = REPORT.apply(report, move, by=by, note=note, email="", **answered)
    if email:
        send_answer(report, email)
    return change


def settle_report(report: FigureReport, *, by, how: str, answer: str):
    """Settle a report by one of the moves answer, correct and reject; return the `StatusChange`.

    The answer goes by mail to who gave an address, in the language of the report, and the address
    is deleted from it in the same transaction. Raises `TransitionRefused`: somebody else answered
    meanwhile, the correction is not on record, the answer is empty.
    """
    return REPORT.run(report, how, by=by, note=answer)


def send_answer(report: FigureReport, email: str) -> None:
    """Queue the answer to whoever reported an error."""
    mail.enqueue(
        key=f"figure-answer:{report.pk}",
        template="figure_answer",
        to=email,
        language=report.language,
        context=lambda: {"report": report, "page": absolute(report.indicator)},
    )


def forget_people(people) -> None:
    """Empty the addresses of persons who are erased (slot `stakeholders.erase`)."""
    for person in people:
        if person.email:
            FigureReport.objects.filter(email__iexact=person.email).update(email="")


def forget_old_addresses() -> int:
    """Empty the addresses in reports that are a year old; return how many."""
    old = FigureReport.objects.filter(at__lt=timezone.now() - KEPT_FOR).exclude(email="")
    return old.update(email="")
