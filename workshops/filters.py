"""How the list of workshops can be narrowed."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from programme.models import Municipality, Theme

from .models import PUBLIC_WORKSHOP, Workshop, WorkshopStatus


def themes(request):
    """Return the themes in the order of the language."""
    return Theme.objects.order_by_translated("name")


def municipalities(request):
    """Return the municipalities in the order of the language."""
    return Municipality.objects.order_by_translated("name")


class WorkshopFilter(filters.FilterSet):
    """Workshops by words, series, theme, municipality and state."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    kind = filters.ChoiceFilter(
        label=_("Series"), choices=Workshop.Kind.choices, empty_label=_("both series")
    )
    theme = filters.ModelChoiceFilter(
        label=_("Theme"), queryset=themes, to_field_name="slug", empty_label=_("all themes")
    )
    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=municipalities,
        to_field_name="slug",
        empty_label=_("the 19 municipalities"),
    )
    status = filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[each for each in WorkshopStatus.choices if each[0] in PUBLIC_WORKSHOP],
    )

    class Meta:
        model = Workshop
        fields = []

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)
