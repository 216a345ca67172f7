"""Erase a person: the record stays empty, what they contributed stays without them.

The address is looked for in every text column of every table, so that a table which somebody adds
later is searched as well. Name and telephone are looked for in what the person has to do with, no
further: whoever types a name need not bear it. Ledgers keep a keyed hash of the address and nothing
else.
"""

import json

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from core import slots, tokens
from core.models import Message, Token
from core.pages import forget_pages
from core.workflow import record_change

from ..models import (
    AnswerFeedback,
    Commitment,
    Contact,
    ContactMerge,
    Idea,
    IdeaQuestion,
    Participation,
    RegisterImport,
    Submission,
    SubscriptionRequest,
)
from .attachments import remove_files_of
from .blotting import ERASED, address_pattern, blot_everywhere, blot_in, name_pattern, phone_pattern
from .mentions import logged_about, own_rows, rows_about
from .reports import forget_reporter
from .subscriptions import record_erasure


class ErasureRefused(Exception):
    """A person who cannot be erased now; `str()` is a sentence for the page."""


@transaction.atomic
def erase_contact(contact: Contact, *, by=None) -> None:
    """Erase a person and every record that was merged into theirs; done twice, it changes nothing.

    Contributions, subscriptions, affiliations and secret links go. Ideas, exchanges, commitments
    and mandates stay and name nobody. No table holds the address afterwards. Refused while the
    person has an account: that is closed first.
    """
    people = _family(contact)
    addresses = sorted({person.email.lower() for person in people if person.email})
    _refuse_account(people, addresses)
    mentioned, own = rows_about(people), own_rows(people)
    slots.collect("stakeholders.erase", people)
    for person in people:
        if person.erased_at is None:
            record_erasure(person)
            record_change(person, "erase", "", "erased", by=by)
        _take_out(person)
    _empty([person.pk for person in people], own)
    for address in addresses:
        _forget_mails(address)
        _forget_imports(address)
        forget_reporter(address)
        blot_everywhere(address_pattern(address, tagged=_is_alone(address)))
    for person in people:
        _forget_imports(*_cells(person))
        for pattern in filter(None, [name_pattern(person.name), phone_pattern(person.phone)]):
            blot_in(mentioned, pattern)
    contact.refresh_from_db()
    transaction.on_commit(forget_pages)


def _is_alone(address: str) -> bool:
    """Tell whether nobody else has this address with another tag ("an+idea@", "an@") by now."""
    local, _at, domain = address.partition("@")
    stem = local.partition("+")[0]
    kin = models.Q(email__iexact=f"{stem}@{domain}") | models.Q(
        email__istartswith=f"{stem}+", email__iendswith=f"@{domain}"
    )
    holders = Contact, get_user_model()
    return not any(model._base_manager.filter(kin).exists() for model in holders)


def _cells(person) -> list[str]:
    """Return how name and telephone stand in an uploaded table: each a cell of its own."""
    words = [person.name, person.phone]
    return [json.dumps(each, ensure_ascii=False) for each in words if each]


def _empty(pks, own):
    """Leave the records without a word; who is who among merged ones is forgotten as well."""
    Contact.objects.filter(pk__in=pks, erased_at=None).update(
        name="", email="", phone="", user=None, erased_at=timezone.now()
    )
    either = models.Q(merged__in=pks) | models.Q(survivor__in=pks)
    ContactMerge.objects.filter(either).update(changes={})
    logged_about({**own, Contact: set(pks)}).update(object_repr=ERASED, change_message="")


def _family(contact) -> list[Contact]:
    """Return the person's record and all that were merged into it, locked in the order of keys."""
    own = Contact._base_manager.get(pk=contact.pk)
    root = own.merged_into_id or own.pk
    rows = Contact._base_manager.select_for_update().order_by("pk")
    return list(rows.filter(models.Q(pk=root) | models.Q(merged_into=root)))


def _refuse_account(people, addresses):
    users = get_user_model()._base_manager
    ours = [person.user_id for person in people if person.user_id]
    if ours or any(users.filter(email__iexact=address).exists() for address in addresses):
        raise ErasureRefused(_("This person has an account. Close the account first."))


def _take_out(person):
    """Delete what is the person's own, and leave what is of the Office without them."""
    remove_files_of(person)
    sent = set(Submission.objects.filter(contact=person, via=None).values_list("idea", flat=True))
    reactions = AnswerFeedback.objects.filter(submission__contact=person)
    Token.objects.filter(subject__in=[tokens.subject_of(row) for row in reactions]).delete()
    reactions.update(comment="")
    for model in (Submission, SubscriptionRequest):
        rows = model.objects.filter(contact=person)
        Token.objects.filter(subject__in=[tokens.subject_of(row) for row in rows]).delete()
        rows.delete()
    _leave_without_author(sent)
    person.subscriptions.all().delete()
    person.affiliations.all().delete()
    person.bilaterals.clear()
    Participation.objects.filter(contact=person).update(contact=None)
    Commitment.objects.filter(contact=person).update(contact=None)


def _leave_without_author(pks):
    """Take the name and the private words out of ideas that nobody else has sent."""
    shared = Submission.objects.filter(idea__in=pks, via=None).values("idea")
    ideas = Idea.objects.filter(pk__in=pks).exclude(pk__in=shared)
    IdeaQuestion.objects.filter(idea__in=ideas).update(reply="")
    ideas.update(
        display_text="",
        organisation_claimed="",
        withdrawal_words="",
        author_removed_at=timezone.now(),
    )


def _forget_mails(address):
    """Empty the mails to an address; what waits is not sent any more."""
    mails = Message.objects.filter(recipient__iexact=address)
    waiting = [Message.Status.QUEUED, Message.Status.SENDING]
    mails.filter(status__in=waiting).update(status=Message.Status.FAILED)
    mails.update(
        recipient="", subject="", text="", html="", calendar="", headers={}, facts={}, error=""
    )


def _forget_imports(*words):
    """Empty the uploaded tables with one of ``words``: beside it stand a name and a role."""
    rows = RegisterImport.objects.annotate(words=Cast("table", models.TextField()))
    for each in words:
        found = rows.filter(words__icontains=each).values_list("pk", flat=True)
        RegisterImport.objects.filter(pk__in=list(found)).update(
            table={}, verdict=[], purged_at=timezone.now()
        )
