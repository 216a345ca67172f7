"""The form in which anybody proposes an idea, without an account."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.search import current_language
from programme.models import Municipality, Theme, Workstream

from ..consents import IDEA_WORDING
from ..models import Idea
from .attachments import FilesMixin
from .easy import EasyMixin
from .guards import INCOMPLETE_ADDRESS, GuardedForm, trap

LONGEST_BODY = 5000
LONGEST_BENEFIT = 1000
WHOLE_REGION = _("The whole Region")


def similar_url() -> str:
    """Return where the title field asks for similar ideas."""
    return reverse("stakeholders:idea-similar")


class IdeaForm(EasyMixin, FilesMixin, GuardedForm, forms.ModelForm):
    """One page, in the words and the language of whoever writes."""

    scope = "idea"
    #: As they stand on the page: the summary of what is wrong follows it from top to bottom.
    field_order = (
        *("title", "body", "expected_benefit", "theme", "workstream", "municipality", "language"),
        *("files_chosen", "picture_words", "picture_rights"),
        *("submitter_type", "organisation_claimed", "display", "name", "email", "notify"),
        "consent",
    )

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        help_text=_("Only needed if your idea is to carry it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "We send you a link to confirm your idea. The address is never shown. "
            "For example: name@example.org"
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": INCOMPLETE_ADDRESS},
    )
    notify = forms.BooleanField(
        label=_("Write to me when something happens with my idea"), required=False, initial=True
    )
    consent = forms.BooleanField(
        label=IDEA_WORDING,
        error_messages={"required": _("Tick this box: without your agreement we may not keep it.")},
    )

    class Meta:
        model = Idea
        fields = (
            *("title", "body", "expected_benefit", "theme", "workstream", "municipality"),
            *("submitter_type", "organisation_claimed", "display", "language"),
        )
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_BODY}),
            "expected_benefit": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_BENEFIT}),
            "submitter_type": forms.RadioSelect,
            "display": forms.RadioSelect,
            "language": forms.RadioSelect,
        }
        labels = {
            "title": _("Your idea in one line"),
            "body": _("What do you propose, and why?"),
            "expected_benefit": _("Who would be better off?"),
            "submitter_type": _("Who speaks?"),
            "organisation_claimed": _("Name of the organisation"),
            "display": _("How are you named in public?"),
            "language": _("In which language do you write?"),
            "municipality": _("Where?"),
        }
        help_texts = {
            "title": _("At most 150 characters. For example: “Benches at every second stop”."),
            "body": _(
                "Three sentences are enough: what is missing today, what you propose, where. "
                "Please do not name other people."
            ),
            "workstream": _("If your idea belongs to one of the Government’s priorities."),
            "organisation_claimed": _("Only if you speak for an organisation."),
            "language": _("Our mails about this idea come in the same language."),
        }
        error_messages = {
            "title": {"required": _("Say your idea in one line.")},
            "body": {
                "required": _("Describe your idea: three sentences are enough."),
                "min_length": _("Say a little more: what is missing, what you propose, where."),
            },
            "theme": {"required": _("Choose the theme that comes closest.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["language"] = self.initial.get("language") or current_language()
        self.fields["language"].choices = settings.LANGUAGES
        self.fields["body"].validators += [MinLengthValidator(20), MaxLengthValidator(LONGEST_BODY)]
        self.fields["expected_benefit"].validators.append(MaxLengthValidator(LONGEST_BENEFIT))
        self._set_choices()
        self.fields["email"].error_messages["required"] = gettext(
            "Give an address: without it nobody could confirm the idea. "
            "You have none? Come to the desk, phone or write."
        )
        title = self.fields["title"].widget.attrs
        title |= {
            "hx-get": lazy(similar_url, str)(),
            "hx-trigger": "input changed delay:600ms",
            "hx-target": "#similar",
            "autocomplete": "off",
        }
        self.helper = self._helper()

    def _set_choices(self):
        themes = Theme.objects.order_by_translated("name")
        self.fields["theme"].queryset = themes
        self.fields["theme"].empty_label = _("Choose a theme")
        self.fields["workstream"].queryset = Workstream.objects.order_by_translated("name")
        self.fields["workstream"].empty_label = _("None in particular")
        places = Municipality.objects.order_by_translated("name")
        self.fields["municipality"].queryset = places
        self.fields["municipality"].empty_label = WHOLE_REGION

    def _helper(self):
        helper = FormHelper()
        helper.attrs = {"novalidate": "", "data-warn-unsaved": ""}
        helper.layout = Layout(
            trap(),
            *self.easy_layout(),
            HTML('{% include "stakeholders/_draft.html" %}'),
            Fieldset(
                _("Your idea"),
                "title",
                HTML('{% include "stakeholders/_similar.html" %}'),
                *("body", "expected_benefit", "theme", "workstream", "municipality", "language"),
            ),
            self.files_layout(),
            Fieldset(
                _("You"),
                *("submitter_type", "organisation_claimed", "display", "name", "email", "notify"),
            ),
            Field("consent"),
            HTML('{% include "stakeholders/_privacy_link.html" %}'),
            Submit("send", _("Send my idea")),
        )
        return helper

    def clean(self):
        """Ask for the name that is to be shown."""
        data = super().clean()
        display = data.get("display")
        speaks_for_others = data.get("submitter_type") == Idea.SubmitterType.ORGANISATION
        wants_organisation = display == Idea.Display.ORGANISATION or speaks_for_others
        if wants_organisation and not data.get("organisation_claimed"):
            self.add_error(
                "organisation_claimed", gettext("Name the organisation for which you speak.")
            )
        if display == Idea.Display.NAME and not data.get("name"):
            self.add_error("name", gettext("Give your name, or choose to stay anonymous."))
        return data

    def new_idea(self) -> Idea:
        """Return the unsaved idea of a valid form; on each try of one form it has the same uuid."""
        idea = self.instance
        idea.uuid = uuid.UUID(self.stamp_key)
        shown = {
            Idea.Display.NAME: self.cleaned_data["name"],
            Idea.Display.ORGANISATION: self.cleaned_data["organisation_claimed"],
        }
        idea.display_text = shown.get(idea.display, "")
        return idea
