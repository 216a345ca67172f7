"""What transitions of the roadmap ask for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import ABANDONED_INITIATIVE, Initiative


def words_field(label, *, required=True):
    """Return a field for a text of a few lines."""
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": 3}))


class StateReasonForm(forms.Form):
    """The public reason of a state, in French and in Dutch."""

    status_reason_fr = words_field(_("Reason (French)"))
    status_reason_nl = words_field(_("Reason (Dutch)"))
    status_reason_en = words_field(_("Reason (English, an extra)"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        for code in ("fr", "nl"):
            self.fields[f"status_reason_{code}"].help_text = _(
                "Everybody reads it on the page of the initiative."
            )
        self.instance_of = instance_of


class MergeForm(StateReasonForm):
    """Into which initiative, and why."""

    merged_into = forms.ModelChoiceField(label=_("Merged into"), queryset=None)
    field_order = ["merged_into"]

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data, instance_of=instance_of)
        going_on = Initiative.objects.public().exclude(status__in=sorted(ABANDONED_INITIATIVE))
        self.fields["merged_into"].queryset = going_on.exclude(
            pk=getattr(instance_of, "pk", None)
        ).order_by_translated("title")


class AchieveForm(forms.Form):
    """When a milestone was achieved, and what shows it."""

    achieved_on = forms.DateField(
        label=_("Achieved on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or an earlier day, for example 14/05/2026."),
    )
    evidence_fr = words_field(_("Evidence (French)"))
    evidence_nl = words_field(_("Evidence (Dutch)"))
    evidence_en = words_field(_("Evidence (English, an extra)"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        for code in ("fr", "nl"):
            self.fields[f"evidence_{code}"].help_text = _(
                "What shows it: a report, a notice, a figure. Everybody reads it."
            )
        self.instance_of = instance_of

    def clean_achieved_on(self):
        """Refuse a day that is not over."""
        day = self.cleaned_data["achieved_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is in the future. Give the day on which it was achieved.")
            )
        return day
