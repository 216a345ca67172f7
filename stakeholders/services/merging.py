"""One record per organisation and per person: merge two rows, and undo it within thirty days.

Everything that points at the merged row is pointed at the survivor, whatever app it belongs to.
What the survivor has already stays at the merged row and is named. The merged row stays as well:
its address and its names lead to the survivor.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_staff

from ..models import Contact, ContactMerge, Organisation, OrganisationMerge
from . import relations
from .mergeable import (
    FIELDS,
    blanks,
    columns_of,
    difference,
    is_empty,
    stored_values,
    update,
    verbose,
)

UNDO_WITHIN = timedelta(days=30)


class MergeRefused(Exception):
    """A merge, or its undoing, that may not be made; `str()` is a sentence for the page."""


def merge_organisations(survivor, merged, *, by, reason, choices=None) -> OrganisationMerge:
    """Merge one organisation into another and return the record by which it can be undone.

    ``choices`` names the fields whose value the survivor takes from the merged one; a field that
    is empty at the survivor takes it anyway. The same merge asked for twice is made once.
    """
    return _merge(OrganisationMerge, Organisation, survivor, merged, by, reason, choices)


def merge_contacts(survivor, merged, *, by, reason, choices=None) -> ContactMerge:
    """Merge one person into another, as `merge_organisations` does; old addresses still lead there.

    Who asked not to be contacted under either record is not contacted.
    """
    return _merge(ContactMerge, Contact, survivor, merged, by, reason, choices)


@transaction.atomic
def _merge(record, model, survivor, merged, by, reason, choices):
    _require(by, reason)
    survivor, merged = _locked(model, survivor.pk, merged.pk)
    known = record.objects.filter(survivor=survivor, merged=merged, undone_at=None).first()
    if known:
        return known
    _refuse_unfit(survivor, merged)
    moves, kept = _move_all(model, merged.pk, survivor.pk)
    try:
        with transaction.atomic():
            changes = _take_over(survivor, merged, choices or ())
    except IntegrityError as error:
        raise MergeRefused(
            _("The chosen values do not fit together. Choose again, or merge the other way round.")
        ) from error
    return record.objects.create(
        survivor=survivor,
        merged=merged,
        by=by,
        reason=reason,
        moves=moves,
        kept=kept,
        changes=changes,
    )


def _require(by, reason):
    if not is_staff(by):
        raise MergeRefused(_("You may not do this."))
    if not reason.strip():
        raise MergeRefused(_("Give the reason."))


def _locked(model, *pks):
    """Return the rows locked, in the order asked for; they are locked in the order of their keys.

    So two merges of the same two rows wait for each other instead of for ever.
    """
    rows = model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")
    by_pk = {row.pk: row for row in rows}
    if len(by_pk) < len(pks):
        raise MergeRefused(_("Choose two different records that both exist."))
    return [by_pk[pk] for pk in pks]


def _refuse_unfit(survivor, merged):
    for row in (survivor, merged):
        if row.merged_into_id is not None:
            raise MergeRefused(
                _("“%(row)s” was merged into another record already.") % {"row": row}
            )
        if getattr(row, "erased_at", None):
            raise MergeRefused(_("One of the two people was erased: there is nothing to merge."))


def _move_all(model, source, target) -> tuple[list, list]:
    """Point everything at ``target``; return (what moved, what could not)."""
    moves, kept = [], []
    for key in relations.relations(model):
        pks = list(relations.rows_of(key, source).order_by("pk").values_list("pk", flat=True))
        stuck = set(relations.point(key, pks, target)) if pks else set()
        model_label, field = relations.label(key)
        for pk in pks:
            (kept if pk in stuck else moves).append([model_label, pk, field])
    return moves, kept


def _take_over(survivor, merged, choices) -> dict:
    """Fill the survivor from the merged row and mark that row; return both rows' changes."""
    before = stored_values(survivor), stored_values(merged)
    merged.merged_into_id = survivor.pk
    for name in FIELDS[type(survivor)]:
        if not is_empty(merged, name) and (name in choices or is_empty(survivor, name)):
            _copy(survivor, merged, name)
    _settle(survivor, merged)
    ours = difference(before[0], stored_values(survivor))
    theirs = difference(before[1], stored_values(merged))
    put_down = blanks(merged, theirs)
    update(merged, {**put_down, "merged_into_id": survivor.pk})
    update(survivor, {name: pair[1] for name, pair in ours.items()})
    update(merged, {name: pair[1] for name, pair in theirs.items()})
    return {"survivor": ours, "merged": theirs}


def _copy(survivor, merged, name):
    """Give the survivor a field; what only one row may hold is exchanged, so that nothing is lost.

    An address that the survivor had still leads to it, through the merged row.
    """
    for column in columns_of(type(survivor), name):
        ours, theirs = getattr(survivor, column), getattr(merged, column)
        setattr(survivor, column, theirs)
        if column in blanks(merged, [column]):
            setattr(merged, column, ours)


def _settle(survivor, merged):
    """Keep what has to hold between fields, and what protects a person."""
    if getattr(survivor, "helix_secondary", "") == getattr(survivor, "helix", None):
        survivor.helix_secondary = ""
    if getattr(merged, "do_not_contact", False):
        survivor.do_not_contact = True


@transaction.atomic
def undo_merge(merge, *, by) -> list[str]:
    """Undo a merge within thirty days: everything goes back to the row it came from.

    Returns, in words, what has moved on since and therefore stays as it is now: a row that was
    deleted or given to somebody else, a field of the survivor that was edited. The rest is
    restored. Refused as a whole after thirty days, where the survivor was merged on, or where one
    of the two was erased.
    """
    if not is_staff(by):
        raise MergeRefused(_("You may not do this."))
    record = type(merge)
    model = record._meta.get_field("survivor").related_model
    survivor, merged = _locked(model, merge.survivor_id, merge.merged_id)
    locked = record.objects.select_for_update().get(pk=merge.pk)
    _refuse_undo(locked, survivor, merged)
    left = _move_back(locked.moves, source=survivor.pk, target=merged.pk)
    try:
        with transaction.atomic():
            left += _give_back(survivor, merged, locked.changes)
    except IntegrityError as error:
        raise MergeRefused(
            _("A value that the merged record had is used by another record now: change it there.")
        ) from error
    locked.undone_at, locked.undone_by = timezone.now(), by
    locked.save(update_fields=["undone_at", "undone_by"])
    merge.refresh_from_db()
    return left


def undo_refusal(merge) -> str:
    """Return why a merge can no longer be undone, "" where it can: asked before the question."""
    try:
        _refuse_undo(merge, merge.survivor, merge.merged)
    except MergeRefused as refusal:
        return str(refusal)
    return ""


def _refuse_undo(merge, survivor, merged):
    if merge.undone_at is not None:
        raise MergeRefused(_("This merge was undone already."))
    if timezone.now() > merge.at + UNDO_WITHIN:
        raise MergeRefused(
            _("A merge can be undone within thirty days. This one is older: separate by hand.")
        )
    if merged.merged_into_id != survivor.pk:
        raise MergeRefused(_("The survivor was merged on since. Undo that later merge first."))
    if getattr(survivor, "erased_at", None) or getattr(merged, "erased_at", None):
        raise MergeRefused(_("One of the two people was erased: nothing can be brought back."))


def _move_back(moves, *, source, target) -> list[str]:
    """Point what was moved back at ``target``; return what has moved on, in words."""
    by_key, left = defaultdict(list), []
    for model_label, pk, field in moves:
        by_key[model_label, field].append(pk)
    for (model_label, field), pks in by_key.items():
        key = relations.found_key(model_label, field)
        here = set()
        if key is not None:
            rows = relations.rows_of(key, source).filter(pk__in=pks)
            here = set(rows.values_list("pk", flat=True))
            here -= set(relations.point(key, sorted(here), target)) if here else set()
        left += [_moved_on(key, model_label, pk) for pk in pks if pk not in here]
    return left


def _moved_on(key, model_label, pk) -> str:
    name = key.model._meta.verbose_name if key is not None else model_label
    return _("%(what)s no. %(number)s") % {"what": name, "number": pk}


def _give_back(survivor, merged, changes) -> list[str]:
    """Restore the fields that still hold what the merge wrote; return the names of the others."""
    left, back = [], []
    for row, pairs in ((survivor, changes["survivor"]), (merged, changes["merged"])):
        now = stored_values(row)
        same = [name for name, pair in pairs.items() if now.get(name) == pair[1]]
        left += [verbose(row, name) for name in pairs if name not in same]
        back.append({name: pairs[name][0] for name in same})
    update(merged, blanks(merged, back[1]))
    update(survivor, back[0])
    update(merged, back[1])
    return left
