"""What the rule of a segment means, as a sentence in one language."""

from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import typography
from core.templatetags.ui import IN_LANGUAGE

from .segment_fields import FIELDS
from .segments import Condition, Group


def sentence(rule: Group, language: str) -> str:
    """Return "Who reads our mails in Dutch and is subscribed to Newsletter." in ``language``."""
    with translation.override(language):
        return _("Who %(conditions)s.") % {"conditions": _joined(rule)}


def _joined(group: Group) -> str:
    link = pgettext("segment", "and who") if group.match == "all" else pgettext("segment", "or who")
    parts = [
        f"({_joined(row)})" if isinstance(row, Group) else condition_words(row)
        for row in group.rows
    ]
    return f" {link} ".join(parts)


def condition_words(condition: Condition) -> str:
    """Return the words of one condition in the language of the page: "belongs to STIB"."""
    plain, denied = FIELDS[condition.field].words[condition.operator]
    values = get_text_list(value_words(condition), pgettext("segment", "or"))
    return str(denied if condition.negated else plain) % {"values": values}


def value_words(condition: Condition) -> list[str]:
    """Return what the values of ``condition`` are called; of a row that is gone, its number."""
    field, values = FIELDS[condition.field], condition.value
    if field.name == "language":
        return [str(IN_LANGUAGE[each]) for each in values]
    if field.rows is not None:
        named = {row.pk: str(row) for row in field.rows().filter(pk__in=values)}
        return [named.get(each, f"#{each}") for each in values]
    if field.choices:
        labels = dict(field.choices)
        return [str(labels[each]) for each in values]
    if field.name == "subscribed":
        return [typography.day(parse_date(values[0]))]
    return [str(each) for each in values]
