"""Tables of acceptance cases in `docs/`: what they name, and the tests that exist."""

import re

from devtools.checkout import ROOT


def named(table: str) -> dict[str, list[str]]:
    """Return {case: names of tests} as ``table`` (a file of `docs/`) has them."""
    text = (ROOT / "docs" / table).read_text()
    lines = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    return {cells[1].strip(): re.findall(r"`(test_\w+)`", cells[3]) for cells in lines[1:]}


def known(*folders: str) -> set[str]:
    """Return the names of all tests of ``folders``."""
    files = [path for name in folders for path in (ROOT / "tests" / name).rglob("test_*.py")]
    return {
        name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }


def faults(table: str, cases: int, *folders: str) -> list[str]:
    """Return what is wrong with a table: a case that is missing or has no test, a test that is."""
    rows = named(table)
    numbers = [case for case in rows if case.isdigit()]
    wrong = [] if numbers == [str(n) for n in range(1, cases + 1)] else [f"cases: {numbers}"]
    wrong += [f"no test: {case}" for case, tests in rows.items() if not tests]
    wanted = {name for tests in rows.values() for name in tests}
    return wrong + [f"unknown: {name}" for name in sorted(wanted - known(*folders))]
