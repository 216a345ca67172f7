"""Forms about plans: the day on which an action was done, the reading of a key figure."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOT_YET = _("This day has not come yet. Give today or a day before.")


class DoneForm(forms.Form):
    """On which day an action took place."""

    done_on = forms.DateField(label=_("Done on"), widget=DAY)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept in the history. It is not shown to the public."),
    )

    def __init__(self, data=None, *, instance_of=None):
        today = timezone.localdate()
        last = min(today, instance_of.ends_on) if instance_of else today
        super().__init__(data, initial={"done_on": last})

    def clean_done_on(self):
        """Refuse a day to come."""
        return not_in_future(self.cleaned_data["done_on"])


class ReadingForm(forms.Form):
    """What a key figure was on a day."""

    on = forms.DateField(label=_("As of"), widget=DAY)
    value = forms.DecimalField(
        label=_("Value"),
        max_digits=14,
        decimal_places=2,
        localize=True,
        help_text=_("In the unit of the key figure."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Where the figure comes from. It is shown to the Office."),
    )

    def __init__(self, data=None):
        super().__init__(data, initial={"on": timezone.localdate()})
        self.helper = FormHelper()
        self.helper.add_input(Submit("record", _("Write down")))

    def clean_on(self):
        """Refuse a day to come."""
        return not_in_future(self.cleaned_data["on"])


def not_in_future(day):
    """Return ``day``; raise ValidationError where it has not come yet."""
    if day > timezone.localdate():
        raise forms.ValidationError(NOT_YET)
    return day
