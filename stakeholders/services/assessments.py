"""Assessing a stakeholder: each assessment is a new row, with its reasons, and stays."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Organisation, StakeholderAssessment
from ..permissions import assesses


def assess_organisation(
    organisation: Organisation, *, by, rationale: str, assessed_on=None, **scores
) -> StakeholderAssessment:
    """Record what the Office thinks of ``organisation`` from ``assessed_on`` (today) on.

    ``scores``: influence, interest, engagement_current, engagement_desired, iap2_target. Nothing
    is overwritten: the database takes neither a change nor a removal. Raises `ValidationError`
    without reasons, out of scale, for a day to come or for a merged organisation, and
    `PermissionDenied` where ``by`` may not assess.
    """
    if not assesses(by):
        raise PermissionDenied
    if organisation.merged_into_id:
        raise ValidationError(_("This organisation was merged: assess the one that goes on."))
    day = assessed_on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"assessed_on": _("This day is still to come.")})
    assessment = StakeholderAssessment(
        organisation=organisation,
        assessed_by=by,
        assessed_on=day,
        rationale=rationale.strip(),
        is_demo=organisation.is_demo,
        **scores,
    )
    assessment.full_clean()
    assessment.save(force_insert=True)
    return assessment
