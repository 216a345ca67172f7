"""Who may do what with an indicator and its figures."""

import rules
from django.contrib.contenttypes.models import ContentType

from core.models import StatusChange
from core.permissions import is_office, is_system

from .models import Indicator


@rules.predicate
def owns(user, indicator=None):
    """Tell whether ``user`` is the owner of the indicator."""
    return (
        indicator is not None
        and getattr(user, "is_active", False)
        and user.pk is not None
        and indicator.owner_id == user.pk
    )


@rules.predicate
def did_not_submit(user, indicator=None):
    """Tell whether somebody else than ``user`` put the indicator up for review."""
    kind = ContentType.objects.get_for_model(indicator)
    changes = StatusChange.objects.filter(content_type=kind, object_id=indicator.pk)
    last = changes.filter(transition="submit").order_by("-at", "-pk").first()
    return last is None or last.by_id != user.pk


may_edit = is_office | owns
#: An editor never approves own figures; neither does the owner.
may_approve = is_office & ~owns & did_not_submit


@rules.predicate
def did_not_load(user, row=None):
    """Tell whether somebody else than ``user`` loaded the index or the edition."""
    return row is not None and (row.author_id is None or row.author_id != user.pk)


may_edit_index = is_office
#: Whoever loaded an index or put it up for review does not publish it.
may_publish_index = is_office & did_not_load & did_not_submit


@rules.predicate
def is_computed(user, indicator=None):
    """Tell whether the portal counts the figures of the indicator itself."""
    return indicator is not None and bool(indicator.metric)


#: What the portal counts, nobody types.
may_record = ((is_office | owns) & ~is_computed) | is_system


@rules.predicate
def owns_reported(user, report=None):
    """Tell whether ``user`` is the owner of the indicator that a report is about."""
    has_indicator = report is not None and report.indicator_id is not None
    return has_indicator and owns(user, report.indicator)


#: Who reads and answers what readers report about a figure.
may_answer = is_office | owns_reported


@rules.predicate
def sent_import(user, job=None):
    """Tell whether ``user`` sent these figures."""
    return (
        job is not None
        and getattr(user, "is_active", False)
        and user.pk is not None
        and job.author_id == user.pk
    )


#: Nobody approves own figures, whichever way they came in.
may_approve_import = is_office & ~sent_import


def may_import(user) -> bool:
    """Tell whether ``user`` may send figures: of all indicators, or of those that are theirs."""
    if is_office(user):
        return True
    return user.is_active and Indicator.objects.filter(owner=user.pk).exists()
