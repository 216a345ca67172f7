"""What waits for a translator: texts in one language only, texts that nobody has proof-read."""

from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from core.admin_filters import TextsFilter
from core.admin_site import changelist_of
from core.models import Translated
from core.permissions import is_translator
from core.queues import Queue, Waiting
from core.selectors import lacks_a_language, last_changes
from core.typography import number

#: Before the six work packages: it concerns all of them.
VOLET = 0


def texts_in_one_language(user) -> Queue | None:
    """Queue: rows of which French or Dutch is missing, by model."""
    if not is_translator(user):
        return None
    found = {
        model: model._base_manager.filter(lacks_a_language(model))
        for model in _translated()
        if model.public_fields
    }
    return _queue(_("Texts in one language only"), found, TextsFilter.ONE_SIDED)


def texts_to_proofread(user) -> Queue | None:
    """Queue: rows with a text that nobody has proof-read, by model."""
    if not is_translator(user):
        return None
    found = {model: model._base_manager.exclude(not_proofread=[]) for model in _translated()}
    return _queue(_("Texts to proof-read"), found, TextsFilter.NOT_PROOFREAD)


def _translated() -> list:
    known = translator.get_registered_models(abstract=False)
    return [model for model in known if issubclass(model, Translated) and changelist_of(model)]


def _queue(title, found, wanted) -> Queue:
    rows = {model: list(some) for model, some in found.items()}
    return Queue(
        title=title,
        volet=VOLET,
        rows=[_waiting(model, some, wanted) for model, some in rows.items() if some],
        total=sum(map(len, rows.values())),
    )


def _waiting(model, rows, wanted) -> Waiting:
    """Return the line of one model, with the list that shows exactly these rows."""
    changes = last_changes(model, rows).values()
    return Waiting(
        text=_("%(model)s: %(count)s")
        % {"model": model._meta.verbose_name_plural, "count": number(len(rows))},
        url=f"{changelist_of(model)}?{TextsFilter.parameter_name}={wanted}",
        since=min(changes, default=None),
        whom=_("you"),
    )
