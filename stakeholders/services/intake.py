"""How an idea comes in: sent, confirmed, registered from paper; and the links to follow it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import tokens
from core.models import Token
from core.permissions import SYSTEM
from core.workflow import record_change

from .. import mails
from ..consents import OFF_LINE_VERSION
from ..models import Contact, Idea, IdeaStatus, ReferenceSeries, Submission
from ..selectors import CONFIRM_PURPOSE, CONFIRM_TTL, TRACKING_PURPOSE, TRACKING_TTL
from ..workflow import IDEA
from .attachments import attach_files, remove_attachments
from .pairs import find_pairs_soon


def contact_for(email: str, *, name: str = "", language: str, is_demo: bool = False) -> Contact:
    """Return the person with this address, made now where it is new.

    A person who is known already stays as they are: whoever types an address need not own it.
    The address of a record that was merged into another leads to that one.
    """
    new = {"email": email.lower(), "name": name, "language": language, "is_demo": is_demo}
    people = Contact.objects.select_related("merged_into")
    known = people.get_or_create(email__iexact=email, defaults=new)[0]
    return known.merged_into or known


def next_reference(year: int) -> str:
    """Take the next reference of ``year``; call it inside the transaction that uses it.

    The row of the year stays locked until then, so the numbers have no gap and no twin.
    """
    ReferenceSeries.objects.get_or_create(year=year)
    series = ReferenceSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"SCO-{year}-{series.last:05}"


def submit_idea(
    idea, *, email: str, name: str, notify: bool, consent_version: str, attached=None
) -> bool:
    """Keep an unsaved ``idea`` until its sender confirms by mail; return whether it is new.

    All or nothing is stored. The same idea (same `uuid`) sent twice is kept once. ``attached`` are
    the arguments of `attach_files`.
    """
    try:
        with transaction.atomic():
            idea.save()
            submission = Submission.objects.create(
                idea=idea,
                contact=contact_for(email, name=name, language=idea.language),
                language=idea.language,
                notify=notify,
                consent_version=consent_version,
            )
            attach_files(idea, **(attached or {"files": []}))
            record_change(idea, "submit", "", idea.status, by=None)
            mails.ask_confirmation(
                submission, tokens.issue(CONFIRM_PURPOSE, submission, ttl=CONFIRM_TTL)
            )
    except IntegrityError:
        if Idea.objects.filter(uuid=idea.uuid).exists():
            return False
        raise
    return True


@IDEA.verb("confirm")
@transaction.atomic
def confirm_idea(idea, *, by, note=""):
    """Bring a confirmed idea into moderation and give it its reference."""
    return receive(idea, "confirm", by, note)


@IDEA.verb("register")
@transaction.atomic
def receive_off_line(idea, *, by, note=""):
    """Bring an idea that staff wrote down into moderation and give it its reference."""
    return receive(idea, "register", by, note)


def receive(idea, name, by, note):
    """Make the move ``name`` into moderation, with the next reference of the year."""
    now = timezone.localtime()
    reference = next_reference(now.year)
    change = IDEA.apply(idea, name, by=by, note=note, reference=reference, received_at=now)
    find_pairs_soon(idea)
    return change


@transaction.atomic
def confirm_submission(raw: str) -> str | None:
    """Use the link of the confirmation mail; return the raw tracking link, None where it is dead.

    Sends a mail with reference and tracking link.
    """
    token = tokens.consume(CONFIRM_PURPOSE, raw)
    submission = token and Submission.objects.filter(pk=token.subject_pk).first()
    if not submission or submission.idea.status != IdeaStatus.SUBMITTED:
        return None
    confirm_idea(submission.idea, by=SYSTEM)
    submission.email_verified_at = timezone.now()
    submission.save(update_fields=["email_verified_at"])
    tracking = issue_tracking(submission)
    mails.say_received(submission, tracking)
    return tracking


@transaction.atomic
def register_idea(
    idea, *, by, channel: str, email: str, name: str, notify: bool = True, attached=None
):
    """Enter an unsaved ``idea`` that came on paper, by phone or at the desk; same rights as others.

    An address is optional; with one, reference and tracking link are sent to it. ``attached`` are
    the arguments of `attach_files`: what came along waits for a moderator like any other file.
    """
    idea.save()
    if email:
        contact = contact_for(email, name=name, language=idea.language)
    else:
        contact = Contact.objects.create(name=name, language=idea.language)
    submission = Submission.objects.create(
        idea=idea,
        contact=contact,
        channel=channel,
        language=idea.language,
        notify=notify,
        consent_version=OFF_LINE_VERSION,
    )
    attach_files(idea, **(attached or {"files": []}))
    record_change(idea, "submit", "", idea.status, by=by)
    receive_off_line(idea, by=by)
    if email:
        mails.say_received(submission, issue_tracking(submission))
    return idea


def issue_tracking(submission) -> str:
    """Make a secret tracking link for a contribution and return its raw token."""
    return tokens.issue(TRACKING_PURPOSE, submission, ttl=TRACKING_TTL)


@transaction.atomic
def send_links(email: str, *, language: str) -> None:
    """Send one mail with the links of every idea of this address; nothing where it is unknown.

    What waits for confirmation gets a new confirmation link (the old one dies), the rest a
    tracking link.
    """
    mine = Submission.objects.filter(contact__email__iexact=email, via=None)
    submissions = list(mine.select_related("idea", "contact").order_by("-created_at"))
    if not submissions:
        mails.render_links_for_nobody(language)
        return
    entries = [_link_entry(submission, language) for submission in submissions]
    mails.send_links(submissions[0].contact, entries, language)


def _link_entry(submission, language):
    waits = submission.idea.status == IdeaStatus.SUBMITTED
    if waits:
        tokens.revoke(CONFIRM_PURPOSE, submission)
        raw = tokens.issue(CONFIRM_PURPOSE, submission, ttl=_time_left(submission))
    else:
        raw = issue_tracking(submission)
    page = "idea-confirm" if waits else "idea-tracking"
    link = mails.address(page, raw, language=language)
    return {"idea": submission.idea, "link": link, "confirms": waits}


def _time_left(submission):
    """Return how long an unconfirmed idea is still kept; its link lives no longer."""
    return submission.idea.submitted_at + CONFIRM_TTL - timezone.now()


@transaction.atomic
def purge_unconfirmed() -> int:
    """Delete what nobody confirmed in time, with its person where nothing else is known of them.

    Returns how many ideas went.
    """
    limit = timezone.now() - CONFIRM_TTL
    old = Idea.objects.select_for_update().filter(
        status=IdeaStatus.SUBMITTED, submitted_at__lte=limit
    )
    ideas = list(old)
    for idea in ideas:
        _forget(idea)
    return len(ideas)


def _forget(idea):
    submissions = list(idea.submissions.select_related("contact"))
    for submission in submissions:
        Token.objects.filter(subject=tokens.subject_of(submission)).delete()
        submission.delete()
    remove_attachments([idea])
    idea.delete()
    for submission in submissions:
        delete_if_unreferenced(submission.contact)


def delete_if_unreferenced(contact) -> None:
    """Delete a person whom no row of any app refers to."""
    if contact.user_id is not None:
        return
    for relation in Contact._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: contact})
        if rows.exists():
            return
    contact.delete()
