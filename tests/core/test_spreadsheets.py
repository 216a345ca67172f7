"""XLSX and ODS are opened again: types, formulas, foot, header, the same figures everywhere."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import odfdo
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core import exports

FORMULAS = ["=1+1", "+1", "-x", "@SUM(A1)", "\tx", '=HYPERLINK("https://evil.example")', "#N/A"]
WORDS = '«é œ» <b> & "x"  two\nlines'
MOMENT = datetime(2026, 7, 1, 10, 0, 5, tzinfo=UTC)
ROW = {
    "words": WORDS,
    "whole": 12,
    "exact": Decimal("-4.75"),
    "share": 0.5,
    "yes": True,
    "day": date(2026, 1, 2),
    "moment": MOMENT,
    "nothing": None,
}
TYPED = [WORDS, 12, -4.75, 0.5, True, date(2026, 1, 2), datetime(2026, 7, 1, 12, 0, 5), None]


def table(rows=(ROW,), name="Ideas: [2026]"):
    keys = list(rows[0])
    columns = tuple(
        exports.Column(key, gettext_lazy("Theme"), lambda row, key=key: row[key]) for key in keys
    )
    return exports.Table(name, columns, rows, filter="=theme: é")


def xlsx(made):
    book = load_workbook(io.BytesIO(exports.to_xlsx(made)))
    return book.worksheets[0]


def ods(made):
    return odfdo.Document(io.BytesIO(exports.to_ods(made)))


def xlsx_values(made):
    return [[plain_day(cell.value) for cell in row] for row in xlsx(made).iter_rows()]


def plain_day(value):
    """Return a midnight as its date: openpyxl reads a date so."""
    midnight = isinstance(value, datetime) and value.time() == datetime.min.time()
    return value.date() if midnight else value


def ods_values(made):
    return [[ods_value(cell) for cell in row.cells] for row in ods(made).body.tables[0].rows]


def ods_value(cell):
    if cell.type != "string":
        return plain_day(cell.value)
    return "\n".join(part.inner_text for part in cell.get_elements("text:p"))


READERS = {"xlsx": xlsx_values, "ods": ods_values}


@pytest.mark.parametrize("kind", READERS)
def test_numbers_stay_numbers_and_dates_are_dates(kind):
    row = READERS[kind](table())[1]
    row += [None] * (len(TYPED) - len(row))
    assert row == TYPED
    assert [type(value) for value in row[4:7]] == [bool, date, datetime]


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula(kind, text):
    assert READERS[kind](table([{"a": text, "b": 1}]))[1][:2] == [text, 1]


@pytest.mark.parametrize("text", FORMULAS)
def test_the_cell_of_a_text_is_a_text_cell(text):
    made = table([{"a": text}])
    assert xlsx(made)["A2"].data_type == "s"
    cell = ods(made).body.tables[0].get_cell((0, 1))
    assert (cell.type, cell.formula) == ("string", None)
    with zipfile.ZipFile(io.BytesIO(exports.to_xlsx(made))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_that_looks_like_a_formula_is_quoted_against_editing():
    page = xlsx(table([{"a": "=1"}, {"a": "words"}]))
    assert page["A2"].quotePrefix
    assert not page["A3"].quotePrefix


def test_the_header_is_bold_and_stays_in_sight_in_xlsx():
    page = xlsx(table())
    assert page.freeze_panes == "A2"
    assert all(cell.font.bold for cell in page[1])
    assert not page["A2"].font.bold


def test_the_header_is_bold_and_stays_in_sight_in_ods():
    document = ods(table())
    style = document.get_style("table-cell", document.body.tables[0].get_cell((0, 0)).style)
    assert style.get_properties("text")["fo:font-weight"] == "bold"
    with zipfile.ZipFile(io.BytesIO(exports.to_ods(table()))) as archive:
        config = ElementTree.fromstring(archive.read("settings.xml"))
    name = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}name"
    found = {item.get(name): item.text for item in config.iter() if item.text}
    assert (found["VerticalSplitMode"], found["VerticalSplitPosition"]) == ("2", "1")


def test_an_ods_says_first_what_it_is():
    raw = exports.to_ods(table())
    assert raw[38 : 38 + len(exports.opendocument.MIMETYPE)].decode() == (
        "application/vnd.oasis.opendocument.spreadsheet"
    )


def foot(kind):
    """Return [filter, hash] of the file of ``kind``."""
    made = table()
    if kind == "json":
        meta = json.loads(exports.to_json(made))["meta"]
        return [meta["filter"], meta["sha256"]]
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(exports.to_csv(made).removeprefix("\ufeff"))))
    else:
        lines = READERS[kind](made)
    return [line[1].removeprefix("'") for line in lines[-2:]]


def test_every_format_ends_with_the_same_filter_and_hash():
    assert foot("xlsx") == foot("ods") == foot("csv") == foot("json")
    assert foot("ods")[0] == "=theme: é"
    assert len(foot("ods")[1]) == 64


@pytest.mark.parametrize("kind", READERS)
def test_french_and_dutch_files_have_the_same_figures_and_hash(kind):
    found = {}
    for language in ("fr", "nl"):
        with translation.override(language):
            found[language] = READERS[kind](table())
    french, dutch = found["fr"], found["nl"]
    assert french[1] == dutch[1]
    assert french[-1][1] == dutch[-1][1]
    assert french[0][0] == "Thème"
    assert dutch[0][0] == "Thema"
    assert french[-3][0] != dutch[-3][0]


@pytest.mark.parametrize("kind", exports.WRITERS)
def test_every_format_is_a_download_of_its_kind(kind):
    response = exports.response(table(), kind)
    assert response["Content-Disposition"] == f'attachment; filename="ideas-2026-en.{kind}"'
    assert response["Content-Type"] == exports.WRITERS[kind][1]
    assert len(response.content) > 100


@pytest.mark.parametrize("kind", READERS)
def test_an_empty_list_is_still_a_file(kind):
    columns = (exports.Column("a", "Words", lambda row: row),)
    values = READERS[kind](exports.Table("[]", columns, []))
    assert values[0][0] == "Words"
    assert len(values) == 5


@pytest.mark.parametrize("kind", READERS)
def test_what_no_spreadsheet_can_hold_does_not_stop_the_others(kind):
    row = {"a": "a\x07b", "b": float("nan"), "c": Decimal("Infinity"), "d": date(1830, 10, 4)}
    found = READERS[kind](table([row]))[1]
    assert found[:3] == ["ab", "nan", "Infinity"]
    assert str(found[3]) == "1830-10-04"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
CELLS = st.one_of(TEXTS, st.integers(-(10**12), 10**12), st.dates(date(1901, 1, 1)), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, min_size=3, max_size=3))
def test_both_formats_give_back_what_went_in(values):
    made = table([dict(zip("abc", values, strict=True))])
    expected = [exports.spreadsheets.typed(value) for value in values]
    read = ods_values(made)[1]
    assert read == expected
    assert [value or "" for value in xlsx_values(made)[1]] == [value or "" for value in expected]
