"""The mails to contributors and subscribers, each in the language that the person chose."""

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from core import mail
from core.search import LANGUAGES

from . import named_in_mails, preferences
from .following import aims_of

#: What reaches a contributor whatever they have chosen: it asks for something or ends something.
ALWAYS_SENT = frozenset({"idea_question", "idea_refused", "idea_withdrawn", "idea_edit_refused"})


def path(name: str, *args, language: str) -> str:
    """Return the path of our page ``name`` in ``language``."""
    with translation.override(language):
        return reverse(f"stakeholders:{name}", args=args)


def address(name: str, *args, language: str) -> str:
    """Return the absolute address of our page ``name`` in ``language``."""
    return settings.SITE_URL + path(name, *args, language=language)


def passages(obj, field: str, language: str) -> list[dict]:
    """Return ``field`` in ``language``, else in French and in Dutch: [{"language", "text"}]."""
    for codes in ((language,), LANGUAGES):
        found = [
            {"language": code, "text": text}
            for code in codes
            if (text := getattr(obj, f"{field}_{code}"))
        ]
        if found:
            return found
    return []


def ask_confirmation(submission, raw: str) -> None:
    """Send the link that confirms an idea; it names no reference, for there is none yet."""
    language = submission.language
    mail.enqueue(
        key=f"idea-confirm:{submission.pk}",
        template="idea_confirm",
        to=submission.contact.email,
        language=language,
        context={
            "idea": submission.idea,
            "link": address("idea-confirm", raw, language=language),
        },
    )


def say_received(submission, raw: str) -> None:
    """Send reference and secret tracking link."""
    language = submission.language
    mail.enqueue(
        key=f"idea-received:{submission.pk}",
        template="idea_received",
        to=submission.contact.email,
        language=language,
        context={
            "idea": submission.idea,
            "link": address("idea-tracking", raw, language=language),
        },
    )


def send_links(contact, entries: list[dict], language: str) -> None:
    """Send one mail with the links of ``entries`` ({"idea", "link", "confirms"})."""
    mail.enqueue(
        key=f"idea-links:{contact.pk}:{secrets.token_hex(8)}",
        template="idea_links",
        to=contact.email,
        language=language,
        context={"entries": entries},
    )


def render_links_for_nobody(language: str) -> None:
    """Do the work of `send_links` without sending, so that an unknown address takes as long."""
    entry = {"idea": None, "link": address("idea-track", language=language), "confirms": False}
    mail.render("idea_links", language, {"entries": [entry]})


def tell_contributors(change, template: str, submissions, context_of, named=None) -> None:
    """Send ``template`` once to each of ``submissions`` that has an address.

    ``context_of`` (submission) → what the template needs beside idea, page and tracking form.
    ``change`` is the `StatusChange` that is told: the same change is never told twice. ``named``
    (submission) → the idea of others that the mail names: what is public now and is not when the
    mail is handed over is not sent.
    """
    for submission in submissions:
        if not submission.contact.email:
            continue
        idea, language = submission.idea, submission.language
        context = {
            "idea": idea,
            "page": address("idea-detail", idea.reference, language=language),
            "track": address("idea-track", language=language),
            **context_of(submission),
        }
        headers = {} if template in ALWAYS_SENT else let_end(submission, context)
        other = named and named(submission)
        mail.enqueue(
            key=f"{template}:{change.pk}:{submission.pk}",
            template=template,
            to=submission.contact.email,
            language=language,
            context=context,
            headers=headers,
            facts=named_in_mails.facts_of(other) if other and other.is_public else {},
        )


def let_end(submission, context: dict) -> dict[str, str]:
    """Put the link that ends the mails about an idea of one's own into ``context``; return headers.

    It changes the same setting as the page behind the secret link.
    """
    context["mute"] = preferences.link(submission.contact, submission)
    return preferences.list_headers(context["mute"], "own-ideas")


def ask_whether_helped(feedback, raw: str) -> None:
    """Send the secret link behind which a contributor says whether the answer helped."""
    submission, idea = feedback.submission, feedback.statement.idea
    language = submission.language
    context = {
        "idea": idea,
        "page": address("idea-detail", idea.reference, language=language),
        "link": address("idea-feedback", raw, language=language),
        "track": address("idea-track", language=language),
    }
    headers = let_end(submission, context)
    mail.enqueue(
        key=f"idea-feedback:{feedback.pk}",
        template="idea_feedback",
        to=submission.contact.email,
        language=language,
        context=context,
        headers=headers,
    )


def ask_subscription(request, raw: str) -> None:
    """Send the link that confirms a subscription."""
    language = request.language
    with translation.override(language):
        topics = [str(aim) for aim in aims_of(request)]
    mail.enqueue(
        key=f"subscribe-confirm:{request.pk}",
        template="subscribe_confirm",
        to=request.contact.email,
        language=language,
        context={
            "topics": topics,
            "link": address("subscribe-confirm", raw, language=language),
        },
    )
