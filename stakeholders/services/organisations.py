"""Where an organisation stands: active, dormant, closed with its day and its successor."""

from django.db import transaction

from ..workflow import ORGANISATION


@ORGANISATION.verb("rest")
def mark_dormant(organisation, *, by, note=""):
    """Say that an organisation exists but does not answer any more."""
    return ORGANISATION.apply(organisation, "rest", by=by, note=note)


@ORGANISATION.verb("wake")
def mark_active(organisation, *, by, note=""):
    """Say that an organisation answers again."""
    return ORGANISATION.apply(organisation, "wake", by=by, note=note)


@ORGANISATION.verb("close")
@transaction.atomic
def close_organisation(organisation, *, by, ended_on, successor=None, note=""):
    """Say that an organisation ended, on which day, and who took over; its page stays.

    The people who worked there no longer do: their affiliations end on the same day.
    """
    change = ORGANISATION.apply(
        organisation, "close", by=by, note=note, ended_on=ended_on, successor=successor
    )
    running = organisation.affiliations.filter(ends_on=None)
    running.filter(starts_on__lte=ended_on).update(ends_on=ended_on)
    return change


@ORGANISATION.verb("reopen")
def reopen_organisation(organisation, *, by, note):
    """Take back a closing that was a mistake; affiliations are opened again by hand."""
    return ORGANISATION.apply(
        organisation, "reopen", by=by, note=note, ended_on=None, successor=None
    )
