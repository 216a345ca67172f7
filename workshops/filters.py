"""How the list of workshops can be narrowed."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.permissions import reads_everything
from programme.models import Municipality, Theme

from .models import PUBLIC_WORKSHOP, Workshop, WorkshopStatus
from .permissions import runs_workshops

#: Over both states in which it took place, reported or not yet.
TOOK_PLACE = ("took_place", _("took place"))


def themes(request):
    """Return the themes in the order of the language."""
    return Theme.objects.order_by_translated("name")


def municipalities(request):
    """Return the municipalities in the order of the language."""
    return Municipality.objects.order_by_translated("name")


class WorkshopFilter(filters.FilterSet):
    """Workshops by words, series, theme, municipality and state.

    Without a state only announced workshops are shown, to everybody the same; whoever prepares
    workshops may ask for drafts.
    """

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
    status = filters.ChoiceFilter(
        label=_("State"),
        choices=[TOOK_PLACE, *WorkshopStatus.choices],
        method="by_state",
        empty_label=_("all that were announced"),
    )

    class Meta:
        model = Workshop
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if not (reads_everything(user) or runs_workshops(user)):
            public = [each for each in WorkshopStatus.choices if each[0] in PUBLIC_WORKSHOP]
            self.filters["status"].extra["choices"] = [TOOK_PLACE, *public]

    def filter_queryset(self, queryset):
        """Leave out what was not announced, unless it is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.public()

    def by_words(self, rows, name, value):
        """Keep what answers the search."""
        return rows.search(value)

    def by_state(self, rows, name, value):
        """Keep what is in a state, or what took place."""
        return rows.held() if value == TOOK_PLACE[0] else rows.filter(status=value)
