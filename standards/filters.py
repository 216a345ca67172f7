"""How the registry can be narrowed."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from .models import Standard, StandardTheme
from .selectors import themes_in_language


def themes(request):
    """Return the themes by their name in the language of the page."""
    return StandardTheme.objects.order_by(themes_in_language())


class StandardFilter(filters.FilterSet):
    """Words and theme."""

    search = filters.CharFilter(method="by_words", label=_("Words"))
    theme = filters.ModelChoiceFilter(
        queryset=themes, to_field_name="slug", label=_("Theme"), empty_label=_("all themes")
    )

    class Meta:
        model = Standard
        fields = ("search", "theme")

    def by_words(self, queryset, name, value):
        """Search in the three languages."""
        return queryset.search(value)
