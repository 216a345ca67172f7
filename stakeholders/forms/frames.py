"""What the frames of the register can be narrowed to, and the form of an assessment."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programme.models import Theme

from ..models import Helix, StakeholderAssessment
from ..models.assessments import HIGHEST, LOWEST
from ..radar import INFLUENTIAL, SILENT_AFTER

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SCORES = [(score, str(score)) for score in range(LOWEST, HIGHEST + 1)]
LONGEST_SILENCE = 3660


class DayForm(forms.Form):
    """The day that is looked at: today where none is given; none to come."""

    on = forms.DateField(
        label=_("As known on"),
        required=False,
        widget=DAY,
        help_text=_("For example 2026-06-30. Empty: today."),
        error_messages={"invalid": _("This is not a day. Write it as 2026-06-30.")},
    )

    def clean_on(self):
        """Return the day, today for none."""
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come."))
        return day or timezone.localdate()


class FramesForm(DayForm):
    """Day, helix group and theme of grid and matrix."""

    helix = forms.ChoiceField(
        label=_("Helix group"), required=False, choices=[("", _("all four groups")), *Helix.choices]
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=Theme.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("all themes"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.order_by_translated("name")


class SilenceForm(DayForm):
    """Day, days of silence and least influence of the radar: the usual ones if none is given."""

    days = forms.IntegerField(
        label=_("Silent for at least (days)"), min_value=1, max_value=LONGEST_SILENCE
    )
    influence = forms.TypedChoiceField(label=_("Influence of at least"), choices=SCORES, coerce=int)

    def __init__(self, data):
        usual = {"days": SILENT_AFTER, "influence": INFLUENTIAL}
        chosen = {name: value for name, value in data.items() if value}
        # Against these the page tells a choice from what is usual.
        super().__init__(usual | chosen, initial=usual)


class AssessmentForm(forms.ModelForm):
    """What the Office thinks of an organisation: scores proposed from before, reasons anew."""

    class Meta:
        model = StakeholderAssessment
        fields = (
            *("influence", "interest", "engagement_current", "engagement_desired"),
            *("iap2_target", "rationale", "assessed_on"),
        )
        widgets = {
            "influence": forms.RadioSelect(choices=SCORES),
            "interest": forms.RadioSelect(choices=SCORES),
            "rationale": forms.Textarea(attrs={"rows": 5}),
            "assessed_on": DAY,
        }
        error_messages = {"rationale": {"required": _("Give the reasons.")}}

    def __init__(self, data=None, *, organisation, before=None):
        initial = {}
        if before is not None:
            scores = [
                name for name in self._meta.fields if name not in ("rationale", "assessed_on")
            ]
            initial = {name: getattr(before, name) for name in scores}
        instance = StakeholderAssessment(organisation=organisation, is_demo=organisation.is_demo)
        super().__init__(data, instance=instance, initial=initial)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", "data-warn-unsaved": ""}
        self.helper.add_input(Submit("save", _("Record the assessment")))

    def clean_assessed_on(self):
        """Refuse a day to come."""
        day = self.cleaned_data["assessed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come."))
        return day
