"""What a mail names: it is not sent once anybody may not see it any more.

A mail that waits keeps the keys of the rows that it names (`Message.facts`).
"""

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from core.models import Message

NAMED = "named"


def facts_of(*rows) -> dict:
    """Return the facts of a mail that names ``rows``."""
    return {NAMED: [[row._meta.label, row.pk] for row in rows]}


def reason_not_to_send(message: Message) -> str | None:
    """Return why a mail may not be sent that names what is not public, or None (`mail.veto`)."""
    if all(_is_public(label, pk) for label, pk in message.facts.get(NAMED, ())):
        return None
    return str(_("What it names is not public any more."))


def _is_public(label: str, pk: int) -> bool:
    rows = apps.get_model(label).objects.visible_to(AnonymousUser())
    return rows.filter(pk=pk).exists()
