"""Promises between the Office and its stakeholders: noted, begun, kept with evidence, dropped."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.workflow import PermissionRefused, record_change

from ..meeting_workflow import COMMITMENT
from ..models import Commitment


@transaction.atomic
def note_commitment(commitment, *, by) -> Commitment:
    """Keep an unsaved ``commitment`` with the first line of its history."""
    if not is_staff(by):
        raise PermissionRefused(_("You may not do this."))
    commitment.save()
    record_change(commitment, "note", "", commitment.status, by=by)
    return commitment


@COMMITMENT.verb("start")
def start_commitment(commitment, *, by, note=""):
    """Note that somebody works on it."""
    return COMMITMENT.apply(commitment, "start", by=by, note=note)


@COMMITMENT.verb("keep")
def keep_commitment(commitment, *, by, evidence, note=""):
    """Close a promise that was kept, with what shows it."""
    closed = {"evidence": evidence, "closed_on": timezone.localdate()}
    return COMMITMENT.apply(commitment, "keep", by=by, note=note, **closed)


@COMMITMENT.verb("drop")
def drop_commitment(commitment, *, by, note=""):
    """Close a promise that will not be kept, with the reason."""
    return COMMITMENT.apply(commitment, "drop", by=by, note=note, closed_on=timezone.localdate())
