"""The import of an index: dry run, faults, corrections, other methods, four eyes."""

import csv
import io
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from core.workflow import PermissionRefused, TransitionRefused
from kpi import tasks
from kpi.indices import services
from kpi.indices.plan import Options
from kpi.models import (
    CompositeIndex,
    IndexEdition,
    IndexImport,
    IndexInput,
    IndexNode,
    IndexValue,
    Place,
)
from tests.factories import indices as make
from tests.factories import kpi as kpi_rows

pytestmark = pytest.mark.django_db
UPLOAD = "/fr/kpi/indices/import/"
REMOVED = {
    "fr": "Le fichier a été retiré après trente jours.",
    "nl": "Het bestand is na dertig dagen verwijderd.",
}


@pytest.fixture
def staff(client, users, login):
    """The client of an editor; Belgium and the Union are there."""
    for code in ("BE", "EU"):
        kpi_rows.place(code)
    return login(users["staff"])


def send(client, content: bytes, **fields):
    """Upload a file and return the page of its dry run."""
    response = client.post(UPLOAD, make.typed(content, **fields), follow=True)
    assert response.status_code == 200
    return response


def confirm(client, page):
    """Confirm a dry run as its page does."""
    plan = page.context["plan"]
    address = page.request["PATH_INFO"]
    return client.post(address, {"state": plan.state}, follow=True)


def load(client, content: bytes, **fields):
    """Upload and confirm."""
    return confirm(client, send(client, content, **fields))


def faults(page) -> set[tuple]:
    return {(each.line, each.column, each.code) for each in page.context["plan"].faults}


def test_case_1_the_published_file_through_the_screen(staff):
    """Case 1."""
    page = send(staff, make.published_file())
    assert not CompositeIndex.objects.exists()
    text = page.content.decode()
    assert "50,3" in text
    assert "52,3" in text
    index_page = confirm(staff, page)
    text = index_page.content.decode()
    assert "50,3" in text
    assert "52,3" in text
    explained = staff.get("/fr/kpi/indices/desi-test/explain/?geo=BE&edition=2022")
    rows = explained.context["found"].rows
    assert len(rows) == 33
    assert sum(each.weight * each.z * 100 for each in rows) == pytest.approx(50.3074, abs=1e-4)
    assert explained.content.decode().count("<tr>") == 33 + 2


def test_the_file_as_it_is_handed_out(staff):
    content = make.published_file()
    load(staff, content)
    index = CompositeIndex.objects.get()
    assert (index.nodes.count(), index.inputs.count()) == (14, 33)
    assert IndexValue.objects.count() == 66
    node = IndexNode.objects.get(code="1a")
    assert (node.parent.code, node.name_en, node.weight) == (
        "1",
        "Internet user skills",
        Decimal("0.5"),
    )
    assert (index.name_fr, index.name_nl, index.status) == ("Indice d’essai", "Proefindex", "draft")
    figure = IndexInput.objects.get(code="1a2")
    assert (figure.norm_max, figure.name_fr) == (Decimal("0.66"), "")


def test_the_same_file_again_is_nothing_to_do(staff):
    load(staff, make.published_file())
    page = send(staff, make.published_file())
    assert page.context["plan"].kind == "nothing"
    assert page.context["plan"].counts == {"unchanged": 66}
    with override("en"), pytest.raises(TransitionRefused, match="nothing to do"):
        services.confirm_import(
            IndexImport.objects.first(),
            by=page.wsgi_request.user,
            state=page.context["plan"].state,
        )
    assert IndexEdition.objects.count() == 1


def test_confirming_twice_imports_once(staff, users):
    page = send(staff, make.published_file())
    confirm(staff, page)
    confirm(staff, page)
    assert IndexEdition.objects.count() == 1
    batch = IndexImport.objects.get()
    assert batch.edition == IndexEdition.objects.get()
    assert staff.get(page.request["PATH_INFO"]).status_code == 200


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("delimiter", "comma"), [(";", True), (";", False), ("\t", True), (",", True)]
)
def test_separators_commas_and_marks(staff, delimiter, comma, mark):
    content = make.as_csv(make.desi_rows(), delimiter, comma)
    content = mark + content + (delimiter * 12 + "\r\n").encode() * 2
    page = send(staff, content)
    assert page.context["plan"].faults == []
    assert dict(page.context["plan"].scores)["BE"] == pytest.approx(50.3074, abs=1e-4)


def test_windows_encoding_and_xlsx(staff):
    rows = make.desi_rows()
    rows[0]["source"] = "Enquête"
    assert not send(staff, make.as_csv(rows).decode().encode("cp1252")).context["plan"].faults
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    plan = send(staff, out.getvalue(), name="index.xlsx").context["plan"]
    assert dict(plan.scores)["EU"] == pytest.approx(52.2752, abs=1e-4)


def test_points_and_commas_in_one_file_are_refused_with_the_line(staff):
    content = make.as_csv(make.desi_rows(), ";").decode().replace("0.670516", "0,670516").encode()
    assert faults(send(staff, content)) == {(4, "be", "mixed_signs")}


def broken(change) -> bytes:
    rows = make.desi_rows()
    change(rows)
    return make.as_csv(rows)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda rows: rows[0].update(be="viel"), (2, "be", "number")),
        (lambda rows: rows[1].update(eu=""), (3, "eu", "missing_value")),
        (lambda rows: rows[1].update(eu="0.4 z"), (3, "eu", "flag")),
        (lambda rows: rows[2].update(code="1a1"), (4, "code", "code_twice")),
        (lambda rows: rows[2].update(code="1 a"), (4, "code", "code_form")),
        (lambda rows: rows[2].update(code=""), (4, "code", "empty")),
        (lambda rows: rows[3].update(norm_max=0), (5, "norm_max", "bounds")),
        (lambda rows: rows[3].update(weight=0), (5, "weight", "weight")),
        (lambda rows: rows[3].update(direction="left"), (5, "direction", "direction")),
        (lambda rows: rows[3].update(reference_year="soon"), (5, "reference_year", "period")),
        (lambda rows: rows[3].update(name_en=""), (5, "name_en", "empty")),
        (lambda rows: rows[3].update(dimension_weight=1.5), (5, "dimension_weight", "share")),
        (lambda rows: rows[3].update(dimension_weight=0.3), (5, "dimension_weight", "node_weight")),
        (
            lambda rows: rows[1].update(dimension="2 Connectivity"),
            (3, "subdimension", "node_parent"),
        ),
        (
            lambda rows: rows[1].update(subdimension="", subdimension_weight=""),
            (0, "", "node_mixed"),
        ),
        (lambda rows: [each.update(dk=each.pop("eu")) for each in rows], (1, "dk", "place_new")),
        (lambda rows: [each.pop("weight") for each in rows], (1, "weight", "column_missing")),
        (lambda rows: [each.pop("name_en") for each in rows], (1, "name_fr", "column_missing")),
        (lambda rows: rows[3].update(be="1e30"), (5, "be", "too_precise")),
        (lambda rows: rows[3].update(be="nan"), (5, "be", "number")),
    ],
)
def test_each_fault_names_row_column_and_what_to_do(staff, change, wanted):
    page = send(staff, broken(change))
    assert wanted in faults(page)
    plan = page.context["plan"]
    assert not plan.may_run
    assert all(each.message for each in plan.faults)
    confirm(staff, page)
    assert not CompositeIndex.objects.exists()


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
def test_the_failed_rows_as_a_file(staff, language, heading, words, empty):
    page = send(staff, broken(refused))
    response = failed(staff, page, language)
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


def test_the_failed_rows_as_a_workbook(staff):
    page = send(staff, broken(refused))
    response = failed(staff, page, format="xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    heading, first, second = sheet.iter_rows(values_only=True)
    assert heading[-1] == "Message"
    assert (first[1], first[-2]) == ("'=1+1", "0.264595")
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert second[-1]


def test_rows_that_were_mended_keep_their_messages_and_texts(staff):
    sheet = broken(lambda rows: rows[1].update(name_en="=1+1", be="viel"))
    content = failed(staff, send(staff, sheet)).content
    assert faults(send(staff, content)) == {(2, "be", "number")}
    mended = send(staff, content.replace(b"viel", b"0.26"))
    assert "place_new" not in {code for _line, _column, code in faults(mended)}
    assert mended.context["plan"].read.inputs["1a2"].names == {"en": "=1+1"}
    again = failed(staff, send(staff, content)).content.decode()
    assert again.splitlines()[0].count("Message") == 1


def test_a_file_without_failed_rows_offers_none(staff):
    whole = send(staff, make.published_file())
    heads = send(staff, broken(lambda rows: [each.pop("weight") for each in rows]))
    row = send(staff, broken(refused))
    for page in (whole, heads):
        assert "/failed/" not in page.content.decode()
        assert failed(staff, page).status_code == 404
    for kind in ("csv", "xlsx"):
        assert f"/failed/?format={kind}" in row.content.decode()
        assert failed(staff, row, format=kind).status_code == 200
    assert failed(staff, row, format="ods").status_code == 404
    IndexImport.objects.update(confirmed_at=timezone.now())
    assert failed(staff, row).status_code == 404


def test_who_may_fetch_the_failed_rows(client, staff, users, login):
    page = send(staff, broken(refused))
    for name, wanted in (("nobody", 403), ("auditor", 403), ("owner", 403), ("secretary", 200)):
        assert failed(login(users[name]), page).status_code == wanted, name
    client.logout()
    assert failed(client, page).status_code == 302


def test_an_unknown_place_is_told_with_the_nearest(staff):
    kpi_rows.place("BXL")
    page = send(staff, broken(lambda rows: [each.update(bx=each.pop("eu")) for each in rows]))
    fault = page.context["plan"].faults[0]
    assert (fault.code, fault.words) == ("place_unknown", {"nearest": "BXL"})
    assert "BXL" in page.content.decode()


def test_case_17_weights_of_a_file_that_sum_to_98_hundredths(staff):
    """Case 17, at the import."""
    page = send(
        staff,
        broken(
            lambda rows: [
                each.update(dimension_weight=0.23) for each in rows if each["dimension"][0] == "1"
            ]
        ),
    )
    (fault,) = page.context["plan"].faults
    assert (fault.code, fault.column) == ("sum_top", "dimension_weight")
    assert "0,98" in fault.message  # as French writes it


@pytest.mark.parametrize("content", [b" ", b"code", b"PK\x03\x04", b"\0\1\2" * 9])
def test_a_file_that_is_no_table_is_told_beside_the_field(staff, content):
    data = make.typed(content)
    response = staff.post(UPLOAD, data)
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert 'value="desi-test"' in response.content.decode()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name_fr": ""}, "name_fr"),
        ({"name_nl": ""}, "name_nl"),
        ({"code": "import"}, "code"),
        ({"code": "a b"}, "code"),
        ({"edition": "a b"}, "edition"),
        ({"missing": "blank"}, "coverage"),
        ({"coverage": "0.5"}, "coverage"),
        ({"published_on": "2099-01-01"}, "published_on"),
    ],
)
def test_what_is_typed_wrong_is_told_beside_its_field(staff, bad, field):
    response = staff.post(UPLOAD, make.typed(make.published_file(), **bad))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not IndexImport.objects.exists()


def imports_with_a_file() -> set[str]:
    """Return the names of the imports of which the table is still there."""
    return set(IndexImport.objects.exclude(table={}).values_list("file_name", flat=True))


def code_of(name: str) -> dict:
    """Return what is typed beside the file of an index of its own."""
    return {"code": f"desi-{name}", "name": f"{name}.csv"}


def test_files_of_which_nothing_came_are_emptied_after_thirty_days(staff, users, make_user, login):
    content, other = make.published_file(), make_user("secretary")
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False) as clock:
        login(users["staff"])
        send(staff, broken(lambda rows: rows[1].update(weight="x")), **code_of("faulty"))
        left = send(staff, content, **code_of("left"))
        for name in ("waiting", "released", "discarded"):
            load(staff, content, **code_of(name))
        editions = {each.index.code: each for each in IndexEdition.objects.all()}
        services.release_edition(editions["desi-released"], by=other)
        services.discard_edition(editions["desi-discarded"], by=other, note="A wrong file.")
        clock.shift(timedelta(days=30))
        tasks.purge_imports()
        assert len(imports_with_a_file()) == 5
        clock.shift(timedelta(seconds=1))
        assert services.purge_imports() == 3
        tasks.purge_imports()
        assert imports_with_a_file() == {"waiting.csv", "released.csv"}
        assert IndexImport.objects.count() == 5
        assert IndexValue.objects.filter(edition=editions["desi-discarded"]).count() == 66
        login(users["staff"])
        for batch in IndexImport.objects.all():
            for language in ("fr", "nl"):
                page = staff.get(f"/{language}/kpi/indices/import/{batch.pk}/")
                told = REMOVED[language] in page.text
                assert told == (batch.is_emptied and batch.confirmed_at is None)
        refused = confirm(staff, left)
        assert [str(each) for each in refused.context["messages"]] == [REMOVED["fr"]]
        assert not CompositeIndex.objects.filter(code="desi-left").exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_confirmed_while_the_clock_empties_keeps_its_table(staff, users):
    send(staff, make.published_file())
    batch = IndexImport.objects.get()
    IndexImport.objects.update(at=timezone.now() - timedelta(days=31))
    plan = services.plan_of_import(batch)
    emptied = []

    def purge():
        emptied.append(services.purge_imports())
        connection.close()

    with transaction.atomic():
        services.confirm_import(batch, by=users["staff"], state=plan.state)
        thread = threading.Thread(target=purge)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the row"
    thread.join(30)
    assert emptied == [0]
    assert len(imports_with_a_file()) == 1


def test_a_second_edition_adds_values_only(staff):
    load(staff, make.published_file())
    before = (IndexNode.objects.count(), IndexInput.objects.count())
    rows = make.desi_rows()
    rows[0]["be"] = 0.6
    page = send(staff, make.as_csv(rows), edition="2023", name_fr="", name_nl="", missing="")
    assert page.context["plan"].kind == "new_edition"
    confirm(staff, page)
    assert (IndexNode.objects.count(), IndexInput.objects.count()) == before
    assert sorted(IndexEdition.objects.values_list("code", "vintage")) == [("2022", 1), ("2023", 1)]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda rows: rows[1].update(norm_max=0.7), "1a2"),
        (lambda rows: rows[1].update(weight=2), "1a2"),
        (lambda rows: rows.pop(), "4a5"),
        (
            lambda rows: [
                each.update(subdimension_weight=0.6 if each["subdimension"][:2] == "1a" else 0.4)
                for each in rows
                if each["dimension"][0] == "1"
            ],
            "1a",
        ),
    ],
)
def test_another_method_is_refused_with_the_differences(staff, change, part):
    load(staff, make.published_file())
    page = send(staff, broken(change), edition="2023")
    plan = page.context["plan"]
    assert plan.kind == "refused"
    assert part in {each.part for each in plan.differences}
    confirm(staff, page)
    assert IndexEdition.objects.count() == 1


def test_another_rule_for_missing_values_is_another_method(staff):
    load(staff, make.published_file())
    page = send(staff, make.published_file(), edition="2023", missing="renormalise")
    assert [each.part for each in page.context["plan"].differences] == ["desi-test"]


def test_a_correction_is_a_later_vintage_and_as_known_on_works(staff, users, make_user):
    other = make_user("secretary")
    load(staff, make.published_file(), published_on="2022-07-28")
    services.release_edition(IndexEdition.objects.get(), by=other)
    rows = [row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows()]
    late = send(staff, make.as_csv(rows), published_on="2022-07-28")
    assert {each.code for each in late.context["plan"].faults} == {"published_before"}
    page = send(staff, make.as_csv(rows), published_on="2023-01-10")
    plan = page.context["plan"]
    assert (plan.kind, plan.counts) == ("correction", {"changed": 1, "unchanged": 65})
    confirm(staff, page)
    second = IndexEdition.objects.get(vintage=2)
    assert second.values.count() == 66
    url = "/fr/kpi/indices/desi-test/"
    assert staff.get(url).context["official"] == "50,3"
    assert staff.get(url + "?edition=2022&waiting=yes").context["official"] == "50,7"
    services.release_edition(second, by=other)
    assert staff.get(url).context["official"] == "50,7"
    assert staff.get(url + "?as_of=2022-12-31").context["official"] == "50,3"
    nothing = staff.get(url + "?as_of=2020-01-01")
    assert (nothing.status_code, nothing.context["edition"]) == (200, None)
    assert staff.get(url + "?as_of=2020-01-01&edition=2022").status_code == 404


def test_places_that_a_correction_does_not_name_stay(staff, make_user):
    load(staff, make.published_file())
    services.release_edition(IndexEdition.objects.get(), by=make_user("secretary"))
    rows = [
        row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows(places=("be",))
    ]
    load(staff, make.as_csv(rows))
    second = IndexEdition.objects.get(vintage=2)
    assert set(second.values.values_list("geo_id", flat=True)) == {"BE", "EU"}


def test_while_an_edition_waits_no_other_file_of_it_is_taken(staff):
    load(staff, make.published_file())
    rows = [row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows()]
    page = send(staff, make.as_csv(rows))
    assert {each.code for each in page.context["plan"].faults} == {"edition_waits"}


def test_what_changed_since_the_dry_run_is_told(staff):
    first, second = (
        send(staff, make.published_file()),
        send(staff, make.published_file(), edition="2023"),
    )
    confirm(staff, first)
    response = confirm(staff, second)
    assert CompositeIndex.objects.count() == 1
    assert IndexEdition.objects.count() == 1
    assert response.context["plan"].kind == "new_edition"


def test_names_that_a_draft_lacks_come_with_a_later_file(staff):
    load(staff, make.published_file())
    index = CompositeIndex.objects.get()
    with override("en"), pytest.raises(TransitionRefused, match="94 names"):
        services.submit_index(index, by=index.author)
    page = send(staff, make.as_csv(make.desi_rows(("en", "fr", "nl"))))
    assert page.context["plan"].kind == "texts"
    confirm(staff, page)
    assert IndexEdition.objects.count() == 1
    assert IndexNode.objects.get(code="1").name_nl == "Menselijk kapitaal"
    services.submit_index(index, by=index.author)


def test_inputs_are_linked_to_indicators_which_name_them(staff):
    indicator = kpi_rows.IndicatorFactory(code="desi-2022-1a1", name_fr="Compétences")
    page = send(staff, make.published_file(), prefix="desi-2022-")
    assert len(page.context["plan"].indicators) == 1
    confirm(staff, page)
    row = IndexInput.objects.get(code="1a1")
    assert (row.indicator, row.name_fr) == (indicator, "Compétences")


def test_three_levels_with_names_in_each_language(staff):
    rows = [
        {
            "code": f"x{number}",
            "name_fr": "Mesure",
            "name_nl": "Maat",
            "direction": "down" if number else "up",
            "norm_min": 0,
            "norm_max": 10,
            "weight": 1,
            "level_1": f"A{number} un",
            "level_1_weight": 0.5,
            "level_1_nl": f"een {number}",
            "level_2": "B1 deux",
            "level_2_weight": 1,
            "level_2_nl": "twee",
            "level_3": "C1 trois",
            "level_3_weight": 1,
            "level_3_nl": "drie",
            "BE": 4,
        }
        for number in range(2)
    ]
    load(staff, make.as_csv(rows), code="deep")
    lowest = IndexNode.objects.get(code="A1")
    assert (lowest.name_fr, lowest.name_nl) == ("un", "een 1")
    assert lowest.parent.parent.code == "C1"
    assert staff.get("/fr/kpi/indices/deep/").context["official"] == "50,0"


def test_missing_values_by_policy_through_the_screen(staff):
    gone = broken(lambda rows: rows[0].update(be=":"))
    page = send(staff, gone, missing="renormalise")
    assert dict(page.context["plan"].scores)["BE"] == pytest.approx(49.9, abs=0.5)
    confirm(staff, page)
    value = IndexValue.objects.get(input__code="1a1", geo_id="BE")
    assert (value.value, value.flag) == (None, "m")
    load(staff, broken(lambda rows: rows[0].update(be="0.5 i")), code="estimated")
    page = staff.get("/fr/kpi/indices/estimated/")
    assert [each.code for each in page.context["imputed"]] == ["1a1"]


def test_who_may_import(client, users, login):
    assert client.get(UPLOAD).status_code == 302
    for name, wanted in (("nobody", 403), ("auditor", 403), ("owner", 403), ("secretary", 200)):
        assert login(users[name]).get(UPLOAD).status_code == wanted, name
    with pytest.raises(PermissionRefused):
        services.start_import("a.csv", b"", Options("a", "1"), by=users["nobody"])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_imports(make_user):
    for code in ("BE", "EU"):
        Place.objects.filter(code=code).exists() or kpi_rows.place(code)
    user = make_user("staff")
    options = Options("twice", "1", {"fr": "Deux", "nl": "Twee"})
    batches = [
        services.start_import("a.csv", make.published_file(), options, by=user)
        for _each in range(2)
    ]
    states = [services.plan_of_import(each).state for each in batches]
    refusals = []

    def run(number):
        try:
            services.confirm_import(batches[number], by=user, state=states[number])
        except TransitionRefused as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refusals) == 1
    assert IndexEdition.objects.count() == 1
