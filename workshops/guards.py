"""What has to be true before a move, each refusal with the way to mend it."""

from django.utils.translation import gettext as _

from core.publication import REQUIRED, parity_guard
from core.workflow import TransitionRefused


def tells_why(workshop) -> None:
    """Refuse to postpone or cancel without a reason that both languages tell."""
    parity_guard(workshop)
    if not in_both(workshop, "status_reason"):
        raise TransitionRefused(_("Give the reason in French and in Dutch: everybody reads it."))


def every_idea_has_a_result(workshop) -> None:
    """Refuse a report while an idea on the agenda has no result, naming the ideas."""
    without = workshop.agenda.filter(result="").select_related("idea")
    if without:
        names = ", ".join(f"{entry.idea.reference} “{entry.idea.title}”" for entry in without)
        raise TransitionRefused(
            _("Enter a result with its reason for each idea first: %(ideas)s.") % {"ideas": names}
        )
    parity_guard(workshop)
    if not in_both(workshop, "report"):
        raise TransitionRefused(_("Tell in French and in Dutch what came out of the workshop."))


def in_both(workshop, field: str) -> bool:
    """Tell whether ``field`` holds words in French and in Dutch."""
    return all((getattr(workshop, f"{field}_{code}") or "").strip() for code in REQUIRED)
