"""Filters of the lists of the portal."""

import django_filters
from django.db.models import IntegerField, Value
from django.utils.translation import gettext_lazy as _

from core.reach import having_reached
from core.templatetags.ui import STAGES
from programme.filters import search
from programme.models import Theme
from stakeholders.models import Idea

from .models import NewsItem, ParliamentaryQuestion


class JourneyFilter(django_filters.FilterSet):
    """Ideas by words, theme and the step they have reached.

    A merged idea has the journey of the one that took it in and is no line of its own, unless
    somebody searches for it.
    """

    #: From what `page_of` fetches the rows, once a step is asked for.
    whole = None

    search = django_filters.CharFilter(label=_("Search"), method=search, max_length=200)
    reach = django_filters.ChoiceFilter(
        label=_("How far it came"),
        choices=list(enumerate(STAGES, start=1)),
        method="by_reach",
        empty_label=_("All steps"),
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        field_name="theme",
        to_field_name="slug",
        queryset=Theme.objects.all(),
        empty_label=_("All themes"),
    )

    class Meta:
        model = Idea
        fields = ()

    def filter_queryset(self, rows):
        """Apply the filters, then leave out what goes on elsewhere unless it was asked for."""
        rows = super().filter_queryset(rows)
        if self.form.cleaned_data.get("search"):
            return rows
        return rows.exclude(status=Idea.Status.MERGED)

    def by_reach(self, rows, name, value):
        """Keep what came exactly so far; then the step is known and nothing sorts by it."""
        known = Value(int(value), output_field=IntegerField())
        self.whole = rows.annotate(reach=known).order_by("-submitted_at", "-pk")
        return having_reached(self.whole, int(value), self.request.user)


class NewsFilter(django_filters.FilterSet):
    """News by words."""

    search = django_filters.CharFilter(label=_("Search"), method=search, max_length=200)

    class Meta:
        model = NewsItem
        fields = ()


class QuestionFilter(django_filters.FilterSet):
    """Parliamentary questions by words."""

    search = django_filters.CharFilter(label=_("Search"), method=search, max_length=200)

    class Meta:
        model = ParliamentaryQuestion
        fields = ()
