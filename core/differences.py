"""What changed between two wordings, as rows for `ui/document_diff.html`."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

#: Unchanged lines that are shown before and after a change.
CONTEXT = 2
WORD = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One line of the comparison.

    ``kind`` is same, removed, added, changed or gap (``count`` unchanged lines left out);
    ``parts`` are pairs of "same", "removed" or "added" with the words.
    """

    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    count: int = 0


def differences(old: str, new: str) -> list[Row]:
    """Return the rows that show how ``old`` became ``new``; none where both are the same."""
    if old == new:
        return []
    before, after = old.split("\n"), new.split("\n")
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    rows = []
    for position, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            is_last = position == len(opcodes) - 1
            rows += _unchanged(before[i1:i2], is_first=position == 0, is_last=is_last)
        else:
            rows += _changed(before[i1:i2], after[j1:j2])
    return rows


def _unchanged(lines, *, is_first, is_last) -> list[Row]:
    """Return the lines next to a change, and a gap in place of the others."""
    head = 0 if is_first else CONTEXT
    tail = 0 if is_last else CONTEXT
    left_out = len(lines) - head - tail
    if left_out < 2:  # a gap of one line would take the room of that line
        return [_whole("same", line) for line in lines]
    shown_after = lines[len(lines) - tail :]
    return [
        *(_whole("same", line) for line in lines[:head]),
        Row("gap", count=left_out),
        *(_whole("same", line) for line in shown_after),
    ]


def _changed(before, after) -> list[Row]:
    """Return the rows of a replaced passage, line beside line."""
    rows = []
    for old, new in zip_longest(before, after):
        if new is None:
            rows.append(_whole("removed", old))
        elif old is None:
            rows.append(_whole("added", new))
        else:
            rows.append(Row("changed", _words(old, new)))
    return rows


def _words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return how one line became another, word by word."""
    before, after = WORD.findall(old), WORD.findall(new)
    parts = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(before[i1:i2])))
            continue
        parts.append(("removed", "".join(before[i1:i2])))
        parts.append(("added", "".join(after[j1:j2])))
    return tuple(part for part in parts if part[1])


def _whole(kind: str, line: str) -> Row:
    return Row(kind, ((kind, line),))
