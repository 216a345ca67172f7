"""Who works where: an affiliation is closed and another opened, the past is never overwritten."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import is_staff

from ..models import Affiliation, Contact

CLOSED_ALREADY = gettext_lazy("This affiliation was closed already: the past stays as it is.")


class AffiliationRefused(Exception):
    """A change that would falsify the past; `str()` is a sentence for the page."""


@transaction.atomic
def open_affiliation(contact, organisation, *, by, starts_on, role="", is_main=True):
    """Note that a person takes up a role in an organisation; return the affiliation."""
    _require(by)
    _lock(contact)
    try:
        with transaction.atomic():
            return Affiliation.objects.create(
                contact=contact,
                organisation=organisation,
                role=role,
                is_main=is_main,
                starts_on=starts_on,
            )
    except IntegrityError as error:
        raise AffiliationRefused(
            _("This person already has this role there, or another main affiliation: close it.")
        ) from error


@transaction.atomic
def close_affiliation(affiliation, *, by, ends_on):
    """Note the last day of an affiliation. One that was closed already keeps its day."""
    _require(by)
    locked = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    if locked.ends_on is not None:
        raise AffiliationRefused(str(CLOSED_ALREADY))
    if ends_on < locked.starts_on:
        raise AffiliationRefused(_("The end is before the start."))
    locked.ends_on = ends_on
    locked.save(update_fields=["ends_on"])
    affiliation.refresh_from_db()
    return affiliation


@transaction.atomic
def change_job(contact, organisation, *, by, starts_on, role=""):
    """Close the main affiliation of a person the day before and open another; return the new one.

    The old one stays with its dates, so what was said then stays said for that organisation.
    """
    _require(by)
    _lock(contact)
    running = contact.affiliations.filter(ends_on=None, is_main=True).first()
    if running is not None:
        if running.starts_on >= starts_on:
            raise AffiliationRefused(
                _("The running affiliation began on %(day)s: the new one has to begin later.")
                % {"day": running.starts_on.isoformat()}
            )
        close_affiliation(running, by=by, ends_on=starts_on - timedelta(days=1))
    return open_affiliation(contact, organisation, by=by, starts_on=starts_on, role=role)


def _require(by):
    if not is_staff(by):
        raise AffiliationRefused(_("You may not do this."))


def _lock(contact):
    Contact.objects.select_for_update().get(pk=contact.pk)
