"""What the rule of a segment may ask about people: the whole list, and nothing is looked up beside.

Each field gives a condition of its own, an `Exists` on the rows of the person, so that no join
multiplies anybody and no name of a column comes out of a rule.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.search import fold
from programme.models import Municipality, Theme
from stakeholders.models import (
    Affiliation,
    Followed,
    Helix,
    Idea,
    Interaction,
    Organisation,
    Participation,
    Submission,
    Subscription,
    SubscriptionState,
    Topic,
)

from .models import Campaign, CampaignStatus, Delivery

MOST_VALUES, LONGEST_TEXT, SHORTEST_TEXT, MOST_DAYS = 60, 100, 2, 3660
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
LARGEST_KEY = 2**31 - 1
NOTHING = _("choose one value at least.")
TYPE_WORDS = _("type two letters at least, one hundred at most.")
GIVE_DAY = _("give a day, for example 2026-05-01.")
GIVE_DAYS = _("give a number of days between 1 and 3660.")
SENT = (CampaignStatus.SENDING, CampaignStatus.PAUSED, CampaignStatus.FINISHED)


@dataclass(frozen=True)
class Scope:
    """Of whom a rule speaks: ``person`` is the column with their key, ``topic`` what is sent.

    Without a topic, "subscribed" means any topic.
    """

    person: str = "pk"
    topic: int | None = None
    now: datetime = field(default_factory=timezone.now)

    @property
    def day(self) -> date:
        """Return the day on the clock of Brussels."""
        return timezone.localdate(self.now)

    def rows(self, model):
        """Return the rows of ``model`` that belong to the person."""
        return model.objects.filter(contact=OuterRef(self.person))

    def subscriptions(self):
        """Return the confirmed subscriptions of the person to what is sent."""
        rows = self.rows(Subscription).filter(status=SubscriptionState.ACTIVE, kind=Followed.TOPIC)
        return rows if self.topic is None else rows.filter(topic=self.topic)

    def organisations(self, **which):
        """Return the affiliations of today to the organisations that are such."""
        rows = self.rows(Affiliation).on(self.day)
        return rows.filter(organisation__in=Organisation.objects.filter(**which)) if which else rows

    def ideas(self, **which):
        """Return the contributions of the person to ideas that are public and such."""
        return self.rows(Submission).filter(idea__in=Idea.objects.public().filter(**which))


# --- kinds of values -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """How a field is compared, and what is wrong with a list of values ("" where nothing is)."""

    operators: dict
    objection: Callable[[list], str]
    negates: bool = True


def keys_objection(values) -> str:
    """Tell what is wrong with primary keys."""
    fits = all(type(each) is int and 0 < each <= LARGEST_KEY for each in values)
    return "" if fits and values and len(set(values)) == len(values) <= MOST_VALUES else NOTHING


def text_objection(values) -> str:
    """Tell what is wrong with a part of a text."""
    if len(values) != 1 or not isinstance(values[0], str):
        return TYPE_WORDS
    words = values[0]
    printable = not any(unicodedata.category(each).startswith("C") for each in words)
    fits = SHORTEST_TEXT <= len(words) <= LONGEST_TEXT and words == words.strip()
    return "" if fits and printable else TYPE_WORDS


def day_objection(values) -> str:
    """Tell what is wrong with a day."""
    if len(values) != 1 or not isinstance(values[0], str) or len(values[0]) != 10:
        return GIVE_DAY
    try:
        day = parse_date(values[0])
    except ValueError:  # looks like a day, is none
        return GIVE_DAY
    return "" if day is not None and EARLIEST <= day <= LATEST else GIVE_DAY


def days_objection(values) -> str:
    """Tell what is wrong with a number of days."""
    fits = len(values) == 1 and type(values[0]) is int and 0 < values[0] <= MOST_DAYS
    return "" if fits else GIVE_DAYS


def nothing_objection(values) -> str:
    """Tell that this condition takes no value."""
    return "" if not values else _("this condition takes no value.")


#: Words of an operator, and of its denial.
IS = {"is": (pgettext_lazy("segment", "is one of"), pgettext_lazy("segment", "is none of"))}
YES = {"yes": (pgettext_lazy("segment", "yes"), pgettext_lazy("segment", "no"))}
HAS = {"contains": (pgettext_lazy("segment", "contains"), pgettext_lazy("segment", "lacks"))}
WHEN = {
    "before": (pgettext_lazy("segment", "before"), None),
    "since": (pgettext_lazy("segment", "on or after"), None),
}
WITHIN = {
    "within": (
        pgettext_lazy("segment", "within so many days"),
        pgettext_lazy("segment", "not within so many days"),
    )
}
ROWS = Kind(IS, keys_objection)
TEXT = Kind(HAS, text_objection)
DAY = Kind(WHEN, day_objection, negates=False)
DAYS = Kind(WITHIN, days_objection)
FLAG = Kind(YES, nothing_objection)


def codes_of(choices) -> Kind:
    """Return the kind whose values are codes of ``choices``."""
    known = {str(code) for code, _label in choices}

    def objection(values):
        fits = values and all(isinstance(each, str) and each in known for each in values)
        return "" if fits and len(set(values)) == len(values) else NOTHING

    return Kind(IS, objection)


@dataclass(frozen=True)
class Field:
    """One thing that a rule may ask: its name for people, its values and its condition.

    ``words`` tell the condition in a sentence that begins with "who", and its denial;
    ``choices`` are codes with labels, ``rows`` a queryset of what its keys mean.
    """

    name: str
    label: str
    kind: Kind
    compile: Callable
    words: dict
    choices: tuple = ()
    rows: Callable | None = None

    def objection(self, values: list) -> str:
        """Tell what is wrong with ``values``, "" where nothing is."""
        return self.kind.objection(values)


# --- conditions ----------------------------------------------------------------------------------


def speaks(condition, scope):
    """Return the condition on the language in which the mails are read."""
    return Exists(scope.subscriptions().filter(language__in=condition.value))


def follows(condition, scope):
    """Return the condition on a confirmed subscription to a topic."""
    rows = scope.rows(Subscription).filter(status=SubscriptionState.ACTIVE)
    return Exists(rows.filter(topic__in=condition.value))


def subscribed_when(condition, scope):
    """Return the condition on the day on which the subscription was confirmed, in Brussels."""
    begins = timezone.make_aware(datetime.combine(parse_date(condition.value[0]), time.min))
    lookup = "confirmed_at__lt" if condition.operator == "before" else "confirmed_at__gte"
    return Exists(scope.subscriptions().filter(**{lookup: begins}))


def of_helix(condition, scope):
    """Return the condition on the group, or the second group, of the organisation."""
    either = Q(helix__in=condition.value) | Q(helix_secondary__in=condition.value)
    rows = scope.organisations().filter(organisation__in=Organisation.objects.filter(either))
    return Exists(rows)


def of_organisation(condition, scope):
    """Return the condition on the organisation, or on that into which it was merged."""
    same = Q(pk__in=condition.value) | Q(merged_from__in=condition.value)
    rows = scope.organisations().filter(organisation__in=Organisation.objects.filter(same))
    return Exists(rows)


def in_role(condition, scope):
    """Return the condition on the words of the role, blind to case and accents."""
    return Exists(scope.organisations().filter(role__fold__contains=fold(condition.value[0])))


def took_part(condition, scope):
    """Return the condition on having taken part in an exchange of such a kind."""
    rows = scope.rows(Participation).filter(interaction__kind__in=condition.value)
    return Exists(rows)


def got(condition, scope):
    """Return the condition on having been sent one of some campaigns."""
    rows = scope.rows(Delivery).filter(handed_at__isnull=False)
    return Exists(rows.filter(campaign__in=condition.value))


def got_within(condition, scope):
    """Return the condition on having been sent any campaign in the last days."""
    since = scope.now - timedelta(days=condition.value[0])
    return Exists(scope.rows(Delivery).filter(handed_at__gte=since))


EXCHANGES = tuple(
    (code, label)
    for code, label in Interaction.Kind.choices
    if code in ("bilateral", "event", "workshop", "visit")
)


def campaigns_sent():
    """Return the campaigns that somebody may have got, the newest first."""
    return Campaign.objects.filter(status__in=SENT).order_by("-started_at", "-pk")


def current_organisations():
    """Return the organisations that somebody may work for."""
    return Organisation.objects.all()


FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        Field(
            "language",
            _("language of the mails"),
            codes_of(settings.LANGUAGES),
            speaks,
            {"is": (_("reads our mails %(values)s"), _("does not read our mails %(values)s"))},
            choices=tuple(settings.LANGUAGES),
        ),
        Field(
            "topic",
            _("subscribed to a topic"),
            ROWS,
            follows,
            {"is": (_("is subscribed to %(values)s"), _("is not subscribed to %(values)s"))},
            rows=Topic.objects.all,
        ),
        Field(
            "subscribed",
            _("day of the subscription"),
            DAY,
            subscribed_when,
            {
                "before": (_("subscribed before %(values)s"), None),
                "since": (_("subscribed on %(values)s or later"), None),
            },
        ),
        Field(
            "helix",
            _("helix group of the organisation"),
            codes_of(Helix.choices),
            of_helix,
            {
                "is": (
                    _("belongs to an organisation of the group %(values)s"),
                    _("belongs to no organisation of the group %(values)s"),
                )
            },
            choices=tuple(Helix.choices),
        ),
        Field(
            "level",
            _("level of the public body"),
            codes_of(Organisation.Level.choices),
            lambda condition, scope: Exists(scope.organisations(level__in=condition.value)),
            {
                "is": (
                    _("works for a public body of the level %(values)s"),
                    _("works for no public body of the level %(values)s"),
                )
            },
            choices=tuple(Organisation.Level.choices),
        ),
        Field(
            "organisation",
            _("organisation"),
            ROWS,
            of_organisation,
            {"is": (_("belongs to %(values)s"), _("does not belong to %(values)s"))},
            rows=current_organisations,
        ),
        Field(
            "municipality",
            _("municipality of the organisation"),
            ROWS,
            lambda condition, scope: Exists(scope.organisations(municipality__in=condition.value)),
            {
                "is": (
                    _("belongs to an organisation in %(values)s"),
                    _("belongs to no organisation in %(values)s"),
                )
            },
            rows=Municipality.objects.all,
        ),
        Field(
            "theme",
            _("theme of the organisation"),
            ROWS,
            lambda condition, scope: Exists(scope.organisations(themes__in=condition.value)),
            {
                "is": (
                    _("belongs to an organisation that works on %(values)s"),
                    _("belongs to no organisation that works on %(values)s"),
                )
            },
            rows=Theme.objects.all,
        ),
        Field(
            "role",
            _("role in the organisation"),
            TEXT,
            in_role,
            {
                "contains": (
                    _("has a role that contains “%(values)s”"),
                    _("has no role that contains “%(values)s”"),
                )
            },
        ),
        Field(
            "no_organisation",
            _("belongs to no organisation"),
            FLAG,
            lambda condition, scope: ~Exists(scope.organisations()),
            {"yes": (_("belongs to no organisation"), _("belongs to an organisation"))},
        ),
        Field(
            "idea",
            _("sent an idea that is public"),
            FLAG,
            lambda condition, scope: Exists(scope.ideas()),
            {"yes": (_("sent an idea that is public"), _("sent no idea that is public"))},
        ),
        Field(
            "idea_theme",
            _("theme of an idea that they sent"),
            ROWS,
            lambda condition, scope: Exists(scope.ideas(theme__in=condition.value)),
            {
                "is": (
                    _("sent an idea about %(values)s"),
                    _("sent no idea about %(values)s"),
                )
            },
            rows=Theme.objects.all,
        ),
        Field(
            "idea_municipality",
            _("municipality of an idea that they sent"),
            ROWS,
            lambda condition, scope: Exists(scope.ideas(municipality__in=condition.value)),
            {
                "is": (
                    _("sent an idea for %(values)s"),
                    _("sent no idea for %(values)s"),
                )
            },
            rows=Municipality.objects.all,
        ),
        Field(
            "took_part",
            _("took part in an exchange"),
            codes_of(EXCHANGES),
            took_part,
            {
                "is": (
                    _("took part in an exchange of the kind %(values)s"),
                    _("took part in no exchange of the kind %(values)s"),
                )
            },
            choices=EXCHANGES,
        ),
        Field(
            "received",
            _("received a campaign"),
            ROWS,
            got,
            {"is": (_("received %(values)s"), _("did not receive %(values)s"))},
            rows=campaigns_sent,
        ),
        Field(
            "received_within",
            _("received any campaign lately"),
            DAYS,
            got_within,
            {
                "within": (
                    _("received a campaign in the last %(values)s days"),
                    _("received no campaign in the last %(values)s days"),
                )
            },
        ),
    )
}
