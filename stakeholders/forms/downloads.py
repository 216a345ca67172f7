"""What is asked of whoever takes addresses of contributors along."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.exports import WRITERS


class DownloadForm(forms.Form):
    """What a file with addresses is for, and its format."""

    purpose = forms.CharField(
        label=_("What do you need it for?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with your name and the time; name no contributor here."),
        error_messages={"required": _("Say what the addresses are needed for.")},
    )
    kind = forms.ChoiceField(
        label=_("Format"), choices=[(kind, kind.upper()) for kind in WRITERS], initial="xlsx"
    )
