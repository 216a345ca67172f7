"""Forms about campaigns."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import TransitionForm

from .recipients import people_called
from .selectors import considered
from .services.sending import rate_was_changed


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


class RateForm(forms.Form):
    """How many mails a minute a paused campaign goes on with; whoever asks was shown a rate."""

    rate = forms.IntegerField(
        label=_("Mails a minute"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("For example 600, that is ten a second. Empty: as fast as the server takes."),
        error_messages={
            "invalid": _("Type a whole number, for example 600, or nothing."),
            "min_value": _("Type 1 or more, or nothing. To stop altogether, leave it paused."),
        },
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, instance_of):
        now = instance_of.rate_per_minute
        super().__init__(data, initial={"rate": now, "seen": now})
        self.now = now
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page brings its own

    def clean(self):
        """Tell whoever did not see the rate of today, and take their next answer for informed."""
        data = super().clean()
        if "seen" in data and data["seen"] != self.now:
            self.add_error("rate", rate_was_changed(self.now))
            self.data = self.data.copy()
            self.data["seen"] = "" if self.now is None else self.now
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


class ApproveForm(TransitionForm):
    """Approves text and audience, and says how many people that is."""

    def __init__(self, data=None, *, instance_of):
        super().__init__(data)
        number = considered(instance_of) or 0
        words = ngettext(
            "Its audience has %(number)s person now.",
            "Its audience has %(number)s people now.",
            number,
        )
        sentences = (
            words % {"number": number},
            gettext("If it has five per cent more or less when it is sent, it waits for you."),
            gettext("The note is kept in the history."),
        )
        self.fields["note"].help_text = " ".join(sentences)


class ConfirmAudienceForm(TransitionForm):
    """Shows how many people were approved and how many there are now; somebody says yes to that."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    agreed = forms.BooleanField(error_messages={"required": _("Tick the box to confirm.")})

    field_order = ["agreed", "note", "seen"]

    def __init__(self, data=None, *, instance_of):
        super().__init__(data)
        now = considered(instance_of) or 0
        numbers = {"now": now, "approved": instance_of.approved_count}
        words = gettext("It goes to %(now)s people instead of the %(approved)s that were approved")
        self.fields["agreed"].label = words % numbers
        self.fields["seen"].initial = now
        late = instance_of.not_after is not None and instance_of.not_after < timezone.now()
        if late:
            self.fields["agreed"].help_text = gettext(
                "The latest time for sending has passed. Take it back to draft if it is too late."
            )

    def clean(self):
        """Tell what is wrong with the number that nobody typed above the form."""
        data = super().clean()
        if "seen" in self.errors:
            words = gettext("Nobody is left in the audience. Take the campaign back to draft.")
            self.add_error(None, words)
        return data


class RecipientForm(forms.Form):
    """Asks as whom the mail is to be seen; where the words mean several people, which of them."""

    who = forms.CharField(
        label=_("Name or address"),
        max_length=200,
        help_text=_("Of somebody in the register. Nothing is sent, and nobody is told."),
        error_messages={"required": _("Type a name or an address.")},
    )
    chosen = forms.ModelChoiceField(
        label=_("Whom do you mean?"),
        queryset=None,
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, user, campaign):
        super().__init__(data)
        self.found = people_called(self.data.get("who", ""), user) if self.is_bound else []
        self.fields["who"].widget.attrs |= {
            "autocomplete": "off",
            "data-suggest": reverse("campaigns:recipient-people", args=[campaign.slug]),
        }
        if len(self.found) > 1:
            rows = type(self.found[0]).objects.filter(pk__in=[each.pk for each in self.found])
            self.fields["chosen"].queryset = rows
            self.fields["chosen"].choices = [(each.pk, signature(each)) for each in self.found]
        else:
            del self.fields["chosen"]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("look", _("Show the mail")))

    def clean(self):
        """Settle who is meant."""
        data = super().clean()
        data["person"] = data.get("chosen") or (self.found[0] if len(self.found) == 1 else None)
        if data["person"] is None and data.get("who") and not self.errors:
            if self.found:
                self.add_error("chosen", gettext("Several answer to this name. Choose one."))
            else:
                self.add_error("who", gettext("Nobody in the register has this name or address."))
        return data


def signature(person) -> str:
    """Return name and address of somebody, to tell them from others of the name."""
    return f"{person.name} ({person.email})" if person.name and person.email else str(person)
