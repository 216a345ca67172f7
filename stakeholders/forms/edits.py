"""What an author corrects, and why the Office refuses a correction or publishes the text it saw."""

import copy

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programme.models import Municipality, Theme

from ..models import (
    CORRECTABLE,
    Idea,
    MessageTemplate,
    RefusalReason,
    text_state,
    words_of,
)
from .ideas import LONGEST_BENEFIT, LONGEST_BODY, WHOLE_REGION, IdeaForm
from .templates import TemplatesMixin
from .transitions import LONG, AboutIdeaForm

SHORTEST_BODY = 20


def unix(text: str) -> str:
    """Return ``text`` with one sign for each new line."""
    return text.replace("\r\n", "\n")


class CorrectionForm(forms.ModelForm):
    """The text as its author sees it: what waits for the Office, else what is in place."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Idea
        fields = ("title", "body", "expected_benefit", "theme", "municipality")
        labels = IdeaForm.Meta.labels
        error_messages = IdeaForm.Meta.error_messages
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_BODY}),
            "expected_benefit": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_BENEFIT}),
        }

    def __init__(self, data=None, *, idea, pending=None):
        self.known = [words_of(row) for row in (pending, idea) if row is not None]
        text = copy.copy(idea)
        for name, value in words_of(pending or idea).items():
            setattr(text, name, value)
        super().__init__(data, instance=text, initial={"seen": text_state(idea)})
        self.fields["body"].validators += [
            MinLengthValidator(SHORTEST_BODY),
            MaxLengthValidator(LONGEST_BODY),
        ]
        self.fields["expected_benefit"].validators.append(MaxLengthValidator(LONGEST_BENEFIT))
        self.fields["theme"].queryset = Theme.objects.order_by_translated("name")
        self.fields["municipality"].queryset = Municipality.objects.order_by_translated("name")
        self.fields["municipality"].empty_label = WHOLE_REGION
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def words(self) -> dict:
        """Return the columns of a valid form; ends of lines alone are no change."""
        return {name: self._as_known(name, getattr(self.instance, name)) for name in CORRECTABLE}

    def _as_known(self, name, value):
        """Return a text as it is stored where it differs by what browsers make of a new line."""
        for words in self.known:
            if isinstance(value, str) and unix(words[name]) == unix(value):
                return words[name]
        return unix(value) if isinstance(value, str) else value

    def look_again(self, idea) -> None:
        """Take the state of the text that the author is shown now as the one they have seen."""
        self.data = self.data.copy()
        self.data["seen"] = text_state(idea)


class EditRefusalForm(TemplatesMixin, forms.Form):
    """Why a correction is not published, told to its author in their language."""

    template_use = MessageTemplate.Use.CORRECTION
    template_fields = {"text": "explanation", "reason": "reason"}

    reason = forms.ChoiceField(label=_("Reason"), choices=RefusalReason.choices)
    explanation = forms.CharField(label=_("Explanation"), widget=LONG, max_length=2000)

    def __init__(self, data=None, *, instance_of):
        self.submission = instance_of.submission
        super().__init__(data)
        self.fields["explanation"].help_text = gettext(
            "Sent by mail and shown behind the secret link. The author reads: %(language)s."
        ) % {"language": self.submission.get_language_display()}

    def template_languages(self) -> list[str]:
        """Return the language in which the author reads our mails."""
        return [self.submission.language]


class PublishForm(AboutIdeaForm):
    """The text that is published, as the moderator sees it now, and a note."""

    words = forms.CharField(label=_("What is published"), widget=LONG, disabled=True)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept in the history. It is not shown to the public."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.idea is not None:
            passages = (self.idea.title, self.idea.body, self.idea.expected_benefit)
            self.initial["words"] = "\n\n".join(words for words in passages if words)
            self.initial["seen"] = text_state(self.idea)

    def clean(self):
        """Keep what the verb takes: the text itself is only read."""
        data = super().clean()
        data.pop("words", None)
        if self.idea is not None and data.get("seen") not in ("", text_state(self.idea)):
            self.data = self.data.copy()
            self.data["seen"] = text_state(self.idea)
        return data
