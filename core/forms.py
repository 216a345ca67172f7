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
