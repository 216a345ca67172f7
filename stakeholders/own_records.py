"""One row of what is kept about a person, field by field: to show on a page, to put into a file."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.templatetags.ui import translated
from core.typography import day

from .models import Idea


@dataclass(frozen=True)
class Fact:
    """One filled field: ``value`` as a file holds it, `shown` as a page says it.

    ``language`` is that of words which are not the portal's own: those of a person, a name that
    has no translation, the subject of a mail. ``words`` say a value better than its plain text.
    """

    key: str
    label: str
    value: object
    language: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """Return the value in words: yes or no, a day, or the text itself."""
        if self.words:
            return self.words
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        return day(self.value) if hasattr(self.value, "year") else str(self.value)


@dataclass(frozen=True)
class Record:
    """One row: its filled fields."""

    facts: tuple[Fact, ...]

    @property
    def lines(self) -> list[list[str]]:
        """Return [label, words, language] of each field, as paper shows them."""
        return [[capfirst(fact.label), fact.shown, fact.language] for fact in self.facts]

    @property
    def plain(self) -> dict:
        """Return {key: value} as a file holds them."""
        return {fact.key: fact.value for fact in self.facts}


def record(row, *names, own=(), language="", more=()) -> Record:
    """Return the filled ones of ``names`` of ``row``, with the labels of the model.

    ``own`` are those of them that a person wrote, in ``language``; ``more`` are further facts.
    """
    facts = [_fact(row, name, language if name in own else "") for name in names]
    return Record(tuple(each for each in (*facts, *more) if each.value not in ("", None)))


def _fact(row, name, language) -> Fact:
    label = str(row._meta.get_field(name).verbose_name)
    display = getattr(row, f"get_{name}_display", None)
    value = str(display()) if display else getattr(row, name)
    if hasattr(value, "_meta"):
        value, language = _named(value)
    return Fact(name, label, value, language)


def _named(obj) -> tuple[str, str]:
    """Return how a row is called, and the language of that name."""
    if isinstance(obj, Idea):
        return str(obj), obj.language
    if hasattr(obj, "name_fr"):
        return translated(obj, "name")
    return str(obj), ""
