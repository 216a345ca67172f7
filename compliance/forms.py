"""What the answers ask for: evidence, or a reason, in French and in Dutch."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roadmap.forms import words_field


class CheckedForm(forms.Form):
    """When it was checked, and against which version."""

    checked_on = forms.DateField(
        label=_("Checked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or an earlier day, for example 14/05/2026."),
    )
    version = forms.CharField(
        label=_("Version checked"),
        required=False,
        max_length=80,
        help_text=_("As the standard names it, for example 2.2."),
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.instance_of = instance_of
        version = getattr(instance_of, "version", "") or getattr(
            getattr(instance_of, "standard", None), "version", ""
        )
        self.fields["version"].initial = version
        for code in ("fr", "nl"):
            for name in (f"evidence_{code}", f"reason_{code}"):
                if name in self.fields:
                    self.fields[name].help_text = _("Everybody reads it in the matrix.")

    def clean_checked_on(self):
        """Refuse a day that is not there yet."""
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is in the future. Give the day on which it was checked.")
            )
        return day


class CompliantForm(CheckedForm):
    """What shows that the initiative complies."""

    evidence_fr = words_field(_("Evidence (French)"))
    evidence_nl = words_field(_("Evidence (Dutch)"))
    evidence_en = words_field(_("Evidence (English, an extra)"), required=False)


class ExceptionForm(CheckedForm):
    """Why it does not, not quite, or need not comply."""

    reason_fr = words_field(_("Reason (French)"))
    reason_nl = words_field(_("Reason (Dutch)"))
    reason_en = words_field(_("Reason (English, an extra)"), required=False)
