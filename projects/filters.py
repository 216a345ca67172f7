"""Filters of the list of sheets."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from programme.models import Municipality, Theme, Workstream

from .models import Call, ProjectSheet, SheetOutcome, SheetStatus


def themes(request):
    """Return the themes in the order of the language."""
    return Theme.objects.order_by_translated("name")


def workstreams(request):
    """Return the workstreams in the order of the language."""
    return Workstream.objects.order_by_translated("name")


def municipalities(request):
    """Return the municipalities in the order of the language."""
    return Municipality.objects.order_by_translated("name")


def calls(request):
    """Return the calls, newest first."""
    return Call.objects.order_by("-edition")


class SheetFilter(filters.FilterSet):
    """Sheets by words, call, taxonomy, state and decision."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    theme = filters.ModelChoiceFilter(
        label=_("Theme"), queryset=themes, to_field_name="slug", empty_label=_("all themes")
    )
    workstream = filters.ModelChoiceFilter(
        label=_("Priority workstream"),
        queryset=workstreams,
        to_field_name="slug",
        empty_label=_("all workstreams"),
    )
    call = filters.ModelChoiceFilter(
        label=_("Call"), queryset=calls, to_field_name="slug", empty_label=_("all calls")
    )
    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        field_name="municipalities",
        queryset=municipalities,
        to_field_name="slug",
        empty_label=_("all municipalities"),
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=SheetStatus.choices, empty_label=_("all states")
    )
    outcome = filters.ChoiceFilter(
        label=_("Decision of the Government"),
        field_name="result__outcome",
        choices=SheetOutcome.Outcome.choices,
        empty_label=_("all decisions"),
    )

    class Meta:
        model = ProjectSheet
        fields = []

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)
