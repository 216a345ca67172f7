"""All that the portal keeps about one person, for that person: to read, to take along.

What the Office notes about its work with stakeholders is not written for this page: it is named by
its number, and handed over by the Office, which shields whoever else took part.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import tokens
from core.models import Message, Token
from core.typography import day

from .following import aims_of
from .models import (
    CORRECTABLE,
    AnswerFeedback,
    ConsentEvent,
    IdeaAttachment,
    IdeaEdit,
    IdeaQuestion,
    IdeaReport,
    Participation,
)
from .reporters import hash_of_address
from .services.subscriptions import address_hmac


@dataclass(frozen=True)
class Record:
    """One row: (key, label, value) of each filled field."""

    fields: tuple[tuple, ...]

    @property
    def lines(self) -> list[list[str]]:
        """Return [label, words] of each field, as a page shows them."""
        return [[str(label), shown(value)] for _key, label, value in self.fields]

    @property
    def plain(self) -> dict:
        """Return {key: value} as a file holds them."""
        return {key: value for key, _label, value in self.fields}


@dataclass(frozen=True)
class Section:
    """What is kept of one kind."""

    key: str
    title: str
    records: list[Record]


def shown(value) -> str:
    """Return a value in words: yes or no, a day, or the text itself."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return day(value) if hasattr(value, "year") else str(value)


def sections_of(contact) -> list[Section]:
    """Return what is kept about ``contact``, in the language that is active."""
    return [
        Section("person", _("You"), [_person(contact)]),
        Section("ideas", _("Your ideas"), _ideas(contact)),
        Section("files", _("Your files"), _files(contact)),
        Section("questions", _("Our questions and your replies"), _questions(contact)),
        Section("corrections", _("Your corrections"), _corrections(contact)),
        Section("reactions", _("What you said of our answers"), _reactions(contact)),
        Section("reports", _("Ideas that you reported"), _reports(contact)),
        Section("subscriptions", _("Your subscriptions"), _subscriptions(contact)),
        Section("consents", _("What you agreed to"), _consents(contact)),
        Section("links", _("Secret links that we sent you"), _links(contact)),
        Section("affiliations", _("Organisations for which you work"), _affiliations(contact)),
        Section("messages", _("Mails to you"), _messages(contact)),
        Section("exchanges", _("Exchanges with the Office"), _exchanges(contact)),
    ]


def as_file(contact) -> dict:
    """Return the same as a tree of plain values under English keys."""
    return {
        section.key: [record.plain for record in section.records]
        for section in sections_of(contact)
    }


def _record(row, *names, **more) -> Record:
    """Return the filled ones of ``names`` of ``row``, with the labels of the model."""
    fields = [(name, row._meta.get_field(name), _value(row, name)) for name in names]
    found = [(key, str(field.verbose_name), value) for key, field, value in fields]
    found += [(key, label, value) for key, (label, value) in more.items()]
    return Record(tuple(each for each in found if each[2] not in ("", None)))


def _value(row, name):
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    value = getattr(row, name)
    return str(value) if hasattr(value, "_meta") else value


def _person(contact):
    return _record(
        contact,
        *("name", "email", "phone", "language", "legal_basis", "do_not_contact", "created_at"),
    )


def _submissions(contact):
    rows = contact.submissions.select_related("idea__theme", "idea__municipality", "contact")
    return rows.order_by("created_at", "pk")


def _ideas(contact):
    return [
        _record(
            submission.idea,
            *("reference", "title", "body", "expected_benefit", "language", "theme"),
            *("municipality", "submitter_type", "organisation_claimed", "display"),
            *("display_text", "status", "withdrawal_words", "submitted_at", "published_at"),
            channel=(_("Channel"), submission.get_channel_display()),
            notify=(_("wants to be told"), submission.notify),
            mail_language=(_("language of our mails"), submission.get_language_display()),
            consent=(_("text agreed to"), submission.consent_version),
            verified=(_("address confirmed"), submission.email_verified_at),
        )
        for submission in _submissions(contact)
    ]


def _own_ideas(contact):
    return contact.submissions.filter(via=None).values("idea")


def _files(contact):
    rows = IdeaAttachment.objects.filter(idea__in=_own_ideas(contact)).select_related("idea")
    names = ("name", "kind", "size", "alt_text", "rights_confirmed", "scan_state", "refusal")
    return [_record(row, "idea", *names, "added_at") for row in rows]


def _questions(contact):
    rows = IdeaQuestion.objects.filter(idea__in=_own_ideas(contact)).select_related("idea")
    return [_record(row, "idea", "text", "asked_at", "reply", "replied_at") for row in rows]


def _corrections(contact):
    rows = IdeaEdit.objects.filter(submission__contact=contact)
    names = [name.removesuffix("_id") for name in CORRECTABLE]
    rows = rows.select_related("idea", "theme", "municipality")
    return [_record(row, "made_at", *names, "status", "reason", "explanation") for row in rows]


def _reactions(contact):
    rows = AnswerFeedback.objects.filter(submission__contact=contact)
    rows = rows.select_related("statement__idea").order_by("asked_at", "pk")
    return [
        _record(row, "statement", "asked_at", "status", "comment", "replied_at") for row in rows
    ]


def _reports(contact):
    if not contact.email:
        return []
    rows = IdeaReport.objects.filter(reporter_hash=hash_of_address(contact.email))
    rows = rows.select_related("idea")
    return [_record(row, "idea", "reason", "details", "at") for row in rows]


def _subscriptions(contact):
    rows = contact.subscriptions.select_related("topic").order_by("asked_at", "pk")
    names = ("kind", "language", "status", "asked_at", "confirmed_at", "ended_at")
    label = _("what is followed")
    return [_record(row, *names, followed=(label, str(aims_of(row)[0]))) for row in rows]


def _consents(contact):
    if not contact.email:
        return []
    rows = ConsentEvent.objects.filter(address_hmac=address_hmac(contact.email))
    rows = rows.select_related("topic").order_by("at", "pk")
    names = ("event", "kind", "topic", "target", "wording_version", "wording_sha256")
    return [_record(row, *names, "language", "source", "at") for row in rows]


def _links(contact):
    """Return the secret links that were made for this person; their text is kept nowhere."""
    owned = [*contact.submissions.all(), *contact.subscription_requests.all()]
    rows = Token.objects.filter(subject__in=[tokens.subject_of(each) for each in owned])
    labels = {
        "created_at": pgettext("history", "made"),
        "expires_at": _("valid until"),
        "used_at": _("used"),
    }
    return [
        Record(
            tuple(
                (name, label, getattr(row, name))
                for name, label in labels.items()
                if getattr(row, name) is not None
            )
        )
        for row in rows.order_by("created_at", "pk")
    ]


def _affiliations(contact):
    rows = contact.affiliations.select_related("organisation")
    return [_record(row, "organisation", "role", "starts_on", "ends_on") for row in rows]


def _messages(contact):
    if not contact.email:
        return []
    rows = Message.objects.filter(recipient__iexact=contact.email).order_by("created_at", "pk")
    return [_record(row, "subject", "status", "created_at", "sent_at") for row in rows]


def _exchanges(contact):
    count = Participation.objects.filter(contact=contact).count()
    if not count:
        return []
    label = _("Exchanges in which you took part: ask the Office to see them")
    return [Record((("count", label, count),))]
