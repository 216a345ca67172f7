"""The mail engine: rendered in the addressee's language, sent by Celery after the commit, once.

Templates stand in `templates/emails/<name>.{subject.txt,txt,html}`; the HTML one is optional and
extends `emails/base.html`, the text one `emails/base.txt`. Only HTML is escaped. Nothing mails
inside a transaction: `enqueue` writes a row, the commit wakes the sender, and a beat task picks up
what a lost wake-up left behind.

Whoever has chosen no language gets a mail that says the same in French and in Dutch, one below the
other (`BOTH`).

A mail may carry one invitation (`core.calendars.invitation`), which calendar programs recognise,
and versions of documents (`core.models.Attachment`), which are laid out as PDF when it is sent.

Whoever wants no mail at all (a `Suppression` of scope "all") gets none of these either.

A mail waits: for a second, or for hours where the mail server is away. What it tells of may change
meanwhile, so an upper app is asked once more when it is handed over. It may stop the mail, slot
`mail.veto` (message) → reason or None. It may have it made anew, slot `mail.context` (message) →
what its template needs, or None; raising `Refused` where nothing is left to tell. Slot
`mail.pictures` (message) → the `core.inline_pictures` that its HTML names, or None. ``facts`` are
what the app needs for either.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.charset import BASE64, Charset
from email.mime.nonmultipart import MIMENonMultipart

import css_inline
import typst
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template import Context
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.text import Truncator

from . import pdf, slots
from .inline_pictures import put_inside
from .models import Message
from .posting.suppression import stops_everything
from .publication import REQUIRED

#: A claim older than this was left behind: whether the mail went out is not known.
STALE_AFTER = timedelta(minutes=15)
#: A commit wakes the sender; the sweep looks only for what that did not reach.
WAKE_AFTER = timedelta(seconds=30)
#: Waiting time after the first, second … refusal that may pass; after the last one we give up.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
SWEEP_LIMIT = 500
#: What is not kept of a mail that was handed over or given up.
EMPTIED = {"text": "", "html": "", "calendar": "", "facts": {}}
#: As much of the subject in each of two languages.
SUBJECT_OF_TWO = 95
UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64
BOTH = Message.BOTH
METHOD = re.compile(r"^METHOD:(REQUEST|CANCEL)\r?$", re.MULTILINE)

INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class Refused(Exception):
    """A mail was certainly not taken. ``final``: trying again cannot help."""

    def __init__(self, words: str, *, final: bool):
        super().__init__(words)
        self.final = final


class Uncertain(Exception):
    """The mail was handed over, but the answer never came: it may have been taken."""


def enqueue(
    *,
    key: str,
    template: str,
    to: str,
    language: str,
    context: dict | Callable[[], dict],
    headers=None,
    calendar="",
    attachments=(),
    facts=None,
):
    """Queue one mail and return its `Message`; a ``key`` that was used already returns the first.

    ``template`` is the name below `templates/emails/`, ``language`` fr, nl, en or `BOTH`,
    ``context`` what the templates need (`site`, `site_url`, `language`, `subject` are added), or a
    function that returns it, called while a language is active. Links are absolute.
    ``calendar`` is an invitation or a cancellation, see `core.calendars.invitation`;
    ``attachments`` are unsaved `core.models.Attachment`s, ``facts`` what the mail tells of: keys of
    rows and times, no words, for the slots that look again when it is handed over.
    """
    known = Message.objects.filter(key=key).first()
    if known:
        return known
    if calendar:
        calendar_method(calendar)
    fields = {"template": template, "recipient": to, "language": language}
    fields |= {
        "headers": headers or {},
        "facts": facts or {},
        "calendar": calendar,
        **render(template, language, context),
    }
    try:
        with transaction.atomic():
            message = Message.objects.create(key=key, **fields)
            for attachment in attachments:
                attachment.message = message
                attachment.save()
    except IntegrityError:  # somebody queued the same mail at this very moment
        return Message.objects.get(key=key)
    transaction.on_commit(lambda: wake(message.pk))
    return message


def render(template: str, language: str, context: dict | Callable[[], dict]) -> dict:
    """Return {"subject", "text", "html"} of ``template`` in ``language`` ("" without HTML)."""
    if language == BOTH:
        return _in_both(template, context)
    words = _in_one(template, language, context)
    return {**words, "html": _inlined(words["html"])}


def _in_one(template, language, context, *, is_part=False) -> dict:
    """Return subject and parts in one language, the HTML with its styles still in its head.

    ``is_part``: it stands in a mail of two languages, which has the head.
    """
    with translation.override(language):
        context = {
            **(context() if callable(context) else context),
            **_frame(language),
            "is_part": is_part,
        }
        subject = " ".join(_plain(f"emails/{template}.subject.txt", context).split())[:200]
        context["subject"] = subject
        text = _plain(f"emails/{template}.txt", context)
        html = _html(f"emails/{template}.html", context)
    return {"subject": subject, "text": text.strip() + "\n", "html": html}


def _in_both(template, context) -> dict:
    """Return a mail that says the same in French and below that in Dutch, each marked."""
    parts = [
        {**_frame(code), **_in_one(template, code, context, is_part=True)} for code in REQUIRED
    ]
    subject = " / ".join(Truncator(part["subject"]).chars(SUBJECT_OF_TWO) for part in parts)
    whole = {**_frame(REQUIRED[0]), "subject": subject, "parts": parts}
    with translation.override(REQUIRED[0]):
        text = _plain("emails/both.txt", whole)
        html = _html("emails/both.html", whole) if parts[0]["html"] else ""
    return {"subject": subject, "text": text.strip() + "\n", "html": _inlined(html)}


def _frame(language: str) -> dict:
    """Return what every template knows."""
    return {
        "site": settings.SITE,
        "site_url": settings.SITE_URL,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
    }


def _plain(name: str, context: dict) -> str:
    """Render a text template: words as they are, since nothing in a plain text is markup."""
    template = get_template(name).template
    return template.render(Context(context, autoescape=False))


def _html(name: str, context: dict) -> str:
    """Render the HTML part, or "" where there is no such template."""
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return ""
    return template.render(context)


def _inlined(html: str) -> str:
    """Put the styles of an HTML part into attributes."""
    return INLINER.inline(html) if html else ""


def wake(pk: int) -> None:
    """Ask a worker to send message ``pk``. A broker that is away loses nothing: the row waits."""
    from .tasks import send_message

    try:
        send_message.apply_async(args=[pk], retry=False)
    except send_message.OperationalError:
        return  # `core.sweep_mail` finds the row


def send(pk: int) -> bool:
    """Hand message ``pk`` over, at most once; return whether this call did.

    The row is claimed first, so that a task delivered twice sends once. What was handed over
    without an answer is uncertain and never sent again by itself.
    """
    claimed = Message.objects.filter(pk=pk, status=Message.Status.QUEUED).update(
        status=Message.Status.SENDING, started_at=timezone.now()
    )
    if not claimed:
        return False
    message = Message.objects.get(pk=pk)
    try:
        _check_veto(message)
        _make_anew(message)
        hand_over(build(message))
    except Refused as refusal:
        _put_back(message, refusal)
        return False
    except Uncertain as doubt:
        _settle(message, Message.Status.UNCERTAIN, error=str(doubt)[:1000])
        return False
    kept = {"subject": message.subject, "sent_at": timezone.now(), "error": ""}
    _settle(message, Message.Status.SENT, **kept, **EMPTIED)
    return True


def _check_veto(message: Message) -> None:
    """Raise `Refused` where the person wants no mail at all, or an app says it is not wanted."""
    if stops_everything(message.recipient):
        raise Refused("This address is not written to at all.", final=True)
    reasons = slots.collect("mail.veto", message)
    if reasons:
        raise Refused(str(reasons[0]), final=True)


def _make_anew(message: Message) -> None:
    """Write the mail once more where an app says what stands in it now; the row is left as it is.

    Whoever tries again after a refusal makes it anew again.
    """
    contexts = slots.collect("mail.context", message)
    if contexts:
        for name, words in render(message.template, message.language, contexts[0]).items():
            setattr(message, name, words)


def build(message: Message) -> EmailMultiAlternatives:
    """Return the Django mail of a message row."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        headers={
            "Content-Language": message.language.replace("+", ", "),
            "Auto-Submitted": "auto-generated",
            **message.headers,
        },
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
        for pictures in slots.collect("mail.pictures", message):
            put_inside(mail, pictures)
    if message.calendar:
        mail.attach(calendar_part(message.calendar))
    for paper in papers(message):
        mail.attach(*paper)
    return mail


def papers(message: Message) -> list[tuple[str, bytes, str]]:
    """Return (name, content, type) of each document that goes along with a mail."""
    rows = message.attachments.select_related("version__document").order_by("pk")
    try:
        return [
            (
                pdf.file_name(each.version),
                pdf.document(each.version, kicker=each.kicker, is_demo=each.is_demo),
                "application/pdf",
            )
            for each in rows
        ]
    except typst.TypstError as error:  # a mail that promises a document does not go without it
        raise Refused(str(error), final=False) from error


def calendar_part(source: str) -> MIMENonMultipart:
    """Return the part of a mail that calendar programs read; its method is that of the file."""
    method = calendar_method(source)
    part = MIMENonMultipart("text", "calendar", method=method)
    part.set_payload(source, UTF8)
    name = "invite.ics" if method == "REQUEST" else "cancel.ics"
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def calendar_method(source: str) -> str:
    """Return REQUEST or CANCEL, as ``source`` says; ValueError where it is neither."""
    found = METHOD.search(source)
    if found is None:
        raise ValueError("a mail carries an invitation or its cancellation")
    return found.group(1)


def hand_over(mail: EmailMultiAlternatives) -> None:
    """Give ``mail`` to the mail server; return only when it was taken.

    Raises `Refused` where it was certainly not taken, `Uncertain` where the answer got lost.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # includes every SMTPException: nothing was handed over yet
        raise Refused(str(error), final=False) from error
    try:
        connection.send_messages([mail])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise Refused(str(error), final=reply_code(error) >= 500) from error
    except ValueError as error:  # an address or a header that no mail can carry
        raise Refused(str(error), final=True) from error
    except OSError as error:
        raise Uncertain(str(error)) from error
    finally:
        with suppress(OSError):
            connection.close()


def reply_code(error: smtplib.SMTPException) -> int:
    """Return the code with which the server refused: the mildest one of several addressees."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _words in error.recipients.values())
    return error.smtp_code


def _put_back(message: Message, refusal: Refused) -> None:
    """Queue a refused mail again, or give it up; then its text (a secret link) is not kept."""
    attempts = message.attempts + 1
    words = {"attempts": attempts, "error": str(refusal)[:1000]}
    if refusal.final or attempts > len(RETRY_AFTER):
        _settle(message, Message.Status.FAILED, **EMPTIED, **words)
    else:
        _settle(message, Message.Status.QUEUED, **words)


def _settle(message: Message, status: str, **changes) -> None:
    Message.objects.filter(pk=message.pk).update(status=status, **changes)


def sweep() -> int:
    """Wake what waits and settle what was left half-way; return how many were woken."""
    now = timezone.now()
    Message.objects.filter(status=Message.Status.SENDING, started_at__lt=now - STALE_AFTER).update(
        status=Message.Status.UNCERTAIN
    )
    waiting = due(now).order_by("pk").values_list("pk", flat=True)[:SWEEP_LIMIT]
    for pk in waiting:
        wake(pk)
    return len(waiting)


def due(now):
    """Return the queued messages whose wake-up was lost or whose waiting time is over."""
    ripe = Q(attempts=0, created_at__lt=now - WAKE_AFTER)
    for attempts, pause in enumerate(RETRY_AFTER, start=1):
        ripe |= Q(attempts=attempts, started_at__lt=now - pause)
    return Message.objects.filter(ripe, status=Message.Status.QUEUED)
