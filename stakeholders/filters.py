"""How ideas and organisations can be narrowed."""

import django_filters as filters
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.reach import having_reached
from core.templatetags.ui import STAGES
from programme.models import Municipality, Theme, Workstream

from .models import (
    PUBLIC_IDEA,
    PUBLIC_ONCE_PUBLISHED,
    BilateralMeeting,
    BilateralStatus,
    Helix,
    Idea,
    IdeaStatus,
    Organisation,
    WithdrawalReason,
)

STATES = [
    (code, label)
    for code, label in IdeaStatus.choices
    if code in PUBLIC_IDEA | PUBLIC_ONCE_PUBLISHED
]
#: Whoever asks for one of these looks for what does not go on as well.
ASKS_FOR_ALL = ("search", "status", "reason")


def named(model):
    """Return the rows of ``model`` in the order of the language, as a filter asks for them."""
    return lambda request: model.objects.order_by_translated("name")


class PlaceFilter(filters.FilterSet):
    """Words, theme and municipality, which both lists have."""

    search = filters.CharFilter(label=_("Search"), method="by_words")
    theme = filters.ModelChoiceFilter(
        label=_("Theme"), queryset=named(Theme), to_field_name="slug", empty_label=_("all themes")
    )
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
    """Ideas by what they are about and by what became of them.

    What was merged, withdrawn or archived is left out until somebody asks for it.
    """

    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=named(Municipality),
        to_field_name="slug",
        empty_label=_("the 19 municipalities"),
        null_label=_("The whole Region"),
    )
    workstream = filters.ModelChoiceFilter(
        label=_("Priority workstream"),
        queryset=named(Workstream),
        to_field_name="slug",
        empty_label=_("all workstreams"),
    )
    status = filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("all that go on"))
    outcome = filters.ChoiceFilter(
        label=_("Answer"), choices=Idea.Outcome.choices, empty_label=_("answered or not")
    )
    reason = filters.ChoiceFilter(
        label=_("Withdrawn because"),
        field_name="closing_reason",
        choices=WithdrawalReason.choices,
        empty_label=_("withdrawn or not"),
    )
    helix = filters.ChoiceFilter(
        label=_("Helix group"), choices=Helix.choices, empty_label=_("all four groups")
    )
    language = filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("all languages")
    )
    #: Last, because it follows the chain of what the others have left.
    stage = filters.ChoiceFilter(
        label=_("How far did it come?"),
        choices=[(str(number), name) for number, name in enumerate(STAGES, 1)],
        empty_label=_("any step"),
        method="by_stage",
    )

    class Meta:
        model = Idea
        fields = []

    @property
    def pool(self):
        """Return what the filters choose from: the "of 25" of the list."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        return self.queryset if any(map(chosen.get, ASKS_FOR_ALL)) else self.queryset.current()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was chosen: then the list is the pool, counted once."""
        return self.form.is_valid() and not any(self.form.cleaned_data.values())

    def filter_queryset(self, rows):
        """Leave out what does not go on unless it was asked for, then apply the filters."""
        return super().filter_queryset(self.pool)

    def by_stage(self, rows, name, value):
        """Keep what came exactly as far as step ``value``, as this visitor may see it."""
        return having_reached(rows, int(value), self.request.user)


class OrganisationFilter(PlaceFilter):
    """Organisations by words, theme, municipality and helix group, or by what is not recorded."""

    helix = filters.ChoiceFilter(
        label=_("Helix group"), choices=Helix.choices, empty_label=_("all four groups")
    )
    theme = filters.ModelChoiceFilter(
        label=_("Theme"),
        field_name="themes",
        queryset=named(Theme),
        to_field_name="slug",
        empty_label=_("all themes"),
        null_label=_("no theme recorded"),
    )
    municipality = filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=named(Municipality),
        to_field_name="slug",
        empty_label=_("the 19 municipalities"),
        null_label=_("no municipality recorded"),
    )

    class Meta:
        model = Organisation
        fields = []


class BilateralFilter(filters.FilterSet):
    """The meetings that count, by their series."""

    kind = filters.ChoiceFilter(
        label=_("Series"),
        choices=BilateralMeeting.Kind.choices,
        empty_label=_("both series"),
    )

    class Meta:
        model = BilateralMeeting
        fields = []


class MeetingFilter(BilateralFilter):
    """All meetings, for the office, by series and state."""

    status = filters.ChoiceFilter(
        label=_("State"), choices=BilateralStatus.choices, empty_label=_("all states")
    )
