"""Erase a person: the record stays empty, what they contributed stays without them.

The address is looked for in every text column of every table, so that a table which somebody adds
later is searched as well. Ledgers keep a keyed hash of it and nothing else.
"""

import re

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from core import documents, tokens
from core.models import DocumentVersion, Message, Token
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
from .relations import unprotected
from .reports import forget_reporter
from .subscriptions import record_erasure

ERASED = "[…]"
#: What an address may consist of: "an@example.org" is not part of "jean@example.org".
BEFORE = r"(?<![[:alnum:]._%+-])"
AFTER = r"(?![[:alnum:]-]|\.[[:alnum:]])"
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)


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
    for person in people:
        if person.erased_at is None:
            record_erasure(person)
            record_change(person, "erase", "", "erased", by=by)
        _take_out(person)
    _empty([person.pk for person in people])
    for address in addresses:
        _forget_mails(address)
        _forget_imports(address)
        forget_reporter(address)
        _sweep(address)
    contact.refresh_from_db()


def _empty(pks):
    """Leave the records without a word; who is who among merged ones is forgotten as well."""
    Contact.objects.filter(pk__in=pks, erased_at=None).update(
        name="", email="", phone="", user=None, erased_at=timezone.now()
    )
    ContactMerge.objects.filter(merged__in=pks).update(changes={})
    kind = ContentType.objects.get_for_model(Contact)
    LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks]).update(
        object_repr=ERASED, change_message=""
    )


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
    mails.update(recipient="", subject="", text="", html="", calendar="", headers={}, error="")


def _forget_imports(address):
    """Empty the uploaded tables with an address: beside it stand a name and a role."""
    rows = RegisterImport.objects.annotate(words=Cast("table", models.TextField()))
    found = rows.filter(words__icontains=address).values_list("pk", flat=True)
    RegisterImport.objects.filter(pk__in=list(found)).update(
        table={}, verdict=[], purged_at=timezone.now()
    )


def text_columns(model) -> list[str]:
    """Return the database columns of ``model`` that may hold words."""
    return [
        field.column
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXTS) and not field.primary_key
    ]


def tables() -> dict:
    """Return {table: model} of every table of ours with text columns."""
    found = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in found
        if model._meta.managed and not model._meta.proxy and text_columns(model)
    }


def _sweep(address: str) -> None:
    """Blot an address out wherever it stands in words, notes, logs and records of merges."""
    pattern = BEFORE + re.sub(r"([^\w@])", r"\\\1", address) + AFTER
    versions = _intact_versions(pattern)
    with connection.cursor() as cursor:
        for table, model in tables().items():
            _blot(cursor, table, model, pattern)
    with unprotected(DocumentVersion):
        documents.record_redaction(versions)


def _intact_versions(pattern: str) -> list[DocumentVersion]:
    """Return the versions from which an address will go; one that was tampered with stays told."""
    found = DocumentVersion.objects.filter(body__iregex=pattern)
    return [version for version in found if documents.is_intact(version)]


def _blot(cursor, table, model, pattern):
    quote = connection.ops.quote_name
    columns = {quote(name): _type_of(model, name) for name in text_columns(model)}
    holds = " OR ".join(f"{column}::text ~* %s" for column in columns)
    where = [pattern] * len(columns)
    cursor.execute(f"SELECT 1 FROM {quote(table)} WHERE {holds} LIMIT 1", where)
    if cursor.fetchone() is None:
        return
    put = ", ".join(
        f"{column} = regexp_replace({column}::text, %s, %s, 'gi')::{kind}"
        for column, kind in columns.items()
    )
    with unprotected(model):
        cursor.execute(
            f"UPDATE {quote(table)} SET {put} WHERE {holds}",
            [*[pattern, ERASED] * len(columns), *where],
        )


def _type_of(model, column) -> str:
    field = next(each for each in model._meta.local_concrete_fields if each.column == column)
    return field.db_type(connection).partition("(")[0]
