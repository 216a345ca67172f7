"""What people decided about two records that looked alike: not the same, or to be asked again."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.permissions import is_staff

from ..models import Contact, DistinctContacts, DistinctOrganisations, Organisation

MODELS = {Organisation: DistinctOrganisations, Contact: DistinctContacts}


class VerdictRefused(Exception):
    """A decision that may not be made; `str()` is a sentence for the page."""


def mark_distinct(one, other, *, by):
    """Remember that two records are two, so that they are never proposed again; return the row."""
    _require(by)
    if one.pk == other.pk:
        raise VerdictRefused(_("Choose two different records that both exist."))
    first, second = sorted((one, other), key=lambda row: row.pk)
    rows = MODELS[type(one)].objects
    return rows.get_or_create(first=first, second=second, defaults={"by": by})[0]


@transaction.atomic
def reset_distinct(pair, *, by) -> None:
    """Forget that two records are two: if they look alike, they are proposed again."""
    _require(by)
    type(pair).objects.filter(pk=pair.pk).delete()


def _require(by):
    if not is_staff(by):
        raise VerdictRefused(_("You may not do this."))
