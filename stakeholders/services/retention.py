"""How long a person stays in the register, and why: one table, one dry run, one erasure.

A person stays as long as one line of `CLASSES` keeps them. The run erases what the dry run listed
and is still due then, never anybody younger.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import is_administrator, is_staff, is_system

from ..models import (
    PENDING_COMMITMENT,
    Affiliation,
    BilateralMeeting,
    Commitment,
    Contact,
    ContactMerge,
    Participation,
    Submission,
    Subscription,
    SubscriptionRequest,
    SubscriptionState,
)
from .erasing import ErasureRefused, erase_contact
from .relations import relations, rows_of


class RetentionRefused(Exception):
    """A run that may not be made; `str()` is a sentence for the page."""


@dataclass(frozen=True)
class RetentionClass:
    """What keeps a person, for how many months after its end, and on which legal ground.

    ``ties`` (limit) → rows that keep the person named by their field ``path``.
    """

    code: str
    label: str
    months: int
    reason: str
    ties: Callable
    path: str = "contact"


def _subscriptions(limit):
    ended = Q(status=SubscriptionState.UNSUBSCRIBED) & Q(ended_at__lt=limit)
    return Subscription.objects.exclude(ended)


def _contributions(limit):
    recent = Q(created_at__gte=limit) | Q(idea__answered_at__gte=limit)
    return Submission.objects.filter(recent)


def _requests(limit):
    return SubscriptionRequest.objects.filter(asked_at__gte=limit)


def _affiliations(limit):
    return Affiliation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=limit.date()))


def _exchanges(limit):
    return Participation.objects.filter(happened_at__gte=limit)


def _meetings(limit):
    return BilateralMeeting.contacts.through.objects.filter(bilateralmeeting__ends_at__gte=limit)


def _commitments(limit):
    pending = Q(status__in=sorted(PENDING_COMMITMENT))
    return Commitment.objects.filter(pending | Q(closed_on__gte=limit.date()))


TASK = gettext_lazy("task in the public interest (GDPR, art. 6.1.e)")
CONSENT = gettext_lazy("consent (GDPR, art. 6.1.a)")

CLASSES = (
    RetentionClass(
        "subscription", gettext_lazy("subscription, not ended"), 1, CONSENT, _subscriptions
    ),
    RetentionClass("request", gettext_lazy("request for a subscription"), 1, CONSENT, _requests),
    RetentionClass(
        "contribution", gettext_lazy("contribution to an idea"), 24, CONSENT, _contributions
    ),
    RetentionClass("affiliation", gettext_lazy("running affiliation"), 12, TASK, _affiliations),
    RetentionClass("exchange", gettext_lazy("exchange with the Office"), 36, TASK, _exchanges),
    RetentionClass("meeting", gettext_lazy("bilateral meeting"), 36, TASK, _meetings),
    RetentionClass("commitment", gettext_lazy("open commitment"), 24, TASK, _commitments),
)
#: A person without any tie, such as one typed in at the desk.
NEWCOMER_MONTHS = 12
#: Relations that a class above weighs, that go with the person, or that say nothing of interest.
WEIGHED = frozenset(
    {
        *((model, "contact") for model in (Subscription, Submission, SubscriptionRequest)),
        *((model, "contact") for model in (Affiliation, Participation, Commitment)),
        (BilateralMeeting.contacts.through, "contact"),
        (Contact, "merged_into"),
    }
)


def due_contacts(now=None):
    """Return the people whom nothing keeps any more, the longest known first.

    Whoever has an account, a review still to come, or a row of another app that would have to
    name them (a mandate) stays.
    """
    now = now or timezone.now()
    rows = Contact.objects.current().filter(user=None)
    rows = rows.filter(created_at__lt=now - relativedelta(months=NEWCOMER_MONTHS))
    later = Q(retention_review_on__gt=timezone.localdate(now))
    rows = rows.exclude(later)
    for each in CLASSES:
        limit = now - relativedelta(months=each.months)
        rows = rows.exclude(Exists(_of_family(each.ties(limit), each.path)))
    for key in _upper_relations():
        rows = rows.exclude(Exists(_of_family(key.model._base_manager.all(), key.name)))
    still_undoable = ContactMerge.objects.filter(
        survivor=OuterRef("pk"), undone_at=None, at__gte=now - relativedelta(days=30)
    )
    return rows.exclude(Exists(still_undoable)).order_by("created_at", "pk")


def _of_family(rows, path):
    """Return the ``rows`` of a person or of a record that was merged into theirs."""
    own, merged = Q(**{path: OuterRef("pk")}), Q(**{f"{path}__merged_into": OuterRef("pk")})
    return rows.filter(own | merged)


def _upper_relations():
    """Return the relations of upper apps that protect a person from being deleted."""
    keys = [key for key in relations(Contact) if (key.model, key.name) not in WEIGHED]
    return [key for key in keys if key.remote_field.on_delete.__name__ in ("PROTECT", "RESTRICT")]


def ties_of(contact) -> list[str]:
    """Return, in words, what is known of a person: shown beside them in the dry run."""
    return [
        str(key.model._meta.verbose_name)
        for key in relations(Contact)
        if (key.model, key.name) in WEIGHED and rows_of(key, contact.pk).exists()
    ]


def run_retention(pks, *, by) -> tuple[int, list[int]]:
    """Erase the people ``pks`` that a dry run listed; return (how many, who is no longer due).

    Whoever has come back meanwhile stays. Nobody who was not listed is touched. Each erasure
    stands for itself, so that a run which is cut off can be run again.
    """
    if not (is_staff | is_administrator | is_system)(by):
        raise RetentionRefused(_("You may not do this."))
    erased, kept = 0, []
    for pk in sorted(set(pks)):
        if _erase_if_due(pk, by):
            erased += 1
        else:
            kept.append(pk)
    return erased, kept


@transaction.atomic
def _erase_if_due(pk, by) -> bool:
    Contact.objects.select_for_update().filter(pk=pk).first()
    person = due_contacts().filter(pk=pk).first()
    if person is None:
        return False
    try:
        with transaction.atomic():
            erase_contact(person, by=by)
    except ErasureRefused:
        return False
    return True
