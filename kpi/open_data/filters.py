"""How the figures of the API can be narrowed."""

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import Framework, Indicator, Observation, Place
from ..period_sql import months
from ..periods import MONTHS, Period


class PeriodField(forms.CharField):
    """A period as files write it."""

    def clean(self, value):
        """Return the `Period`, None for no text."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text.upper())
        except ValueError as error:
            words = _("Write the period as 2025, 2025-S1, 2025-Q3 or 2025-05.")
            raise ValidationError(words) from error


class PeriodFilter(filters.Filter):
    """Keeps what ends after the beginning, or no later than the end, of a period."""

    field_class = PeriodField

    def filter(self, queryset, value):
        """Return the rows on the right side of the period."""
        if value is None:
            return queryset
        end = value.year * 12 + value.index * MONTHS[value.frequency]
        rows = queryset.alias(end=months())
        if self.lookup_expr == "gt":
            return rows.filter(end__gt=end - MONTHS[value.frequency])
        return rows.filter(end__lte=end)


def key_filter(model, rows, lookup: str, key: str = "code") -> filters.ModelChoiceFilter:
    """Return the filter that keeps what belongs to the row of ``rows`` with this ``key``."""
    return filters.ModelChoiceFilter(
        queryset=rows or (lambda request: model.objects.all()),
        field_name=lookup,
        to_field_name=key,
        error_messages={"invalid_choice": _("“%(value)s” is not known.")},
    )


class ObservationFilter(filters.FilterSet):
    """Indicator, framework, place, periods."""

    indicator = key_filter(Indicator, lambda request: Indicator.objects.public(), "indicator")
    framework = key_filter(Framework, None, "indicator__framework", "slug")
    geo = key_filter(Place, None, "geo")
    period_from = PeriodFilter(lookup_expr="gt")
    period_to = PeriodFilter(lookup_expr="lte")

    class Meta:
        model = Observation
        fields = ()
