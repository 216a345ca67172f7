"""The import of an index: dry run, faults, corrections, other methods, four eyes."""

import io
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.translation import override
from openpyxl import Workbook

from core.workflow import PermissionRefused, TransitionRefused
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
from tests.factories.index_uploads import UPLOAD, broken, confirm, faults, load, send

pytestmark = pytest.mark.django_db


def test_case_1_the_published_file_through_the_screen(uploader):
    """Case 1."""
    page = send(uploader, make.published_file())
    assert not CompositeIndex.objects.exists()
    text = page.content.decode()
    assert "50,3" in text
    assert "52,3" in text
    index_page = confirm(uploader, page)
    text = index_page.content.decode()
    assert "50,3" in text
    assert "52,3" in text
    explained = uploader.get("/fr/kpi/indices/desi-test/explain/?geo=BE&edition=2022")
    rows = explained.context["found"].rows
    assert len(rows) == 33
    assert sum(each.weight * each.z * 100 for each in rows) == pytest.approx(50.3074, abs=1e-4)
    assert explained.content.decode().count("<tr>") == 33 + 2


def test_the_file_as_it_is_handed_out(uploader):
    content = make.published_file()
    load(uploader, content)
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


def test_the_same_file_again_is_nothing_to_do(uploader):
    load(uploader, make.published_file())
    page = send(uploader, make.published_file())
    assert page.context["plan"].kind == "nothing"
    assert page.context["plan"].counts == {"unchanged": 66}
    with override("en"), pytest.raises(TransitionRefused, match="nothing to do"):
        services.confirm_import(
            IndexImport.objects.first(),
            by=page.wsgi_request.user,
            state=page.context["plan"].state,
        )
    assert IndexEdition.objects.count() == 1


def test_confirming_twice_imports_once(uploader, users):
    page = send(uploader, make.published_file())
    confirm(uploader, page)
    confirm(uploader, page)
    assert IndexEdition.objects.count() == 1
    batch = IndexImport.objects.get()
    assert batch.edition == IndexEdition.objects.get()
    assert uploader.get(page.request["PATH_INFO"]).status_code == 200


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("delimiter", "comma"), [(";", True), (";", False), ("\t", True), (",", True)]
)
def test_separators_commas_and_marks(uploader, delimiter, comma, mark):
    content = make.as_csv(make.desi_rows(), delimiter, comma)
    content = mark + content + (delimiter * 12 + "\r\n").encode() * 2
    page = send(uploader, content)
    assert page.context["plan"].faults == []
    assert dict(page.context["plan"].scores)["BE"] == pytest.approx(50.3074, abs=1e-4)


def test_windows_encoding_and_xlsx(uploader):
    rows = make.desi_rows()
    rows[0]["source"] = "Enquête"
    assert not send(uploader, make.as_csv(rows).decode().encode("cp1252")).context["plan"].faults
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    plan = send(uploader, out.getvalue(), name="index.xlsx").context["plan"]
    assert dict(plan.scores)["EU"] == pytest.approx(52.2752, abs=1e-4)


def test_points_and_commas_in_one_file_are_refused_with_the_line(uploader):
    content = make.as_csv(make.desi_rows(), ";").decode().replace("0.670516", "0,670516").encode()
    assert faults(send(uploader, content)) == {(4, "be", "mixed_signs")}


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
def test_each_fault_names_row_column_and_what_to_do(uploader, change, wanted):
    page = send(uploader, broken(change))
    assert wanted in faults(page)
    plan = page.context["plan"]
    assert not plan.may_run
    assert all(each.message for each in plan.faults)
    confirm(uploader, page)
    assert not CompositeIndex.objects.exists()


def test_an_unknown_place_is_told_with_the_nearest(uploader):
    kpi_rows.place("BXL")
    page = send(uploader, broken(lambda rows: [each.update(bx=each.pop("eu")) for each in rows]))
    fault = page.context["plan"].faults[0]
    assert (fault.code, fault.words) == ("place_unknown", {"nearest": "BXL"})
    assert "BXL" in page.content.decode()


def test_case_17_weights_of_a_file_that_sum_to_98_hundredths(uploader):
    """Case 17, at the import."""
    page = send(
        uploader,
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
def test_a_file_that_is_no_table_is_told_beside_the_field(uploader, content):
    data = make.typed(content)
    response = uploader.post(UPLOAD, data)
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
def test_what_is_typed_wrong_is_told_beside_its_field(uploader, bad, field):
    response = uploader.post(UPLOAD, make.typed(make.published_file(), **bad))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not IndexImport.objects.exists()


def test_a_second_edition_adds_values_only(uploader):
    load(uploader, make.published_file())
    before = (IndexNode.objects.count(), IndexInput.objects.count())
    rows = make.desi_rows()
    rows[0]["be"] = 0.6
    page = send(uploader, make.as_csv(rows), edition="2023", name_fr="", name_nl="", missing="")
    assert page.context["plan"].kind == "new_edition"
    confirm(uploader, page)
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
def test_another_method_is_refused_with_the_differences(uploader, change, part):
    load(uploader, make.published_file())
    page = send(uploader, broken(change), edition="2023")
    plan = page.context["plan"]
    assert plan.kind == "refused"
    assert part in {each.part for each in plan.differences}
    confirm(uploader, page)
    assert IndexEdition.objects.count() == 1


def test_another_rule_for_missing_values_is_another_method(uploader):
    load(uploader, make.published_file())
    page = send(uploader, make.published_file(), edition="2023", missing="renormalise")
    assert [each.part for each in page.context["plan"].differences] == ["desi-test"]


def test_a_correction_is_a_later_vintage_and_as_known_on_works(uploader, users, make_user):
    other = make_user("secretary")
    load(uploader, make.published_file(), published_on="2022-07-28")
    services.release_edition(IndexEdition.objects.get(), by=other)
    rows = [row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows()]
    late = send(uploader, make.as_csv(rows), published_on="2022-07-28")
    assert {each.code for each in late.context["plan"].faults} == {"published_before"}
    page = send(uploader, make.as_csv(rows), published_on="2023-01-10")
    plan = page.context["plan"]
    assert (plan.kind, plan.counts) == ("correction", {"changed": 1, "unchanged": 65})
    confirm(uploader, page)
    second = IndexEdition.objects.get(vintage=2)
    assert second.values.count() == 66
    url = "/fr/kpi/indices/desi-test/"
    assert uploader.get(url).context["official"] == "50,3"
    assert uploader.get(url + "?edition=2022&waiting=yes").context["official"] == "50,7"
    services.release_edition(second, by=other)
    assert uploader.get(url).context["official"] == "50,7"
    assert uploader.get(url + "?as_of=2022-12-31").context["official"] == "50,3"
    nothing = uploader.get(url + "?as_of=2020-01-01")
    assert (nothing.status_code, nothing.context["edition"]) == (200, None)
    assert uploader.get(url + "?as_of=2020-01-01&edition=2022").status_code == 404


def test_places_that_a_correction_does_not_name_stay(uploader, make_user):
    load(uploader, make.published_file())
    services.release_edition(IndexEdition.objects.get(), by=make_user("secretary"))
    rows = [
        row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows(places=("be",))
    ]
    load(uploader, make.as_csv(rows))
    second = IndexEdition.objects.get(vintage=2)
    assert set(second.values.values_list("geo_id", flat=True)) == {"BE", "EU"}


def test_while_an_edition_waits_no_other_file_of_it_is_taken(uploader):
    load(uploader, make.published_file())
    rows = [row | {"be": 0.6} if row["code"] == "1a1" else row for row in make.desi_rows()]
    page = send(uploader, make.as_csv(rows))
    assert {each.code for each in page.context["plan"].faults} == {"edition_waits"}


def test_what_changed_since_the_dry_run_is_told(uploader):
    first, second = (
        send(uploader, make.published_file()),
        send(uploader, make.published_file(), edition="2023"),
    )
    confirm(uploader, first)
    response = confirm(uploader, second)
    assert CompositeIndex.objects.count() == 1
    assert IndexEdition.objects.count() == 1
    assert response.context["plan"].kind == "new_edition"


def test_names_that_a_draft_lacks_come_with_a_later_file(uploader):
    load(uploader, make.published_file())
    index = CompositeIndex.objects.get()
    with override("en"), pytest.raises(TransitionRefused, match="94 names"):
        services.submit_index(index, by=index.author)
    page = send(uploader, make.as_csv(make.desi_rows(("en", "fr", "nl"))))
    assert page.context["plan"].kind == "texts"
    confirm(uploader, page)
    assert IndexEdition.objects.count() == 1
    assert IndexNode.objects.get(code="1").name_nl == "Menselijk kapitaal"
    services.submit_index(index, by=index.author)


def test_inputs_are_linked_to_indicators_which_name_them(uploader):
    indicator = kpi_rows.IndicatorFactory(code="desi-2022-1a1", name_fr="Compétences")
    page = send(uploader, make.published_file(), prefix="desi-2022-")
    assert len(page.context["plan"].indicators) == 1
    confirm(uploader, page)
    row = IndexInput.objects.get(code="1a1")
    assert (row.indicator, row.name_fr) == (indicator, "Compétences")


def test_three_levels_with_names_in_each_language(uploader):
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
    load(uploader, make.as_csv(rows), code="deep")
    lowest = IndexNode.objects.get(code="A1")
    assert (lowest.name_fr, lowest.name_nl) == ("un", "een 1")
    assert lowest.parent.parent.code == "C1"
    assert uploader.get("/fr/kpi/indices/deep/").context["official"] == "50,0"


def test_missing_values_by_policy_through_the_screen(uploader):
    gone = broken(lambda rows: rows[0].update(be=":"))
    page = send(uploader, gone, missing="renormalise")
    assert dict(page.context["plan"].scores)["BE"] == pytest.approx(49.9, abs=0.5)
    confirm(uploader, page)
    value = IndexValue.objects.get(input__code="1a1", geo_id="BE")
    assert (value.value, value.flag) == (None, "m")
    load(uploader, broken(lambda rows: rows[0].update(be="0.5 i")), code="estimated")
    page = uploader.get("/fr/kpi/indices/estimated/")
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
