"""Files in a form: chosen all at once, each looked at; and the refusal of one by a moderator."""

from crispy_forms.layout import Field, Fieldset
from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.uploads import TYPES, Refused, plain_name, size_words, taken_in

from ..models import FileRefusal

LONGEST_DESCRIPTION = 300
#: Characters of a file's name in a message about it.
SHOWN_NAME = 40
#: Of these, how many come from its end.
ENDING = 10


class ManyFiles(forms.FileInput):
    """One input for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        """Return the list of files that came."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """Several files, cleaned to what may be stored (`core.uploads.Prepared`)."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        """Return the files as they may be stored; name each that is refused, and why."""
        files = data or []
        most = settings.UPLOAD_MOST_FILES
        if len(files) > most:
            words = ngettext(
                "At most %(n)s file goes with an idea. Choose the most telling one.",
                "At most %(n)s files go with an idea. Choose the most telling ones.",
                most,
            )
            raise forms.ValidationError(words % {"n": most})
        taken, errors = [], []
        for file in files:
            try:
                taken.append(taken_in(file.name, file.read(settings.UPLOAD_MOST_BYTES + 1)))
            except Refused as refusal:
                words = gettext("“%(file)s”: %(refusal)s")
                errors.append(words % {"file": shown(file.name), "refusal": refusal})
        if errors:
            raise forms.ValidationError(errors)
        return taken


def shown(name: str) -> str:
    """Return the name of a file as a message says it: harmless, and its middle left out if long."""
    plain = plain_name(name)
    if len(plain) <= SHOWN_NAME:
        return plain
    return f"{plain[: SHOWN_NAME - ENDING]}…{plain[-ENDING:]}"


class FilesMixin(forms.Form):
    """Mixed into the form of an idea: files, what pictures show, and the right to show them."""

    #: What is said where the right to show pictures is missing, and where the form comes back.
    no_right = _("Tick this box, or send your idea without the pictures.")
    choose_again = _("Choose your files again: only your text was kept.")

    files_chosen = FilesField(
        label=_("Add files"),
        required=False,
        widget=ManyFiles(
            attrs={"accept": ",".join(mime for mime, _ending in TYPES.values()), "data-files": ""}
        ),
    )
    picture_words = forms.CharField(
        label=_("What do the pictures show?"),
        required=False,
        help_text=_(
            "For whoever does not see them: one line for each picture, in the order of the files."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 3 * LONGEST_DESCRIPTION}),
        max_length=3 * LONGEST_DESCRIPTION,
    )
    picture_rights = forms.BooleanField(
        label=_("I made the pictures or may publish them, and whoever is on them agrees."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files_chosen"].help_text = gettext(
            "At most %(files)s files of %(size)s each: PDF, or pictures (JPEG, PNG, WebP). "
            "Place and camera are taken out of pictures. A file is shown once the Office has "
            "released it."
        ) % {
            "files": settings.UPLOAD_MOST_FILES,
            "size": size_words(settings.UPLOAD_MOST_BYTES),
        }

    @staticmethod
    def files_layout() -> Fieldset:
        """Return the part of the form with the files; the script shows what pictures need."""
        return Fieldset(
            _("Files, if you have any"),
            "files_chosen",
            Field("picture_words", wrapper_class="for-pictures"),
            Field("picture_rights", wrapper_class="for-pictures"),
        )

    def clean(self):
        """Ask for the right to show pictures where there are any."""
        data = super().clean()
        has_pictures = any(each.is_picture for each in data.get("files_chosen") or [])
        if has_pictures and not data.get("picture_rights"):
            self.add_error("picture_rights", self.no_right)
        lines = self._descriptions(data)
        if any(len(line) > LONGEST_DESCRIPTION for line in lines):
            self.add_error(
                "picture_words",
                gettext("Say what a picture shows in at most %(n)s characters.")
                % {"n": LONGEST_DESCRIPTION},
            )
        return data

    def _post_clean(self):
        """Say that files have to be chosen again: no browser keeps them while a form is mended."""
        super()._post_clean()
        if self.errors and self.files:
            self.add_error("files_chosen", self.choose_again)

    @staticmethod
    def _descriptions(data) -> list[str]:
        return [line.strip() for line in (data.get("picture_words") or "").splitlines()]

    def attached(self) -> dict:
        """Return what `services.attach_files` needs of a valid form."""
        return {
            "files": self.cleaned_data["files_chosen"],
            "descriptions": self._descriptions(self.cleaned_data),
            "rights_confirmed": self.cleaned_data["picture_rights"],
        }


class FileRefusalForm(forms.Form):
    """Why a file is refused: the reason is told to the contributor, the note is not."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=FileRefusal.choices,
        help_text=_(
            "The contributor reads it, by mail and behind the secret link. The file is deleted at "
            "once."
        ),
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
