"""Filters of the lists of the roadmap."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Municipality, Portfolio, Theme, Workstream
from stakeholders.models import Organisation

from .models import (
    PUBLIC_INITIATIVE,
    STATE_NOT_PUBLISHED,
    Initiative,
    InitiativeStatus,
    Milestone,
)

STATES = [
    *((code, label) for code, label in InitiativeStatus.choices if code in PUBLIC_INITIATIVE),
    (STATE_NOT_PUBLISHED, _("state not published in a source")),
]
PACES = [("late", _("a milestone is overdue")), ("on_time", _("no milestone is overdue"))]
MILESTONE_STATES = {
    "on_time": pgettext_lazy("milestone", "achieved on time"),
    "late": pgettext_lazy("milestone", "achieved late"),
    "missed": pgettext_lazy("milestone", "overdue"),
    "to_come": pgettext_lazy("milestone", "to come"),
    "due": pgettext_lazy("milestone", "achieved or overdue"),
    "abandoned": pgettext_lazy("milestone", "no longer pursued"),
}
#: Which query-set method answers which choice.
MILESTONE_QUERIES = {
    "on_time": "achieved_on_time",
    "late": "achieved_late",
    "missed": "missed",
    "to_come": "to_come",
    "due": "due",
    "abandoned": "abandoned",
}


def themes(request):
    """Return the themes in the order of the language."""
    return Theme.objects.order_by_translated("name")


def workstreams(request):
    """Return the priority workstreams in the order of the language."""
    return Workstream.objects.order_by_translated("name")


def portfolios(request):
    """Return the portfolios in the order of the language."""
    return Portfolio.objects.order_by_translated("name")


def municipalities(request):
    """Return the municipalities in the order of the language."""
    return Municipality.objects.order_by_translated("name")


def organisations(request):
    """Return the listed organisations that take part in a public initiative."""
    active = Initiative.objects.public().values("organisations")
    return Organisation.objects.public().filter(pk__in=active).order_by_translated("name")


class InitiativeFilter(filters.FilterSet):
    """Initiatives by words, taxonomy, state, origin and pace."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    theme = filters.ModelChoiceFilter(
        label=_("Theme"), queryset=themes, to_field_name="slug", empty_label=_("all themes")
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="by_state", empty_label=_("all states")
    )
    pace = filters.ChoiceFilter(
        label=_("Milestones"), choices=PACES, method="by_pace", empty_label=_("on time or not")
    )
    origin = filters.ChoiceFilter(
        label=_("Origin"), choices=Initiative.Origin.choices, empty_label=_("all origins")
    )
    nature = filters.ChoiceFilter(
        label=_("Nature"), choices=Initiative.Nature.choices, empty_label=_("pilot or structural")
    )
    workstream = filters.ModelChoiceFilter(
        label=_("Priority workstream"),
        queryset=workstreams,
        to_field_name="slug",
        empty_label=_("all workstreams"),
    )
    portfolio = filters.ModelChoiceFilter(
        label=_("Portfolio"),
        queryset=portfolios,
        to_field_name="slug",
        empty_label=_("all portfolios"),
    )
    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        field_name="municipalities",
        queryset=municipalities,
        to_field_name="slug",
        empty_label=_("all municipalities"),
    )
    organisation = filters.ModelChoiceFilter(
        label=_("Organisation"),
        field_name="organisations",
        queryset=organisations,
        to_field_name="slug",
        empty_label=_("all organisations"),
    )

    class Meta:
        model = Initiative
        fields = []

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)

    def by_state(self, rows, name, value):
        """Keep what is known to be in a state, or what no source tells."""
        return rows.in_state(value)

    def by_pace(self, rows, name, value):
        """Keep what has, or has not, an overdue milestone."""
        return rows.late() if value == "late" else rows.on_time()


class MilestoneFilter(filters.FilterSet):
    """Milestones by words, state, theme and initiative."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    state = filters.ChoiceFilter(
        label=pgettext_lazy("milestone", "State"),
        choices=list(MILESTONE_STATES.items()),
        method="by_state",
        empty_label=_("all states"),
    )
    theme = filters.ModelChoiceFilter(
        label=_("Theme"),
        field_name="initiative__theme",
        queryset=themes,
        to_field_name="slug",
        empty_label=_("all themes"),
    )

    class Meta:
        model = Milestone
        fields = []

    def by_words(self, rows, name, value):
        """Keep what answers the search, in the milestone or in its initiative."""
        initiatives = Initiative.objects.search(value).values("pk")
        own = Milestone.objects.search(value).values("pk")
        return rows.filter(Q(pk__in=own) | Q(initiative__in=initiatives))

    def by_state(self, rows, name, value):
        """Keep what is in a computed state."""
        return getattr(rows, MILESTONE_QUERIES[value])()
