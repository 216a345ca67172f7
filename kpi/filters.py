"""How the list of indicators can be narrowed."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from programme.models import Theme

from .ages import due_soon, of_age, with_standing
from .facts import LATE_DATA, Freshness
from .models import PUBLIC_INDICATOR, Framework, Indicator, IndicatorStatus, Place
from .progress import Standing


def in_order(model):
    """Return what a filter offers of ``model``, in the order of the language of the page."""
    return lambda request: model.objects.order_by_translated("name")


class IndicatorFilter(filters.FilterSet):
    """Words, framework, theme, territory, age of the figure, place against the path, state."""

    search = filters.CharFilter(method="by_words", label=_("Words"))
    framework = filters.ModelChoiceFilter(
        queryset=in_order(Framework),
        to_field_name="slug",
        label=_("Framework"),
        empty_label=_("all frameworks"),
    )
    theme = filters.ModelChoiceFilter(
        queryset=in_order(Theme),
        to_field_name="slug",
        label=_("Theme"),
        empty_label=_("all themes"),
    )
    geo = filters.ModelChoiceFilter(
        queryset=lambda request: Place.objects.order_by("position", "code"),
        to_field_name="code",
        label=_("Territory"),
        empty_label=_("all territories"),
    )
    standing = filters.ChoiceFilter(
        choices=Standing.choices,
        method="by_standing",
        label=_("Against the path"),
        empty_label=_("ahead, behind or without a path"),
    )
    freshness = filters.ChoiceFilter(
        choices=[
            *Freshness.choices,
            ("overdue", _("late or outdated")),
            ("soon", _("next figure due within two weeks")),
        ],
        method="by_freshness",
        label=_("Age of the figure"),
        empty_label=_("of any age"),
    )
    status = filters.ChoiceFilter(
        choices=[each for each in IndicatorStatus.choices if each[0] in PUBLIC_INDICATOR],
        label=_("Status"),
        empty_label=_("all states"),
    )

    class Meta:
        model = Indicator
        fields = ("search", "framework", "theme", "geo", "standing", "freshness", "status")

    def by_words(self, queryset, name, value):
        """Search in the three languages."""
        return queryset.search(value)

    def by_standing(self, queryset, name, value):
        """Keep those that stand so today."""
        return with_standing(queryset, value)

    def by_freshness(self, queryset, name, value):
        """Keep those whose figure is of that age today."""
        if value == "overdue":
            return of_age(queryset, LATE_DATA)
        if value == "soon":
            return due_soon(queryset)
        return of_age(queryset, (value,))
