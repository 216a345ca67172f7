"""The secret link on paper, for contributors without an e-mail address."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import tokens
from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from ..models import Submission, TrackingLetter
from ..permissions import is_contributor
from ..selectors import TRACKING_PURPOSE
from .intake import issue_tracking


@transaction.atomic
def give_letter(submission: Submission, *, by, reason: str = "") -> str:
    """Note that a letter is printed and return the raw link that it carries.

    A second letter replaces a lost one: it needs ``reason`` (what happened, how the identity was
    checked), and every link given before is dead from now on. Refused where the contributor has
    an e-mail address: the link goes there and nowhere else.
    """
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if not is_staff(by) or is_contributor(by, locked.idea):
        raise PermissionRefused(_("You may not do this."))
    if locked.contact.email:
        raise TransitionRefused(
            _("This contributor has an e-mail address: the link is sent there.")
        )
    replaces = locked.letters.exists()
    if replaces and not reason.strip():
        raise TransitionRefused(
            _("A letter was printed already. Say why there is a new one and what you checked.")
        )
    if replaces:
        tokens.revoke(TRACKING_PURPOSE, locked)
    TrackingLetter.objects.create(
        submission=locked, by=by, replaces=replaces, reason=reason.strip() if replaces else ""
    )
    return issue_tracking(locked)
