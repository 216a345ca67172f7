"""Filters of the actions of one plan."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .models import ActionChannel, ActionStatus, PlanAction, PlanAudience


def audiences_of_plan(request):
    """Return the audiences of the plan whose page is asked for."""
    return PlanAudience.objects.filter(plan=request.resolver_match.kwargs["pk"])


class ActionFilter(django_filters.FilterSet):
    """The actions of a plan by audience, channel and status."""

    audience = django_filters.ModelChoiceFilter(
        label=_("Audience"),
        field_name="audiences",
        queryset=audiences_of_plan,
        empty_label=_("all audiences"),
    )
    channel = django_filters.ChoiceFilter(
        label=_("Channel"), choices=ActionChannel.choices, empty_label=_("all channels")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=ActionStatus.choices, empty_label=_("any status")
    )

    class Meta:
        model = PlanAction
        fields = ["audience", "channel", "status"]
