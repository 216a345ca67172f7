"""A row of every internal model of the register, each of its texts a canary.

A canary is a word that stands in one internal field of one model and nowhere else.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace

from django.db.models import CharField, EmailField, JSONField, SlugField, TextField

from core.models import Document, DocumentVersion, StatusChange
from core.workflow import record_change
from stakeholders import services
from stakeholders.models import (
    Affiliation,
    AnswerFeedback,
    Assignment,
    BilateralMeeting,
    Commitment,
    ConsentEvent,
    Contact,
    ContactMerge,
    ContributorsDownload,
    DistinctContacts,
    DistinctOrganisations,
    IdeaAttachment,
    IdeaDecision,
    IdeaEdit,
    IdeaNote,
    IdeaQuestion,
    IdeaReport,
    Interaction,
    OrganisationMerge,
    Participation,
    RegisterImport,
    StakeholderAssessment,
    Submission,
    Subscription,
    SubscriptionRequest,
    TrackingLetter,
    edits,
)
from tests.factories.internal import fields_of, internal_fields
from tests.factories.register import HELD_AT
from tests.factories.stakeholders import ContactFactory, TopicFactory

TEXTS = (CharField, TextField, JSONField)
#: Texts that no person writes: codes and fingerprints.
CODES = frozenset(
    {
        *("transition", "source", "target", "sha256", "redacted_sha256", "address_hmac"),
        *("asked_from", "wording_sha256"),
        *("reporter_hash", "device_hash"),
    }
)
MARK = re.compile(r"kanarie\d{3}", re.IGNORECASE)
HIDDEN_NAME = "Verborgenkanarie"
SOON = datetime(2031, 5, 5, 9, tzinfo=UTC)
MINUTES_LONG = 4567
#: The best score there is: whoever may not know people sees it in no number, order or file.
SCORE = 5


def takes_words(field) -> bool:
    """Tell whether a field holds free text."""
    is_text = isinstance(field, TEXTS) and not isinstance(field, SlugField)
    if not is_text or field.choices or field.name in CODES:
        return False
    return (field.max_length or 99) > 39


@cache
def marks() -> dict[str, tuple[str, str]]:
    """Return {canary: (model, field)} of every internal field that holds free text."""
    found = [(model._meta.label, f.name) for model, f in internal_fields() if takes_words(f)]
    return {f"kanarie{number:03}": key for number, key in enumerate(sorted(found), 100)}


def told_in(text: str) -> frozenset:
    """Return the internal fields whose canary stands in ``text``."""
    known = marks()
    return frozenset(known[word.lower()] for word in MARK.findall(text))


def words_for(model) -> dict:
    """Return {field: canary} for a row of ``model``."""
    label = model._meta.label
    mine = {name: mark for mark, (owner, name) in marks().items() if owner == label}
    return {
        name: f"{mark}@example.org" if isinstance(field, EmailField) else shaped(field, mark)
        for name, field in fields_of(model).items()
        if (mark := mine.get(name))
    }


def shaped(field, mark: str):
    """Return a canary as the field keeps it: the tables of the register have their own forms."""
    forms = {
        "moves": [["stakeholders.Affiliation", 1, mark]],
        "kept": [["stakeholders.Affiliation", 1, mark]],
        "changes": {"name": [mark, mark]},
        "result": {"new": 1, "changed": 0, "moved": [], "left": mark},
        "former": {"title": mark},
        "table": {"headers": ["name_fr"], "keys": ["name_fr"], "rows": [[2, [mark]]]},
        "verdict": [verdict(mark, "faulty"), verdict(mark, "new")],
    }
    return forms[field.name] if isinstance(field, JSONField) else mark


def verdict(mark: str, kind: str) -> dict:
    """Return what the dry run of an import says of one row."""
    fault = {"column": "helix", "value": mark, "code": "helix"}
    return {
        "line": 2,
        "kind": kind,
        "name": mark,
        "pk": None,
        "values": {"name_fr": mark},
        "changes": {},
        "contact": None,
        "similar": [],
        "faults": [fault] if kind == "faulty" else [],
    }


def make(model, **fields):
    """Save a row of ``model`` with a canary in each internal text."""
    return model.objects.create(**{**words_for(model), **fields})


def public_meeting(organisation, host, second) -> BilateralMeeting:
    """Return a validated meeting of which nothing internal is written down yet."""
    exchange = Interaction.objects.create(kind="bilateral", subject="Plain", happened_at=HELD_AT)
    return BilateralMeeting.objects.create(
        series_no=1,
        organisation=organisation,
        starts_at=HELD_AT,
        ends_at=HELD_AT + timedelta(hours=1),
        language="fr",
        owner=host,
        status="validated",
        validated_by=second,
        validated_at=HELD_AT,
        outcomes=["pilot"],
        minutes=Document.objects.create(title="Plain", language="fr"),
        interaction=exchange,
    )


def plant(world) -> SimpleNamespace:
    """Write every internal field of the register about the public rows of ``world``."""
    planted = SimpleNamespace(person=make(Contact, language="fr"))
    _plant_people(world, planted)
    _plant_log(world, planted)
    _plant_meetings(world, planted)
    _plant_identity(world, planted)
    return planted


def _plant_people(world, planted):
    planted.job = make(
        Affiliation, contact=planted.person, organisation=world.shown, starts_on=date(2020, 1, 1)
    )
    sent = make(Submission, idea=world.idea, contact=planted.person, language="fr")
    _plant_correction(world, sent)
    make(TrackingLetter, submission=sent, by=world.host, replaces=True)
    make(IdeaQuestion, idea=world.idea, asked_from="received", asked_by=world.host)
    make(IdeaDecision, idea=world.idea, outcome="accepted", by=world.host)
    AnswerFeedback.objects.filter(pk=world.reaction.pk).update(**words_for(AnswerFeedback))
    planted.file = make(
        IdeaAttachment,
        idea=world.idea,
        stored_name="0.pdf",
        kind="pdf",
        size=240_000,
        scan_state="not_scanned",
    )
    make(ContributorsDownload, by=world.host, kind="csv", lines=1)
    make(IdeaNote, idea=world.idea, author=world.host)
    day = date(2031, 5, 5)
    Assignment.objects.create(
        idea=world.idea, evaluator=world.host, assigned_by=world.host, due_on=day
    )
    settled = {"settled_by": world.host, "settled_at": HELD_AT, "how": "left"}
    make(IdeaReport, idea=world.idea, reason="other", locale="fr", reporter_hash="a", **settled)
    topic = TopicFactory() if world.topic is None else world.topic
    make(Subscription, contact=planted.person, topic=topic, language="fr")
    make(SubscriptionRequest, contact=planted.person, language="fr")
    make(ConsentEvent, topic=topic, event="requested")
    world.shown.retention_review_on = date(2044, 4, 4)
    world.shown.save()


def _plant_correction(world, sent):
    before = edits.words_of(world.idea)
    make(
        IdeaEdit,
        idea=world.idea,
        submission=sent,
        theme=world.idea.theme,
        former={**before, **words_for(IdeaEdit)["former"]},
        status="refused",
        reason="unclear",
        decided_at=HELD_AT,
    )


def _plant_log(world, planted):
    for organisation, score in ((world.shown, 1), (world.other, SCORE), (world.hidden, 4)):
        make(
            StakeholderAssessment,
            organisation=organisation,
            influence=score,
            interest=score,
            assessed_by=world.host,
        )
    planted.exchange = make(
        Interaction,
        kind="call",
        happened_at=HELD_AT,
        minutes_long=MINUTES_LONG,
        sentiment=-2,
        logged_by=world.host,
    )
    for person in (planted.person, world.partner_contact):
        Participation.objects.create(
            interaction=planted.exchange,
            organisation=world.shown,
            contact=person,
            happened_at=HELD_AT,
        )
    world.idea.raised_in = planted.exchange
    world.idea.save()
    planted.promise = make(
        Commitment,
        made_by="office",
        organisation=world.shown,
        contact=world.partner_contact,
        interaction=planted.exchange,
        owner=world.host,
        due_on=date(2026, 1, 1),
        status="done",
        closed_on=date(2026, 1, 2),
    )
    open_words = {**words_for(Commitment), "evidence": ""}
    for organisation in (world.shown, world.other):
        Commitment.objects.create(
            made_by="stakeholder",
            organisation=organisation,
            owner=world.host,
            due_on=date(2026, 1, 1),
            **open_words,
        )


def _plant_meetings(world, planted):
    BilateralMeeting.objects.filter(pk=world.meeting.pk).update(**words_for(BilateralMeeting))
    Interaction.objects.filter(pk=world.meeting.interaction_id).update(**words_for(Interaction))
    for number in (1, 2):
        make(
            DocumentVersion,
            document=world.meeting.minutes,
            number=number,
            author=world.host,
        )
    words = words_for(Document)
    Document.objects.filter(pk=world.meeting.minutes_id).update(
        **{**words, "signed_at": HELD_AT, "status": "signed"}
    )
    world.meeting.contacts.add(planted.person)
    planted.to_come = make(
        BilateralMeeting,
        series_no=77,
        organisation=world.other,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=1),
        language="fr",
        owner=world.host,
    )
    planted.to_come.contacts.add(planted.person, world.partner_contact)
    note = words_for(StatusChange)["note"]
    for row in (world.meeting, planted.to_come, planted.promise, planted.exchange):
        record_change(row, "note", "", getattr(row, "status", ""), by=world.host, note=note)


def _plant_identity(world, planted):
    twin = ContactFactory(merged_into=planted.person)
    by = {"by": world.host}
    planted.merge = make(OrganisationMerge, survivor=world.shown, merged=world.gone, **by)
    planted.contact_merge = make(ContactMerge, survivor=planted.person, merged=twin, **by)
    first, second = sorted((world.shown, world.other), key=lambda row: row.pk)
    planted.pair = make(DistinctOrganisations, first=first, second=second, **by)
    first, second = sorted((planted.person, world.partner_contact), key=lambda row: row.pk)
    planted.contact_pair = make(DistinctContacts, first=first, second=second, **by)
    planted.batch = make(RegisterImport, **by)


def send_mails(world, planted) -> None:
    """Let the Office write to those who are invited: with what they are told, and no more."""
    services.invite(planted.to_come, by=world.host)
    services.send_agenda(planted.to_come, by=world.host)
