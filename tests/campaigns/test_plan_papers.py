"""The plan as PDF, tagged and in its language, and as files with the same figures in both."""

import csv
import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from campaigns import services
from campaigns.models import KPIReading
from tests.factories.campaigns import PlanActionFactory, PlanKPIFactory, full_plan
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("x") \\ end <b>'


@pytest.fixture
def staff(make_user):
    return make_user("staff", name="Louise Peeters")


@pytest.fixture
def adopted(staff):
    plan = full_plan(is_demo=True)
    action = plan.actions.get()
    action.text_fr, action.text_nl, action.budget = HOSTILE, HOSTILE, "1250.50"
    action.lead = OrganisationFactory(name_fr="Porteur", name_nl="Trekker")
    action.save()
    services.adopt_plan(plan, by=staff)
    KPIReading.objects.create(kpi=plan.kpis.get(), on=date(2026, 3, 1), value="7")
    return plan


def address(plan, language, rest=""):
    return f"/{language}/communication-plans/{plan.pk}/{rest}"


def read(response) -> tuple[PdfReader, str]:
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("rest", ["pdf/", "versions/1/pdf/"])
@pytest.mark.parametrize(
    ("language", "heading", "lead", "mark"),
    [
        ("fr", "Objectifs", "Porteur", "Démonstration"),
        ("nl", "Doelstellingen", "Trekker", "Demonstratie"),
        ("en", "Objectives", "Porteur", "Demonstration"),
    ],
)
def test_the_pdf_is_tagged_and_in_the_language_of_the_page(
    client, adopted, rest, language, heading, lead, mark
):
    reader, words = read(client.get(address(adopted, language, rest)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    objective = adopted.objectives.get()
    said = objective.text_nl if language == "nl" else objective.text_fr
    for part in (heading, lead, mark, said, HOSTILE):
        assert part in words, part


def test_the_pdf_of_a_version_does_not_follow_the_rows(client, adopted, staff):
    _reader, before = read(client.get(address(adopted, "nl", "versions/1/pdf/")))
    services.complete_action(adopted.actions.get(), by=staff, done_on=date(2026, 2, 28))
    _reader, after = read(client.get(address(adopted, "nl", "versions/1/pdf/")))
    _reader, live = read(client.get(address(adopted, "nl", "pdf/")))
    assert before == after
    assert "28 februari 2026" in live
    assert "28 februari 2026)" not in after


def test_a_plan_without_figures_makes_a_pdf_too(client, staff):
    plan = full_plan()
    plan.kpis.all().delete()
    services.adopt_plan(plan, by=staff)
    _reader, words = read(client.get(address(plan, "fr", "pdf/")))
    assert plan.actions.get().title_fr in words


def table(client, plan, language="fr", **query) -> dict:
    response = client.get(address(plan, language), {"format": "json", **query})
    assert response.status_code == 200
    return json.loads(response.content)


def test_actions_and_figures_are_files_with_the_same_figures_in_both(client, adopted):
    for name, figures in (
        ("actions", ("budget", "starts_on", "ends_on", "done_on", "objective")),
        ("kpis", ("baseline", "target", "value", "due", "as_of", "objective")),
    ):
        french, dutch = (table(client, adopted, code, table=name)["rows"] for code in ("fr", "nl"))
        assert len(french) == len(dutch) == 1
        assert [french[0][key] for key in figures] == [dutch[0][key] for key in figures]
    (action,) = table(client, adopted, table="actions")["rows"]
    assert (action["budget"], action["lead"], action["demonstration"]) == (1250.5, "Porteur", True)
    (kpi,) = table(client, adopted, table="kpis")["rows"]
    assert (kpi["target"], kpi["value"], kpi["as_of"]) == (20, 7, "2026-03-01")


@pytest.mark.parametrize("name", ["actions", "kpis"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_each_table_is_there_in_each_format(client, adopted, name, kind):
    response = client.get(address(adopted, "nl"), {"format": kind, "table": name})
    assert response.status_code == 200
    assert f"-nl.{kind}" in response["Content-Disposition"]
    assert len(response.content) > 100


def test_a_file_follows_the_filter_and_says_so(client, adopted):
    PlanActionFactory(plan=adopted, channel="mail")
    found = table(client, adopted, channel="mail")
    assert len(found["rows"]) == 1
    assert "e-mail" in found["meta"]["filter"].lower()
    text = client.get(address(adopted, "fr"), {"format": "csv"}).content.decode()
    assert len(list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))) == 1 + 2 + 1 + 3


@pytest.mark.parametrize("query", [{"format": "exe"}, {"format": "csv", "table": "votes"}])
def test_an_unknown_file_is_not_found(client, adopted, query):
    assert client.get(address(adopted, "fr"), query).status_code == 404


def test_the_public_file_names_nobody(client, adopted, staff):
    action = adopted.actions.get()
    action.owner, action.text_nl = staff, ""
    services.save_row(action, by=staff, changed=["owner", "text_nl"])
    (row,) = table(client, adopted)["rows"]
    assert "owner" not in row
    assert row["text"] is None
    client.force_login(staff)
    (row,) = table(client, adopted)["rows"]
    assert row["owner"] == str(staff)


def test_the_figures_of_an_action_name_it(client, adopted):
    PlanKPIFactory(plan=adopted, objective=None, action=adopted.actions.get(), position=999)
    rows = table(client, adopted, table="kpis")["rows"]
    assert [row["action"] for row in rows] == [None, adopted.actions.get().title_fr]
