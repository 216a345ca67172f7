"""Filters of the archive."""

import django_filters
from django.utils.translation import gettext_lazy as _

from stakeholders.models import Topic

from .models import Campaign


def topics(request):
    """Return the topics in the order of the page's language."""
    return Topic.objects.order_by_translated("name")


class CampaignFilter(django_filters.FilterSet):
    """What was sent, by words and topic."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words", max_length=200)
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), queryset=topics, to_field_name="slug", empty_label=_("all topics")
    )

    class Meta:
        model = Campaign
        fields = ["search", "topic"]

    def by_words(self, queryset, name, value):
        """Search the three languages."""
        return queryset.search(value)
