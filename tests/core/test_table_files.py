"""Tables that people send: what is read, and what is told of a file that is none."""

import io
import zipfile
from datetime import datetime

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from core.table_files import NotATable, cell_text, open_table, plain_heading, reason, tidy

ROWS = [(1, ["nom", "valeur"]), (2, ["Étterbeek", "1,5"])]


def rows(content: bytes, **limits) -> list:
    limits = {"most_bytes": 10_000, "most_unpacked": 100_000} | limits
    return list(open_table(content, **limits).rows)


def code(content: bytes, **limits) -> tuple:
    with pytest.raises(NotATable) as found:
        rows(content, **limits)
    return found.value.code, found.value.number


def book(*lines) -> bytes:
    out, workbook = io.BytesIO(), Workbook()
    for line in lines:
        workbook.active.append(line)
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_of_texts(encoding, end):
    content = f"nom;valeur{end}Étterbeek;1,5{end}".encode(encoding)
    assert rows(content) == ROWS


def test_a_comma_and_a_tab_part_cells_and_quotes_keep_them():
    assert rows(b'a,b\n"x, y",2') == [(1, ["a", "b"]), (2, ["x, y", "2"])]
    assert rows(b"a\tb\n1\t2") == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_a_workbook_as_it_would_stand_in_a_text():
    lines = rows(book(["a", 1.0], [0.1 + 0.2, datetime(2024, 5, 1)], [None, datetime(2024, 5, 2)]))
    assert lines == [(1, ["a", "1"]), (2, ["0.3", "2024-05"]), (3, ["", "2024-05-02"])]
    assert cell_text(1 / 3, decimals=4) == "0.3333"


def test_what_is_no_table():
    assert code(b"%PDF-1.7 x") == ("file_type", None)
    assert code(b"a;b\n\0;c") == ("file_type", None)
    assert code(b"x" * 11, most_bytes=10) == ("too_large", None)
    assert code("a;b\nc;é".encode("cp1252"), encodings=("utf-8",)) == ("encoding", 2)
    assert code(b"a;b\nc;" + b"x" * 140_000, most_bytes=200_000) == ("no_table", 2)


def test_what_is_no_workbook():
    assert code(b"PK nothing") == ("workbook", None)
    assert code(book(["a"]), most_unpacked=10) == ("too_large", None)
    good, broken = zipfile.ZipFile(io.BytesIO(book(["a"], ["b"]))), io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name in good.namelist():
            part = good.read(name)
            archive.writestr(name, part[:-60] if "sheet1" in name else part)
    assert code(broken.getvalue(), most_bytes=10**6, most_unpacked=10**6) == ("workbook", None)


def test_a_reason_says_how_to_mend_it():
    with override("fr"):
        found = {reason(NotATable(each), "trop") for each in ("workbook", "no_table", "encoding")}
        assert reason(NotATable("too_large"), "trop") == "trop"
    assert len(found) == 3
    assert "" not in found


def test_cells_and_headings_without_what_is_around_them():
    assert tidy(" '=1+1 \x07") == "=1+1"
    assert tidy("'tis") == "'tis"
    assert plain_heading("  Période (année) ") == plain_heading("periode ANNEE")
