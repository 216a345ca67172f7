"""Write a campaign and have it approved by a second person."""

import secrets
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from core import mail
from core.models import Message
from core.workflow import TransitionRefused

from .. import selectors
from ..audience import REOPENED, audience_hash
from ..models import SEGMENT_LISTS, Campaign
from ..permissions import check_writer
from ..workflow import CAMPAIGN
from .letters import trial_context

APPROVAL_VOID = {
    "approved_by": None,
    "approved_hash": "",
    "approved_audience_hash": "",
    "approved_count": None,
    "started_at": None,
}
#: States in which an edit takes the campaign back to draft.
REOPENED_BY_EDIT = REOPENED


def create_campaign(campaign: Campaign, *, by) -> Campaign:
    """Save the new draft ``campaign`` as written by ``by``."""
    check_writer(by)
    campaign.created_by = by
    campaign.save()
    return campaign


@transaction.atomic
def edit_campaign(campaign: Campaign, *, by, **changes) -> Campaign:
    """Change fields of ``campaign``; whatever was approved or in review is a draft again.

    ``by`` becomes one of its editors and cannot approve it any more. ``segments`` and
    ``excluded_segments`` are lists, put in the place of those before.
    """
    locked = _opened(campaign, by)
    lists = {name: list(changes.pop(name)) for name in SEGMENT_LISTS if name in changes}
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.version += 1
    locked.save(update_fields=[*changes, "version"])
    for name, rows in lists.items():
        getattr(locked, name).set(rows)
    refuse_contradiction(locked)
    campaign.refresh_from_db()
    return campaign


@transaction.atomic
def edit_blocks(campaign: Campaign, *, by, save: Callable[[], object]) -> None:
    """Change the blocks of ``campaign`` by calling ``save``, with what an edit does to it."""
    locked = _opened(campaign, by)
    save()
    locked.version += 1
    locked.save(update_fields=["version"])
    campaign.refresh_from_db()


def _opened(campaign, by) -> Campaign:
    """Return the row, locked, as a draft that ``by`` has edited."""
    check_writer(by)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.status in REOPENED_BY_EDIT:
        CAMPAIGN.apply(locked, "reopen", by=by, note=_("Edited."), **APPROVAL_VOID)
    elif locked.status != Campaign.Status.DRAFT:
        raise TransitionRefused(_("What was sent or cancelled is not changed any more."))
    locked.editors.add(by)
    return locked


def refuse_contradiction(campaign: Campaign) -> None:
    """Refuse a segment that a campaign both asks for and leaves out: nobody would be left of it."""
    both = campaign.segments.filter(pk__in=campaign.excluded_segments.values("pk"))
    if both.exists():
        names = ", ".join(str(each) for each in both)
        words = _("One and the same segment cannot be asked for and left out: %(names)s.")
        raise TransitionRefused(words % {"names": names})


@CAMPAIGN.verb("submit")
@transaction.atomic
def submit_campaign(campaign, *, by, note=""):
    """Ask for the approval of a second person.

    ``by`` becomes one of its editors, unless it is their own: whoever stands up for a text, be it
    one that the portal has put together, is not the one who approves it.
    """
    change = CAMPAIGN.apply(campaign, "submit", by=by, note=note)
    if campaign.created_by_id != by.pk:
        campaign.editors.add(by)
    return change


@CAMPAIGN.verb("approve")
def approve_campaign(campaign, *, by, note=""):
    """Approve exactly these texts and this audience: their hashes are kept, and how many it has."""
    approval = {
        "approved_by": by,
        "approved_hash": selectors.content_hash(campaign),
        "approved_audience_hash": audience_hash(campaign),
        "approved_count": selectors.audience(campaign).count(),
    }
    return CAMPAIGN.apply(campaign, "approve", by=by, note=note, **approval)


@CAMPAIGN.verb("send_back")
def send_back_campaign(campaign, *, by, note):
    """Return a campaign to its authors, with the reason."""
    return CAMPAIGN.apply(campaign, "send_back", by=by, note=note)


@CAMPAIGN.verb("reopen")
def reopen_campaign(campaign, *, by, note=""):
    """Take a campaign back to draft; an approval is void."""
    return CAMPAIGN.apply(campaign, "reopen", by=by, note=note, **APPROVAL_VOID)


def send_test(campaign, *, by, language: str) -> Message:
    """Send ``campaign`` as it stands to ``by`` alone: marked as a test and counted nowhere."""
    check_writer(by)
    return mail.enqueue(
        key=f"campaign-test:{campaign.pk}:{by.pk}:{secrets.token_hex(8)}",
        template="campaign",
        to=by.email,
        language=language,
        context=trial_context(campaign, language, by.name),
        facts={"campaign": campaign.pk},
    )
