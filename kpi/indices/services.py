"""The verbs of composite indices: load a file, release an edition, publish the index."""

import hashlib
from dataclasses import asdict
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_office
from core.search import LANGUAGES
from core.workflow import PermissionRefused, TransitionRefused, record_change

from ..models import (
    CompositeIndex,
    EditionStatus,
    IndexEdition,
    IndexImport,
    IndexInput,
    IndexNode,
    IndexValue,
)
from . import files
from .plan import Kind, Options, Plan, plan_of, texts_of_input
from .workflow import EDITION, INDEX

BATCH = 2000
#: What came to nothing is kept for so long, as the rows of an import of figures are.
KEPT = timedelta(days=30)


@INDEX.verb("submit")
def submit_index(index, *, by, note=""):
    """Put a draft up for review: texts, weights and inputs have to be complete."""
    return INDEX.apply(index, "submit", by=by, note=note)


@INDEX.verb("send_back")
def send_back_index(index, *, by, note=""):
    """Return it to whoever loaded it, with the reason."""
    return INDEX.apply(index, "send_back", by=by, note=note)


@INDEX.verb("publish")
def publish_index(index, *, by, note=""):
    """Make the index public; refused to whoever loaded it or put it up for review."""
    return INDEX.apply(index, "publish", by=by, note=note)


@INDEX.verb("suspend")
def suspend_index(index, *, by, note=""):
    """Take it from the public pages for a while, with the reason."""
    return INDEX.apply(index, "suspend", by=by, note=note)


@INDEX.verb("resume")
def resume_index(index, *, by, note=""):
    """Bring a suspended index back."""
    return INDEX.apply(index, "resume", by=by, note=note)


@INDEX.verb("retire")
def retire_index(index, *, by, note=""):
    """End the index: page and scores stay public."""
    return INDEX.apply(index, "retire", by=by, note=note)


@EDITION.verb("release")
def release_edition(edition, *, by, note=""):
    """Let everybody see an edition, once the index is published; never by whoever loaded it.

    It counts as known from the day on which its maker published it, else from now on.
    """
    return EDITION.apply(
        edition, "release", by=by, note=note, released_at=moment_of(edition), approver=by
    )


@EDITION.verb("discard")
def discard_edition(edition, *, by, note=""):
    """Keep an edition from ever being released; its rows stay on record."""
    return EDITION.apply(edition, "discard", by=by, note=note)


def moment_of(edition: IndexEdition):
    """Return from when on ``edition`` counts as known."""
    if edition.published_on is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(edition.published_on, time(9)))


def start_import(name: str, content: bytes, options: Options, *, by) -> IndexImport:
    """Keep an uploaded file for its dry run; nothing else is written.

    Raises `files.Unreadable` where it is no table, `PermissionRefused` where ``by`` may not.
    """
    require_office(by)
    sheet = files.read(content)
    return IndexImport.objects.create(
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        options=asdict(options),
        table=sheet.as_json(),
    )


def require_office(by) -> None:
    """Raise `PermissionRefused` for whoever does not work in the Office."""
    if not is_office(by):
        raise PermissionRefused(_("You may not do this."))


def plan_of_import(batch: IndexImport) -> Plan:
    """Return what an uploaded file would do now."""
    return plan_of(files.Sheet.from_json(batch.table), Options(**batch.options))


def confirm_import(batch: IndexImport, *, by, state: str) -> IndexImport:
    """Carry out what the dry run showed, all of it or nothing; confirming twice imports once.

    ``state`` is the fingerprint of the plan that was shown. Raises `TransitionRefused` where the
    file may not be imported or where something has changed since.
    """
    require_office(by)
    try:
        with transaction.atomic():
            locked = IndexImport.objects.select_for_update().get(pk=batch.pk)
            if locked.confirmed_at is None:
                locked.edition = carry_out(_agreed_plan(locked, state), locked, by)
                locked.confirmed_at = timezone.now()
                locked.save(update_fields=["edition", "confirmed_at"])
    except IntegrityError as error:
        # Of two files of a new index, or edition, that are confirmed at once, one is first.
        raise TransitionRefused(changed_meanwhile()) from error
    batch.refresh_from_db()
    return batch


def purge_imports() -> int:
    """Empty the files of which nothing had come a month after they were sent; return how many.

    Those are the ones that nobody confirmed and those whose edition was discarded. Who sent what
    and when stays, and so does the file of what was released or waits for it.
    """
    old = IndexImport.objects.filter(at__lt=timezone.now() - KEPT).exclude(table={})
    # One statement each: this one looks again at a file that is being confirmed while it waits.
    unconfirmed = old.filter(confirmed_at=None).update(table={})
    return unconfirmed + old.filter(edition__status=EditionStatus.DISCARDED).update(table={})


def changed_meanwhile() -> str:
    """Return the sentence that tells a concurrent change."""
    return _("Somebody has changed this index since the dry run. Look at it again.")


def _agreed_plan(batch: IndexImport, state: str) -> Plan:
    if batch.is_emptied:
        raise TransitionRefused(_("The file was removed after thirty days."))
    # Nobody may release or load an edition of this index between plan and execution.
    CompositeIndex.objects.select_for_update().filter(code=batch.options["code"]).first()
    plan = plan_of_import(batch)
    if not plan.may_run:
        raise TransitionRefused(nothing_to_do(plan))
    if plan.state != state:
        raise TransitionRefused(changed_meanwhile())
    return plan


def nothing_to_do(plan: Plan) -> str:
    """Return the sentence that says why a file is not imported."""
    if plan.kind == Kind.NOTHING:
        return _("There is nothing to do: all of this file is on record already.")
    return _("This file cannot be imported yet: mend what the dry run names, and upload it again.")


def carry_out(plan: Plan, batch: IndexImport, by) -> IndexEdition | None:
    """Write what ``plan`` says; return the edition, None where only names were added."""
    if plan.index is None:
        plan.index = create_index(plan, by)
    add_texts(plan)
    if plan.kind == Kind.TEXTS:
        return None
    return create_edition(plan, batch, by)


def create_index(plan: Plan, by) -> CompositeIndex:
    """Make the index of a plan, a draft, with its tree and its inputs."""
    options = plan.options
    index = CompositeIndex.objects.create(
        code=options.code,
        missing=plan.missing,
        coverage=options.coverage or None,
        author=by,
        **columns("name", options.names),
    )
    record_change(index, "create", "", index.status, by=by)
    nodes = create_nodes(plan, index)
    rows = [
        IndexInput(
            index=index,
            node=nodes[read.node],
            code=read.code,
            norm_min=read.low,
            norm_max=read.high,
            direction=read.direction,
            weight=read.weight,
            position=position,
            indicator=plan.indicators.get(read.code),
            **texts_as_columns(texts_of_input(read, plan.indicators.get(read.code))),
        )
        for position, read in enumerate(plan.read.inputs.values(), 1)
    ]
    IndexInput.objects.bulk_create(rows)
    return index


def create_nodes(plan: Plan, index: CompositeIndex) -> dict[str, IndexNode]:
    """Make the tree of a plan, parents first; return {code: node}."""
    made = {}
    waiting = list(enumerate(plan.read.nodes.values(), 1))
    while waiting:
        position, read = waiting.pop(0)
        if read.parent and read.parent not in made:
            waiting.append((position, read))
            continue
        made[read.code] = IndexNode.objects.create(
            index=index,
            parent=made.get(read.parent),
            code=read.code,
            weight=read.weight,
            position=position,
            **columns("name", read.names),
        )
    return made


def columns(stem: str, words: dict[str, str]) -> dict[str, str]:
    """Return {column: words} of a translated field."""
    return {f"{stem}_{code}": words.get(code, "") for code in LANGUAGES}


def texts_as_columns(texts: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return {column: words} of several translated fields."""
    return {
        key: each for stem, words in texts.items() for key, each in columns(stem, words).items()
    }


def add_texts(plan: Plan) -> None:
    """Fill the names that are missing with those of the file; none that is there is changed."""
    rows = {}
    for row, column, words in plan.texts:
        setattr(row, column, words)
        rows[type(row), row.pk] = row, {*rows.get((type(row), row.pk), (row, set()))[1], column}
    for row, changed in rows.values():
        row.save(update_fields=sorted(changed))


def create_edition(plan: Plan, batch: IndexImport, by) -> IndexEdition:
    """Make the next vintage of an edition with all its values; it waits for its release."""
    rows = plan.index.editions.filter(code=plan.options.edition)
    last = rows.order_by("-vintage").first()
    edition = IndexEdition.objects.create(
        index=plan.index,
        code=plan.options.edition,
        vintage=last.vintage + 1 if last else 1,
        published_on=plan.options.day,
        author=by,
        file_sha256=batch.sha256,
    )
    record_change(edition, "create", "", edition.status, by=by)
    inputs = {each.code: each for each in plan.index.inputs.all()}
    IndexValue.objects.bulk_create(
        [
            IndexValue(
                edition=edition,
                input=inputs[code],
                geo_id=geo,
                value=found.value,
                flag=found.flag,
                period=period,
            )
            for (code, geo), (found, period) in plan.values.items()
        ],
        batch_size=BATCH,
    )
    return edition
