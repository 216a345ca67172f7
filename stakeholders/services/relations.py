"""Everything that points at a row, found in the model registry: upper apps need not be imported."""

from contextlib import nullcontext

import pgtrigger
from django.apps import apps
from django.db import IntegrityError, transaction

from ..models import (
    ContactMerge,
    DistinctContacts,
    DistinctOrganisations,
    OrganisationMerge,
    Standing,
)

#: What tells of a merge or of two different rows stays with the row that it was written about;
#: where an organisation stands follows by itself from what moves.
BOOKKEEPING = frozenset(
    {OrganisationMerge, ContactMerge, DistinctOrganisations, DistinctContacts, Standing},
)


def relations(model) -> list:
    """Return the foreign keys of every app that point at ``model``, one-to-one included.

    A many-to-many relation, of either side, is a table of its own with such a key.
    """
    found = model._meta.get_fields(include_hidden=True)
    keys = [
        each.field
        for each in found
        if each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one)
    ]
    return [key for key in keys if key.model not in BOOKKEEPING and not key.model._meta.proxy]


def label(key) -> list[str]:
    """Return [model label, field] under which a record of a merge names a foreign key."""
    return [key.model._meta.label, key.name]


def rows_of(key, target_pk):
    """Return the rows whose foreign key ``key`` holds ``target_pk``."""
    return key.model._base_manager.filter(**{key.attname: target_pk})


def unprotected(model):
    """Lift the append-only triggers of a model: who is meant changes, not what was written."""
    names = [
        f"{model._meta.label}:{trigger.name}"
        for trigger in getattr(model._meta, "triggers", ())
        if isinstance(trigger, pgtrigger.Protect)
    ]
    return pgtrigger.ignore(*names) if names else nullcontext()


def point(key, pks, to) -> list:
    """Point the rows ``pks`` of foreign key ``key`` at row ``to``; return the keys that cannot.

    What breaks a constraint stays as it is: all are tried at once, then one by one.
    """
    rows = key.model._base_manager
    with unprotected(key.model):
        try:
            with transaction.atomic():
                rows.filter(pk__in=pks).update(**{key.attname: to})
        except IntegrityError:
            if len(pks) == 1:
                return list(pks)
            return [pk for pk in pks if point(key, [pk], to)]
    return []


def found_key(model_label: str, field: str):
    """Return the foreign key that a record of a merge names, None where it is gone."""
    try:
        return apps.get_model(model_label)._meta.get_field(field)
    except LookupError:  # the model or the field was removed from the code meanwhile
        return None
