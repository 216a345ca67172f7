"""Whom a campaign is for: the confirmed subscribers of its topic, narrowed by its segments.

A segment never adds anybody: a workshop, a meeting or an idea is no subscription.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from core.search import LANGUAGES
from stakeholders.models import Contact, Followed, Subscription, SubscriptionState

from .models import SEGMENT_LISTS, Campaign, CampaignStatus, Segment
from .segment_fields import Scope
from .segments import compile_rule

#: The audience may have grown or shrunk by so many per cent since it was approved.
TOLERANCE = 5
SAMPLE = 20
#: States in which a change of the audience takes a campaign back to its authors.
REOPENED = (
    *(CampaignStatus.IN_REVIEW, CampaignStatus.APPROVED, CampaignStatus.SCHEDULED),
    *(CampaignStatus.MISSED, CampaignStatus.HELD),
)


def audience_rows(campaign: Campaign):
    """Return the subscriptions that ``campaign`` is meant for; raise `BadRule` for a bad segment.

    One row for each person: the segments are conditions (`Exists`), never joins.
    """
    rows = Subscription.objects.filter(topic=campaign.topic_id, status=SubscriptionState.ACTIVE)
    scope = Scope(person="contact_id", topic=campaign.topic_id)
    only, without = (rules_of(campaign, name) for name in SEGMENT_LISTS)
    if only:
        rows = rows.filter(any_of(only, scope))
    if without:
        rows = rows.filter(~any_of(without, scope))
    return rows


def rules_of(campaign: Campaign, name: str) -> list:
    """Return the rules of the segments in one of the lists of ``campaign``."""
    if campaign.pk is None:
        return []
    return list(getattr(campaign, name).order_by("pk").values_list("rule", flat=True))


def any_of(rules: list, scope: Scope) -> Q:
    """Return the condition "one of ``rules`` applies at least"."""
    found = compile_rule(rules[0], scope)
    for rule in rules[1:]:
        found |= compile_rule(rule, scope)
    return found


def by_language(campaign: Campaign) -> dict[str, int]:
    """Return {language: number} of the audience of ``campaign``, all three languages named."""
    rows = audience_rows(campaign).order_by().values_list("language").annotate(Count("pk"))
    return dict.fromkeys(LANGUAGES, 0) | dict(rows)


def audience_hash(campaign: Campaign) -> str:
    """Return the hash of topic, segments and exclusions: of the rules, not of the people."""
    lists = [
        sorted(json.dumps(rule, sort_keys=True) for rule in rules_of(campaign, name))
        for name in SEGMENT_LISTS
    ]
    return _hashed(campaign.topic_id, *lists)


def is_approved_audience(campaign: Campaign) -> bool:
    """Tell whether the audience is the one that was approved.

    What was approved before there were segments had none.
    """
    approved = campaign.approved_audience_hash or _hashed(campaign.topic_id, [], [])
    return approved == audience_hash(campaign)


def _hashed(topic, only, without) -> str:
    return hashlib.sha256(json.dumps([topic, only, without]).encode()).hexdigest()


def differs(approved: int | None, now: int) -> bool:
    """Tell whether ``now`` people are so many more or less than approved that a person decides."""
    if approved is None:
        return False
    return abs(now - approved) * 100 > TOLERANCE * approved


def uses_of(segment: Segment):
    """Return the campaigns that use ``segment``, the newest first."""
    either = Q(pk__in=segment.campaigns.values("pk")) | Q(pk__in=segment.excluded_from.values("pk"))
    return Campaign.objects.filter(either).order_by("-pk")


def voided_by(segment: Segment):
    """Return the campaigns whose approval, given or asked, ends with a change of ``segment``."""
    return uses_of(segment).filter(status__in=REOPENED)


@dataclass(frozen=True)
class Reach:
    """Whom a rule finds among all who have a confirmed subscription to any topic."""

    total: int
    languages: dict[str, int]
    sample: list[Contact]


def reach_of(rule, *, names: bool) -> Reach:
    """Return how many people the JSON ``rule`` finds, by language, with the first by ``names``."""
    wish = Subscription.objects.filter(
        contact=OuterRef("pk"), status=SubscriptionState.ACTIVE, kind=Followed.TOPIC
    )
    people = Contact.objects.filter(Exists(wish)).filter(compile_rule(rule))
    counts = dict(people.order_by().values_list("language").annotate(Count("pk")))
    languages = dict.fromkeys(LANGUAGES, 0) | counts
    sample = list(people.order_by("name", "pk")[:SAMPLE]) if names else []
    return Reach(sum(languages.values()), languages, sample)
