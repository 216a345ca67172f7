"""Pages and files: what each reader finds, and that no score leaks before the opening."""

import json
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core import slots, trace
from core.models import StatusChange
from projects import panels, services
from projects.models import Ballot, JurySession, ProjectSheet, SheetStatus
from tests.factories.programme import WorkstreamFactory
from tests.factories.projects import (
    REASONS,
    FrozenSheetFactory,
    IdeaFactory,
    SheetFactory,
)
from tests.projects.conftest import CANARY

pytestmark = pytest.mark.django_db


class Language(HTMLParser):
    """Reads the language of a page."""

    found = None

    def handle_starttag(self, tag, attrs):
        if tag == "html":
            self.found = dict(attrs)["lang"]


def language_of(response) -> str:
    reader = Language()
    reader.feed(response.content.decode())
    return reader.found


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_public_pages_exist_in_each_language(client, published, language):
    addresses = ["projects/", "jury/"]
    addresses += [f"projects/{published.sheets[0].reference}/", f"jury/{published.session.slug}/"]
    for address in addresses:
        response = client.get(f"/{language}/{address}")
        assert response.status_code == 200
        assert language_of(response) == language


def test_the_public_reads_results_and_reasons_but_no_named_ballot(client, published):
    page = client.get(f"/en/jury/{published.session.slug}/").content.decode()
    assert "3.60" in page
    assert "Un besoin réel." in page
    assert CANARY not in page
    sheet = client.get(published.sheets[0].get_absolute_url()).content.decode()
    assert "3,60" in sheet or "3.60" in sheet


def test_results_export_the_same_figures(client, published):
    answer = client.get(f"/fr/jury/{published.session.slug}/?format=json")
    row = json.loads(answer.content)["rows"][0]
    assert (row["mean"], row["ballots"], row["missing"]) == (3.6, 3, 0)
    assert CANARY not in answer.content.decode()


def walk_pages(client, jury):
    """Return every page, file and back-office page on which something of the jury could show."""
    session, sheet = jury.session, jury.sheets[0]
    addresses = [
        "/fr/projects/",
        "/fr/projects/?search=canari",
        "/fr/projects/?format=csv",
        "/fr/projects/?format=json",
        f"/fr/projects/{sheet.reference}/",
        "/fr/jury/",
        "/fr/jury/ballots/",
        f"/fr/jury/{session.slug}/",
        f"/fr/jury/{session.slug}/?format=json",
        *[f"/fr/jury/ballots/{each.pk}/" for each in session.assignments.all()],
        reverse("admin:projects_ballot_changelist"),
        reverse("admin:projects_jurysession_changelist"),
        reverse("admin:projects_jurysession_change", args=[session.pk]),
        *[reverse("admin:projects_ballot_change", args=[each.pk]) for each in Ballot.objects.all()],
        reverse("admin:core_statuschange_changelist"),
    ]
    return [client.get(address) for address in addresses]


@pytest.mark.slow
def test_before_the_opening_no_reader_finds_a_score(client, make_jury, users):
    jury = make_jury(jurors=2)
    jury.seal(0, 0, 4, 3, comment=CANARY)
    everybody = [*users.values(), jury.jurors[1]]
    nearest = [users["secretary"], users["chair"], users["auditor"], jury.jurors[1]]
    for closed, readers in ((False, everybody), (True, nearest)):
        if closed:
            jury.close()
        for reader in readers:
            client.force_login(reader)
            for response in walk_pages(client, jury):
                text = response.content.decode()
                assert CANARY not in text
                assert "3,60" not in text
    assert not StatusChange.objects.filter(note__contains="canari").exists()
    assert CANARY not in json.dumps([panels.chain(), panels.progress()])


def test_a_juror_reads_the_own_ballot_for_ever_and_no_other(client, published):
    own = published.assignment(0)
    client.force_login(published.jurors[0])
    assert CANARY in client.get(f"/fr/jury/ballots/{own.pk}/").content.decode()
    other = published.assignment(1)
    assert client.get(f"/fr/jury/ballots/{other.pk}/").status_code == 404
    client.force_login(published.secretary)
    assert client.get(f"/fr/jury/ballots/{own.pk}/").status_code == 404


def test_named_ballots_are_for_those_who_deliberate(client, jury, users):
    for juror in range(3):
        jury.seal(juror, 0, 4, 3, comment=CANARY)
    jury.open()
    readers = {**users, "juror of it": jury.jurors[0], "chair": jury.chair}
    seen = set()
    for role, user in readers.items():
        client.force_login(user)
        if CANARY in client.get(f"/fr/jury/{jury.session.slug}/").content.decode():
            seen.add(role)
    assert seen == {"secretary", "chair", "auditor", "juror of it"}


def test_a_conflicted_chair_sees_nothing_of_that_sheet(client, make_jury):
    jury = make_jury(stage="planned", sheets=2)
    jury.jurors.append(jury.chair)
    jury.mandates.append(jury.add_mandate(jury.chair))
    services.freeze_rules(jury.session, by=jury.chair)
    services.open_scoring(jury.session, by=jury.chair)
    jury.declare(juror=3, sheet=0, answer="conflict")
    client.force_login(jury.chair)
    address = f"/fr/jury/{jury.session.slug}/"

    def told(response):
        context = response.context
        return [row.sheet for row in context["board"]], [
            row.sheet for row, _tie in context["results"]
        ]

    assert told(client.get(address)) == ([jury.sheets[1]], [])
    for juror in range(3):
        jury.seal(juror, 0, 4, 3, comment=CANARY)
        jury.seal(juror, 1, 2, 2)
    jury.open(note="le président est récusé")
    response = client.get(address)
    assert told(response) == ([jury.sheets[1]], [jury.sheets[1]])
    assert response.context["declarations"] == []
    assert CANARY not in response.content.decode()


def test_the_author_of_a_sheet_is_told_why_and_not_404(client, make_jury):
    jury = make_jury(stage="planned")
    ProjectSheet.objects.update(lead=jury.jurors[0])
    services.freeze_rules(jury.session, by=jury.chair)
    services.open_scoring(jury.session, by=jury.chair)
    client.force_login(jury.jurors[0])
    with translation.override("en"):
        answer = client.get(f"/en/jury/ballots/{jury.assignment().pk}/")
    assert answer.status_code == 200
    assert "so you cannot score it" in answer.content.decode()


def test_moves_over_http_follow_the_table(client, make_jury, users):
    jury = make_jury(stage="planned")
    address = f"/fr/jury/{jury.session.slug}/do/freeze_rules/"
    for role, user in users.items():
        if role == "chair":
            continue
        client.force_login(user)
        assert client.post(address).status_code in (403, 404)
    client.logout()
    assert client.post(address).status_code == 302
    client.force_login(jury.chair)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert client.get(f"/fr/jury/{jury.session.slug}/do/burn/").status_code == 404
    assert JurySession.objects.get().status == "rules_frozen"


def test_a_proposal_is_made_over_http_with_its_reasons(client, make_jury):
    jury = make_jury()
    jury.deliberate()
    client.force_login(jury.chair)
    address = f"/fr/projects/{jury.sheets[0].reference}/do/propose/"
    assert client.post(address, {"reasons_fr": "Un besoin."}).status_code == 200
    assert client.post(address, REASONS).status_code == 302
    assert ProjectSheet.objects.get().status == SheetStatus.PROPOSED


def test_an_unpublished_sheet_does_not_exist_for_the_public(client, users):
    sheet = SheetFactory()
    assert client.get(sheet.get_absolute_url()).status_code == 404
    assert client.get("/fr/projects/").context["page_obj"].paginator.count == 0
    client.force_login(users["staff"])
    assert client.get(sheet.get_absolute_url()).status_code == 200


def test_filters_search_and_files_agree(client):
    stream = WorkstreamFactory()
    kept = FrozenSheetFactory(title_fr="Vélos-cargos", workstream=stream)
    FrozenSheetFactory(title_fr="Arbres", title_nl="Bomen")
    for query in (f"workstream={stream.slug}", "search=velos-cargos", f"call={kept.call.slug}"):
        page = client.get(f"/fr/projects/?{query}")
        assert [sheet.reference for sheet in page.context["page_obj"]] == [kept.reference]
        rows = json.loads(client.get(f"/fr/projects/?{query}&format=json").content)["rows"]
        assert [row["reference"] for row in rows] == [kept.reference]
    assert client.get("/fr/projects/?theme=unknown&page=zzz").status_code == 200
    ProjectSheet.objects.update(title_fr="=1+1")
    assert ",'=1+1," in client.get("/fr/projects/?format=csv").content.decode()


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/fr/projects/", "/fr/projects/?format=csv", "/fr/jury/"])
def test_lists_ask_the_same_for_1_3_and_300_rows(client, jury, address):
    counts = [queries(client, address)]
    FrozenSheetFactory.create_batch(2, call=jury.call)
    counts.append(queries(client, address))
    SheetFactory.create_batch(297, call=jury.call, theme=jury.sheets[0].theme, status="frozen")
    counts.append(queries(client, address))
    assert len(set(counts)) == 1


def test_a_session_page_asks_the_same_for_1_and_8_sheets(client, make_jury):
    def cost(sheets):
        jury = make_jury(sheets=sheets)
        client.force_login(jury.secretary)
        return queries(client, f"/fr/jury/{jury.session.slug}/")

    assert cost(1) == cost(8)


def test_the_ballot_list_asks_the_same_for_1_and_8_sheets(client, make_jury):
    def cost(sheets):
        jury = make_jury(sheets=sheets)
        client.force_login(jury.jurors[0])
        return queries(client, "/fr/jury/ballots/")

    assert cost(1) == cost(8)


def test_the_office_makes_a_sheet_from_an_idea_by_a_button(client, users):
    idea, call = IdeaFactory(), FrozenSheetFactory().call
    action = panels.idea_action(idea, user=users["staff"])
    assert panels.idea_action(idea, user=users["juror"]) is None
    client.force_login(users["juror"])
    assert client.get(action["url"]).status_code == 403
    client.force_login(users["staff"])
    answer = client.post(action["url"], {"call": call.pk})
    made = ProjectSheet.objects.get(status="draft")
    assert answer.url == reverse("admin:projects_projectsheet_change", args=[made.pk])
    assert client.get(answer.url).status_code == 200


def test_the_chain_is_walked_from_the_idea_to_the_decision(published):
    idea, sheet = IdeaFactory(), published.sheets[0]
    sheet.ideas.add(idea)
    (root,) = trace.walk([idea], None)
    assert [node.obj for node in trace.descendants(root)] == [sheet, sheet.result.decision]


def test_counts_equal_the_lists_behind_them(client, published):
    SheetFactory()
    for answer in (panels.chain(), panels.progress()["SHEETS"]):
        page = client.get(answer["url"])
        assert page.context["page_obj"].paginator.count == answer["count"] == 1


def test_the_search_of_the_portal_finds_what_the_reader_may_see(users):
    FrozenSheetFactory(title_fr="Capteurs")
    SheetFactory(title_fr="Capteurs cachés")
    assert panels.search("capteurs", None)["total"] == 1
    assert panels.search("capteurs", users["staff"])["total"] == 2
    assert panels.search in [function for _o, function in slots._SLOTS["portal.search"]]
