"""Each cell of an imported row: cleaned, or refused with what is wrong and how to mend it."""

from collections import Counter
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.search import LANGUAGES, fold
from programme.models import Municipality

from ..models import Helix
from ..models.enterprise_number import normal, validate_enterprise_number

LONGEST = {
    **dict.fromkeys(("name_fr", "name_nl", "name_en"), 250),
    **dict.fromkeys(("short_name_fr", "short_name_nl"), 60),
    "website": 200,
    "contact_name": 200,
    "contact_email": 254,
    "contact_role": 120,
}


def unknown_group() -> str:
    """Name the groups as the page calls them: a file may call them so too."""
    known = ", ".join(str(label) for label in Helix.labels)
    return gettext("Unknown group. Write one of these: %(groups)s.") % {"groups": known}


#: What can be wrong, by code: the report is kept and read in the language of whoever opens it.
MESSAGES = {
    "number": _("This is not a valid enterprise number: look for a mistyped digit."),
    "long": _("This is too long."),
    "helix": lazy(unknown_group, str)(),
    "helix_twice": _("The second group has to differ from the first."),
    "municipality": _("No municipality of the Region has this name or NIS code."),
    "website": _("This is no web address, such as https://example.org."),
    "email": _("This is no e-mail address, such as name@example.org."),
    "language": _("Unknown language: fr, nl or en."),
    "missing": _("Fill this in: a new organisation needs it."),
    "missing_twin": _("Fill this in: it stands there in the other language."),
    "unnamed": _("Give an enterprise number or a name."),
    "ambiguous": _("Several organisations have this name: give the enterprise number."),
    "twice": _("The same organisation stands in another row of this file."),
    "contact_unnamed": _("Give the name or the address of the contact."),
    "contact_language": _("Give the language in which the contact reads our mails."),
}


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken: its column, what stands there, the code of the message."""

    column: str
    value: str
    code: str

    @property
    def message(self) -> str:
        """Say what is wrong, in the language of the page."""
        return str(MESSAGES[self.code])

    def as_json(self) -> dict:
        """Return it for keeping."""
        return asdict(self)


class Cleaner:
    """Cleans cells; made once for a file, so that lists are read once."""

    def __init__(self):
        self.groups = _by_label(Helix.choices)
        self.languages = _by_label(settings.LANGUAGES) | _by_label(settings.LANGUAGE_NAMES.items())
        self.places = {}
        for place in Municipality.objects.all():
            names = [place.nis, place.slug, *(getattr(place, f"name_{code}") for code in LANGUAGES)]
            self.places |= {fold(name): place.pk for name in names if name}

    def clean(self, cells: dict[str, str]) -> tuple[dict, list[Fault]]:
        """Return ({column: value} of the cells that hold something, what is wrong)."""
        values, faults = {}, []
        for column, text in cells.items():
            if not text:
                continue
            try:
                values[column] = self._clean_one(column, text)
            except Unfit as unfit:
                faults.append(Fault(column, text, unfit.code))
        return values, faults

    def _clean_one(self, column, text):
        if len(text) > LONGEST.get(column, len(text)):
            raise Unfit("long")
        special = getattr(self, f"_clean_{column}", None)
        return special(text) if special else " ".join(text.split())

    def _clean_legal_id(self, text):
        return _valid(validate_enterprise_number, normal(text), "number")

    def _clean_helix(self, text):
        return _known(self.groups, text, "helix")

    _clean_helix_secondary = _clean_helix

    def _clean_municipality(self, text):
        return _known(self.places, text, "municipality")

    def _clean_website(self, text):
        address = text if "://" in text else f"https://{text}"
        if len(address) > LONGEST["website"]:
            raise Unfit("long")
        return _valid(URLValidator(schemes=["http", "https"]), address, "website")

    def _clean_contact_email(self, text):
        return _valid(EmailValidator(), text.lower(), "email")

    def _clean_contact_language(self, text):
        return _known(self.languages, text, "language")


class Unfit(Exception):
    """A cell that cannot be taken; ``code`` is one of `MESSAGES`."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def _valid(check, value, code):
    try:
        check(value)
    except ValidationError as error:
        raise Unfit(code) from error
    return value


def _known(table, text, code):
    try:
        return table[fold(" ".join(text.split()))]
    except KeyError as error:
        raise Unfit(code) from error


def _by_label(choices) -> dict:
    """Return {folded code, label in any of the three languages, or its own word: code}.

    "partenaire privé" is known as "privé" too: no other label has this word.
    """
    found = {fold(code): code for code, _label in choices}
    for language in LANGUAGES:
        with translation.override(language):
            labels = {code: fold(str(label)) for code, label in choices}
        words = Counter(word for label in labels.values() for word in set(label.split()))
        for code, label in labels.items():
            own = [word for word in label.split() if words[word] == 1]
            found |= {name: code for name in (*own, label) if name not in found}
    return found
