"""A real person before the mail that they would get: who is meant, and why somebody gets none."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.search import fold
from stakeholders.models import Contact, Subscription, SubscriptionState
from stakeholders.suggestions import Suggestion, names_of_several, people_like

from .audience import audience_rows
from .models import Campaign, LeftOut, Segment
from .segment_fields import Scope
from .segments import compile_rule
from .services.freezing import reason_for

MOST_NAMESAKES = 8


def people_called(words: str, user) -> list[Contact]:
    """Return whom ``words`` may mean: those with exactly this name or address, else the likely."""
    words = words.strip()
    if not words or "\x00" in words:
        return []
    exact = Q(email__iexact=words) | Q(name__fold=fold(words))
    rows = Contact.objects.visible_to(user).current().filter(exact).order_by("name", "pk")
    return list(rows[:MOST_NAMESAKES]) or people_like(words, user, None, timezone.localdate())


def suggested(words: str, campaign: Campaign, user) -> list[Suggestion]:
    """Return the lines below the field while somebody types, with who is in the audience."""
    people = people_like(words.replace("\x00", "").strip(), user, None, timezone.localdate())
    rows = audience_rows(campaign).filter(contact__in=people)
    inside = set(rows.values_list("contact_id", flat=True))
    several = names_of_several(people, user)
    found = []
    for person in people:
        is_clear = person.name and fold(person.name) not in several
        value = person.name if is_clear else person.email
        if value:
            place = _("in the audience") if person.pk in inside else _("not in the audience")
            parts = [place] if is_clear else [place, person.email]
            found.append(Suggestion(value, str(person), " · ".join(parts)))
    return found


def language_of(campaign: Campaign, person: Contact) -> str:
    """Return the language in which ``person`` gets ``campaign``."""
    rows = audience_rows(campaign).filter(contact=person)
    return rows.values_list("language", flat=True).first() or person.language


def why_not(campaign: Campaign, person: Contact) -> str:
    """Return why ``person`` would not get ``campaign``, as a sentence; "" where they would."""
    reason = reason_for(campaign, person.pk)
    if reason is None:
        return _outside(campaign, person)
    return str(LeftOut(reason).label) if reason else ""


def _outside(campaign, person) -> str:
    wish = Subscription.objects.filter(contact=person, topic=campaign.topic_id).first()
    if wish is None:
        return _("no subscription to this topic")
    if wish.status != SubscriptionState.ACTIVE:
        words = _("the subscription is “%(state)s”")
        return words % {"state": wish.get_status_display()}
    for segment in campaign.excluded_segments.order_by("pk"):
        if is_in(segment, person, campaign):
            words = _("in the segment “%(name)s”, which is left out")
            return words % {"name": segment}
    return _("in none of the segments of this campaign")


def is_in(segment: Segment, person: Contact, campaign: Campaign) -> bool:
    """Tell whether ``segment`` holds ``person``, for a campaign of this topic."""
    rule = compile_rule(segment.rule, Scope(topic=campaign.topic_id))
    return Contact.objects.filter(pk=person.pk).filter(rule).exists()
