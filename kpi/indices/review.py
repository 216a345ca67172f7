"""What the page of a dry run shows: what would be made, what is wrong, what differs.

And the rows with faults as a file, to be mended and sent again.
"""

from itertools import groupby

from django.utils.translation import gettext as _

from core.failed_rows import failed_rows

from ..models import Place
from .faults import HEADINGS
from .files import Sheet
from .pages import points
from .plan import Kind, Plan

#: Rows of one kind on the page of a dry run.
SHOWN = 200


def review_of(plan: Plan) -> dict:
    """Return what the page of a dry run shows."""
    names = Place.objects.in_bulk(plan.read.places, field_name="code")
    return {
        "plan": plan,
        "kind": Kind(plan.kind).label,
        "faults": plan.faults[:SHOWN],
        "has_failed_rows": bool(failed_messages(plan)),
        "left_out": max(0, len(plan.faults) - SHOWN, len(plan.differences) - SHOWN),
        "differences": plan.differences[:SHOWN],
        "scores": [
            {"place": str(names[code]), "score": points(value)}
            for code, value in (plan.scores if not plan.faults else ())
        ],
        "counts": [
            (_("Values that are new"), plan.counts["new"]),
            (_("Values that change"), plan.counts["changed"]),
            (_("Values that stay"), plan.counts["unchanged"]),
            (_("Names that are added"), len(plan.texts)),
            (_("Inputs linked to an indicator"), len(plan.indicators)),
        ],
        "unnamed": unnamed(plan),
    }


def unnamed(plan: Plan) -> dict[str, int]:
    """Return how many names the file of a new index lacks in French and in Dutch."""
    if plan.index is not None or plan.faults:
        return {"fr": 0, "nl": 0}
    named = [*(each.names for each in plan.read.nodes.values())]
    for code, each in plan.read.inputs.items():
        indicator = plan.indicators.get(code)
        own = {lang: getattr(indicator, f"name_{lang}", "") for lang in ("fr", "nl")}
        named.append(own | {k: v for k, v in each.names.items() if v})
    return {lang: sum(1 for each in named if not each.get(lang)) for lang in ("fr", "nl")}


def failed_messages(plan: Plan) -> dict[int, str]:
    """Return {line: what is wrong with its row}; what is wrong with the file as a whole is left."""
    faults = sorted(plan.faults, key=lambda fault: fault.line)
    return {
        line: " · ".join(fault.in_full for fault in found)
        for line, found in groupby(faults, key=lambda fault: fault.line)
        if line > HEADINGS
    }


def failed_file(sheet: Sheet, plan: Plan, kind: str) -> bytes:
    """Return the rows of ``sheet`` with faults as they came, each with what is wrong.

    ``kind`` is one of `core.failed_rows.KINDS`; the words are in the language of the page.
    """
    return failed_rows(sheet.headers, sheet.rows, failed_messages(plan), kind)
