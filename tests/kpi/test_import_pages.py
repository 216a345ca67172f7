"""The pages of imports, the interface for programs, the queue, and who may do what there."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from kpi.imports import panels as import_panels
from kpi.imports import views as import_views
from kpi.imports.services import approve_import
from kpi.imports.token_services import make_token
from kpi.models import ApiToken, ImportJob, Observation
from tests.factories import kpi as make
from tests.factories.imports import csv_of, line, sent, waiting

pytestmark = pytest.mark.django_db
NEW, LIST, API = "/fr/kpi/imports/new/", "/fr/kpi/imports/", "/api/v1/imports/"


@pytest.fixture
def staff(make_user):
    return make_user("staff", name="Anne")


@pytest.fixture
def fibre(db):
    return make.IndicatorFactory(code="fibre", decimals=2)


def upload(client, content: bytes, name="chiffres.csv", **data):
    return client.post(NEW, {"file": SimpleUploadedFile(name, content)} | data)


def page(client, job, language="fr"):
    response = client.get(f"/{language}/kpi/imports/{job.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_from_the_file_to_the_history_of_the_indicator(login, staff, colleague, fibre, client):
    """Case 5, through the pages."""
    make.series(fibre, {"2020": 1, "2021": 2})
    login(staff)
    note = {"note_fr": "Erreur de frappe", "note_nl": "Tikfout", "reason": "correction"}
    rows = (line(fibre, "2020", "1"), line(fibre, "2021", "2.75"))
    response = upload(client, csv_of(*rows), **note)
    job = ImportJob.objects.get()
    assert response.url == f"/fr/kpi/imports/{job.pk}/"
    text = page(client, job)
    assert "chiffres.csv" in text
    assert "2,75" in text
    assert "+0,75" in text
    do = f"/fr/kpi/imports/{job.pk}/do"
    assert client.get(f"{do}/submit/").status_code == 200
    assert client.post(f"{do}/submit/", {"note": ""}).url == response.url
    login(colleague)
    assert client.post(f"{do}/approve/", {"note": ""}).url == response.url
    assert "+0,75" in page(client, job)
    client.logout()
    public = client.get("/fr/kpi/fibre/").content.decode()
    for words in ("2,75", "+0,75", "Erreur de frappe", "Anne"):
        assert (words in public) == (words != "Anne")
    with override("fr"):
        row = client.get("/fr/kpi/fibre/").context["revisions"]["rows"][0]
    assert row[2:5] == ["2", "2,75", "+0,75"]
    assert client.get("/fr/kpi/fibre/?as_of=2001-01-01").context["revisions"] is None


def test_a_gap_is_shown_as_missing(staff, colleague, fibre, client):
    """Case 8, the page."""
    make.series(fibre, {"2022": 1, "2024": 2})
    approve_import(waiting(line(fibre, "2023", "", flag="m"), by=staff), by=colleague)
    response = client.get("/en/kpi/fibre/")
    assert "missing" in str(response.context["chart"].table["rows"])
    assert None in response.context["chart"].figure["data"][0]["y"]


def test_nobody_approves_own_figures_on_the_page(login, staff, fibre, client):
    """Case 14, the page."""
    job = waiting(line(fibre), by=staff)
    login(staff)
    assert "/do/approve/" not in page(client, job)
    for send in (client.get, client.post):
        assert send(f"/fr/kpi/imports/{job.pk}/do/approve/").status_code == 403
    assert not Observation.objects.exists()


def test_what_was_typed_stays_and_the_file_is_told_beside_its_field(login, staff, fibre, client):
    login(staff)
    for content, data, field in (
        (b"%PDF-1.7", {}, "file"),
        ("indicator;valeur\nà".encode("latin-1"), {}, "file"),
        (csv_of(line(fibre)), {"note_fr": "Seul"}, "note_nl"),
        (csv_of(line(fibre)), {"release_at": "2001-01-01T10:00"}, "release_at"),
    ):
        response = upload(client, content, reason="benchmark", **data)
        assert response.status_code == 200
        assert field in response.context["form"].errors
        assert 'value="benchmark" selected' in response.content.decode()
    assert client.post(NEW, {}).status_code == 200
    assert not ImportJob.objects.exists()


def test_a_file_beyond_the_limit_is_told_the_limit(login, staff, client, monkeypatch):
    monkeypatch.setattr("kpi.imports.files.MOST_BYTES", 100)
    monkeypatch.setattr("kpi.imports.views.MOST_BYTES", 100)
    login(staff)
    response = upload(client, b"x" * 200_000)
    assert "64" in str(response.context["form"].errors["file"])


def test_a_page_from_elsewhere_sends_nothing(staff, fibre):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff)
    assert upload(strict, csv_of(line(fibre))).status_code == 403
    assert not ImportJob.objects.exists()


def test_the_rows_with_errors_as_a_file(login, staff, fibre, client):
    """Cases 3 and 22, the file of failed rows."""
    rows = [
        line(fibre, "2020", "1"),
        line(fibre, "hier", "-4.75", note_fr="=1+1", note_nl="@x"),
        line(fibre, "2021", "-beaucoup"),
    ]
    login(staff)
    upload(client, csv_of(*rows))
    response = client.get(f"/fr/kpi/imports/{ImportJob.objects.get().pk}/failed/")
    content = response.getvalue()
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert [row["period"] for row in table] == ["hier", "2021"]
    assert (table[0]["value"], table[1]["value"]) == ("-4.75", "'-beaucoup")
    assert (table[0]["note_fr"], table[0]["note_nl"]) == ("'=1+1", "'@x")
    assert all(row["error"] for row in table)
    # what is wrong is found again, and only that, in the file that comes back
    upload(client, content.replace(b"hier", b"2022"))
    again = ImportJob.objects.first()
    assert [fault.code for fault in again.faults.all()] == ["number"]
    assert again.faults.get().value == "-beaucoup"


def test_who_sees_which_import(login, make_user, staff, fibre, client):
    owner = make_user("owner")
    own = sent(line(make.IndicatorFactory(owner=owner)), by=owner)
    other = sent(line(fibre), by=staff)
    for name in ("juror", "lead", "translator"):
        login(make_user(name))
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{own.pk}/").status_code == 403
    login(owner)
    assert [each.pk for each in client.get(LIST).context["page_obj"]] == [own.pk]
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.post(f"{LIST}{other.pk}/do/withdraw/").status_code == 404
    login(make_user("auditor"))
    assert len(client.get(LIST).context["page_obj"]) == 2
    assert client.get(NEW).status_code == 403
    assert client.post(f"{LIST}{other.pk}/do/approve/").status_code == 403
    client.logout()
    for url in (LIST, NEW, f"{LIST}{own.pk}/", "/fr/kpi/imports/tokens/"):
        assert "login" in client.get(url).url


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_each_page_in_each_language(login, staff, fibre, client, language):
    bad, good = sent(line(fibre, "x"), by=staff), sent(line(fibre), by=staff)
    make_token(by=staff, name="warehouse")
    login(staff)
    start = f"/{language}/kpi/imports/"
    ends = (
        "",
        "new/",
        "tokens/",
        f"{bad.pk}/",
        f"{good.pk}/",
        f"{good.pk}/do/submit/",
        "?status=x",
    )
    for end in ends:
        assert f'<html lang="{language}">' in client.get(start + end).content.decode(), end
    for kind in ("csv", "xlsx"):
        file = client.get(f"{start}template/{kind}/?indicator=fibre")
        assert file.status_code == 200
        response = upload(client, file.content, name=f"figures.{kind}")
        job = ImportJob.objects.get(pk=int(response.url.split("/")[-2]))
        assert (job.errors, job.new) == (0, 2)
    assert client.get(f"{start}template/exe/").status_code == 404


def test_the_list_and_a_page_ask_the_same_for_one_and_for_many(login, staff, fibre, client):
    login(staff)
    job = sent(line(fibre, "2001", "1"), by=staff)
    counts = queries(client, LIST), queries(client, f"{LIST}{job.pk}/")
    for _each in range(2):
        job = sent(*(line(fibre, str(year), "1") for year in range(2002, 2006)), by=staff)
    assert (queries(client, LIST), queries(client, f"{LIST}{job.pk}/")) == counts


def test_the_revisions_ask_the_same_for_one_and_for_many(staff, colleague, fibre, client):
    make.series(fibre, {str(year): 1 for year in range(2010, 2014)})
    approve_import(waiting(line(fibre, "2010", "2"), by=staff), by=colleague)
    one = queries(client, "/fr/kpi/fibre/")
    rows = (line(fibre, str(year), "3") for year in range(2010, 2014))
    approve_import(waiting(*rows, by=staff), by=colleague)
    assert queries(client, "/fr/kpi/fibre/") == one
    assert len(client.get("/fr/kpi/fibre/").context["revisions"]["rows"]) == 5


def test_the_queue_holds_what_others_sent(login, staff, colleague, fibre, client, users):
    waiting(line(fibre, "2020"), by=colleague)
    waiting(line(fibre, "2021"), by=staff)
    sent(line(fibre, "2022"), by=colleague)
    queue = import_panels.figures_to_approve(staff)
    assert (queue.total, len(queue.rows)) == (1, 1)
    login(staff)
    assert client.get(queue.url).context["page_obj"].paginator.count == 1
    assert client.get("/admin/").status_code == 200
    for name in ("auditor", "owner", "nobody"):
        assert import_panels.figures_to_approve(users[name]) is None


def test_a_long_import_says_so_until_it_is_through(login, staff, fibre, client, monkeypatch):
    monkeypatch.setattr("kpi.imports.services.MANY", 1)
    job = sent(line(fibre, "2020"), line(fibre, "2021"), by=staff)
    assert job.status == "uploaded"
    login(staff)
    assert "hx-get" in page(client, job)
    part = f"{LIST}{job.pk}/?part=state"
    response = client.get(part, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in response
    assert b"<html" not in response.content
    from kpi.tasks import check_import

    check_import(job.pk)
    response = client.get(part, headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    assert "hx-get" not in page(client, job)


# --- programs ------------------------------------------------------------------------------------


def post(client, content, token, query=""):
    return client.post(
        API + query, content, content_type="text/csv", headers={"Authorization": f"Token {token}"}
    )


def test_a_program_sends_figures_and_a_person_approves(login, staff, colleague, fibre, client):
    """Case 14, the interface: a token of the author, or of anybody, approves nothing."""
    token, other = make_token(by=staff, name="job"), make_token(by=colleague, name="job")
    answer = post(client, csv_of(line(fibre)), token, "?reason=benchmark&note_fr=a&note_nl=b")
    told = json.loads(answer.content)
    assert (answer.status_code, told["state"], told["counts"]["new"]) == (201, "in_review", 1)
    job = ImportJob.objects.get(pk=told["id"])
    assert (job.author, job.origin, job.reason, job.note_nl) == (staff, "api", "benchmark", "b")
    assert told["url"] == answer["Location"]
    approve = f"/fr/kpi/imports/{job.pk}/do/approve/"
    for each in (token, other):
        header = {"Authorization": f"Token {each}"}
        assert "login" in client.post(approve, headers=header).url
        for path in (f"{API}{job.pk}/", f"{API}{job.pk}/approve/"):
            assert client.post(path, headers=header).status_code in {404, 405}
    assert not Observation.objects.exists()
    state = client.get(f"{API}{job.pk}/", headers={"Authorization": f"Token {token}"})
    assert state.json()["state_words"]["fr"]
    assert (
        client.get(f"{API}{job.pk}/", headers={"Authorization": f"Token {other}"}).status_code
        == 404
    )
    login(colleague)
    assert client.post(approve, {"note": ""}).status_code == 302
    assert Observation.objects.get().release.approver == colleague


def test_what_programs_are_told(staff, fibre, client, make_user, monkeypatch):
    token = make_token(by=staff, name="job")
    answer = post(client, csv_of(line(fibre, "hier", "x")), token)
    faults = answer.json()["faults"]
    assert answer.status_code == 422
    assert [(each["row"], each["column"], each["code"]) for each in faults] == [
        (2, "period", "period"),
        (2, "value", "number"),
    ]
    assert set(faults[0]["message"]) == {"fr", "nl"}
    assert post(client, b"%PDF", token).json()["faults"][0]["code"] == "file_type"
    assert post(client, csv_of(line(fibre)), token, "?reason=x").status_code == 422
    assert post(client, csv_of(line(fibre)), "wrong").status_code == 401
    assert client.post(API, csv_of(line(fibre)), content_type="text/csv").status_code == 401
    assert client.get(API).status_code == 405
    stranger = make_user("owner")
    row = ApiToken.objects.create(owner=stranger, name="x", digest="0" * 64)
    monkeypatch.setattr("kpi.imports.token_services.digest", lambda raw: row.digest)
    assert post(client, csv_of(line(fibre)), "any").status_code == 403
    monkeypatch.undo()
    monkeypatch.setattr("kpi.imports.api.MOST_BYTES", 10)
    assert post(client, csv_of(line(fibre)), token).status_code == 413


def test_a_token_is_shown_once_kept_as_a_hash_and_ends(login, staff, fibre, client):
    login(staff)
    response = client.post("/fr/kpi/imports/tokens/", {"name": "entrepôt"})
    raw, row = response.context["raw"], ApiToken.objects.get()
    assert raw in response.content.decode()
    assert raw not in str(ApiToken.objects.values())
    assert raw not in client.get("/fr/kpi/imports/tokens/").content.decode()
    assert post(Client(), csv_of(line(fibre)), raw).status_code == 201
    row.refresh_from_db()
    assert row.last_used_at
    url = f"/fr/kpi/imports/tokens/{row.pk}/revoke/"
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    assert post(Client(), csv_of(line(fibre)), raw).status_code == 401


def test_a_token_of_somebody_else_or_of_a_closed_account(login, staff, colleague, fibre, client):
    raw = make_token(by=staff, name="job")
    login(colleague)
    assert (
        client.post(f"/fr/kpi/imports/tokens/{ApiToken.objects.get().pk}/revoke/").status_code
        == 404
    )
    type(staff).objects.filter(pk=staff.pk).update(is_active=False)
    assert post(client, csv_of(line(fibre)), raw).status_code == 401


def test_every_state_has_its_sign():
    assert set(import_views.CHIPS) == set(ImportJob.Status)


@pytest.mark.parametrize(
    ("language", "told", "known"),
    [
        ("fr", ("approuvé, pas encore public", "Ce qui deviendra public"), "publié"),
        ("nl", ("goedgekeurd, nog niet openbaar", "Wat openbaar wordt"), "gepubliceerd"),
    ],
)
def test_what_is_released_for_later_is_not_called_public(
    client, login, staff, colleague, fibre, language, told, known
):
    later = timezone.now() + timedelta(days=2)
    job = waiting(line(fibre), by=staff, release_at=later)
    approve_import(job, by=colleague)
    login(colleague)
    text = page(client, job, language)
    assert all(words in text for words in told)
    assert told[0] in client.get(f"/{language}/kpi/imports/").text
    with time_machine.travel(later + timedelta(minutes=1)):
        login(colleague)
        assert told[0] not in page(client, job, language)
        assert known in page(client, job, language)
