"""What the register asks for: the end of an organisation, a job, two records that look alike."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Organisation
from ..services.mergeable import FIELDS, group_of, is_empty

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SIDES = ("first", "second")


class OrganisationChoice(forms.CharField):
    """An organisation by its slug, its enterprise number or its exact name; may be empty."""

    def clean(self, value):
        """Return the organisation, None where nothing was typed."""
        text = super().clean(value).strip()
        if not text:
            return None
        found = Organisation.objects.current().filter(_named(text))[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                gettext("Type the exact name, the enterprise number or the address of one.")
            )
        return found[0]


def _named(text):
    from django.db.models import Q

    from ..models.enterprise_number import normal

    names = Q(slug=text) | Q(name_fr__iexact=text) | Q(name_nl__iexact=text)
    return names | Q(legal_id=normal(text)) if normal(text) else names


class EndForm(forms.Form):
    """When an organisation ended, and who took over."""

    ended_on = forms.DateField(label=_("Ended on"), widget=DAY)
    successor = OrganisationChoice(
        label=_("Successor"),
        required=False,
        help_text=_("Name, enterprise number or address in the register; empty where none is."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data, initial={"ended_on": timezone.localdate()})
        self.organisation = instance_of

    def clean_successor(self):
        """Nobody succeeds themselves."""
        found = self.cleaned_data["successor"]
        if found is not None and found == self.organisation:
            raise forms.ValidationError(gettext("An organisation does not succeed itself."))
        return found


class JobForm(forms.Form):
    """A role that a person takes up; a main one closes the running main one."""

    organisation = OrganisationChoice(
        label=_("Organisation"),
        help_text=_("Name, enterprise number or address in the register."),
        widget=forms.TextInput(attrs={"size": 50}),
    )
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    starts_on = forms.DateField(label=_("Since"), widget=DAY)
    is_main = forms.BooleanField(
        label=_("Main one: the running main affiliation ends the day before"),
        required=False,
        initial=True,
    )


class CloseForm(forms.Form):
    """The last day of an affiliation."""

    ends_on = forms.DateField(label=_("Last day"), widget=DAY)


class ReasonForm(forms.Form):
    """Nothing but the reason."""

    reason = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}))


class NothingForm(forms.Form):
    """A question that is answered with the button."""


class PairForm(ReasonForm):
    """Which of two records stays, and from which each differing value is taken."""

    survivor = forms.ChoiceField(label=_("The record that stays"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, first, second):
        super().__init__(data, initial={"survivor": "first"})
        self.rows = dict(zip(SIDES, (first, second), strict=True))
        self.fields["survivor"].choices = [(side, str(row)) for side, row in self.rows.items()]
        self.order_fields(["survivor", "reason"])
        for name in self.open_fields():
            self.fields[f"take_{name}"] = forms.ChoiceField(
                choices=[(side, side) for side in SIDES], initial="first", required=False
            )

    def open_fields(self) -> list[str]:
        """Return the fields in which both have a value, and not the same."""
        first, second = self.rows.values()
        return [
            name
            for name in FIELDS[type(first)]
            if not is_empty(first, name)
            and not is_empty(second, name)
            and group_of(first, name) != group_of(second, name)
        ]

    def decision(self) -> dict:
        """Return {"survivor", "merged", "choices", "reason"} of a valid form."""
        stays = self.cleaned_data["survivor"]
        goes = "second" if stays == "first" else "first"
        taken = [n for n in self.open_fields() if self.cleaned_data.get(f"take_{n}") == goes]
        return {
            "survivor": self.rows[stays],
            "merged": self.rows[goes],
            "choices": taken,
            "reason": self.cleaned_data["reason"],
        }


class UploadForm(forms.Form):
    """A table of organisations."""

    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        help_text=_("At most 20,000 rows and 10 MB. The first row holds the headings."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
