"""The states of a file that goes with an idea."""

from django.utils.translation import gettext_lazy as _

from core.permissions import is_system
from core.workflow import Transition, Workflow

from .models import ScanState
from .permissions import moderates_files

PENDING, NOT_SCANNED = ScanState.PENDING, ScanState.NOT_SCANNED

ATTACHMENT = Workflow(
    "stakeholders.IdeaAttachment",
    ScanState,
    [
        Transition("clear", (PENDING,), ScanState.CLEAN, is_system, _("Found clean")),
        Transition("infect", (PENDING,), ScanState.INFECTED, is_system, _("Found infected")),
        Transition("give_up", (PENDING,), NOT_SCANNED, is_system, _("Left to a moderator")),
        Transition(
            "release",
            (NOT_SCANNED,),
            ScanState.RELEASED,
            moderates_files,
            _("Release the file"),
            style="primary",
        ),
        Transition(
            "refuse",
            (PENDING, NOT_SCANNED, ScanState.CLEAN, ScanState.RELEASED),
            ScanState.REFUSED,
            moderates_files,
            _("Refuse the file and delete it"),
            form="stakeholders.forms.attachments.FileRefusalForm",
            style="danger",
        ),
    ],
    field="scan_state",
)
