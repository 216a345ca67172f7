"""What the desk says before a secret link is printed."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LetterForm(forms.Form):
    """The first letter, or one that replaces a lost one."""

    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the letter and kept nowhere. Empty where it is handed over."),
    )
    checked = forms.BooleanField(
        label=_("I have checked the identity of whoever asks"),
        error_messages={"required": _("Without a check of identity there is no new link.")},
    )
    reason = forms.CharField(
        label=_("What happened, and how you checked"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with your name. Do not copy the number of an identity card."),
    )

    def __init__(self, data=None, *, submission, replaces):
        super().__init__(data, initial={"language": submission.language})
        if not replaces:
            del self.fields["checked"], self.fields["reason"]
