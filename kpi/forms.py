"""Forms for those who keep the indicators."""

from itertools import groupby
from operator import attrgetter

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from .imports.messages import sentence
from .models import Indicator, Observation, Place
from .periods import Period


class RetireForm(forms.Form):
    """The reason, and what replaces the indicator."""

    note = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept in the history. It is not shown to the public."),
    )
    replaced_by = forms.ModelChoiceField(
        label=_("Replaced by"),
        queryset=Indicator.objects.none(),
        required=False,
        help_text=_("The page of the retired indicator will point to it."),
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        others = Indicator.objects.filter(status=Indicator.Status.PUBLISHED)
        self.fields["replaced_by"].queryset = others.exclude(pk=instance_of.pk)


class ObservationForm(forms.Form):
    """A figure to be recorded: a new period, or the correction of a known one."""

    period = forms.CharField(
        label=_("Period"),
        max_length=10,
        help_text=_("A year (2025), half-year (2025-S1), quarter (2025-Q3) or month (2025-05)."),
    )
    value = forms.DecimalField(
        label=_("Value"), required=False, localize=True, max_digits=26, decimal_places=12
    )
    geo = forms.ModelChoiceField(
        label=_("Territory"),
        queryset=Place.objects.order_by("position", "code"),
        to_field_name="code",
        empty_label=None,
    )
    flag = forms.RegexField(
        label=_("Flag"),
        regex="^[bdefimnpu]*$",
        max_length=4,
        required=False,
        help_text=_("Letters of Eurostat: b break in series, e estimated, f forecast, m missing."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Observation.Reason)
    note_fr = forms.CharField(
        label=_("Note (French)"),
        required=False,
        help_text=_("For example: rounded value. French and Dutch together, or neither."),
    )
    note_nl = forms.CharField(label=_("Note (Dutch)"), required=False)
    note_en = forms.CharField(label=_("Note (English, an extra)"), required=False)

    def __init__(self, data=None, *, indicator: Indicator, unit: str, **options):
        initial = {"geo": indicator.geo_id, "reason": Observation.Reason.SCHEDULED}
        super().__init__(data, initial=initial, **options)
        self.fields["value"].help_text = _("In this unit: %(unit)s.") % {"unit": unit}
        self.helper = FormHelper()
        self.helper.add_input(Submit("record", _("Record this figure")))

    def clean_period(self):
        """Accept what can be read as a period."""
        text = self.cleaned_data["period"].strip().upper()
        try:
            Period.parse(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("Write the period as 2025, 2025-S1, 2025-Q3 or 2025-05.")
            ) from error
        return text

    def add_faults(self, faults) -> None:
        """Put what the validator found beside the fields, or above the form."""
        for fault in faults:
            field = fault.column if fault.column in self.fields else None
            self.add_error(field, sentence(fault))

    def for_service(self) -> dict:
        """Return the keyword arguments of `imports.services.record_by_hand`."""
        data = dict(self.cleaned_data)
        data["geo"] = data["geo"].code
        data["note"] = {code: data.pop(f"note_{code}") for code in ("fr", "nl", "en")}
        return data


class CompareForm(forms.Form):
    """Which indicators stand side by side; it lives in the address, so that it can be shared."""

    first = forms.ChoiceField(label=_("First indicator"))
    second = forms.ChoiceField(
        label=_("Second indicator"),
        error_messages={
            "required": _("Choose a second indicator: two to four stand side by side.")
        },
    )
    third = forms.ChoiceField(label=_("Third indicator"), required=False)
    fourth = forms.ChoiceField(label=_("Fourth indicator"), required=False)
    place = forms.ModelChoiceField(
        label=_("Territory"),
        queryset=Place.objects.order_by("position", "code"),
        to_field_name="code",
        required=False,
        empty_label=_("that of each indicator"),
    )
    ranks = ("first", "second", "third", "fourth")

    def __init__(self, data=None, *, user):
        data = data or {}
        # One indicator is where the choice begins: the others are asked for, not missed.
        is_begun = set(data) <= {"first", "as_of"}
        super().__init__(None if is_begun else data, initial={"first": data.get("first")})
        rows = Indicator.objects.visible_to(user).select_related("framework", "geo")
        rows = list(rows.order_by("framework__position", "code"))
        self.known = {each.code: each for each in rows}
        choices = [("", _("none")), *by_framework(rows)]
        for name in self.ranks:
            self.fields[name].choices = choices

    def clean(self):
        """Refuse an indicator beside itself, where it stands for the second time."""
        found = super().clean()
        codes = [found.get(name) for name in self.ranks]
        for rank, name in enumerate(self.ranks):
            if codes[rank] and codes[rank] in codes[:rank]:
                self.add_error(name, _("This indicator is chosen already. Choose another one."))
        return found

    def is_ready(self) -> bool:
        """Tell whether something right was chosen."""
        return self.is_bound and self.is_valid()

    def chosen(self) -> list[Indicator]:
        """Return the indicators in the order in which they were chosen."""
        codes = (self.cleaned_data[name] for name in self.ranks)
        return [self.known[code] for code in codes if code]

    def about(self) -> str:
        """Return the code of the place, "" for that of each indicator."""
        found = self.cleaned_data["place"]
        return found.code if found else ""


def by_framework(rows: list[Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices in groups: rows of one framework, which stand together, under its name."""
    groups = groupby(rows, key=attrgetter("framework"))
    return [(str(name), [(each.code, str(each)) for each in found]) for name, found in groups]
