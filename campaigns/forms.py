"""Forms about campaigns."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class TestMailForm(forms.Form):
    """Asks in which language the test goes to oneself."""

    __test__ = False  # its name is no reason for pytest to collect it

    language = forms.ChoiceField(
        label=_("Language of the test"),
        choices=settings.LANGUAGES,
        help_text=_("It goes to your own address only and is counted nowhere."),
    )

    @property
    def helper(self):
        """Return the layout."""
        helper = FormHelper()
        helper.add_input(Submit("send", _("Send me a test")))
        return helper
