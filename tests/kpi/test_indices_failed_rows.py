"""The rows of a file of an index that could not be taken, as a file."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from kpi.models import IndexImport
from tests.factories import indices as make
from tests.factories.index_uploads import broken, faults, send

pytestmark = pytest.mark.django_db


def refused(rows) -> None:
    """Spoil two rows, one of them with cells that a spreadsheet takes for formulas."""
    rows[1].update(name_en="=1+1", unit="@x", be="-4.75", direction="left")
    rows[3].update(eu="-viel", code="")


def failed(client, page, language="fr", **query):
    """Fetch the file of failed rows of a dry run."""
    number = page.context["batch"].pk
    return client.get(f"/{language}/kpi/indices/import/{number}/failed/", query)


@pytest.mark.parametrize(
    ("language", "heading", "words", "empty"),
    [
        ("fr", "Message", "direction\u00a0: Écrivez up", "Remplissez cette cellule"),
        ("nl", "Bericht", "direction: Schrijf up", "Vul deze cel in"),
        ("en", "Message", "direction: Write up", "Fill this cell in"),
    ],
)
def test_the_failed_rows_as_a_file(uploader, language, heading, words, empty):
    page = send(uploader, broken(refused))
    response = failed(uploader, page, language)
    assert f"-{language}.csv" in response["Content-Disposition"]
    text = response.content.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text), delimiter=";")
    assert list(first) == [*make.HEADERS, heading]
    assert (first["code"], first["norm_max"], first["be"]) == ("1a2", "0.66", "-4.75")
    assert (first["name_en"], first["unit"]) == ("'=1+1", "'@x")
    assert first[heading].startswith(words)
    assert (second["code"], second["eu"]) == ("", "'-viel")
    assert empty in second[heading]
    assert " · eu" in second[heading]


def test_the_failed_rows_as_a_workbook(uploader):
    page = send(uploader, broken(refused))
    response = failed(uploader, page, format="xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    heading, first, second = sheet.iter_rows(values_only=True)
    assert heading[-1] == "Message"
    assert (first[1], first[-2]) == ("'=1+1", "0.264595")
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert second[-1]


def test_rows_that_were_mended_keep_their_messages_and_texts(uploader):
    sheet = broken(lambda rows: rows[1].update(name_en="=1+1", be="viel"))
    content = failed(uploader, send(uploader, sheet)).content
    assert faults(send(uploader, content)) == {(2, "be", "number")}
    mended = send(uploader, content.replace(b"viel", b"0.26"))
    assert "place_new" not in {code for _line, _column, code in faults(mended)}
    assert mended.context["plan"].read.inputs["1a2"].names == {"en": "=1+1"}
    again = failed(uploader, send(uploader, content)).content.decode()
    assert again.splitlines()[0].count("Message") == 1


def test_a_file_without_failed_rows_offers_none(uploader):
    whole = send(uploader, make.published_file())
    heads = send(uploader, broken(lambda rows: [each.pop("weight") for each in rows]))
    row = send(uploader, broken(refused))
    for page in (whole, heads):
        assert "/failed/" not in page.content.decode()
        assert failed(uploader, page).status_code == 404
    for kind in ("csv", "xlsx"):
        assert f"/failed/?format={kind}" in row.content.decode()
        assert failed(uploader, row, format=kind).status_code == 200
    assert failed(uploader, row, format="ods").status_code == 404
    IndexImport.objects.update(confirmed_at=timezone.now())
    assert failed(uploader, row).status_code == 404


def test_who_may_fetch_the_failed_rows(client, uploader, users, login):
    page = send(uploader, broken(refused))
    for name, wanted in (("nobody", 403), ("auditor", 403), ("owner", 403), ("secretary", 200)):
        assert failed(login(users[name]), page).status_code == wanted, name
    client.logout()
    assert failed(client, page).status_code == 302
