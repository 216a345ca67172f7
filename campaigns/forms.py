"""Forms about campaigns."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils import timezone
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


MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ScheduleForm(forms.Form):
    """When a campaign begins by itself, and after which moment it had better not."""

    send_at = forms.DateTimeField(
        label=_("Send on"),
        widget=MOMENT,
        help_text=_("Day and hour on the clock of Brussels. Nothing is sent at night."),
    )
    not_after = forms.DateTimeField(
        label=_("Not after"),
        widget=MOMENT,
        required=False,
        help_text=_(
            "For example the hour of the event. If sending cannot begin by then, somebody "
            "decides anew."
        ),
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_send_at(self):
        """Refuse a moment that has passed."""
        send_at = self.cleaned_data["send_at"]
        if send_at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed. Choose a later one."))
        return send_at

    def clean(self):
        """Refuse a latest moment before the planned one."""
        data = super().clean()
        send_at, not_after = data.get("send_at"), data.get("not_after")
        if send_at and not_after and not_after <= send_at:
            self.add_error("not_after", _("The latest time is before the planned one."))
        return data


class AddressLookupForm(forms.Form):
    """Asks about whom one wants to know."""

    who = forms.EmailField(
        label=_("Address"),
        help_text=_("For example an@example.org. It is compared without capitals."),
    )

    @property
    def helper(self):
        """Return the layout."""
        helper = FormHelper()
        helper.form_method = "get"
        helper.disable_csrf = True
        helper.add_input(Submit("", _("Look up"), css_class="btn-outline-primary"))
        return helper
