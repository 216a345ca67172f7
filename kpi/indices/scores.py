"""The scores of an index as data, unrounded: what the API answers."""

from datetime import date

from core.licences import OWN
from core.search import LANGUAGES

from ..models import CompositeIndex, IndexEdition
from .arithmetic import Branch, Result
from .selectors import IndexSheet, choose_edition, editions_known, sheet_of


class NotKnown(LookupError):
    """No such index, edition or place; ``what`` is one of "index", "edition", "geo"."""

    def __init__(self, what: str, value: str):
        super().__init__(value)
        self.what, self.value = what, value


def scores_payload(
    index_code: str, geo: str, edition: str, user, as_of: date | None = None
) -> dict:
    """Return the score of a place with all that it is made of, as ``user`` may see it.

    ``edition`` "" is the newest that is released; ``as_of`` asks for what was known at the end of
    that day. Scores, z, weights and contributions are unrounded floats on the scale of the index
    (z between its bounds, weights as parts of 1). Raises `NotKnown`.
    """
    index = CompositeIndex.objects.visible_to(user).filter(code=index_code).first()
    if index is None:
        raise NotKnown("index", index_code)
    chosen = choose_edition(editions_known(index, as_of), edition)
    if chosen is None:
        raise NotKnown("edition", edition)
    sheet = sheet_of(index, chosen)
    if geo not in sheet.places:
        raise NotKnown("geo", geo)
    result = sheet.result(geo)
    return {
        "index": {"code": index.code, "name": named(index), "url": index.get_absolute_url()},
        "edition": edition_data(chosen),
        "geo": {"code": geo, "name": named(sheet.places[geo])},
        "as_of": as_of.isoformat() if as_of else None,
        "score": result.value,
        "scale": sheet.method.scale,
        "missing_policy": index.missing,
        "least_coverage": float(index.coverage) if index.coverage is not None else None,
        "dimensions": [dimension(sheet, result, each) for each in sheet.method.branches],
        "inputs": [input_data(sheet, result, geo, each.code) for each in sheet.inputs],
        "imputed": [each.code for each in sheet.imputed(geo)],
        "licence": licence_of(index),
    }


def named(row) -> dict[str, str]:
    """Return {language: name} of what is there."""
    return {code: words for code in LANGUAGES if (words := getattr(row, f"name_{code}"))}


def edition_data(edition: IndexEdition) -> dict:
    """Return which publication of the index it is."""
    return {
        "code": edition.code,
        "vintage": edition.vintage,
        "released_at": edition.released_at.isoformat(),
        "file_sha256": edition.file_sha256 or None,
    }


def licence_of(index: CompositeIndex) -> str:
    """Return the licence of the figures: the index's own, else that of the Office's data."""
    return index.licence or OWN.name


def dimension(sheet: IndexSheet, result: Result, branch: Branch) -> dict:
    """Return a dimension with those below it."""
    part = result.branches[branch.code]
    return {
        "code": branch.code,
        "name": named(sheet.node_by_code[branch.code]),
        "weight": branch.weight,
        "score": part.score,
        "effective_weight": part.effective,
        "contribution": part.contribution,
        "dimensions": [dimension(sheet, result, each) for each in branch.branches],
        "inputs": [each.code for each in branch.measures],
    }


def input_data(sheet: IndexSheet, result: Result, geo: str, code: str) -> dict:
    """Return an input of the score."""
    row, part = sheet.by_code[code], result.measures[code]
    value = sheet.rows.get(geo, {}).get(code)
    return {
        "code": code,
        "name": named(row),
        "period": value.period if value else None,
        "raw": part.raw,
        "flag": value.flag if value else "",
        "norm_min": float(row.norm_min),
        "norm_max": float(row.norm_max),
        "direction": row.direction,
        "raw_weight": float(row.weight),
        "normalised": part.score,
        "effective_weight": part.effective,
        "contribution": part.contribution,
        "indicator": row.indicator.code if row.indicator else None,
    }
