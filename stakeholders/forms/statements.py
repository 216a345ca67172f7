"""What the Office decides and says about an idea, and what its contributors say of the answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.publication import LANGUAGE_NAMES

from ..models import DeclineReason, IdeaOutcome, StatementKind
from .templates import TemplatesMixin
from .transitions import LONG, AboutIdeaForm

LANGUAGES = (*LANGUAGE_NAMES, "en")
#: The columns of a statement that hold words.
WORDS = tuple(f"{text}_{code}" for text in ("signatory", "body", "instead") for code in LANGUAGES)


def words_field(label, *, long=True):
    """Return a field for words that may still be missing: publication asks for them."""
    widget = {"widget": LONG} if long else {"max_length": 200}
    return forms.CharField(label=label, required=False, **widget)


class WordsForm(AboutIdeaForm):
    """The fields of a statement, those of an answer only where it is one."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=IdeaOutcome.choices)
    note = forms.CharField(
        label=_("Why we decide so"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("For the Office alone; never shown to the public."),
    )
    body_fr = words_field(_("Text (French)"))
    body_nl = words_field(_("Text (Dutch)"))
    body_en = words_field(_("Text (English, an extra)"))
    reason = forms.ChoiceField(
        label=_("Reason for declining"),
        choices=[("", "—"), *DeclineReason.choices],
        required=False,
        help_text=_("Only where the idea is declined; shown on its page."),
    )
    instead_fr = words_field(_("Where to go instead (French)"))
    instead_nl = words_field(_("Where to go instead (Dutch)"))
    instead_en = words_field(_("Where to go instead (English, an extra)"))
    signatory_fr = words_field(_("Signed by (French)"), long=False)
    signatory_nl = words_field(_("Signed by (Dutch)"), long=False)
    signatory_en = words_field(_("Signed by (English, an extra)"), long=False)

    def __init__(self, data=None, *, kind, signatory, instance_of):
        super().__init__(data, instance_of=instance_of)
        self.initial.update(signatory)
        if kind != StatementKind.ANSWER:
            for name in ("outcome", "note", "reason", *(f"instead_{code}" for code in LANGUAGES)):
                del self.fields[name]


class StatementForm(TemplatesMixin, WordsForm):
    """A statement as it is begun; what it lacks is asked for when it is published."""

    template_fields = {"text": "body", "instead": "instead", "reason": "outcome"}

    def __init__(self, data=None, *, kind, **known):
        #: The uses of the templates have the names of the kinds of statements.
        self.template_use = kind
        super().__init__(data, kind=kind, **known)

    def clean(self):
        """A reason for declining belongs to a refusal."""
        data = super().clean()
        if data.get("reason") and data.get("outcome") != IdeaOutcome.DECLINED:
            self.add_error("reason", _("Only an idea that is declined has such a reason."))
        return data

    def arguments(self) -> dict:
        """Return what `services.draft_statement` takes."""
        data = self.cleaned_data
        words = {name: data[name] for name in WORDS if name in data}
        return {
            "words": words,
            **{name: data[name] for name in ("outcome", "reason", "note") if name in data},
        }


class FeedbackForm(forms.Form):
    """Whether the answer helped."""

    helps = forms.ChoiceField(
        label=_("Does this answer help you?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    comment = forms.CharField(
        label=_("What would you like to add?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=2000,
        help_text=_("Optional. The Office reads it; it is not published."),
    )
