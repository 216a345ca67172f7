"""Forms of the engine."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TransitionForm(forms.Form):
    """What every transition may ask: a note, obligatory where the table says so."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept in the history. It is not shown to the public."),
    )

    def __init__(self, data=None, *, reason=False, instance_of=None):
        super().__init__(data)
        if reason:
            self.fields["note"].required = True
            self.fields["note"].label = _("Reason")


class ReasonsForm(forms.Form):
    """Reasons in fact and in law, in French and in Dutch (law of 29 July 1991)."""

    reasons_fr = forms.CharField(label=_("Reasons (French)"), widget=forms.Textarea)
    reasons_nl = forms.CharField(label=_("Reasons (Dutch)"), widget=forms.Textarea)
    reasons_en = forms.CharField(
        label=_("Reasons (English, an extra)"), widget=forms.Textarea, required=False
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.instance_of = instance_of


class CirculateForm(forms.Form):
    """Until which day corrections of a circulated text are welcome."""

    until = forms.DateField(
        label=_("Corrections until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)


class SignForm(forms.Form):
    """Who signed an approved text."""

    signed_by = forms.CharField(label=_("Signed by"), max_length=200)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
