"""The table of acceptance cases names tests that exist, and every case of the campaigns."""

import re

from devtools.checkout import ROOT

TABLE = ROOT / "docs" / "acceptance-campaigns.md"
FOLDERS = ("campaigns", "stakeholders")
CASES = 25


def rows() -> dict[str, list[str]]:
    """Return {case: names of tests} as the table has them."""
    lines = [line.split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return {cells[1].strip(): re.findall(r"`(test_\w+)`", cells[3]) for cells in lines[1:]}


def known_tests() -> set[str]:
    """Return the names of all tests of the two folders."""
    files = [path for name in FOLDERS for path in (ROOT / "tests" / name).rglob("test_*.py")]
    return {
        name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }


def test_every_case_has_a_test():
    table = rows()
    assert [case for case in table if case.isdigit()] == [str(n) for n in range(1, CASES + 1)]
    assert all(table.values())


def test_every_named_test_exists():
    named = {name for names in rows().values() for name in names}
    assert named - known_tests() == set()
