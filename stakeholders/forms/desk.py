"""What colleagues enter about an idea among themselves, and about many ideas at once."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..models import IdeaNote
from ..selectors import colleagues
from ..waiting import MINE, NOBODY, SOMEBODY
from .transitions import RefusalForm

NOTE = forms.Textarea(attrs={"rows": 4})


class NoteForm(forms.Form):
    """A note for colleagues, or a reply to one."""

    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=NOTE,
        help_text=_("Only for the Office. A note stays as it is written."),
    )
    reply_to = forms.ModelChoiceField(
        label=_("As a reply to"),
        queryset=IdeaNote.objects.none(),
        required=False,
        empty_label=_("No reply: a new note"),
    )

    def __init__(self, data=None, *, idea):
        super().__init__(data)
        notes = idea.notes.filter(reply_to=None).select_related("author")
        self.fields["reply_to"].queryset = notes
        self.fields["reply_to"].label_from_instance = note_label
        if not notes:
            del self.fields["reply_to"]


def note_label(note) -> str:
    """Return who wrote a note and how it begins."""
    words = note.text if len(note.text) < 60 else f"{note.text[:60]}…"
    return f"{note.author}: {words}"


class AssignForm(forms.Form):
    """Who evaluates, with what each has on the desk already, and until when."""

    evaluator = forms.ModelChoiceField(label=_("Who evaluates?"), queryset=None)
    due_on = forms.DateField(
        label=_("Until when?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data=None, *, instance_of=None, but=()):
        super().__init__(data)
        self.fields["evaluator"].queryset = colleagues().exclude(pk__in=but)
        self.fields["evaluator"].label_from_instance = with_load

    def clean_due_on(self):
        """Refuse a day that has passed."""
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(gettext("This day has passed. Choose a later one."))
        return day


def with_load(colleague) -> str:
    """Return a colleague with what they have to evaluate: "Ann – 3 to evaluate, 1 overdue"."""
    words = ngettext("%(n)s to evaluate", "%(n)s to evaluate", colleague.load)
    parts = [words % {"n": colleague.load}]
    if colleague.late:
        parts.append(
            ngettext("%(n)s overdue", "%(n)s overdue", colleague.late) % {"n": colleague.late}
        )
    return f"{colleague} – {', '.join(parts)}"


class ManyForm(forms.Form):
    """Base of what is asked before many ideas move: nothing but the confirmation."""

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)


class HideManyForm(ManyForm):
    """Why the ideas are hidden."""

    note = forms.CharField(
        label=_("Reason"),
        widget=NOTE,
        help_text=_("Kept in the history. It is not shown to the public."),
    )


#: What is asked before each thing that can be done to many ideas.
MANY = {
    "publish": ManyForm,
    "refuse": RefusalForm,
    "hide": HideManyForm,
    "assign": AssignForm,
}


class QueueForm(forms.Form):
    """What of the queue is shown."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    whose = forms.ChoiceField(label=_("Whose"), required=False)

    def __init__(self, data, *, kinds):
        super().__init__(data)
        self.fields["kind"].choices = [("", _("Everything")), *kinds]
        self.fields["whose"].choices = [
            ("", _("Everybody’s")),
            (MINE, _("Assigned to me")),
            (NOBODY, _("Assigned to nobody")),
            (SOMEBODY, _("Assigned to somebody")),
        ]

    @property
    def asked(self) -> dict[str, str]:
        """Return what is asked; a word that is no choice asks for nothing."""
        self.full_clean()
        return {name: self.cleaned_data.get(name, "") for name in ("kind", "whose")}
