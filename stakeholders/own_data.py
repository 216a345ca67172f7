"""All that the portal keeps about one person, for that person: to read, to take along.

What the Office notes about its work with stakeholders and around ideas is not written for this
page: it is named by its number, and handed over by the Office, which shields whoever else took
part. What others reported about an idea is theirs, not the author's. Words that a person wrote
carry the language in which they were written.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import slots, tokens
from core.models import Message, Token
from core.uploads import size_words

from .following import aims_of
from .models import (
    CORRECTABLE,
    AnswerFeedback,
    ConsentEvent,
    IdeaAttachment,
    IdeaEdit,
    IdeaNote,
    IdeaQuestion,
    IdeaReport,
    Participation,
    Submission,
)
from .own_records import Fact, Record, record
from .reporters import hash_of_address
from .services.subscriptions import address_hmac

#: What an upper app keeps about a person: (contact) → a `Section`.
SLOT = "stakeholders.own_data"
#: What of an idea its author wrote.
OWN_WORDS = (
    *("title", "body", "expected_benefit", "organisation_claimed", "display_text"),
    "withdrawal_words",
)


@dataclass(frozen=True)
class Section:
    """What is kept of one kind."""

    key: str
    title: str
    records: list[Record]


def sections_of(contact) -> list[Section]:
    """Return what is kept about ``contact``, in the language that is active."""
    return [
        Section("person", _("You"), [_person(contact)]),
        Section("ideas", _("Your ideas"), _ideas(contact)),
        Section("files", _("Files that you sent"), _files(contact)),
        Section("questions", _("Our questions and your replies"), _questions(contact)),
        Section("corrections", _("Your corrections"), _corrections(contact)),
        Section("reactions", _("What you said of our answers"), _reactions(contact)),
        Section("reports", _("Ideas that you reported"), _reports(contact)),
        *slots.collect(SLOT, contact),
        Section("subscriptions", _("Your subscriptions"), _subscriptions(contact)),
        Section("consents", _("What you agreed to"), _consents(contact)),
        Section("links", _("Secret links that we sent you"), _links(contact)),
        Section("affiliations", _("Organisations for which you work"), _affiliations(contact)),
        Section("messages", _("Mails to you"), _messages(contact)),
        Section("exchanges", _("Exchanges with the Office"), _exchanges(contact)),
        Section("notes", _("Internal notes of the Office"), _notes(contact)),
    ]


def as_file(contact) -> dict:
    """Return the same as a tree of plain values under English keys."""
    return {
        section.key: [each.plain for each in section.records] for section in sections_of(contact)
    }


def _person(contact):
    return record(
        contact,
        *("name", "email", "phone", "language", "legal_basis", "do_not_contact", "created_at"),
    )


def _ideas(contact):
    """Return what the person sent; of an idea that took theirs in, no more than its name.

    Its words, and why it was withdrawn, are somebody else's.
    """
    rows = contact.submissions.select_related("idea__theme", "idea__municipality", "contact", "via")
    return [
        _sent(each) if each.via_id is None else _followed(each)
        for each in rows.order_by("created_at", "pk")
    ]


def _sent(submission):
    return record(
        submission.idea,
        *("reference", "title", "body", "expected_benefit", "language", "theme"),
        *("municipality", "submitter_type", "organisation_claimed", "display"),
        *("display_text", "status", "withdrawal_words", "submitted_at", "published_at"),
        own=OWN_WORDS,
        language=submission.idea.language,
        more=_contribution(submission),
    )


def _followed(submission):
    own = Fact("via", _("took in your idea"), str(submission.via), submission.via.language)
    return record(
        submission.idea,
        *("reference", "title", "language", "status"),
        own=["title"],
        language=submission.idea.language,
        more=[own, *_contribution(submission)],
    )


def _contribution(submission) -> list[Fact]:
    return [
        Fact("channel", _("Channel"), submission.get_channel_display()),
        Fact("notify", _("wants to be told"), submission.notify),
        Fact("mail_language", _("language of our mails"), submission.get_language_display()),
        Fact("consent", _("text agreed to"), submission.consent_version),
        Fact("verified", _("address confirmed"), submission.email_verified_at),
    ]


def _own_ideas(contact):
    return contact.submissions.filter(via=None).values("idea")


def _files(contact):
    rows = IdeaAttachment.objects.filter(idea__in=_own_ideas(contact)).select_related("idea")
    return [_file(row) for row in rows.order_by("pk")]


def _file(row):
    return record(
        row,
        *("idea", "name", "alt_text", "kind", "added_at", "scan_state", "refusal"),
        own=["name", "alt_text"],
        language=row.idea.language,
        more=[
            Fact("size", _("size"), row.size, words=size_words(row.size)),
            # A PDF asks for no such right.
            Fact("rights_confirmed", _("rights confirmed"), row.rights_confirmed or None),
        ],
    )


def _questions(contact):
    ideas = _own_ideas(contact)
    rows = IdeaQuestion.objects.filter(idea__in=ideas).select_related("idea")
    read = _read_in(ideas)
    return [_question(row, read[row.idea_id]) for row in rows]


def _question(row, languages):
    """Return question and reply: asked in the language that the contributors read, if it is one."""
    asked = languages[0] if len(languages) == 1 else ""
    return record(
        row,
        "idea",
        more=[
            Fact("text", _("question"), row.text, asked),
            Fact("asked_at", _("asked"), row.asked_at),
            Fact("reply", _("reply"), row.reply, row.idea.language),
            Fact("replied_at", _("replied"), row.replied_at),
        ],
    )


def _read_in(ideas) -> dict[int, list[str]]:
    """Return {idea: the languages in which its contributors read our mails}."""
    found: dict[int, list[str]] = {}
    rows = Submission.objects.filter(idea__in=ideas).order_by("idea", "language")
    for key, language in rows.values_list("idea", "language").distinct():
        found.setdefault(key, []).append(language)
    return found


def _corrections(contact):
    rows = IdeaEdit.objects.filter(submission__contact=contact)
    rows = rows.select_related("idea", "theme", "municipality", "submission")
    return [_correction(row) for row in rows]


def _correction(row):
    names = [name.removesuffix("_id") for name in CORRECTABLE]
    return record(
        row,
        *("made_at", *names, "status", "reason"),
        own=OWN_WORDS,
        language=row.idea.language,
        more=[
            Fact("explanation", _("explanation"), row.explanation, row.submission.language),
        ],
    )


def _reactions(contact):
    rows = AnswerFeedback.objects.filter(submission__contact=contact)
    rows = rows.select_related("statement__idea", "submission").order_by("asked_at", "pk")
    return [_reaction(row) for row in rows]


def _reaction(row):
    idea, kind = row.statement.idea, row.statement.get_kind_display()
    found = record(
        row,
        *("asked_at", "status", "comment", "replied_at"),
        own=["comment"],
        language=row.submission.language,
    )
    named = Fact("idea", _("idea"), str(idea), idea.language)
    return Record((named, Fact("statement", _("official statement"), kind), *found.facts))


def _reports(contact):
    if not contact.email:
        return []
    rows = IdeaReport.objects.filter(reporter_hash=hash_of_address(contact.email))
    names = ("idea", "reason", "details", "locale", "at", "how", "settled_at")
    return [
        record(row, *names, own=["details"], language=row.locale)
        for row in rows.select_related("idea")
    ]


def _subscriptions(contact):
    rows = contact.subscriptions.select_related("topic").order_by("asked_at", "pk")
    return [_subscription(row, aims_of(row)[0]) for row in rows]


def _subscription(row, aim):
    return record(
        row,
        *("kind", "language", "status", "asked_at", "confirmed_at", "ended_at"),
        more=[
            Fact("followed", _("what is followed"), aim.label),
            Fact("title", _("title"), aim.title, aim.language),
        ],
    )


def _consents(contact):
    if not contact.email:
        return []
    rows = ConsentEvent.objects.filter(address_hmac=address_hmac(contact.email))
    rows = rows.select_related("topic").order_by("at", "pk")
    names = ("event", "kind", "topic", "target", "wording_version", "wording_sha256")
    return [record(row, *names, "language", "source", "at") for row in rows]


def _links(contact):
    """Return the secret links that were made for this person; their text is kept nowhere."""
    owned = [*contact.submissions.all(), *contact.subscription_requests.all()]
    rows = Token.objects.filter(subject__in=[tokens.subject_of(each) for each in owned])
    labels = {
        "created_at": _("made"),
        "expires_at": _("valid until"),
        "used_at": _("used"),
    }
    return [
        Record(
            tuple(
                Fact(name, label, getattr(row, name))
                for name, label in labels.items()
                if getattr(row, name) is not None
            )
        )
        for row in rows.order_by("created_at", "pk")
    ]


def _affiliations(contact):
    rows = contact.affiliations.select_related("organisation")
    return [record(row, "organisation", "role", "starts_on", "ends_on") for row in rows]


def _messages(contact):
    if not contact.email:
        return []
    rows = Message.objects.filter(recipient__iexact=contact.email).order_by("created_at", "pk")
    names = ("subject", "status", "created_at", "sent_at")
    return [record(row, *names, own=["subject"], language=row.language) for row in rows]


def _exchanges(contact):
    count = Participation.objects.filter(contact=contact).count()
    return _counted(count, _("Exchanges in which you took part: ask the Office to see them"))


def _notes(contact):
    count = IdeaNote.objects.filter(idea__in=_own_ideas(contact)).count()
    return _counted(count, _("Notes around your ideas: ask the Office what they say about you"))


def _counted(count, label) -> list[Record]:
    return [Record((Fact("count", label, count),))] if count else []
