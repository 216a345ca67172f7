"""How ideas and organisations can be narrowed."""

import django_filters as filters
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from programme.models import Municipality, Theme, Workstream

from .models import Helix, Idea, Organisation


def named(model):
    """Return the rows of ``model`` in the order of the language, as a filter asks for them."""
    return lambda request: model.objects.order_by_translated("name")


class PlaceFilter(filters.FilterSet):
    """Words and municipality, which both lists have."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=named(Municipality),
        to_field_name="slug",
        empty_label=_("the 19 municipalities"),
    )

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)


class IdeaFilter(PlaceFilter):
    """Ideas by words, theme, workstream, municipality, outcome and language."""

    theme = filters.ModelChoiceFilter(
        label=_("Theme"), queryset=named(Theme), to_field_name="slug", empty_label=_("all themes")
    )
    workstream = filters.ModelChoiceFilter(
        label=_("Priority workstream"),
        queryset=named(Workstream),
        to_field_name="slug",
        empty_label=_("all workstreams"),
    )
    outcome = filters.ChoiceFilter(
        label=_("Answer"), choices=Idea.Outcome.choices, empty_label=_("answered or not")
    )
    language = filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("all languages")
    )

    class Meta:
        model = Idea
        fields = []


class OrganisationFilter(PlaceFilter):
    """Organisations by words, helix group and municipality."""

    helix = filters.ChoiceFilter(
        label=_("Helix group"), choices=Helix.choices, empty_label=_("all four groups")
    )

    class Meta:
        model = Organisation
        fields = []
