"""Make and change segments. Whoever changes a rule ends the approvals that rest on it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.concurrency import refuse_stale
from core.workflow import TransitionRefused

from ..audience import REOPENED, uses_of
from ..models import Campaign, Segment
from ..permissions import check_writer
from ..segments import parse, refuse_unknown
from ..workflow import CAMPAIGN
from .writing import APPROVAL_VOID

TEXTS = ("name_fr", "name_nl", "name_en", "description_fr", "description_nl", "description_en")


class ApprovalsEnd(TransitionRefused):
    """A change of a rule by somebody who did not say that they know whose approval it ends."""


def create_segment(segment: Segment, *, by) -> Segment:
    """Save the new ``segment`` as made by ``by``; raise `BadRule` where its rule is none."""
    check_writer(by)
    segment.rule = checked(segment.rule)
    segment.created_by = by
    return _saved(segment)


@transaction.atomic
def edit_segment(segment: Segment, *, by, row_state: str, rule, agreed=False, **texts) -> list:
    """Change ``segment``; return the campaigns that are drafts again because of it.

    ``row_state`` is what the writer saw: raises `ValidationError` when somebody changed it since.
    A changed rule takes every campaign that uses it and is in review, approved, planned or held
    back to draft; unless ``agreed``, that is refused (`ApprovalsEnd`). ``by`` becomes an editor of
    all campaigns that can still be approved: a second person looks at the new audience.
    """
    check_writer(by)
    # Not the key: a campaign that chooses this segment meanwhile need not wait.
    locked = Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
    refuse_stale(locked, row_state)
    refuse_archived(locked)
    new = checked(rule)
    changed, locked.rule = locked.rule != new, new
    for name in TEXTS:
        setattr(locked, name, texts.get(name, getattr(locked, name)))
    _saved(locked)
    reopened = _void_approvals(locked, by=by, agreed=agreed) if changed else []
    segment.refresh_from_db()
    return reopened


def checked(rule) -> dict:
    """Return ``rule`` as it is stored; raise `BadRule` where it is none or names what is gone."""
    read = parse(rule)
    refuse_unknown(read)
    return read.normal().as_json()


def refuse_archived(segment: Segment) -> None:
    """Refuse to change what was put away."""
    if segment.archived_at is not None:
        raise TransitionRefused(_("This segment is archived. Restore it before you change it."))


def _saved(segment: Segment) -> Segment:
    try:
        # The field without a language would be cleaned into the column of the page's language.
        segment.full_clean(exclude=["name", "description"])
    except ValidationError as error:
        raise TransitionRefused(" ".join(error.messages)) from error
    segment.save()
    return segment


def _void_approvals(segment, *, by, agreed) -> list[Campaign]:
    open_ones = uses_of(segment).filter(status__in=[Campaign.Status.DRAFT, *REOPENED])
    reopened = []
    for campaign in open_ones.order_by("pk").select_for_update():
        if campaign.status != Campaign.Status.DRAFT:
            if not agreed:
                raise ApprovalsEnd(_("Tick the box, or leave the conditions as they were."))
            note = _("The segment “%(name)s” was changed.") % {"name": segment}
            CAMPAIGN.apply(campaign, "reopen", by=by, note=note, **APPROVAL_VOID)
            reopened.append(campaign)
        campaign.editors.add(by)
    return reopened


def archive_segment(segment: Segment, *, by) -> None:
    """Put a segment away: no campaign chooses it any more; those that use it keep it."""
    check_writer(by)
    Segment.objects.filter(pk=segment.pk, archived_at=None).update(archived_at=timezone.now())
    segment.refresh_from_db()


def restore_segment(segment: Segment, *, by) -> None:
    """Offer an archived segment again; refused while another one has its name."""
    check_writer(by)
    segment.archived_at = None
    _saved(segment)


@transaction.atomic
def delete_segment(segment: Segment, *, by) -> None:
    """Delete a segment that no campaign uses or has used."""
    check_writer(by)
    locked = Segment.objects.select_for_update().get(pk=segment.pk)
    if uses_of(locked).exists():
        raise TransitionRefused(_("A campaign uses this segment: archive it instead."))
    locked.delete()
