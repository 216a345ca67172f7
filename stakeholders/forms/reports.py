"""How anybody tells the Office that an idea should not stand there, and how the staff settle it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import IdeaReport
from .guards import INCOMPLETE_ADDRESS, GuardedForm, trap

LONGEST_DETAILS = 2000


class ReportForm(GuardedForm):
    """What is wrong with an idea: no account, and no address unless one wants to give it."""

    scope = "report"

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=IdeaReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    details = forms.CharField(
        label=_("Tell us more"),
        required=False,
        max_length=LONGEST_DETAILS,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_DETAILS}),
        help_text=_(
            "Which words are meant, for example. Only the staff of the Office read this, not the "
            "author of the idea."
        ),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_(
            "Not needed, and not kept: it only serves to count one person once. "
            "For example: name@example.org"
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": INCOMPLETE_ADDRESS},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            trap(),
            *("reason", "details", "email"),
            HTML('{% include "stakeholders/_privacy_link.html" %}'),
            Submit("send", _("Report this idea")),
        )

    def clean(self):
        """Ask for words where no reason of the list fits."""
        data = super().clean()
        if data.get("reason") == IdeaReport.Reason.OTHER and not data.get("details"):
            self.add_error("details", gettext("Say in a few words what is wrong."))
        return data


class SettleForm(forms.Form):
    """What becomes of a reported idea, and why."""

    how = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (IdeaReport.How.HIDDEN, _("Hide the idea: nobody sees it any more")),
            (IdeaReport.How.LEFT, _("Leave the idea where it is")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the reports and in the history. It is not shown to the public."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
