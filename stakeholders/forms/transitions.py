"""What a transition of an idea asks for, and what staff write down for somebody else."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.publication import LANGUAGE_NAMES

from ..models import Idea, MessageTemplate, RefusalReason, Submission, WithdrawalReason
from .attachments import FilesMixin
from .templates import LANGUAGES, TemplatesMixin

LONG = forms.Textarea(attrs={"rows": 6})


class AboutIdeaForm(forms.Form):
    """Base: knows the idea that moves, and tells the language of each column of a text."""

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.idea = instance_of
        self.helper = FormHelper()
        self.helper.form_tag = False
        for name, field in self.fields.items():
            code = name.rpartition("_")[2]
            if code in LANGUAGES:
                field.widget.attrs["lang"] = code

    def languages(self) -> str:
        """Name the languages in which the contributors read our mails."""
        if self.idea is None:
            return ""
        found = {each.get_language_display() for each in self.idea.submissions.all()}
        return ", ".join(sorted(found))


class QuestionForm(TemplatesMixin, AboutIdeaForm):
    """What is asked of the contributors."""

    template_use = MessageTemplate.Use.QUESTION
    template_fields = {"text": "question"}

    question = forms.CharField(label=_("Question"), widget=LONG)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].help_text = gettext(
            "Sent by mail with a link to reply. The contributors read: %(languages)s."
        ) % {"languages": self.languages()}

    def template_languages(self) -> list[str]:
        """Return the languages in which the contributors read our mails."""
        return sorted({each.language for each in self.idea.submissions.all()})


class ReplyForm(AboutIdeaForm):
    """The reply of a contributor, through the tracking link or written down by staff."""

    reply = forms.CharField(
        label=_("Reply"),
        widget=LONG,
        max_length=5000,
        error_messages={"required": _("Write the reply: a sentence is enough.")},
    )


class RefusalForm(TemplatesMixin, AboutIdeaForm):
    """Why an idea is not admissible, told to its contributors only."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RefusalReason.choices)
    public_note_fr = forms.CharField(label=_("Explanation (French)"), widget=LONG)
    public_note_nl = forms.CharField(label=_("Explanation (Dutch)"), widget=LONG)
    public_note_en = forms.CharField(
        label=_("Explanation (English, an extra)"), widget=LONG, required=False
    )
    instead_fr = forms.CharField(
        label=_("Where to go instead (French)"),
        widget=LONG,
        help_text=_("For example the municipality, the ombudsman, another service."),
    )
    instead_nl = forms.CharField(label=_("Where to go instead (Dutch)"), widget=LONG)
    instead_en = forms.CharField(
        label=_("Where to go instead (English, an extra)"), widget=LONG, required=False
    )


class MergeForm(TemplatesMixin, AboutIdeaForm):
    """Into which idea this one goes, and why, if that is to be said."""

    template_use = MessageTemplate.Use.MERGE

    into = forms.CharField(
        label=_("Reference of the other idea"),
        max_length=20,
        help_text=_("For example SCO-2026-00042. It keeps its own text and answer."),
    )
    public_note_fr = forms.CharField(
        label=_("Explanation (French)"),
        widget=LONG,
        required=False,
        help_text=_("Optional. It stands on the page and in the mail to the contributors."),
    )
    public_note_nl = forms.CharField(label=_("Explanation (Dutch)"), widget=LONG, required=False)
    public_note_en = forms.CharField(
        label=_("Explanation (English, an extra)"), widget=LONG, required=False
    )

    def clean_into(self):
        """Return the idea with this reference."""
        reference = self.cleaned_data["into"].strip()
        found = Idea.objects.filter(reference__iexact=reference).first()
        if found is None:
            raise forms.ValidationError(gettext("No idea has this reference."))
        return found

    def clean(self):
        """Ask for both languages where an explanation is given."""
        data = super().clean()
        given = {code for code in LANGUAGES if data.get(f"public_note_{code}")}
        missing = [code for code in LANGUAGE_NAMES if given and code not in given]
        words = gettext("Fill in the text in %(language)s: both languages are published together.")
        for code in missing:
            self.add_error(f"public_note_{code}", words % {"language": LANGUAGE_NAMES[code]})
        return data


class WithdrawalForm(AboutIdeaForm):
    """Why an idea is taken back."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *WithdrawalReason.choices],
        help_text=_("Shown on the page of the idea."),
        error_messages={"required": _("Choose why the idea is withdrawn.")},
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        widget=LONG,
        max_length=2000,
        help_text=_("For the Office; not shown to the public."),
        error_messages={"required": _("Say in a sentence why: only the Office reads it.")},
    )


class RegisterForm(FilesMixin, forms.ModelForm):
    """Staff enter what came on paper, by phone or at the desk, with the files that came along."""

    channel = forms.ChoiceField(label=_("Channel"))
    name = forms.CharField(label=_("Name of the contributor"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Optional. Without it, print the letter with the secret link afterwards."),
    )
    notify = forms.BooleanField(label=_("Wants to be told"), required=False, initial=True)
    consent = forms.BooleanField(
        label=_("The contributor agreed to the publication (signed form, or noted on the phone).")
    )

    class Meta:
        model = Idea
        fields = (
            *("title", "body", "language", "expected_benefit", "theme", "workstream"),
            *("municipality", "submitter_type", "helix", "organisation_claimed"),
            *("display", "display_text"),
        )

    class Media:
        js = (forms.Script("js/files.js", defer=True),)

    #: How the fields stand on the page, by their headings.
    PARTS = (
        (_("The author’s words"), ["title", "body", "expected_benefit", "language"]),
        (_("Filed under"), ["theme", "workstream", "municipality", "helix"]),
        (_("Files that came along"), ["files_chosen", "picture_words", "picture_rights"]),
        (
            _("Contributor"),
            [
                *("channel", "name", "email", "notify", "submitter_type", "organisation_claimed"),
                *("display", "display_text", "consent"),
            ],
        ),
    )
    no_right = _(
        "Tick this box where the contributor confirmed it, or leave the pictures out: without it "
        "they cannot be shown."
    )
    choose_again = _("Choose the files again: only the text was kept.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        web = Submission.Channel.WEB
        choices = [entry for entry in Submission.Channel.choices if entry[0] != web]
        self.fields["channel"].choices = choices
        self.fields["picture_rights"].label = _(
            "The contributor made the pictures or may publish them, and whoever is on them agrees "
            "(signed form, or noted on the phone)."
        )

    def clean(self):
        """A person needs a name or an address, so that the Office can find them again."""
        data = super().clean()
        if not data.get("name") and not data.get("email"):
            self.add_error("name", gettext("Give a name or an address."))
        anonymous = data.get("display") == Idea.Display.ANONYMOUS
        if not anonymous and not data.get("display_text"):
            self.add_error("display_text", gettext("Give the name that is shown."))
        return data
