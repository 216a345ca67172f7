"""Case 23: files that do no harm, hold what is public only, or are noted where they hold people."""

import csv
import io
import json
import zipfile
from html import unescape

import odfdo
import pytest
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from stakeholders.models import ContributorsDownload
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.acceptance.conftest import EMAIL, IDEAS

pytestmark = pytest.mark.django_db
HARM = ("=1+1", '=HYPERLINK("http://x.example")', "+32 2 000", "-1 banc", "@SUM(A1)", "\t=2+2")
LIST = "/admin/stakeholders/idea/"


def cells(page, kind) -> list[list]:
    """Return the cells of a file, as the program that opens it reads them."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))
    if kind == "xlsx":
        (sheet,) = load_workbook(io.BytesIO(page.body)).worksheets
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    (table,) = odfdo.Document(io.BytesIO(page.body)).body.tables
    return [list(row) for row in table.get_values()]


@pytest.mark.parametrize("title", HARM)
def test_case_23_a_cell_that_looks_like_a_formula_opens_as_text(author, anybody, published, title):
    """Written into the form and published, such a title stands in each spreadsheet as text: in CSV
    behind a sign that says so, in XLSX and ODS in a cell without formula. JSON has it as typed."""
    reference, _mine = published(author, title=title)
    title = title.strip()
    for kind in ("csv", "xlsx", "ods"):
        page = anybody.page("idea-list", query=f"?format={kind}")
        (row,) = [row for row in cells(page, kind) if row and row[0] == reference]
        assert row[1] in (title, f"'{title}")
        assert kind != "csv" or not row[1].startswith(tuple("=+-@\t"))
    book = load_workbook(io.BytesIO(anybody.page("idea-list", query="?format=xlsx").body))
    assert all(cell.data_type != "f" for row in book.worksheets[0] for cell in row)
    ods = zipfile.ZipFile(io.BytesIO(anybody.page("idea-list", query="?format=ods").body))
    assert b"table:formula" not in ods.read("content.xml")
    (row,) = json.loads(anybody.page("idea-list", query="?format=json").text)["rows"]
    assert row["title"] == title


NOT_PUBLIC = ("submitted", "received", "hidden", "not_admissible")


@pytest.fixture
def four():
    """An idea in each state that is not public, by as many people."""
    return [
        SubmissionFactory(
            contact__email=f"{status}@example.org",
            idea__status=status,
            idea__title=f"Kanarie {status}",
            idea__reference=None if status == "submitted" else f"SCO-2025-9000{number}",
            idea__closing_reason="unclear" if status == "not_admissible" else "",
        )
        for number, status in enumerate(NOT_PUBLIC)
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_case_23_a_public_file_has_what_is_public_and_no_address(browser, published, four, kind):
    """Whoever asks, an official of the Office too, gets the public ideas and nobody's address; what
    waits, is refused or hidden is not in the file."""
    author = browser("fr")
    reference, _mine = published(author, name="Zoé D.")
    page = author.page("idea-list", query=f"?format={kind}")
    body = readable(page.body)
    assert reference in body
    assert "Kanarie" not in body
    assert "@example.org" not in body
    assert "Zoé D." not in body


def readable(content: bytes) -> str:
    """Return the words of a file, also of one that is packed."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    packed = zipfile.ZipFile(io.BytesIO(content))
    parts = [packed.read(name).decode(errors="replace") for name in packed.namelist()]
    return unescape("\n".join(parts))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_case_23_the_file_of_the_staff_has_the_addresses_and_is_noted(
    author, published, office, four, kind
):
    """From the list, with its filters, the staff take the contributors along: they say what for,
    and it is noted who took how many lines of what. What nobody confirmed, or is hidden, is out."""
    reference, _mine = published(author, name="Zoé D.")
    listed = office.open(f"{LIST}?q=SCO-")
    form = listed.follow("/idea/contributors/").form("purpose")
    refused = form.send(kind=kind)
    assert refused.status == 200
    assert not ContributorsDownload.objects.exists()
    file = form.send(kind=kind, purpose="Inviter à l’atelier de mai.")
    body = readable(file.body)
    assert file.response["Content-Disposition"].startswith("attachment")
    for words in (reference, EMAIL, "Zoé D.", IDEAS[author.language]["title"].split()[0]):
        assert words in body
    for status, expected in zip(NOT_PUBLIC, (False, True, False, True), strict=True):
        assert (f"{status}@example.org" in body) is expected, status
    noted = ContributorsDownload.objects.get()
    assert (noted.by, noted.lines, noted.kind, noted.criteria) == (office.user, 3, kind, "q=SCO-")
    told = office.open("/admin/stakeholders/contributorsdownload/").words
    assert "Inviter à l’atelier de mai." in told
    assert str(office.user) in told


def test_case_23_the_filter_of_the_list_is_that_of_the_file(office):
    """Only the ideas that the list shows are in the file; a filter that is none leads back."""
    one, other = (
        SubmissionFactory(idea=IdeaFactory(language=language), contact=ContactFactory())
        for language in ("fr", "nl")
    )
    way = office.open(f"{LIST}?language__exact=nl").follow("/idea/contributors/")
    body = way.form("purpose").send(kind="csv", purpose="Inviter.").body.decode()
    assert other.contact.email in body
    assert one.contact.email not in body
    assert office.open(f"{LIST}contributors/?submissions__contact=1").status in (200, 400)
    assert office.open(f"{LIST}contributors/?nothing=1").path == LIST


@pytest.mark.parametrize("role", ["auditor", "administrator", "secretary", "translator", "juror"])
def test_case_23_nobody_else_takes_addresses_along(colleague, role):
    """No other role finds the button, and its address is refused to them, asked or sent."""
    SubmissionFactory()
    person = colleague(role)
    listed = person.open(LIST)
    assert not listed.tree.xpath("//a[contains(@href, '/contributors/')]")
    token = person.page("idea-track").form("email").value("csrfmiddlewaretoken")
    sent = {"csrfmiddlewaretoken": token, "purpose": "x", "kind": "csv"}
    for page in (
        person.open(f"{LIST}contributors/"),
        person.send(f"{LIST}contributors/", sent),
    ):
        assert page.status == 403 or "/login/" in page.path
        assert "@example.org" not in page.body.decode().replace(str(person.user), "")
    assert not ContributorsDownload.objects.exists()


def test_case_23_what_was_noted_stays_as_it_is(office):
    """The database refuses to change or delete the line, and a line without a purpose."""
    row = {"by": office.user, "kind": "csv", "lines": 1, "sha256": "0" * 64}
    ContributorsDownload.objects.create(purpose="Inviter.", **row)
    for write in (
        lambda: ContributorsDownload.objects.update(purpose="Autre."),
        lambda: ContributorsDownload.objects.all().delete(),
        lambda: ContributorsDownload.objects.create(purpose="", **row),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
