"""Import organisations from a file: dry run, then the same plan for real, once confirmed."""

import hashlib
from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.failed_rows import failed_rows
from core.permissions import is_staff

from .. import spreadsheets
from ..models import (
    Affiliation,
    Contact,
    LegalBasis,
    Organisation,
    OrganisationName,
    RegisterImport,
)
from .import_cells import Fault
from .import_plan import FIELDS, NAMES, Kind, Planner, bare

KEPT = timedelta(days=30)
BATCH = 1000
LONGEST_SLUG = 70


class ImportRefused(Exception):
    """An import that may not be made; `str()` is a sentence for the page."""


def start_import(name: str, content: bytes, *, by) -> RegisterImport:
    """Read a file and keep it with the plan of its dry run; the register is not touched.

    Raises `spreadsheets.Unreadable` where the file is no table of organisations.
    """
    _require(by)
    sheet = spreadsheets.read(name, content)
    return RegisterImport.objects.create(
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
        table=sheet.as_json(),
        verdict=[plan.as_json() for plan in Planner(sheet.cells()).plan()],
    )


def _require(by):
    if not is_staff(by):
        raise ImportRefused(_("You may not do this."))


def sheet_of(batch: RegisterImport) -> spreadsheets.Sheet:
    """Return the table of an import as it was read."""
    table = batch.table
    rows = [(line, cells) for line, cells in table["rows"]]
    return spreadsheets.Sheet(table["headers"], table["keys"], rows)


@transaction.atomic
def confirm_import(batch: RegisterImport, *, by, also=()) -> dict:
    """Carry out what the dry run showed and return the counts; nothing else is written.

    ``also`` names the lines of possible duplicates that are organisations of their own. A row for
    which the register has changed since the dry run is left and told (``moved``). Confirming
    twice imports once.
    """
    _require(by)
    locked = RegisterImport.objects.select_for_update().get(pk=batch.pk)
    if locked.confirmed_at is None:
        _refuse_unfit(locked)
        _hold_register()
        locked.result = _carry_out(locked, {int(line) for line in also})
        locked.confirmed_at, locked.confirmed_by = timezone.now(), by
        locked.save(update_fields=["result", "confirmed_at", "confirmed_by"])
    batch.refresh_from_db()
    return locked.result


def _refuse_unfit(batch):
    if batch.purged_at:
        raise ImportRefused(_("This file was removed after thirty days. Upload it again."))


def _hold_register():
    """Let nobody write organisations between the plan and its execution; all may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"LOCK TABLE {Organisation._meta.db_table}, {Contact._meta.db_table},"
            f" {Affiliation._meta.db_table} IN SHARE ROW EXCLUSIVE MODE"
        )


def _carry_out(batch, also) -> dict:
    shown = {row["line"]: row for row in batch.verdict}
    plans = Planner(sheet_of(batch).cells()).plan()
    moved = [plan for plan in plans if plan.as_json() != shown[plan.line]]
    left = {plan.line for plan in moved}
    agreed = [plan for plan in plans if plan.line not in left]
    new = [plan for plan in agreed if plan.kind == Kind.NEW or _is_ticked(plan, also)]
    changed = [plan for plan in agreed if plan.kind == Kind.CHANGED]
    create_organisations(new)
    change_organisations(changed)
    add_contacts([plan for plan in [*new, *changed] if plan.contact])
    made = {plan.line for plan in new}
    counts = Counter(plan.kind for plan in agreed if plan.line not in made)
    return {
        **{kind: counts[kind] for kind in Kind.values},
        Kind.NEW: len(new),
        "moved": sorted(left),
    }


def _is_ticked(plan, also) -> bool:
    return plan.kind == Kind.POSSIBLE and plan.line in also


def create_organisations(plans) -> None:
    """Make the organisations of ``plans``; each plan learns the key of its own."""
    taken = set(Organisation.objects.values_list("slug", flat=True))
    rows = [Organisation(slug=_free_slug(plan, taken), **plan.values) for plan in plans]
    made = Organisation.objects.bulk_create(rows, batch_size=BATCH)
    for plan, row in zip(plans, made, strict=True):
        plan.pk = row.pk


def _free_slug(plan, taken) -> str:
    stem = slugify(plan.values["name_fr"])[:LONGEST_SLUG] or "organisation"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    taken.add(slug)
    return slug


def change_organisations(plans) -> None:
    """Write the changed fields of known organisations; a name that goes is kept as a former one."""
    changes = {plan.pk: plan.changes for plan in plans if plan.changes}
    rows = list(Organisation.objects.filter(pk__in=changes))
    names = [_former_name(row) for row in rows if _is_renamed(changes[row.pk])]
    for row in rows:
        for column, (_before, after) in changes[row.pk].items():
            setattr(row, column, after)
    Organisation.objects.bulk_update(rows, list(FIELDS.values()), batch_size=BATCH)
    OrganisationName.objects.bulk_create(names, batch_size=BATCH)


def _is_renamed(changes) -> bool:
    return any(
        bare(changes[name][0]) != bare(changes[name][1]) for name in NAMES if name in changes
    )


def _former_name(row):
    return OrganisationName(
        organisation=row, name_fr=row.name_fr, name_nl=row.name_nl, until=timezone.localdate()
    )


def add_contacts(plans) -> None:
    """Make the contacts that are new and open their affiliations; nobody known is overwritten."""
    people = _people_of(plans)
    today = timezone.localdate()
    has_main = set(
        Affiliation.objects.filter(contact__in=people.values(), ends_on=None, is_main=True)
        .values_list("contact", flat=True)
    )  # fmt: skip
    opened = []
    for plan in plans:
        pk = people[plan.line].pk
        opened.append(
            Affiliation(
                contact_id=pk,
                organisation_id=plan.pk,
                role=plan.contact.get("role", ""),
                is_main=pk not in has_main,
                starts_on=today,
            )
        )
        has_main.add(pk)
    Affiliation.objects.bulk_create(opened, batch_size=BATCH)


def _people_of(plans) -> dict:
    """Return {line: person}; two rows with one address mean one person."""
    known = Contact.objects.in_bulk([plan.contact["pk"] for plan in plans if plan.contact["pk"]])
    new, by_email, found = [], {}, {}
    for plan in plans:
        email = plan.contact.get("email", "")
        person = known.get(plan.contact["pk"]) or (by_email.get(email) if email else None)
        if person is None:
            person = Contact(
                name=plan.contact.get("name", ""),
                email=email,
                language=plan.contact["language"],
                legal_basis=LegalBasis.PUBLIC_TASK,
            )
            new.append(person)
            by_email[email] = person
        found[plan.line] = person
    Contact.objects.bulk_create(new, batch_size=BATCH)
    return found


def purge_imports() -> int:
    """Empty what was uploaded more than thirty days ago; return how many files that were."""
    old = RegisterImport.objects.filter(at__lt=timezone.now() - KEPT, purged_at=None)
    return old.update(table={}, verdict=[], purged_at=timezone.now())


def failed_file(batch: RegisterImport, kind: str) -> bytes:
    """Return the faulty rows of the dry run, each with what is wrong, to be mended and sent again.

    ``kind`` is "csv" or "xlsx". Headings and cells are those of the file that came.
    """
    messages = {
        row["line"]: " · ".join(words_of(fault) for fault in row["faults"])
        for row in batch.verdict
        if row["kind"] == Kind.FAULTY
    }
    sheet = sheet_of(batch)
    return failed_rows(sheet.headers, sheet.rows, messages, kind)


def words_of(fault: dict) -> str:
    """Return one fault of a verdict as "column: message"."""
    return f"{spreadsheets.COLUMNS[fault['column']]}: {Fault(**fault).message}"
