"""Loads the DESI 2022 index with its edition, and its published score as an indicator."""

from decimal import Decimal

from core.seeding import ensure, moment, texts
from core.workflow import record_change
from programme.models import Source

from ..models import (
    CompositeIndex,
    EditionStatus,
    Framework,
    IndexEdition,
    IndexInput,
    IndexNode,
    IndexStatus,
    IndexValue,
    Indicator,
    IndicatorVersion,
    Observation,
)

CODE, EDITION = "desi-2022", "2022"
RELEASED = {"2021": "2021-11-12", "2022": "2022-07-28"}
PLACES = ("BE", "EU")
NAME = {"fr": "Indice DESI 2022", "nl": "DESI-index 2022", "en": "DESI index 2022"}
DESCRIPTION = {
    "fr": "Indice relatif à l’économie et à la société numériques de la Commission "
    "européenne\u00a0: quatre dimensions, dix sous-dimensions, 33 chiffres.",
    "nl": "Index van de digitale economie en samenleving van de Europese Commissie: vier "
    "dimensies, tien subdimensies, 33 cijfers.",
    "en": "Digital Economy and Society Index of the European Commission: four dimensions, ten "
    "sub-dimensions, 33 figures.",
}
METHOD = {
    "fr": "Chaque chiffre est situé entre deux bornes fixes, sans être écrêté. Au sein d’une "
    "sous-dimension, les poids bruts sont ramenés à un total de 1\u00a0; au-dessus, les poids sont "
    "fixés. L’Union est calculée à partir de ses propres valeurs, et non comme moyenne des pays.",
    "nl": "Elk cijfer wordt tussen twee vaste grenzen geplaatst, zonder aftopping. Binnen een "
    "subdimensie worden de ruwe gewichten tot een totaal van 1 herleid; daarboven liggen de "
    "gewichten vast. De Unie wordt met haar eigen waarden berekend, niet als gemiddelde van de "
    "landen.",
    "en": "Each figure is placed between two fixed bounds and is not clamped. Within a "
    "sub-dimension raw weights are brought to a total of 1; above, the weights are fixed. The "
    "Union is computed from its own values, not as a mean of the countries.",
}
SCORE = {
    "name": {
        "fr": "Score DESI de la Belgique",
        "nl": "DESI-score van België",
        "en": "DESI score of Belgium",
    },
    "definition": {
        "fr": "Score de la Belgique dans l’indice DESI, par édition, sur 100 points.",
        "nl": "Score van België in de DESI-index, per editie, op 100 punten.",
        "en": "Score of Belgium in the DESI index, by edition, out of 100 points.",
    },
    "unit": {"fr": "points sur 100", "nl": "punten op 100", "en": "points out of 100"},
    "headline": {
        "fr": "Dans l’édition {period} de l’indice DESI, la Belgique obtient {value} points "
        "sur 100.",
        "nl": "In de editie {period} van de DESI-index haalt België {value} punten op 100.",
        "en": "In edition {period} of the DESI index, Belgium scores {value} points out of 100.",
    },
}
#: Number of the version, from when on, and how the score was counted.
VERSIONS = (
    (
        1,
        "2021-11-12",
        False,
        {
            "fr": "Méthode de l’édition 2021, telle que publiée en novembre 2021.",
            "nl": "Methode van de editie 2021, zoals gepubliceerd in november 2021.",
            "en": "Method of the 2021 edition, as published in November 2021.",
        },
    ),
    (
        2,
        "2022-07-28",
        True,
        {
            "fr": "Méthode de l’édition 2022\u00a0: 33 chiffres, quatre dimensions de même poids. "
            "Les scores des éditions antérieures ont été recalculés.",
            "nl": "Methode van de editie 2022: 33 cijfers, vier dimensies met hetzelfde gewicht. "
            "De scores van eerdere edities werden herberekend.",
            "en": "Method of the 2022 edition: 33 figures, four dimensions of equal weight. The "
            "scores of earlier editions were computed anew.",
        },
    ),
)
RECOMPUTED = {
    "fr": "Recalculé selon la méthode de 2022. Le score de 53,7 publié en novembre 2021 "
    "suivait une autre méthode.",
    "nl": "Herberekend volgens de methode van 2022. De score van 53,7 die in november 2021 werd "
    "gepubliceerd, volgde een andere methode.",
    "en": "Computed anew by the method of 2022. The score of 53.7 published in November 2021 "
    "followed another method.",
}
#: Edition, vintage, value, day of release, reason, version of the method, note.
SCORES = (
    ("2021", 1, "53.7", "2021-11-12", Observation.Reason.SCHEDULED, 1, None),
    ("2021", 2, "46.7098", "2022-07-28", Observation.Reason.METHODOLOGY, 2, RECOMPUTED),
    ("2022", 1, "50.3074", "2022-07-28", Observation.Reason.SCHEDULED, 2, None),
)


def load(index: dict) -> None:
    """Make what is missing; rows that exist are left as they are."""
    framework = Framework.objects.get(slug="desi-2022")
    if not CompositeIndex.objects.filter(code=CODE).exists():
        load_index(index, framework)
    load_score(framework, index["sources"])


def load_index(data: dict, framework: Framework) -> None:
    """Load tree, inputs and values, and publish them: a method is settled once it is no draft."""
    row = CompositeIndex.objects.create(
        code=CODE,
        framework=framework,
        not_proofread=data["not_proofread"],
        **texts(name=NAME, description=DESCRIPTION, method=METHOD),
    )
    row.sources.set(Source.objects.filter(key__in=data["sources"]))
    edition = IndexEdition.objects.create(index=row, code=EDITION)
    for position, entry in enumerate(data["dimensions"], 1):
        load_dimension(row, edition, entry, position)
    published = IndexEdition.objects.filter(pk=edition.pk)
    published.update(status=EditionStatus.RELEASED, released_at=moment(RELEASED[EDITION]))
    CompositeIndex.objects.filter(pk=row.pk).update(status=IndexStatus.PUBLISHED)
    record_change(row, "seed", "", IndexStatus.PUBLISHED, by=None)
    record_change(edition, "seed", "", EditionStatus.RELEASED, by=None)


def load_dimension(index: CompositeIndex, edition: IndexEdition, entry: dict, position: int):
    """Load a dimension with its sub-dimensions and their inputs."""
    dimension = load_node(index, None, entry, position)
    for number, group in enumerate(entry["subdimensions"], 1):
        node = load_node(index, dimension, group, 10 * position + number)
        for place, figure in enumerate(group["indicators"], 1):
            load_input(node, edition, figure, 100 * node.position + place)


def load_node(index: CompositeIndex, parent: IndexNode | None, entry: dict, position: int):
    """Load a dimension or a sub-dimension."""
    return IndexNode.objects.create(
        index=index,
        parent=parent,
        code=entry["code"],
        weight=Decimal(str(entry["weight"])),
        position=position,
        not_proofread=["fr", "nl"],
        **texts(name=entry["name"]),
    )


def load_input(node: IndexNode, edition: IndexEdition, entry: dict, position: int) -> None:
    """Load an input with its values, as they were published: shares are fractions."""
    row = IndexInput.objects.create(
        index=node.index,
        node=node,
        code=entry["code"],
        norm_min=Decimal(str(entry["norm_min"])),
        norm_max=Decimal(str(entry["norm_max"])),
        direction=entry["direction"],
        weight=Decimal(str(entry["weight"])),
        position=position,
        indicator=Indicator.objects.filter(code=f"desi-2022-{entry['code']}").first(),
        not_proofread=["fr", "nl"],
        **texts(name=entry["name"], unit=entry["unit"], source_text=entry["source"]),
    )
    IndexValue.objects.bulk_create(
        IndexValue(
            edition=edition,
            input=row,
            geo_id=geo,
            value=Decimal(str(entry[geo.lower()])),
            period=str(entry["reference_year"]),
        )
        for geo in PLACES
    )


def load_score(framework: Framework, sources) -> None:
    """Load the published score of Belgium, edition by edition, each in all its vintages."""
    indicator, made = ensure(
        Indicator,
        {"code": "desi-score-be"},
        framework=framework,
        unit_code="score",
        decimals=1,
        direction="up",
        geo_id="BE",
        is_frozen=True,
        not_proofread=["fr", "nl"],
        status=Indicator.Status.PUBLISHED,
        **texts(**SCORE),
    )
    if not made:
        return
    found = Source.objects.filter(key__in=sources)
    indicator.sources.set(found)
    versions = {each[0]: load_version(indicator, *each) for each in VERSIONS}
    for period, vintage, value, released, reason, version, note in SCORES:
        row = Observation.objects.create(
            indicator=indicator,
            geo_id="BE",
            period=period,
            vintage=vintage,
            value=Decimal(value),
            released_at=moment(released),
            reason=reason,
            version=versions[version],
            **texts(note=note),
        )
        row.sources.set(found)


def load_version(indicator: Indicator, number: int, since: str, breaks: bool, method: dict):
    """Load a version of the method."""
    return IndicatorVersion.objects.create(
        indicator=indicator,
        number=number,
        valid_from=since,
        breaks_series=breaks,
        not_proofread=["fr", "nl"],
        **texts(method=method),
    )
