"""The mails to those who follow something, each in the language that the person chose."""

import secrets

from django.conf import settings
from django.utils import translation

from core import mail

from . import named_in_mails, preferences
from .following import SavedSearch, aims_of
from .mails import address, let_end


def absolute(obj) -> str:
    """Return the absolute address of a page, in the language that is active."""
    return settings.SITE_URL + obj.get_absolute_url()


def send_step(step: dict, idea, recipient, key: str) -> None:
    """Tell one person one step of ``idea``.

    ``step`` is {"words", "name", "url"} in their language, with "named": the rows that the mail
    names beside the idea. ``recipient`` is a `services.audience.Recipient`.
    """
    language = recipient.language
    context = {
        "idea": idea,
        **step,
        "page": address("idea-detail", idea.reference, language=language),
        "track": address("idea-track", language=language),
    }
    if recipient.submission:
        headers = let_end(recipient.submission, context)
    else:
        context["preferences"] = preferences.link(recipient.contact, recipient.subscription)
        headers = preferences.list_headers(context["preferences"], "ideas")
    mail.enqueue(
        key=key,
        template="idea_step",
        to=recipient.contact.email,
        language=language,
        context=context,
        headers=headers,
        facts=named_in_mails.facts_of(idea, *step["named"]),
    )


def send_digest(contact, language: str, sections: list[dict], key: str, facts: dict) -> None:
    """Send what the saved searches of one person have found: [{"search", "ideas", "more"}].

    By ``facts`` it is made anew when it is handed over.
    """
    context = digest_context(contact, sections)
    mail.enqueue(
        key=key,
        template="idea_digest",
        to=contact.email,
        language=language,
        context=context,
        headers=preferences.list_headers(context["preferences"], "new-ideas"),
        facts=facts,
    )


def digest_context(contact, sections: list[dict]) -> dict:
    """Return what the template of a digest needs."""
    return {
        "sections": sections,
        "preferences": preferences.link(contact, preferences.SEARCHES),
    }


def section(query: str, ideas: list, total: int, language: str) -> dict:
    """Return one saved search for the digest: its name, its list, what it found."""
    with translation.override(language):
        words = SavedSearch(query).words
        list_page = address("idea-list", language=language)
    rows = [
        {"idea": each, "page": address("idea-detail", each.reference, language=language)}
        for each in ideas
    ]
    page = f"{list_page}?{query}" if query else list_page
    return {"search": words, "page": page, "ideas": rows, "more": total - len(rows)}


def send_subscriptions(contact, waiting: list[tuple], language: str) -> None:
    """Send the link to all that a person follows, and a link for each request that waits."""
    mail.enqueue(
        key=f"subscription-links:{contact.pk}:{secrets.token_hex(8)}",
        template="subscription_links",
        to=contact.email,
        language=language,
        context={
            "entries": _entries(waiting, language),
            "preferences": preferences.link(contact),
        },
    )


def _entries(waiting, language):
    with translation.override(language):
        return [
            {
                "words": "; ".join(str(aim) for aim in aims_of(request)),
                "link": address("subscribe-confirm", raw, language=language),
            }
            for request, raw in waiting
        ]


def render_for_nobody(language: str) -> None:
    """Do the work of `send_subscriptions` without sending: an unknown address takes as long."""
    mail.render("subscription_links", language, {"entries": [], "preferences": settings.SITE_URL})
