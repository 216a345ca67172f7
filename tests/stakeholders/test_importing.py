"""Organisations from a file: what the dry run says is what the real run does."""

import io
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from stakeholders import spreadsheets
from stakeholders.models import (
    Affiliation,
    Contact,
    Organisation,
    OrganisationName,
    RegisterImport,
)
from stakeholders.services import importing
from stakeholders.services.import_cells import Cleaner, Fault
from stakeholders.services.import_plan import Kind, Planner
from tests.factories.attached import columns
from tests.factories.register import OrganisationNameFactory
from tests.factories.stakeholders import ContactFactory, MunicipalityFactory, OrganisationFactory

HEADERS = list(spreadsheets.COLUMNS)
FAULTS = {
    "legal_id": "0316.381.139",
    "helix": "press",
    "municipality": "Namur",
    "website": "not a site",
    "contact_email": "nobody@",
}


def number(stem: int) -> str:
    """Return the valid enterprise number that begins with ``stem``."""
    return f"{stem:08}{97 - stem % 97:02}"


def row(**cells) -> dict:
    """Return a complete row, changed by ``cells``."""
    return {"name_fr": "Atelier", "name_nl": "Werkplaats", "helix": "private", **cells}


def csv_of(rows, headers=HEADERS, separator=";", encoding="utf-8-sig") -> bytes:
    """Return the rows as a file."""
    lines = [headers, *([each.get(key, "") for key in HEADERS] for each in rows)]
    return "\r\n".join(separator.join(line) for line in lines).encode(encoding)


def xlsx_of(lines) -> bytes:
    """Return lines of cells as a workbook."""
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def kinds(batch) -> list[str]:
    """Return what the dry run says of each row."""
    return [each["kind"] for each in batch.verdict]


def faults(batch) -> list[tuple]:
    """Return (row, column, value, code) of everything that is wrong."""
    return [
        (each["line"], fault["column"], fault["value"], fault["code"])
        for each in batch.verdict
        for fault in each["faults"]
    ]


def register() -> list:
    """Return what the register holds."""
    models = Organisation, OrganisationName, Contact, Affiliation
    return [list(model.objects.order_by("pk").values(*columns(model))) for model in models]


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def upload(staff):
    """Return a function that uploads rows and gives the import."""

    def send(*rows, name="register.csv", **options):
        return importing.start_import(name, csv_of(rows, **options), by=staff)

    return send


def test_a_dry_run_writes_nothing_and_the_real_run_does_what_it_said(upload, staff):
    known = OrganisationFactory(name_fr="Coopcity", name_nl="Coopcity NL", helix="private")
    before = register()
    batch = upload(
        row(),
        row(name_fr="Coopcity", name_nl="Coopcity NL", website="coopcity.be", legal_id=number(5)),
        row(name_fr="Coopcities", name_nl="Nog een", helix="Académie"),
        row(name_fr="Sans néerlandais", name_nl=""),
    )
    assert kinds(batch) == ["new", "changed", "faulty", "faulty"]
    assert faults(batch) == [
        (4, "helix", "Académie", "helix"),
        (5, "name_nl", "", "missing"),
    ]
    assert batch.verdict[1]["changes"] == {
        "website": ["", "https://coopcity.be"],
        "legal_id": ["", number(5)],
    }
    assert register() == before
    result = importing.confirm_import(batch, by=staff)
    assert result == {
        "new": 1, "changed": 1, "unchanged": 0, "possible": 0, "faulty": 2, "moved": [],
    }  # fmt: skip
    known.refresh_from_db()
    assert (known.website, known.legal_id) == ("https://coopcity.be", number(5))
    made = Organisation.objects.get(slug="atelier")
    assert (made.name_nl, made.helix, made.is_listed) == ("Werkplaats", "private", False)


def test_the_same_file_again_changes_nothing(upload, staff):
    rows = [
        row(legal_id=number(7), contact_email="An@example.org", contact_language="NL"),
        row(name_fr="Deux", name_nl="Twee", contact_name="An Peeters", contact_language="fr"),
    ]
    importing.confirm_import(upload(*rows), by=staff)
    before = register()
    batch = upload(*rows)
    assert kinds(batch) == ["unchanged", "unchanged"]
    importing.confirm_import(batch, by=staff)
    assert register() == before
    assert importing.confirm_import(batch, by=staff) == batch.result, "confirmed twice"


def test_a_row_that_changed_meanwhile_is_told_and_not_overwritten(upload, staff):
    known = OrganisationFactory(legal_id=number(3), name_fr="Un", name_nl="Een", website="")
    batch = upload(
        row(legal_id=number(3), name_fr="Un", name_nl="Een", helix="", website="https://new.be"),
        row(name_fr="Autre", name_nl="Ander"),
    )
    Organisation.objects.filter(pk=known.pk).update(website="https://typed.be")
    OrganisationFactory(name_fr="Autre", name_nl="Ander")
    result = importing.confirm_import(batch, by=staff)
    assert (result["moved"], result["new"], result["changed"]) == ([2, 3], 0, 0)
    known.refresh_from_db()
    assert known.website == "https://typed.be"


def test_a_possible_duplicate_waits_for_a_decision(upload, staff):
    known = OrganisationFactory(name_fr="Les Ateliers du Nord", name_nl="Noordwerf")
    batch = upload(row(name_fr="Ateliers du Nord (les)", name_nl="Noord"), row(name_fr="B"))
    assert kinds(batch) == ["possible", "new"]
    assert batch.verdict[0]["similar"] == [known.pk]
    assert importing.confirm_import(batch, by=staff)["new"] == 1
    again = upload(row(name_fr="Ateliers du Nord (les)", name_nl="Noord"))
    assert importing.confirm_import(again, by=staff, also=["2"])["new"] == 1
    assert Organisation.objects.filter(name_nl="Noord").exists()


def test_a_renamed_organisation_keeps_its_old_name(upload, staff):
    old = OrganisationFactory(legal_id=number(9), name_fr="CIRB", name_nl="CIBG", helix="public")
    new = {"legal_id": number(9), "name_fr": "Paradigm", "name_nl": "Paradigm", "helix": "public"}
    importing.confirm_import(upload(new), by=staff)
    assert list(old.other_names.values_list("name_fr", "name_nl")) == [("CIRB", "CIBG")]
    assert kinds(upload(new)) == ["unchanged"]
    assert kinds(upload(row(name_fr="CIRB", name_nl="CIBG"))) == ["possible"]


def test_a_person_who_is_known_stays_as_they_are(upload, staff):
    merged = ContactFactory(email="old@example.org", merged_into=ContactFactory(name="An"))
    batch = upload(
        row(contact_email=merged.email, contact_name="Other", contact_language="nl"),
        row(
            name_fr="B", name_nl="B", contact_email="x@example.org", contact_language="Néerlandais"
        ),
        row(name_fr="C", name_nl="C", contact_email="x@example.org", contact_language="en"),
    )
    importing.confirm_import(batch, by=staff)
    assert Contact.objects.count() == 3
    assert merged.merged_into.affiliations.get().organisation.name_fr == "Atelier"
    mains = Contact.objects.get(email="x@example.org").affiliations.values_list(
        "is_main", flat=True
    )
    assert sorted(mains) == [False, True]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"name_fr": "", "name_nl": ""}, ("name_fr", "unnamed")),
        ({"helix": "private", "helix_secondary": "private"}, ("helix_secondary", "helix_twice")),
        ({"short_name_fr": "A"}, ("short_name_nl", "missing_twin")),
        ({"name_fr": "x" * 251}, ("name_fr", "long")),
        (
            {"contact_role": "director", "contact_language": "fr"},
            ("contact_name", "contact_unnamed"),
        ),
        ({"contact_name": "An"}, ("contact_language", "contact_language")),
        *(({column: text}, (column, None)) for column, text in FAULTS.items()),
    ],
)
def test_every_fault_names_its_cell(upload, cells, expected):
    batch = upload(row(**cells))
    column, code = expected
    found = [(name, why) for _line, name, _value, why in faults(batch)]
    assert any(name == column and code in (None, why) for name, why in found), found
    for _line, name, value, why in faults(batch):
        for language in ("fr", "nl", "en"):
            with translation.override(language):
                assert Fault(name, value, why).message


def test_one_organisation_twice_in_a_file_is_a_fault(upload, staff):
    OrganisationFactory(name_fr="A", name_nl="X")
    OrganisationFactory(name_fr="A", name_nl="Y")
    batch = upload(
        row(),
        row(),
        row(name_fr="D", legal_id=number(1)),
        row(name_fr="E", legal_id=number(1)),
        row(name_fr="A", name_nl=""),
    )
    assert [(line, code) for line, _column, _value, code in faults(batch)][:3] == [
        (3, "twice"),
        (5, "twice"),
        (6, "ambiguous"),
    ]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.django_db
def test_headings_encodings_and_separators_are_recognised(language, separator, encoding):
    with translation.override(language):
        headers = [str(label) for label in spreadsheets.COLUMNS.values()]
    content = csv_of([row(name_fr="Vélo à Bruxelles")], headers, separator, encoding)
    sheet = spreadsheets.read("r.csv", content)
    assert sheet.keys == HEADERS
    assert sheet.cells()[0][1]["name_fr"] == "Vélo à Bruxelles"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"a;b\n1;2", b"PK\x03\x04 no archive", b"\0\0\0", b"name_fr;name_fr\na;b"],
)
def test_what_is_no_table_is_told(content):
    with pytest.raises(spreadsheets.Unreadable):
        spreadsheets.read("x", content)


@pytest.mark.django_db
def test_a_workbook_is_read_with_its_numbers(staff):
    MunicipalityFactory()
    cells = [316381138, "Un", "Een", None, None, None, "public", None, 21010, "https://a.be"]
    content = xlsx_of([HEADERS, cells])
    batch = importing.start_import("r.xlsx", content, by=staff)
    assert faults(batch) == []
    assert batch.verdict[0]["values"]["legal_id"] == "0316381138"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_template_is_understood(kind, language):
    with translation.override(language):
        content = spreadsheets.template(kind)
    assert spreadsheets.read(f"t.{kind}", content).keys == HEADERS


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.django_db
def test_ten_thousand_rows_with_five_hundred_faults(staff, kind):
    MunicipalityFactory()
    columns = list(FAULTS)
    rows = [
        row(
            legal_id=number(100 + n),
            name_fr=f"Maison {n} de l’idée",
            name_nl=f"Huis {n} van het idee",
            municipality="Jette",
            contact_email=f"person{n}@example.org",
            contact_language="nl",
        )
        for n in range(10_000)
    ]
    bad = range(0, 10_000, 20)
    spoiled = [dict(each) for each in rows]
    for place, n in enumerate(bad):
        column = columns[place % len(columns)]
        spoiled[n][column] = FAULTS[column]
    begun = time.process_time()
    batch = importing.start_import("big.csv", csv_of(spoiled), by=staff)
    assert Organisation.objects.count() == 0
    told = [(line, column, value) for line, column, value, _code in faults(batch)]
    assert told == [
        (n + 2, columns[place % 5], FAULTS[columns[place % 5]]) for place, n in enumerate(bad)
    ]
    assert importing.confirm_import(batch, by=staff)["new"] == 9_500
    assert time.process_time() - begun < 30
    failed = importing.failed_file(batch, kind)
    sheet = spreadsheets.read(f"failed.{kind}", failed)
    assert (len(sheet.rows), sheet.keys[-1]) == (500, None)
    assert all(cells[-1] for _line, cells in sheet.rows)
    mended = mend(sheet, rows)
    again = importing.start_import(f"mended.{kind}", mended, by=staff)
    assert importing.confirm_import(again, by=staff)["new"] == 500
    assert Affiliation.objects.count() == Contact.objects.count() == 10_000
    before = register()
    whole = importing.start_import("big.csv", csv_of(rows), by=staff)
    result = importing.confirm_import(whole, by=staff)
    assert result["unchanged"] == 10_000
    assert register() == before


def mend(sheet, rows) -> bytes:
    """Return the failed rows with the right cells put back; the messages stay where they are."""
    right = {each["name_fr"]: each for each in rows}
    place = sheet.keys.index("name_fr")
    lines = [sheet.headers]
    for _line, cells in sheet.rows:
        good = right[cells[place]]
        lines.append(
            [
                good.get(key, "") if key else cell
                for key, cell in zip(sheet.keys, cells, strict=True)
            ]
        )
    return xlsx_of(lines)


def test_a_formula_comes_back_as_it_was(upload, staff):
    batch = upload(row(name_fr="=1+1", helix="press", contact_name="-An", contact_language="fr"))
    for kind in ("csv", "xlsx"):
        content = importing.failed_file(batch, kind)
        if kind == "csv":
            assert "'=1+1;" in content.decode()
        else:
            cells = next(
                load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
            )
            assert "'=1+1" in cells
        assert spreadsheets.read("f", content).cells()[0][1]["name_fr"] == "=1+1"


def test_uploads_are_emptied_after_thirty_days(upload):
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC), tick=False) as clock:
        batch = upload(row())
        clock.shift(timedelta(days=30))
        assert importing.purge_imports() == 0
        clock.shift(timedelta(seconds=1))
        assert importing.purge_imports() == 1
        batch.refresh_from_db()
        assert (batch.table, batch.verdict) == ({}, [])
        with pytest.raises(importing.ImportRefused):
            importing.confirm_import(batch, by=batch.by)


def test_only_staff_import(users):
    for role in ("auditor", "administrator", "translator", "nobody"):
        with pytest.raises(importing.ImportRefused):
            importing.start_import("r.csv", csv_of([row()]), by=users[role])
        assert RegisterImport.objects.visible_to(users[role]).count() == 0


def test_a_number_says_more_than_a_name(upload, staff):
    """The same file again: the row with the number keeps its organisation, wherever it stands."""
    rows = [row(helix="public"), row(legal_id=number(1))]
    first = upload(*rows)
    assert kinds(first) == ["faulty", "new"]
    importing.confirm_import(first, by=staff)
    assert kinds(upload(*rows)) == ["faulty", "unchanged"]


CELLS = {
    "legal_id": st.sampled_from(["", "", number(1), number(2), "0316381139"]),
    "name_fr": st.sampled_from(["", "A", "B", "Atelier du Nord", "Ateliers du Nord"]),
    "name_nl": st.sampled_from(["", "X", "Y", "Noordwerf"]),
    "helix": st.sampled_from(["public", "private", "public", "press"]),
    "helix_secondary": st.sampled_from(["", "", "public"]),
    "short_name_fr": st.sampled_from(["", "", "S"]),
    "short_name_nl": st.sampled_from(["", "", "S"]),
    "website": st.sampled_from(["", "a.be", "https://b.be"]),
    "contact_email": st.sampled_from(["", "", "p@example.org", "q@example.org"]),
    "contact_name": st.sampled_from(["", "", "An"]),
    "contact_language": st.sampled_from(["", "fr", "nl"]),
}
FILES = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=FILES, rows=FILES)
def test_dry_run_and_real_run_agree(staff, before, rows):
    with transaction.atomic():
        importing.confirm_import(importing.start_import("a", csv_of(before), by=staff), by=staff)
        batch = importing.start_import("b", csv_of(rows), by=staff)
        said = kinds(batch)
        was = {each["id"]: each for each in register()[0]}
        result = importing.confirm_import(batch, by=staff)
        assert result["moved"] == []
        assert [result[kind] for kind in Kind.values] == [said.count(kind) for kind in Kind.values]
        now = {each["id"]: each for each in register()[0]}
        assert len(now) - len(was) == said.count("new")
        touched = {pk for pk in was if now[pk] != was[pk]}
        meant = {each["pk"] for each in batch.verdict if each["changes"]}
        assert touched == meant
        for each in batch.verdict:
            for column, (_old, new) in each["changes"].items():
                assert now[each["pk"]][column] == new
        again = Planner(importing.sheet_of(batch).cells()).plan()
        assert not {plan.kind for plan in again} & {Kind.NEW, Kind.CHANGED}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "text", ["private", "Privé", "partenaire privé", "private partner", "PRIVATE"]
)
@pytest.mark.django_db
def test_a_group_is_understood_by_its_code_its_label_or_its_own_word(text):
    assert Cleaner().clean({"helix": text}) == ({"helix": "private"}, [])


@pytest.mark.django_db
def test_a_former_name_alone_is_a_possible_duplicate():
    OrganisationNameFactory(name_fr="CIRB", name_nl="CIBG")
    plans = Planner([(2, row(name_fr="CIRB", name_nl="Iets"))]).plan()
    assert [plan.kind for plan in plans] == ["possible"]
