"""Whom a step of an idea concerns: who contributed and wants to know, and who follows it."""

from dataclasses import dataclass

from ..models import (
    Contact,
    Followed,
    Idea,
    IdeaStatus,
    Submission,
    Subscription,
    SubscriptionState,
)


@dataclass(frozen=True)
class Recipient:
    """One person to be told, for the contribution or else the subscription that asks for it."""

    contact: Contact
    language: str
    subscription: Subscription | None = None
    submission: Submission | None = None


def audience(idea, *, contributors: bool = True, told=frozenset()) -> list[Recipient]:
    """Return everybody to be told about ``idea``, each once, without the people ``told``.

    Whoever contributed and follows as well is a contributor.
    """
    found = {}
    rows = _contributions(idea) if contributors else []
    for each in [*rows, *_followers(idea)]:
        if each.contact.pk not in told and each.contact.email:
            found.setdefault(each.contact.pk, each)
    return list(found.values())


def _contributions(idea):
    rows = idea.submissions.filter(notify=True).select_related("contact").order_by("pk")
    return [Recipient(row.contact, row.language, submission=row) for row in rows]


def _followers(idea):
    rows = followers(idea).select_related("contact").order_by("pk")
    return [Recipient(row.contact, row.language, subscription=row) for row in rows]


def followers(idea):
    """Return the active subscriptions to ``idea`` or to an idea that was merged into it.

    Who follows what was merged follows the survivor; nothing is copied.
    """
    references = [each.reference for each in family(idea)]
    return Subscription.objects.filter(
        kind=Followed.IDEA, target__in=references, status=SubscriptionState.ACTIVE
    )


def family(idea) -> list[Idea]:
    """Return ``idea`` and all that was merged into it, through however many merges."""
    found = {idea.pk: idea}
    level = [idea.pk]
    while level:
        merged = Idea.objects.filter(duplicate_of__in=level, status=IdeaStatus.MERGED)
        fresh = [each for each in merged if each.pk not in found]
        found |= {each.pk: each for each in fresh}
        level = [each.pk for each in fresh]
    return list(found.values())


def survivor(idea) -> Idea:
    """Return the idea in which ``idea`` goes on, itself where it was not merged."""
    seen = set()
    while idea.status == IdeaStatus.MERGED and idea.pk not in seen:
        seen.add(idea.pk)
        idea = idea.duplicate_of
    return idea
