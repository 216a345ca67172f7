"""The table of acceptance cases names every test of this folder, and every case has one."""

import re
from pathlib import Path

from devtools.checkout import ROOT

TABLE = ROOT / "docs" / "acceptance-volet-1.md"
TEST = re.compile(r"^def (test_(?:case|trap)_\w+)\(", re.MULTILINE)
#: Of work package 1; the last one is tried beside the meetings.
CASES, ELSEWHERE = range(1, 26), {25}


def written() -> set[str]:
    """Return the tests of this folder."""
    files = Path(__file__).parent.glob("test_*.py")
    return {name for file in files for name in TEST.findall(file.read_text(encoding="utf-8"))}


def test_the_table_names_each_test_and_no_other():
    named = set(re.findall(r"`(test_(?:case|trap)_\w+)`", TABLE.read_text(encoding="utf-8")))
    assert named == written()


def test_each_case_has_its_tests():
    tried = {int(name.split("_")[2]) for name in written() if name.startswith("test_case")}
    assert tried == set(CASES) - ELSEWHERE


def test_what_the_table_refers_to_is_there():
    """Each file and each test that stands elsewhere exists."""
    text = TABLE.read_text(encoding="utf-8")
    files = [ROOT / path for path in re.findall(r"`(tests/[\w/]+\.py)`", text)]
    assert [file for file in files if not file.exists()] == []
    known = "".join(file.read_text(encoding="utf-8") for file in files)
    others = set(re.findall(r"`(test_(?!case|trap|table)\w+)`", text))
    assert others
    assert [name for name in others if f"def {name}(" not in known] == []
