"""How the list of decisions can be narrowed."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.permissions import reads_everything

from .kinds import RECORDERS, kinds_for
from .models import PUBLIC_DECISION, Body, Decision, DecisionStatus


def bodies(request):
    """Return the bodies in the order of the language."""
    return Body.objects.order_by_translated("name")


def years():
    """Return the years in which something was decided, the last one first."""
    taken = Decision.objects.public().dates("decided_on", "year", order="DESC")
    return [(day.year, str(day.year)) for day in taken]


#: Over both states of what was adopted, carried out or not yet.
ADOPTED = ("in_force", _("adopted, carried out or not yet"))


class DecisionFilter(filters.FilterSet):
    """Decisions by words, body, kind, status and year.

    Without a status only what was taken is shown, to everybody the same; whoever records decisions
    may ask for proposed and withdrawn ones.
    """

    search = filters.CharFilter(label=_("Search"), method="by_words")
    body = filters.ModelChoiceFilter(
        label=_("Body"),
        field_name="meeting__body",
        queryset=bodies,
        to_field_name="slug",
        empty_label=_("all bodies"),
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=Decision.Kind.choices, empty_label=_("all kinds")
    )
    status = filters.ChoiceFilter(
        label=_("Status"),
        choices=[ADOPTED, *DecisionStatus.choices],
        method="by_status",
        empty_label=_("all that was decided"),
    )
    year = filters.ChoiceFilter(
        label=_("Year"), choices=years, field_name="decided_on__year", empty_label=_("all years")
    )

    class Meta:
        model = Decision
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if not (reads_everything(user) or kinds_for(user, RECORDERS)):
            public = [each for each in DecisionStatus.choices if each[0] in PUBLIC_DECISION]
            self.filters["status"].extra["choices"] = [ADOPTED, *public]

    def filter_queryset(self, queryset):
        """Leave out what was not decided, unless it is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.public()

    def by_status(self, rows, name, value):
        """Keep what is in a state, or what was adopted."""
        return rows.adopted() if value == ADOPTED[0] else rows.filter(status=value)

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)
