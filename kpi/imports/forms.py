"""Forms of imports: the file and what is said with it, tokens for programs."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.uploads import size_words

from ..models import Reason
from .files import MOST_BYTES

FILLED_IN_BOTH = _("A note is published in French and in Dutch: fill in both, or neither.")


class ReleaseForm(forms.Form):
    """What is said with a release: why, in words for the public, and from when on."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=Reason, initial=Reason.SCHEDULED, required=False
    )
    note_fr = forms.CharField(
        label=_("Note (French)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What changed and why, for the public. French and Dutch together, or neither."),
    )
    note_nl = forms.CharField(
        label=_("Note (Dutch)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    release_at = forms.DateTimeField(
        label=_("Public from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: as soon as somebody else has approved the figures."),
    )

    def clean_reason(self):
        """Take a planned publication where nothing is said."""
        return self.cleaned_data["reason"] or Reason.SCHEDULED

    def clean_release_at(self):
        """Accept a moment to come."""
        moment = self.cleaned_data["release_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError(
                _("This moment has passed. Leave it empty to release at once.")
            )
        return moment

    def clean(self):
        """Ask for both languages of the note."""
        data = super().clean()
        texts = {name: (data.get(name) or "").strip() for name in ("note_fr", "note_nl")}
        if len([text for text in texts.values() if text]) == 1:
            missing = next(name for name, text in texts.items() if not text)
            self.add_error(missing, FILLED_IN_BOTH)
        return data

    def for_service(self) -> dict:
        """Return the keyword arguments of `services.start_import`."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "note": {code: data[f"note_{code}"].strip() for code in ("fr", "nl")},
            "release_at": data["release_at"],
        }


class UploadForm(ReleaseForm):
    """A file of figures."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"})
    )
    field_order = ("file", "reason", "note_fr", "note_nl", "release_at")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        limit = size_words(MOST_BYTES)
        self.fields["file"].help_text = _("CSV or XLSX, at most %(limit)s.") % {"limit": limit}
        self.helper = FormHelper()
        self.helper.add_input(Submit("upload", _("Check the file")))


class TokenForm(forms.Form):
    """What a new token is for."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("The program that will send figures, for example: warehouse, monthly job."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.add_input(Submit("make", _("Make a token")))
