"""Filters of the lists of the programme."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .models import Portfolio, Theme, Workstream


def search(queryset, name, value):
    """Filter by the words of a search."""
    return queryset.search(value)


class WorkstreamFilter(django_filters.FilterSet):
    """Workstreams by words, theme and portfolio."""

    search = django_filters.CharFilter(label=_("Search"), method=search, max_length=200)
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        field_name="theme",
        to_field_name="slug",
        queryset=Theme.objects.all(),
        empty_label=_("All themes"),
    )
    portfolio = django_filters.ModelChoiceFilter(
        label=_("Portfolio"),
        field_name="portfolio",
        to_field_name="slug",
        queryset=Portfolio.objects.all(),
        empty_label=_("All portfolios"),
    )

    class Meta:
        model = Workstream
        fields = ()
