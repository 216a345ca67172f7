"""Filters of the matrix and of the lines behind its figures."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programme.models import Theme
from roadmap.models import Initiative
from standards.models import Standard

from .models import ComplianceStatement, StatementStatus

APPLICABLE_GROUP = "applicable"
ANSWERS = [*StatementStatus.choices, (APPLICABLE_GROUP, _("applicable and assessed"))]


def themes(request):
    """Return the themes in the order of the language."""
    return Theme.objects.order_by_translated("name")


def standards(request):
    """Return the standards about which a statement was made."""
    return Standard.objects.filter(pk__in=ComplianceStatement.objects.values("standard"))


class MatrixFilter(filters.FilterSet):
    """Statements by theme, initiative and standard."""

    theme = filters.ModelChoiceFilter(
        label=_("Theme of the initiative"),
        field_name="initiative__theme",
        queryset=themes,
        to_field_name="slug",
        empty_label=_("all themes"),
    )
    #: By words, because a choice would carry the title of every initiative on each page.
    initiative = filters.CharFilter(label=_("Initiative"), method="by_initiative")
    standard = filters.ModelChoiceFilter(
        label=_("Standard"),
        queryset=standards,
        to_field_name="slug",
        empty_label=_("all standards"),
    )

    class Meta:
        model = ComplianceStatement
        fields = []

    def by_initiative(self, rows, name, value):
        """Keep the statements of the initiatives that answer the words, or have this address."""
        found = Initiative.objects.search(value).values("pk")
        return rows.filter(Q(initiative__in=found) | Q(initiative__slug=value))


class StatementFilter(MatrixFilter):
    """The lines themselves: by answer and by words too."""

    status = filters.ChoiceFilter(
        label=_("Answer"), choices=ANSWERS, method="by_answer", empty_label=_("all answers")
    )
    search = filters.CharFilter(label=_("Search"), method="by_words")

    def by_answer(self, rows, name, value):
        """Keep one answer, or what counts in the rate."""
        return rows.applicable() if value == APPLICABLE_GROUP else rows.filter(status=value)

    def by_words(self, rows, name, value):
        """Keep what answers the search, in the statement, its initiative or its standard."""
        initiatives = Initiative.objects.search(value).values("pk")
        standards = Standard.objects.search(value).values("pk")
        own = ComplianceStatement.objects.search(value).values("pk")
        return rows.filter(
            Q(pk__in=own) | Q(initiative__in=initiatives) | Q(standard__in=standards)
        )
