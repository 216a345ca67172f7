"""What pages ask the engine."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q
from modeltranslation.translator import translator

from .models import StatusChange
from .publication import filled


def history_of(obj):
    """Return the `StatusChange` rows of ``obj``, newest first, ready for `ui/history.html`."""
    kind = ContentType.objects.get_for_model(obj)
    rows = StatusChange.objects.filter(content_type=kind, object_id=obj.pk)
    return rows.select_related("by", "content_type")


def last_changes(model, objects) -> dict:
    """Return {pk: when its state last changed} for ``objects`` of one model, with one query."""
    kind = ContentType.objects.get_for_model(model)
    rows = StatusChange.objects.filter(
        content_type=kind, object_id__in=[each.pk for each in objects]
    )
    return dict(rows.values_list("object_id").annotate(last=Max("at")).order_by())


@dataclass(frozen=True)
class Parity:
    """How one model stands: rows that anybody sees, and drafts with one language of the two."""

    model: type
    public: int
    one_sided: int

    @property
    def name(self) -> str:
        """Return the name of the model in the plural."""
        return self.model._meta.verbose_name_plural


def parity() -> list[Parity]:
    """Return the parity of every model with states, those with one-sided rows first."""
    found = [parity_of(model) for model in translator.get_registered_models(abstract=False)]
    known = [each for each in found if each is not None]
    return sorted(known, key=lambda each: -each.one_sided)


def parity_of(model) -> Parity | None:
    """Return the parity of ``model``; None where its rows have no states or no public texts."""
    fields, states = getattr(model, "public_fields", ()), getattr(model, "PUBLIC_STATES", None)
    if not fields or not states:
        return None
    rows = model._base_manager
    one_sided = rows.filter(lacks_a_language(model)).count()
    return Parity(model, rows.filter(status__in=states).count(), one_sided)


def lacks_a_language(model) -> Q:
    """Return the condition "a public text of the row is there in French or in Dutch only"."""
    found = Q()
    for field in model.public_fields:
        french, dutch = filled(f"{field}_fr"), filled(f"{field}_nl")
        found |= (french & ~dutch) | (dutch & ~french)
    return found


def first_of(rows, number: int) -> list:
    """Return the first ``number`` of ``rows``: keys are sorted, and only then rows are fetched.

    Thousands of whole rows with what is named beside them are slow to sort for the sake of five.
    """
    keys = list(rows.values_list("pk", flat=True)[:number])
    return list(rows.filter(pk__in=keys))
