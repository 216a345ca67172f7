"""What goes out on paper: the letter with a secret link, the blank form, the extract of one's data.

Each function returns PDF; the words are in the language that is asked for.
"""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import pdf, typography
from core.search import LANGUAGES
from programme.models import Municipality, Theme

from . import mails
from .consents import IDEA_WORDING
from .models import Idea
from .own_data import sections_of


def tracking_letter(submission, raw: str, *, language: str, address: str = "") -> bytes:
    """Return the letter that gives a contributor without e-mail the reference and the link."""
    idea = submission.idea
    with translation.override(language):
        link = mails.address("idea-tracking", raw, language=language)
        who = [line for line in (submission.contact.name, address) if line]
        parts = [
            {"kind": "address", "text": "\n".join(who)},
            _words(
                _("Your idea “%(title)s” has reached us. Its reference is %(reference)s.")
                % {"title": idea.title, "reference": idea.reference}
            ),
            _words(
                _(
                    "With the address below you see what becomes of it, answer our questions, "
                    "correct it or take it back. Type it into a browser exactly as it stands:"
                )
            ),
            {"kind": "secret", "text": link},
            _words(
                _(
                    "Keep this letter for yourself: whoever has the address can act for you. If "
                    "you lose it, come to our desk with your identity card: we cancel this "
                    "address and give you a new one."
                )
            ),
            _words(_("You do not use a computer? Ask us at the desk, by phone or by post.")),
            *_contact_points(),
        ]
        return _sheet(_("Your secret link"), typography.day(timezone.localdate()), parts, language)


def blank_form(language: str) -> bytes:
    """Return the form to fill in by hand, with where to send it and what becomes of the data."""
    with translation.override(language):
        parts = [
            _words(
                _(
                    "Fill in this form with a dark pen and bring or send it to us. We enter it "
                    "for you: the same rights, the same time limits."
                )
            ),
            *_contact_points(),
            {"kind": "heading", "text": _("Your idea")},
            _box(_("Your idea in one line"), 1.4),
            _box(_("What do you propose, and why?"), 9, _("Please do not name other people.")),
            _box(_("Who would be better off?"), 3),
            _choices(_("Theme"), [str(each) for each in Theme.objects.order_by_translated("name")]),
            _choices(_("Where?"), [_("The whole Region"), *_places()]),
            _choices(_("In which language do you write?"), ["Français", "Nederlands", "English"]),
            *_enclosed(),
            {"kind": "heading", "text": _("You")},
            _choices(_("Who speaks?"), _labels(Idea.SubmitterType)),
            _box(_("Name of the organisation"), 1.4, _("Only if you speak for an organisation.")),
            _choices(_("How are you named in public?"), _labels(Idea.Display)),
            _box(_("Your name"), 1.4),
            _box(
                _("Your e-mail address or postal address"),
                2.4,
                _("Without an e-mail address you get your secret link as a letter."),
            ),
            _choices(_("Our mails"), [_("Write to me when something happens with my idea")]),
            {"kind": "heading", "text": _("What we do with your data")},
            _words(
                _(
                    "We keep your name and address to handle your idea and to tell you what "
                    "becomes of it, until you have them erased; the idea then stays, without you. "
                    "You may see, correct and erase your data, and complain to the Belgian Data "
                    "Protection Authority."
                )
            ),
            _words(mails.address("idea-track", language=language)),
            _choices(_("Your agreement"), [str(IDEA_WORDING)]),
            _box(_("Date and signature"), 2.4),
        ]
        return _sheet(_("Propose an idea"), settings.SITE["name"], parts, language)


def _enclosed() -> list[dict]:
    """Return the part of the blank form about files: the same as in the form on the screen."""
    right = _("I made the pictures or may publish them, and whoever is on them agrees.")
    return [
        {"kind": "heading", "text": _("Files, if you have any")},
        _words(
            _(
                "You may enclose photos, drawings or a text, or bring them as files: at most "
                "%(n)s. Each is shown once the Office has released it."
            )
            % {"n": settings.UPLOAD_MOST_FILES}
        ),
        _box(_("What do the pictures show?"), 2.4),
        _choices(_("Your pictures"), [right]),
    ]


def data_extract(contact, language: str) -> bytes:
    """Return all that is kept about a person, laid out to read."""
    with translation.override(language):
        parts = []
        for section in sections_of(contact):
            parts.append({"kind": "heading", "text": section.title})
            parts += [{"kind": "pairs", "rows": record.lines} for record in section.records]
            if not section.records:
                parts.append(_words(_("Nothing.")))
        return _sheet(
            _("What we keep about you"), typography.day(timezone.localdate()), parts, language
        )


def blank_addresses() -> list[tuple[str, str]]:
    """Return (language, address) of the blank form in each language."""
    codes = [*LANGUAGES, *(code for code, _name in settings.LANGUAGES if code not in LANGUAGES)]
    return [(code, mails.path("idea-blank", language=code)) for code in codes]


def _sheet(title, kicker, parts, language):
    data = {"title": title, "kicker": str(kicker), "parts": parts, "author": settings.SITE["name"]}
    return pdf.render("sheet", data, language)


def _words(text) -> dict:
    return {"kind": "words", "text": str(text)}


def _box(label, height, help_text="") -> dict:
    return {"kind": "box", "label": str(label), "height": height, "help": str(help_text)}


def _choices(label, options) -> dict:
    longest = max(map(len, options), default=0)
    columns = 3 if longest < 26 else 2 if longest < 42 else 1
    return {"kind": "choices", "label": str(label), "options": options, "columns": columns}


def _labels(choices) -> list[str]:
    return [str(label) for label in choices.labels]


def _places() -> list[str]:
    return [str(each) for each in Municipality.objects.order_by_translated("name")]


def _contact_points() -> list[dict]:
    known = settings.SITE["contact"]
    names = {"desk": _("Desk"), "phone": _("Phone"), "post": _("Post"), "email": _("E-mail")}
    rows = [[str(name), known[key]] for key, name in names.items() if known.get(key)]
    return [{"kind": "pairs", "rows": rows}] if rows else []
