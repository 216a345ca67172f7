"""Composite indices: small ones made by hand, and the published DESI 2022 as a file."""

import csv
import io
from decimal import Decimal

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.seeding import read
from kpi.models import (
    CompositeIndex,
    EditionStatus,
    IndexEdition,
    IndexInput,
    IndexNode,
    IndexStatus,
    IndexValue,
)

from . import kpi as make

HEADERS = (
    *("code", "name_en", "unit", "source", "reference_year", "direction", "norm_min", "norm_max"),
    *("weight", "subdimension", "subdimension_weight", "dimension", "dimension_weight", "be", "eu"),
)


class CompositeIndexFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CompositeIndex

    code = factory.Sequence(lambda n: f"index-{n}")
    name_fr = factory.Sequence(lambda n: f"Indice {n}")
    name_nl = factory.Sequence(lambda n: f"Samengestelde index {n}")
    status = IndexStatus.DRAFT


def node(index, code: str, weight, parent=None) -> IndexNode:
    return IndexNode.objects.create(
        index=index,
        parent=parent,
        code=code,
        weight=Decimal(str(weight)),
        name_fr=f"Dimension {code}",
        name_nl=f"Dimensie {code}",
        position=index.nodes.count(),
    )


def entry(parent: IndexNode, code: str, low=0, high=1, weight=1, **fields) -> IndexInput:
    values = {"name_fr": f"Mesure {code}", "name_nl": f"Maat {code}"} | fields
    return IndexInput.objects.create(
        index=parent.index,
        node=parent,
        code=code,
        norm_min=Decimal(str(low)),
        norm_max=Decimal(str(high)),
        weight=Decimal(str(weight)),
        position=parent.index.inputs.count(),
        **values,
    )


def edition(index, values: dict, code="2022", released_at=None, vintage=1, **fields):
    """Make an edition of {geo: {input: value or (value, flag)}}; released where a time is given."""
    row = IndexEdition.objects.create(index=index, code=code, vintage=vintage, **fields)
    inputs = {each.code: each for each in index.inputs.all()}
    for geo, figures in values.items():
        for name, given in figures.items():
            value, flag = given if isinstance(given, tuple) else (given, "")
            IndexValue.objects.create(
                edition=row,
                input=inputs[name],
                geo=make.place(geo),
                value=None if value is None else Decimal(str(value)),
                flag=flag,
                period="2021",
            )
    if released_at:
        changed = IndexEdition.objects.filter(pk=row.pk)
        changed.update(status=EditionStatus.RELEASED, released_at=released_at)
        row.refresh_from_db()
    return row


def small(weights=(0.5, 0.5), status=IndexStatus.PUBLISHED, geos=("BE", "EU"), **fields):
    """Make an index of two dimensions with one input each; BE has .6 and .2, the others .5."""
    index = CompositeIndexFactory(**fields)
    for number, weight in enumerate(weights, 1):
        entry(node(index, str(number), weight), f"{number}a")
    half = {f"{number}a": 0.5 for number in range(1, len(weights) + 1)}
    values = dict.fromkeys(geos, half) | {"BE": half | {"1a": 0.6, "2a": 0.2}}
    edition(index, values, released_at=timezone.now())
    CompositeIndex.objects.filter(pk=index.pk).update(status=status)
    index.refresh_from_db()
    return index


def desi_rows(languages=("en",), places=("be", "eu")) -> list[dict]:
    """Return the rows of DESI 2022 as its file has them, names in ``languages``."""
    rows = []
    for dimension in read("facts", "desi_2022")["dimensions"]:
        for group in dimension["subdimensions"]:
            rows += [
                desi_row(dimension, group, figure, languages, places)
                for figure in group["indicators"]
            ]
    return rows


def desi_row(dimension, group, figure, languages, places) -> dict:
    levels = (("subdimension", group), ("dimension", dimension))
    row = {"code": figure["code"]} | {f"name_{each}": figure["name"][each] for each in languages}
    row |= {"unit": figure["unit"]["en"], "source": figure["source"]["en"]}
    row |= {key: figure[key] for key in HEADERS[4:9]}
    for key, level in levels:
        row[key] = f"{level['code']} {level['name'][languages[0]]}"
        row[f"{key}_weight"] = level["weight"]
        if len(languages) > 1:
            row |= {f"{key}_{each}": level["name"][each] for each in languages}
    return row | {place: figure[place] for place in places}


def as_csv(rows: list[dict], delimiter=",", comma=False) -> bytes:
    """Return rows as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        writer.writerow({key: written(value, comma) for key, value in row.items()})
    return out.getvalue().encode()


def written(value, comma: bool):
    if comma and isinstance(value, float):
        return str(value).replace(".", ",")
    return value


def upload(content: bytes, name="index.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def typed(content: bytes, name="index.csv", **fields) -> dict:
    """Return what the form of the import sends."""
    values = {
        "code": "desi-test",
        "edition": "2022",
        "name_fr": "Indice d’essai",
        "name_nl": "Proefindex",
        "missing": "impute",
        "file": upload(content, name),
    }
    return values | fields


def published_file() -> bytes:
    """Return the file of DESI 2022 as it is handed out, in English."""
    return as_csv(desi_rows())
