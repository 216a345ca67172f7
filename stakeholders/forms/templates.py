"""Beginning a message to contributors from a template: a choice that fills what is empty."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..mails import passages
from ..models import MessageTemplate

LANGUAGES = ("fr", "nl", "en")


class TemplatesMixin(forms.Form):
    """Mixed into a form that writes to contributors.

    Whoever chooses a template gets the form once more with the empty fields filled: nothing is
    sent that nobody has read. ``template_use`` says which templates are offered and
    ``template_fields`` where the text, and where one goes instead, are put, and which choice is
    made by the reason of the template. A field without a column for each language gets the text
    in the languages of `template_languages`.
    """

    template_use = MessageTemplate.Use.REFUSAL
    template_fields = {"text": "public_note", "instead": "instead", "reason": "reason"}

    template = forms.ModelChoiceField(
        label=_("Insert a template"),
        queryset=MessageTemplate.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Fills the fields that are empty; you read and complete them before sending."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = MessageTemplate.objects.filter(use=self.template_use, is_active=True)
        self.fields["template"].queryset = offered
        self.fields["template"].label_from_instance = template_label
        self.order_fields(["template", *self.fields])
        self.inserted = False
        if self.is_bound:
            self._insert(offered)

    def _insert(self, offered):
        """Fill the empty fields of what was sent from the template that was chosen."""
        key = self.data.get("template", "")
        chosen = offered.filter(pk=key).first() if key.isdigit() else None
        if chosen is None:
            return
        words = self._words_of(chosen)
        empty = {name: text for name, text in words.items() if not self.data.get(name, "").strip()}
        if not any(empty.values()):
            return
        self.data = self.data.copy()
        # A list always has something chosen: the text of another reason would contradict it.
        reason = {self.template_fields["reason"]: chosen.reason} if chosen.reason else {}
        for name, text in {**empty, **reason, "template": ""}.items():
            self.data[name] = text
        self.inserted = True

    def template_languages(self) -> list[str]:
        """Return the languages that the addressees of a text without columns read."""
        return list(LANGUAGES)

    def _words_of(self, template) -> dict[str, str]:
        """Return {field: text}; where the form does not ask where to go instead, the text says."""
        field = self.template_fields["text"]
        if field in self.fields:
            return {field: self._in_one(template)}
        found = {}
        for code in LANGUAGES:
            found |= self._in_columns(template, code)
        return found

    def _in_columns(self, template, code) -> dict[str, str]:
        text, instead = (getattr(template, f"{name}_{code}") or "" for name in ("text", "instead"))
        place = f"{self.template_fields.get('instead')}_{code}"
        found = {place: instead} if place in self.fields else {}
        rest = [] if found else [instead]
        return found | {f"{self.template_fields['text']}_{code}": paragraphs(text, *rest)}

    def _in_one(self, template) -> str:
        """Return the text in each language that is read, one below the other."""
        read = {
            each["language"]: None
            for code in self.template_languages()
            for each in passages(template, "text", code)
        }
        words = [
            getattr(template, f"{name}_{code}") for code in read for name in ("text", "instead")
        ]
        return paragraphs(*words)

    def clean(self):
        """Show what a template has filled in before it is sent; the choice itself is no data."""
        data = super().clean()
        data.pop("template", None)
        if self.inserted:
            self.add_error(
                None,
                gettext("The template is filled in below. Read it, complete it, then send."),
            )
        return data


def template_label(template) -> str:
    """Return reason and name of a template."""
    return " – ".join(filter(None, (template.get_reason_display(), template.name)))


def paragraphs(*texts) -> str:
    """Return the texts that say something, one below the other."""
    return "\n\n".join(text for text in texts if text)
