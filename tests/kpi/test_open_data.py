"""The figures as files: CSV with its description, JSON-stat and XLSX, all of the same rows."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from urllib.request import urlopen

import pytest
from csvw.metadata import CSVW
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from jsonstat_validator import validate_jsonstat
from openpyxl import load_workbook

from core.exports import plain
from core.licences import CC0, OWN, licence_named
from kpi.models import Indicator, IndicatorVersion, Observation
from kpi.open_data import figures as open_data
from kpi.open_data.downloads import KINDS
from kpi.selectors import facts_of
from kpi.tables import as_table
from programme.models import Source
from tests.factories import kpi as make

pytestmark = pytest.mark.django_db
EXACT = Decimal("12345678901234.123456789012")
FIRST, SECOND = datetime(2021, 11, 12, 9, tzinfo=UTC), datetime(2022, 7, 28, 9, tzinfo=UTC)


def text_of(response) -> str:
    return b"".join(response).decode() if response.streaming else response.content.decode()


def read_rows(client, address) -> list[dict]:
    response = client.get(address)
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(text_of(response))))


def read_json(client, address) -> dict:
    return json.loads(text_of(client.get(address)))


def an_indicator(**fields) -> Indicator:
    """Make an indicator with a correction, a gap, a contradiction, notes and two places."""
    indicator = make.IndicatorFactory(geo="BE", decimals=2, **fields)
    make.series(indicator, {"2019": Decimal("-4.75"), "2020": EXACT}, released_at=FIRST)
    corrected = {"period": "2020", "vintage": 2, "released_at": SECOND}
    make.ObservationFactory(indicator=indicator, value=Decimal("46.7098"), **corrected)
    make.ObservationFactory(indicator=indicator, period="2021", value=None, flag="m")
    note = {"note_fr": '=1+1\n"cité"', "note_nl": "@x"}
    make.ObservationFactory(
        indicator=indicator, period="2022", value=Decimal(66), flag="bp", **note
    )
    for place, value in enumerate((70, Decimal("80.5"))):
        make.ObservationFactory(
            indicator=indicator, period="2023-Q3", value=value, position=place, disputed=True
        )
    make.ObservationFactory(indicator=indicator, geo="EU", period="2022", value=Decimal(50))
    return indicator


def from_cube(cube: dict) -> dict:
    """Return {(code, geo, period, position): (value, flag, vintage)} of a JSON-stat dataset."""
    names = [cube["dimension"][name]["category"]["index"] for name in cube["id"]]
    found = {}
    for cell, value in cube["value"].items():
        rest, key = int(cell), []
        for categories in reversed(names):
            rest, place = divmod(rest, len(categories))
            key.insert(0, categories[place])
        flag = cube["status"].get(cell, "")
        found[tuple(key)] = (value, flag, cube["extension"]["vintage"][cell])
    return found


def from_csv(rows: list[dict]) -> dict:
    return {
        (row["code"], row["geo"], row["period"], row["position"]): (
            Decimal(row["value"]) if row["value"] else None,
            row["flag"],
            int(row["vintage"]),
        )
        for row in rows
    }


def from_workbook(content: bytes) -> dict:
    _head, *rows = load_workbook(io.BytesIO(content))["Data"].iter_rows(values_only=True)
    return {
        (row[0], row[1], row[2], str(row[3])): (
            None if row[4] is None else Decimal(str(row[4])),
            row[6] or "",
            row[8],
        )
        for row in rows
    }


@pytest.mark.django_db(transaction=True)
def test_the_csv_and_its_description_validate(live_server):
    """Case 20, first part: read from a server, as anybody would."""
    indicator = an_indicator()
    for path in (f"{indicator.code}/", "frameworks/local/", ""):
        address = f"{live_server.url}/nl/kpi/{path}data.csv"
        known_day = f"{address}-metadata.json?as_of=2022-01-01"
        for described in (address, f"{address}-metadata.json", known_day):
            found = CSVW(described, validate=True)
            assert found.is_valid, [str(each.message) for each in found.warnings]
            assert not found.no_metadata
        values = {(row["geo"], row["period"], row["position"]): row for row in found.tables[0]}
        assert values["BE", "2020", 0]["value"] == EXACT
        assert values["BE", "2019", 0]["disputed"] is False
        assert values["BE", "2019", 0]["released_at"] == FIRST
    # The file names its description itself.
    link = urlopen(address, timeout=10).headers["Link"]
    assert 'rel="describedby"' in link
    assert f'<{OWN.url}>; rel="license"' in link


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_cube_passes_the_strict_validator(client, language):
    """Case 20, second part."""
    indicator = an_indicator()
    empty = make.IndicatorFactory(framework=make.FrameworkFactory(slug="other"))
    for path in (f"{indicator.code}/", f"{empty.code}/", "frameworks/local/", ""):
        for day in ("", "?as_of=2022-01-01", "?as_of=1999-01-01"):
            cube = read_json(client, f"/{language}/kpi/{path}data.json{day}")
            assert validate_jsonstat(cube) is True
            for name, size in zip(cube["id"], cube["size"], strict=True):
                assert size == len(cube["dimension"][name]["category"]["index"])
    assert cube["role"] == {"metric": ["indicator"], "geo": ["geo"], "time": ["time"]}


def test_three_formats_and_the_table_of_the_page_hold_the_same(client):
    """Case 20, third part: values, flags and vintage."""
    indicator = an_indicator()
    base = f"/en/kpi/{indicator.code}/data"
    lines = from_csv(read_rows(client, f"{base}.csv"))
    cube = json.loads(text_of(client.get(f"{base}.json")), parse_float=Decimal)
    assert from_cube(cube) == lines
    assert from_workbook(client.get(f"{base}.xlsx").content) == lines
    assert len(lines) == 7
    assert lines[indicator.code, "BE", "2020", "0"] == (Decimal("46.7098"), "", 2)
    with override("en"):
        table = as_table(facts_of([indicator], everywhere=True)[indicator.pk])
    shown = {(row[0], row[1], row[2], row[-1]) for row in table["rows"]}
    note = '=1+1\n"cité"'
    disputed = "contradicted by another source"
    third = "2023\u00a0(quarter\u00a03)"
    assert shown == {
        ("2019", "\u22124.75", "–", ""),
        ("2020", "46.71", "–", "vintage 2"),
        ("2021", "missing", "–", "missing"),
        ("2022", "66.00", "50.00", f"break in the series; provisional; {note}"),
        (third, "70.00", "–", disputed),
        (third, "80.50", "–", disputed),
    }


def test_every_digit_is_kept(client):
    """Case 20: full precision, as text of CSV and as number of JSON."""
    indicator = an_indicator()
    base, day = f"/fr/kpi/{indicator.code}/data", "?as_of=2022-01-01"
    assert [row["value"] for row in read_rows(client, f"{base}.csv{day}")] == ["-4.75", str(EXACT)]
    assert str(EXACT) in text_of(client.get(f"{base}.json{day}"))


def test_no_cell_is_a_formula_and_numbers_stay_numbers(client):
    """Case 22."""
    indicator = an_indicator()
    base = f"/fr/kpi/{indicator.code}/data"
    rows = {row["period"] + row["geo"]: row for row in read_rows(client, f"{base}.csv")}
    assert rows["2022BE"]["note_fr"] == '\'=1+1\n"cité"'
    assert rows["2022BE"]["note_nl"] == "'@x"
    assert rows["2019BE"]["value"] == "-4.75"
    sheet = load_workbook(io.BytesIO(client.get(f"{base}.xlsx").content))["Data"]
    cells = {row[2].value + row[1].value: row for row in sheet.iter_rows(min_row=2)}
    assert (cells["2019BE"][4].value, cells["2019BE"][4].data_type) == (-4.75, "n")
    note = cells["2022BE"][10]
    assert (note.data_type, note.quotePrefix) == ("s", True)


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_public_can_be_taken_away(client, users, login, kind):
    """Cases 15 and 16: nothing of drafts, for nobody; the data of a retired one stay."""
    for state in Indicator.Status.values:
        make.ObservationFactory(indicator=make.IndicatorFactory(status=state, code=state))
    for visitor in (client, login(users["staff"])):
        for state in Indicator.Status.values:
            wanted = 200 if state in ("published", "retired") else 404
            address = f"/nl/kpi/{state}/data.{kind}"
            assert visitor.get(address).status_code == wanted, state
        for path in ("frameworks/local/data", "data"):
            response = visitor.get(f"/nl/kpi/{path}.{kind}")
            body = b"".join(response) if response.streaming else response.content
            if kind == "xlsx":
                body = str(from_workbook(body)).encode()
            assert b"draft" not in body
            assert b"suspended" not in body
            if kind != "csv-metadata.json":
                assert b"retired" in body
    assert client.get(f"/nl/kpi/frameworks/none/data.{kind}").status_code == 404
    assert client.get(f"/nl/kpi/published/data.{kind}x").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_that_is_none_is_told(client, kind):
    indicator = an_indicator()
    for text in ("x", "2024-02-31", "2999-01-01", "\x00", "0000-00-00"):
        response = client.get(f"/en/kpi/{indicator.code}/data.{kind}", {"as_of": text})
        assert response.status_code == 400, text
        assert response["Content-Type"].startswith("text/plain")
        assert response.content.decode().startswith("as_of: ")


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_has_it_is_told_so_until_it_changes(client, kind):
    indicator = an_indicator()
    address = f"/fr/kpi/{indicator.code}/data.{kind}"
    first = client.get(address)
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    past = client.get(f"{address}?as_of=2022-01-01")["ETag"]
    make.ObservationFactory(indicator=indicator, period="2018", value=Decimal(1))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    known = client.get(f"{address}?as_of=2022-01-01", headers={"If-None-Match": past})
    assert known.status_code == 304
    changed = client.get(address)["ETag"]
    Indicator.objects.update(name_fr="Autre nom")
    assert client.get(address)["ETag"] != changed


def test_the_workbook_says_what_its_figures_are(client):
    indicator = an_indicator(licence="CC0 1.0")
    texts = {"method_fr": "On compte.", "method_nl": "Men telt."}
    IndicatorVersion.objects.create(indicator=indicator, valid_from=FIRST.date(), **texts)
    content = client.get(f"/nl/kpi/{indicator.code}/data.xlsx?as_of=2023-01-01").content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Data", "README", "Flags"]
    words = [row[1] for row in book["README"].iter_rows(values_only=True)]
    for wanted in (indicator.name_nl, "Wat geteld wordt.", "Men telt.", "2023-01-01"):
        assert wanted in words
    assert f"{CC0.name} {CC0.url}" in words
    assert len(words[-1]) == 64
    assert {row[0] for row in book["Flags"].iter_rows(min_row=2, values_only=True)} == set(
        "bdefimnpu"
    )
    everything = load_workbook(io.BytesIO(client.get("/nl/kpi/data.xlsx").content))
    assert everything.sheetnames == ["Data", "Indicators", "README", "Flags"]


def test_a_workbook_has_its_limit_and_says_so(client, monkeypatch):
    indicator = an_indicator()
    monkeypatch.setattr("kpi.open_data.workbook.MOST_ROWS", 3)
    response = client.get(f"/en/kpi/{indicator.code}/data.xlsx")
    assert response.status_code == 400
    assert "Take the CSV" in response.content.decode()


def test_french_dutch_and_english_files_hold_the_same_figures(client):
    indicator = an_indicator()
    base = f"kpi/{indicator.code}/data"
    assert len({text_of(client.get(f"/{code}/{base}.csv")) for code in ("fr", "nl", "en")}) == 1
    cubes = [read_json(client, f"/{code}/{base}.json") for code in ("fr", "nl")]
    assert cubes[0]["value"] == cubes[1]["value"]
    assert cubes[0]["label"] != cubes[1]["label"]


def test_sources_and_notes_are_in_each_format(client):
    indicator = an_indicator()
    row = Observation.objects.get(period="2022", geo="BE")
    source = make_source("S1")
    row.sources.set([source, make_source("S0")])
    base = f"/fr/kpi/{indicator.code}/data"
    line = next(each for each in read_rows(client, f"{base}.csv") if each["note_fr"])
    assert line["sources"] == "S0;S1"
    more = next(
        each
        for each in read_json(client, f"{base}.json")["extension"]["observations"].values()
        if "note" in each
    )
    assert more == {
        "released_at": plain(row.released_at),
        "disputed": False,
        "note": {"fr": row.note_fr, "nl": row.note_nl},
        "sources": ["S0", "S1"],
    }


def make_source(key):
    return Source.objects.create(key=key, label_fr=key, label_nl=key)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_asks_the_same_for_one_and_for_three(client, kind):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            text = client.get(f"/fr/kpi/frameworks/local/data.{kind}")
            assert text.status_code == 200
            if text.streaming:
                b"".join(text)
        return len(captured)

    an_indicator()
    one = queries()
    an_indicator()
    an_indicator()
    assert queries() == one


def test_a_long_file_is_read_in_batches(client, monkeypatch):
    monkeypatch.setattr(open_data, "BATCH", 2)
    monkeypatch.setattr("kpi.open_data.csvw.CHUNK", 10)
    indicator = an_indicator()
    base = f"/fr/kpi/{indicator.code}/data"
    assert len(read_rows(client, f"{base}.csv")) == 7
    assert len(read_json(client, f"{base}.json")["value"]) == 7


def test_the_page_names_its_files(client, users, login):
    indicator = an_indicator()
    text = client.get(f"/nl/kpi/{indicator.code}/?as_of=2022-01-01").content.decode()
    for kind in KINDS:
        assert f'href="/nl/kpi/{indicator.code}/data.{kind}?as_of=2022-01-01"' in text
    assert f'href="/api/v1/indicators/{indicator.code}/"' in text
    ahead = client.get(f"/nl/kpi/{indicator.code}/?as_of=2999-01-01").content.decode()
    assert f'href="/nl/kpi/{indicator.code}/data.csv"' in ahead
    draft = make.IndicatorFactory(status="draft")
    login(users["staff"])
    assert "/data.csv" not in client.get(f"/nl/kpi/{draft.code}/").content.decode()


@pytest.mark.parametrize(
    ("text", "licence"),
    [("", OWN), ("CC BY 4.0", OWN), (OWN.url, OWN), ("cc0", CC0), (CC0.name, CC0)],
)
def test_licences_are_known_by_their_names(text, licence):
    assert licence_named(text) == licence


def test_a_licence_of_others_keeps_its_words_or_its_address(client):
    assert licence_named("Réutilisation libre").url == ""
    assert licence_named("https://example.org/licence").url == "https://example.org/licence"
    indicator = an_indicator(licence="Réutilisation libre")
    found = read_json(client, f"/fr/kpi/{indicator.code}/data.csv-metadata.json")
    assert found["dc:rights"] == ["Réutilisation libre"]
    assert "dc:license" not in found
