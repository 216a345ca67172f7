"""The mail engine: rendered in the addressee's language, sent by Celery after the commit, once.

Templates stand in `templates/emails/<name>.{subject.txt,txt,html}`; the HTML one is optional and
extends `emails/base.html`. Nothing mails inside a transaction: `enqueue` writes a row, the commit
wakes the sender, and a beat task picks up what a lost wake-up left behind.
"""

from datetime import timedelta

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import Message

STALE_AFTER = timedelta(minutes=15)
MAX_ATTEMPTS = 5


def enqueue(
    *, key: str, template: str, to: str, language: str, context: dict, headers=None
):
    """Queue one mail and return its `Message`; a ``key`` that was used already returns the first.

    ``template`` is the name below `templates/emails/`, ``language`` fr, nl or en, ``context`` what
    the templates need (`site_url` and `site` are added). Links in a mail are absolute.
    """
    known = Message.objects.filter(key=key).first()
    if known:
        return known
    fields = render(template, language, context)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                key=key,
                template=template,
                recipient=to,
                language=language,
                headers=headers or {},
                **fields,
            )
    except IntegrityError:  # somebody queued the same mail at this very moment
        return Message.objects.get(key=key)
    transaction.on_commit(lambda: wake(message.pk))
    return message


def render(template: str, language: str, context: dict) -> dict:
    """Return {"subject", "text", "html"} of ``template`` in ``language`` ("" without HTML)."""
    context = {
        **context,
        "site": settings.SITE,
        "site_url": settings.SITE_URL,
        "language": language,
    }
    with translation.override(language):
        subject = render_to_string(f"emails/{template}.subject.txt", context)
        text = render_to_string(f"emails/{template}.txt", context)
        try:
            html = css_inline.inline(
                render_to_string(f"emails/{template}.html", context)
            )
        except TemplateDoesNotExist:
            html = ""
    return {
        "subject": " ".join(subject.split())[:200],
        "text": text.strip() + "\n",
        "html": html,
    }


def wake(pk: int) -> None:
    """Ask a worker to send message ``pk``. A broker that is away loses nothing: the row waits."""
    from .tasks import send_message

    try:
        send_message.apply_async(args=[pk], retry=False)
    except send_message.OperationalError:
        return  # `core.sweep_mail` finds the row


def send(pk: int) -> bool:
    """Hand message ``pk`` over, at most once; return whether this call did.

    The row is claimed first, so that a task delivered twice sends once. A claim whose outcome is
    unknown is left to `sweep`, which calls it uncertain and never resends.
    """
    claimed = Message.objects.filter(pk=pk, status=Message.Status.QUEUED).update(
        status=Message.Status.SENDING, started_at=timezone.now()
    )
    if not claimed:
        return False
    message = Message.objects.get(pk=pk)
    try:
        build(message).send()
    except OSError as error:  # includes SMTPException: refused or never reached
        _failed(message, error)
        return False
    Message.objects.filter(pk=pk).update(
        status=Message.Status.SENT, sent_at=timezone.now(), text="", html="", error=""
    )
    return True


def build(message: Message) -> EmailMultiAlternatives:
    """Return the Django mail of a message row."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        headers={
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
            **message.headers,
        },
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def sweep() -> int:
    """Wake what waits and settle what was left half-way; return how many rows wait."""
    now = timezone.now()
    Message.objects.filter(
        status=Message.Status.SENDING, started_at__lt=now - STALE_AFTER
    ).update(status=Message.Status.UNCERTAIN)
    waiting = Message.objects.filter(
        status=Message.Status.QUEUED, created_at__lt=now - timedelta(seconds=30)
    ).values_list("pk", flat=True)[:500]
    for pk in waiting:
        wake(pk)
    return len(waiting)


def _failed(message, error):
    """Put a refused mail back, or give it up after some attempts or a refusal that is final."""
    code = getattr(error, "smtp_code", 0) or 0
    attempts = message.attempts + 1
    final = 500 <= code < 600 or attempts >= MAX_ATTEMPTS
    Message.objects.filter(pk=message.pk).update(
        status=Message.Status.FAILED if final else Message.Status.QUEUED,
        attempts=attempts,
        error=str(error)[:1000],
    )
