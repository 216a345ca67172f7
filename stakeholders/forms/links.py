"""The forms that ask for little but an address: links, subscriptions, what one follows."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.search import current_language

from .. import throttle
from ..consents import FOLLOW_WORDING, SUBSCRIPTION_WORDING
from ..models import Topic
from .guards import INCOMPLETE_ADDRESS, GuardedForm, trap


class LinksForm(forms.Form):
    """Base of the forms that ask for nothing but an address, to send links to it."""

    scope = ""
    free = 5
    button = ""

    def __init__(self, *args, visitor: str = "", action: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("send", self.button))

    def may_send(self) -> bool:
        """Count this use; tell whether a mail goes out now. The page says the same in any case."""
        sources = (self.visitor, self.cleaned_data["email"])
        waits = [throttle.seconds_to_wait(self.scope, who, free=self.free) for who in sources]
        if max(waits) > 0:
            return False
        for who in sources:
            throttle.count(self.scope, who)
        return True


class AddressForm(LinksForm):
    """Ask for the links to one's own ideas."""

    scope = "links"
    button = _("Send me my links")

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one with which you sent your idea. For example: name@example.org"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the address with which you sent your idea."),
            "invalid": INCOMPLETE_ADDRESS,
        },
    )


class PreferencesForm(LinksForm):
    """Ask for the link to all that one follows."""

    scope = "preferences"
    button = _("Send me my link")

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one to which we write. For example: name@example.org"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the address to which we write."),
            "invalid": INCOMPLETE_ADDRESS,
        },
    )


class WishForm(GuardedForm):
    """Base of the forms in which somebody asks to be written to."""

    wording = ""
    button = _("Subscribe")

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link to confirm. For example: name@example.org"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the address to which we may write."),
            "invalid": INCOMPLETE_ADDRESS,
        },
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Tick this box: without your agreement we may not write.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", current_language())
        self.fields["consent"].label = self.wording
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            trap(),
            *(name for name in self.fields if name not in ("website", "stamp")),
            HTML('{% include "stakeholders/_privacy_link.html" %}'),
            Submit("send", self.button),
        )


class SubscribeForm(WishForm):
    """Ask to be written to about some topics."""

    scope = "subscribe"
    wording = SUBSCRIPTION_WORDING

    topics = forms.ModelMultipleChoiceField(
        label=_("What do you want to hear about?"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one topic.")},
    )
    field_order = ("topics",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        topics.queryset = Topic.objects.filter(is_open=True).order_by_translated("name")
        topics.label_from_instance = topic_label


class FollowForm(WishForm):
    """Ask to be written to about one idea, or about new ideas that a search finds."""

    scope = "follow"
    wording = FOLLOW_WORDING
    button = _("Write to me")


def topic_label(topic) -> str:
    """Return name and purpose of a topic."""
    return f"{topic.name} – {topic.purpose}"
