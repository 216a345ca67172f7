"""The answers of a compliance statement: from each to each other, and to itself (checked again)."""

from django.utils.translation import gettext_lazy as _

from core.publication import parity_guard
from core.workflow import Transition, Workflow

from .models import StatementStatus
from .permissions import can_assess

S = StatementStatus
ANSWERED = (S.COMPLIANT, S.PARTIAL, S.NON_COMPLIANT, S.NOT_APPLICABLE)
EVERY = (S.NOT_ASSESSED, *ANSWERED)


def answer(name: str, target: str, label, form: str) -> Transition:
    """Return the move to one answer, whatever the answer before."""
    return Transition(name, EVERY, target, can_assess, label, guard=parity_guard, form=form)


STATEMENT = Workflow(
    "compliance.ComplianceStatement",
    StatementStatus,
    [
        answer("find_compliant", S.COMPLIANT, _("Compliant"), "compliance.forms.CompliantForm"),
        answer("find_partial", S.PARTIAL, _("Partly compliant"), "compliance.forms.ExceptionForm"),
        answer(
            "find_non_compliant",
            S.NON_COMPLIANT,
            _("Not compliant"),
            "compliance.forms.ExceptionForm",
        ),
        answer(
            "find_not_applicable",
            S.NOT_APPLICABLE,
            _("Not applicable"),
            "compliance.forms.ExceptionForm",
        ),
        Transition(
            "reopen",
            ANSWERED,
            S.NOT_ASSESSED,
            can_assess,
            _("To be assessed again"),
            guard=parity_guard,
            reason=True,
        ),
    ],
)
