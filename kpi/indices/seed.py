"""Loads the DESI indices of 2022 and 2018, and the published score as an indicator."""

from dataclasses import dataclass
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

PLACES = ("BE", "EU")

WHOLE = {"fr": "1 = 100\u202f%", "nl": "1 = 100%", "en": "1 = 100%"}


@dataclass(frozen=True)
class Known:
    """An index of the facts: its code, which is that of its framework, its edition, its texts."""

    code: str
    edition: str
    released: str
    name: dict[str, str]
    description: dict[str, str]
    method: dict[str, str]


DESI_2022 = Known(
    code="desi-2022",
    edition="2022",
    released="2022-07-28",
    name={"fr": "Indice DESI 2022", "nl": "DESI-index 2022", "en": "DESI index 2022"},
    description={
        "fr": "Indice relatif à l’économie et à la société numériques de la Commission "
        "européenne\u00a0: quatre dimensions, dix sous-dimensions, 33 chiffres.",
        "nl": "Index van de digitale economie en samenleving van de Europese Commissie: vier "
        "dimensies, tien subdimensies, 33 cijfers.",
        "en": "Digital Economy and Society Index of the European Commission: four dimensions, ten "
        "sub-dimensions, 33 figures.",
    },
    method={
        "fr": "Chaque chiffre est situé entre deux bornes fixes, sans être écrêté. Au sein d’une "
        "sous-dimension, les poids bruts sont ramenés à un total de 1\u00a0; au-dessus, les poids "
        "sont fixés. L’Union est calculée à partir de ses propres valeurs, et non comme moyenne "
        "des pays.",
        "nl": "Elk cijfer wordt tussen twee vaste grenzen geplaatst, zonder aftopping. Binnen een "
        "subdimensie worden de ruwe gewichten tot een totaal van 1 herleid; daarboven liggen de "
        "gewichten vast. De Unie wordt met haar eigen waarden berekend, niet als gemiddelde van "
        "de landen.",
        "en": "Each figure is placed between two fixed bounds and is not clamped. Within a "
        "sub-dimension raw weights are brought to a total of 1; above, the weights are fixed. The "
        "Union is computed from its own values, not as a mean of the countries.",
    },
)
DESI_2018 = Known(
    code="desi-2018",
    edition="2017",
    released="2017-03-03",
    name={"fr": "Indice DESI 2018", "nl": "DESI-index 2018", "en": "DESI index 2018"},
    description={
        "fr": "Indice relatif à l’économie et à la société numériques de la Commission européenne "
        "tel qu’il était composé en 2018\u00a0: cinq dimensions, avec le score que l’édition 2017 "
        "a publié de chacune pour la Belgique.",
        "nl": "Index van de digitale economie en samenleving van de Europese Commissie zoals hij "
        "in 2018 was samengesteld: vijf dimensies, elk met de score die de editie 2017 voor "
        "België publiceerde.",
        "en": "Digital Economy and Society Index of the European Commission as it was made up in "
        "2018: five dimensions, each with the score that the edition 2017 published for Belgium.",
    },
    method={
        "fr": "Les scores des cinq dimensions, de 0 à 1, sont arrondis à deux décimales dans la "
        "publication et repris tels quels\u00a0; les poids sont fixés. Leur somme pondérée est de "
        "0,605, soit 60,5 points sur 100. La Commission, qui calcule avec des valeurs non "
        "arrondies, a publié 0,61\u00a0: l’écart vient de l’arrondi.",
        "nl": "De scores van de vijf dimensies, van 0 tot 1, zijn in de publicatie afgerond op "
        "twee decimalen en worden zo overgenomen; de gewichten liggen vast. Hun gewogen som is "
        "0,605, dus 60,5 punten op 100. De Commissie, die met niet-afgeronde waarden rekent, "
        "publiceerde 0,61: het verschil komt van de afronding.",
        "en": "The scores of the five dimensions, from 0 to 1, are rounded to two decimals in the "
        "publication and taken over as they are; the weights are fixed. Their weighted sum is "
        "0.605, which is 60.5 points out of 100. The Commission, which computes with values that "
        "are not rounded, published 0.61: the difference comes from rounding.",
    },
)
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
    """Make what is missing of DESI 2022; rows that exist are left as they are."""
    load_once(index, DESI_2022)
    load_score(Framework.objects.get(slug=DESI_2022.code), index["sources"])


def load_former(index: dict) -> None:
    """Make the index of 2018 if it is missing."""
    load_once(index, DESI_2018)


def load_once(data: dict, known: Known) -> None:
    """Load an index unless it is there."""
    if not CompositeIndex.objects.filter(code=known.code).exists():
        load_index(data, known)


def load_index(data: dict, known: Known) -> None:
    """Load tree, inputs and values, and publish them: a method is settled once it is no draft."""
    row = CompositeIndex.objects.create(
        code=known.code,
        framework=Framework.objects.get(slug=known.code),
        not_proofread=data["not_proofread"],
        **texts(name=known.name, description=known.description, method=known.method),
    )
    row.sources.set(Source.objects.filter(key__in=data["sources"]))
    edition = IndexEdition.objects.create(index=row, code=known.edition)
    for position, entry in enumerate(data["dimensions"], 1):
        load_dimension(row, edition, entry, position)
    published = IndexEdition.objects.filter(pk=edition.pk)
    published.update(status=EditionStatus.RELEASED, released_at=moment(known.released))
    CompositeIndex.objects.filter(pk=row.pk).update(status=IndexStatus.PUBLISHED)
    record_change(row, "seed", "", IndexStatus.PUBLISHED, by=None)
    record_change(edition, "seed", "", EditionStatus.RELEASED, by=None)


def load_dimension(index: CompositeIndex, edition: IndexEdition, entry: dict, position: int):
    """Load a dimension with its inputs, or with its sub-dimensions and theirs."""
    dimension = load_node(index, None, entry, position)
    load_inputs(dimension, edition, entry)
    for number, group in enumerate(entry.get("subdimensions", ()), 1):
        node = load_node(index, dimension, group, 10 * position + number)
        load_inputs(node, edition, group)


def load_inputs(node: IndexNode, edition: IndexEdition, entry: dict) -> None:
    """Load the inputs that stand directly below a node."""
    for place, figure in enumerate(entry.get("indicators", ()), 1):
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


def unit_of(entry: dict) -> dict[str, str]:
    """Return the unit of an input; of a percentage that is published as a fraction it says so."""
    if "%" not in entry["unit"]["en"] or entry["norm_max"] > 1:
        return entry["unit"]
    return {code: f"{words} ({WHOLE[code]})" for code, words in entry["unit"].items()}


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
        indicator=Indicator.objects.filter(code=f"{node.index.code}-{entry['code']}").first(),
        not_proofread=["fr", "nl"],
        **texts(name=entry["name"], unit=unit_of(entry), source_text=entry["source"]),
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
        if geo.lower() in entry
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
