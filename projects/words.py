"""Sentences about sheets and sessions: what a page says before it shows figures."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.typography import day, moment

from .models import SessionStatus, SheetOutcome, SheetStatus

CHIPS = {
    SheetStatus.PROPOSED: "info",
    SheetStatus.RESERVE: "wait",
    SheetStatus.NOT_PROPOSED: "stop",
    SheetStatus.DECIDED: "info",
    SheetStatus.PUBLISHED: "info",
    SheetStatus.ON_ROADMAP: "ok",
    SheetStatus.INELIGIBLE: "stop",
    SheetStatus.WITHDRAWN: "stop",
    SheetStatus.RETURNED: "wait",
}
OUTCOME_CHIPS = {
    SheetOutcome.Outcome.SELECTED: "ok",
    SheetOutcome.Outcome.WITH_CONDITIONS: "ok",
    SheetOutcome.Outcome.NOT_SELECTED: "stop",
}
DECIDED = {
    SheetOutcome.Outcome.SELECTED: gettext_lazy("The Government selected this sheet on %(date)s."),
    SheetOutcome.Outcome.WITH_CONDITIONS: gettext_lazy(
        "The Government selected this sheet on %(date)s, with conditions."
    ),
    SheetOutcome.Outcome.NOT_SELECTED: gettext_lazy(
        "The Government did not select this sheet; it decided on %(date)s."
    ),
}
STANDS = {
    SheetStatus.DRAFT: gettext_lazy("This sheet is being written."),
    SheetStatus.INTERNAL_REVIEW: gettext_lazy("Colleagues are reading this sheet first."),
    SheetStatus.SUBMITTED: gettext_lazy("This sheet was submitted and is being checked."),
    SheetStatus.ELIGIBLE: gettext_lazy("This sheet meets the conditions of the call."),
    SheetStatus.INELIGIBLE: gettext_lazy("This sheet does not meet the conditions of the call."),
    SheetStatus.FROZEN: gettext_lazy("This sheet is before the jury; its text is frozen."),
    SheetStatus.DELIBERATED: gettext_lazy("The jury has talked about this sheet."),
    SheetStatus.PROPOSED: gettext_lazy("The jury proposes this sheet; the Government decides."),
    SheetStatus.RESERVE: gettext_lazy(
        "The jury puts this sheet on the reserve list; the Government decides."
    ),
    SheetStatus.NOT_PROPOSED: gettext_lazy(
        "The jury does not propose this sheet; the Government decides."
    ),
    SheetStatus.RETURNED: gettext_lazy(
        "The jury asked for more information: this sheet is being completed."
    ),
    SheetStatus.WITHDRAWN: gettext_lazy("This sheet was withdrawn before the decision."),
}
SESSION_STANDS = {
    SessionStatus.PLANNED: gettext_lazy("This session is being prepared."),
    SessionStatus.RULES_FROZEN: gettext_lazy("The rules are fixed; scoring begins on %(opens)s."),
    SessionStatus.SCORING_OPEN: gettext_lazy(
        "The jury is scoring until %(closes)s. Nobody sees a score before the ballots are opened."
    ),
    SessionStatus.CLOSED_SEALED: gettext_lazy(
        "The scoring closed on %(closes)s. The ballots are still sealed."
    ),
    SessionStatus.OPENED: gettext_lazy(
        "The ballots were opened; the jury has not deliberated yet."
    ),
    SessionStatus.DELIBERATING: gettext_lazy("The jury is deliberating."),
    SessionStatus.VOTED: gettext_lazy("The jury has voted on its proposals."),
    SessionStatus.TRANSMITTED: gettext_lazy("The proposals are with the Government."),
    SessionStatus.DECIDED: gettext_lazy("The Government has decided on each sheet."),
    SessionStatus.PUBLISHED: gettext_lazy(
        "The Government has decided on each sheet; results and reasons are below."
    ),
}
TASK_STATES = {
    "to_declare": pgettext_lazy("ballot", "conflict of interest to declare"),
    "waits_for_chair": pgettext_lazy("ballot", "waits for the chair"),
    "to_score": pgettext_lazy("ballot", "to score"),
    "draft": pgettext_lazy("ballot", "draft, not sealed"),
    "sealed": pgettext_lazy("ballot", "sealed"),
    "locked": pgettext_lazy("ballot", "sealed and closed"),
    "revealed": pgettext_lazy("ballot", "opened"),
    "recused": pgettext_lazy("ballot", "recused"),
    "missing": pgettext_lazy("ballot", "missing: not sealed in time"),
    "abstained": pgettext_lazy("ballot", "abstained"),
}


def sheet_sentence(sheet) -> str:
    """Return where a sheet stands, as a sentence."""
    result = getattr(sheet, "result", None)
    if result:
        return DECIDED[result.outcome] % {"date": day(result.decision.decided_on)}
    return str(STANDS[sheet.status])


def sheet_chip(sheet) -> tuple[str, str]:
    """Return (kind, words) of the chip of a sheet: the decision once there is one."""
    result = getattr(sheet, "result", None)
    if result:
        return OUTCOME_CHIPS[result.outcome], result.get_outcome_display()
    return CHIPS.get(sheet.status, "wait"), sheet.get_status_display()


def session_sentence(session) -> str:
    """Return where a session stands, as a sentence."""
    dates = {"opens": moment(session.opens_at), "closes": moment(session.closes_at)}
    return SESSION_STANDS[session.status] % dates


def tie_words(place) -> str:
    """Return what has to be said about a place in the ranking, or ""."""
    if place is None:
        return ""
    if place.tied:
        return _("equal on every rule: a motion of the jury decides")
    return _("same mean as another: the tie rule decides") if place.settled else ""
