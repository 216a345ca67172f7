"""The public lists and pages: who is in them, in which order, in which language, as a file."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core import trace
from programme.models import Workstream
from projects.models import SheetIdea
from stakeholders.models import Idea
from stakeholders.panels import chain, search_ideas, search_organisations
from tests.factories.programme import ThemeFactory, WorkstreamFactory
from tests.factories.projects import SheetFactory
from tests.factories.register import OrganisationNameFactory
from tests.factories.stakeholders import (
    IdeaFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SubmissionFactory,
)
from tests.factories.workshops import WorkshopFactory
from tests.stakeholders.conftest import address
from workshops.models import AgendaIdea

pytestmark = pytest.mark.django_db


def listed(client, query="", name="idea-list", language="fr"):
    """Return what the list shows, in its order."""
    response = client.get(f"{address(name, language=language)}?{query}")
    assert response.status_code == 200
    return list(response.context["page_obj"])


def test_the_list_shows_what_is_public_the_newest_first(client, users):
    old, new = IdeaFactory(published=True), IdeaFactory(published=True)
    Idea.objects.filter(pk=old.pk).update(published_at="2026-01-01T00:00Z")
    IdeaFactory()
    IdeaFactory(status="hidden", published=False)
    assert listed(client) == [new, old]
    client.force_login(users["staff"])
    assert listed(client) == [new, old], "the list is the same for everybody"


def test_filters(client):
    theme, other = ThemeFactory(slug="mobility"), ThemeFactory(slug="living")
    idea = IdeaFactory(
        answered=True,
        theme=theme,
        municipality=MunicipalityFactory(),
        workstream=WorkstreamFactory(slug="shared", theme=theme),
        language="nl",
        title="Één fietskaart",
    )
    IdeaFactory(published=True, theme=other)
    for query in (
        *("theme=mobility", "municipality=jette", "workstream=shared", "language=nl"),
        *("outcome=accepted", "status=answered", "search=fietskaart", "search=fietskaarten"),
        *("search=een+FIETSKAART", f"search={idea.reference.lower()}"),
    ):
        assert listed(client, query) == [idea], query
    for query in ("outcome=declined", "search=zzz", "theme=mobility&language=fr"):
        assert listed(client, query) == [], query
    assert len(listed(client, "theme=nonsense&page=99")) == 2


def test_accents_case_and_plurals_in_french(client):
    idea = IdeaFactory(published=True, title="Un vélo-cargo par quartier")
    for words in ("velo", "VÉLO", "vélos", "quartiers"):
        assert listed(client, f"search={words}") == [idea], words


def test_accents_case_and_plurals_in_dutch(client):
    idea = IdeaFactory(published=True, language="nl", title="Een fietspad met één bank")
    for words in ("fiets", "fietsen", "FIETSPADEN", "een bank", "banken"):
        assert listed(client, f"search={words}") == [idea], words


def test_an_exact_reference_comes_first(client):
    wanted = IdeaFactory(published=True)
    other = IdeaFactory(published=True, body=f"Comme {wanted.reference}, mais mieux.")
    assert listed(client, f"search={wanted.reference}") == [wanted, other]
    answer = search_ideas(wanted.reference.lower(), None)
    assert (answer["rows"], answer["total"]) == ([wanted, other], 2)


def test_the_reference_of_a_merged_idea_still_finds_it(client):
    survivor = IdeaFactory(published=True)
    merged = IdeaFactory(published=True, status="merged", duplicate_of=survivor)
    assert listed(client) == [survivor]
    assert listed(client, f"search={merged.reference}") == [merged]


def test_how_far_an_idea_came(client):
    heard, alone = IdeaFactory(published=True), IdeaFactory(published=True)
    AgendaIdea.objects.create(workshop=WorkshopFactory(), idea=heard)
    assert listed(client, "stage=2") == [heard]
    assert listed(client, "stage=1") == [alone]
    assert client.get(address("idea-detail", heard.reference)).context["stage"] == 2


def test_a_line_of_the_list_leads_to_what_became_of_the_idea(client):
    idea = IdeaFactory(published=True)
    IdeaFactory(published=True)
    workshop = WorkshopFactory()
    AgendaIdea.objects.create(workshop=workshop, idea=idea)
    with translation.override("nl"):
        page = client.get(address("idea-list", language="nl")).content.decode()
        line = f'<p class="became"><a href="{workshop.get_absolute_url()}">{workshop}</a></p>'
    assert page.count('class="became"') == page.count(line) == 1


def test_a_reference_in_lower_case_leads_to_the_page(client):
    idea = IdeaFactory(published=True)
    response = client.get(address("idea-detail", idea.reference.lower()))
    assert (response.status_code, response.url) == (301, address("idea-detail", idea.reference))
    assert client.get(address("idea-detail", "SCO-2026-99999")).status_code == 404


def test_the_office_looks_at_an_idea_before_the_public_does(client, users):
    idea = IdeaFactory()
    path = address("idea-detail", idea.reference)
    assert client.get(path).status_code == 404
    client.force_login(users["staff"])
    assert client.get(path).status_code == 200


def test_scripts_and_links_are_neutralised(client):
    idea = IdeaFactory(
        published=True,
        title="<script>alert(1)</script>",
        body="<img src=x onerror=alert(1)> javascript:alert(1) https://example.org/a?b=1&c=2",
    )
    for path in (address("idea-list"), address("idea-detail", idea.reference)):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "https://example.org/a?b=1&amp;c=2" in page


def test_words_stay_in_their_language_inside_the_frame(client):
    idea = IdeaFactory(
        published=True,
        language="nl",
        title="Een bank",
        body="Een bank aan elke halte.",
        staff_summary_fr="Un banc à chaque arrêt.",
    )
    page = client.get(address("idea-detail", idea.reference)).content.decode()
    assert '<span lang="nl">Een bank</span>' in page
    assert "Un banc à chaque arrêt." in page
    dutch = client.get(address("idea-detail", idea.reference, language="nl")).content.decode()
    assert "Un banc à chaque arrêt." not in dutch
    assert 'lang="nl">Een bank' not in dutch


def test_the_csv_is_safe_and_has_no_address(client):
    SubmissionFactory(idea__published=True, idea__title="=1+1", contact__email="zoe@example.org")
    SubmissionFactory(idea__title="not yet public")
    french = client.get(address("idea-list") + "?format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(french)))
    assert rows[1][1] == "'=1+1"
    assert "zoe@example.org" not in french
    assert "not yet public" not in french


def test_french_and_dutch_files_have_the_same_rows(client):
    IdeaFactory.create_batch(2, answered=True)
    files = [
        json.loads(client.get(address("idea-list", language=code) + "?format=json").content)
        for code in ("fr", "nl")
    ]
    references = [[row["reference"] for row in each["rows"]] for each in files]
    assert references[0] == references[1]
    assert len(references[0]) == 2
    assert client.get(address("idea-list") + "?format=xls").status_code == 404


def test_the_file_follows_the_filter(client):
    idea = IdeaFactory(published=True, language="nl")
    IdeaFactory(published=True)
    body = client.get(address("idea-list") + "?format=json&language=nl").content
    assert [row["reference"] for row in json.loads(body)["rows"]] == [idea.reference]


@pytest.mark.parametrize("query", ["", "?format=csv", "?search=banc", "?stage=1"])
def test_the_list_takes_as_many_queries_for_one_as_for_many(client, query):
    counts = set()
    for number in (1, 2, 20):
        for _each in range(number):
            theme = ThemeFactory()
            IdeaFactory(published=True, theme=theme, workstream=WorkstreamFactory(theme=theme))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("idea-list") + query).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_the_count_of_the_chain_is_the_list_behind_it(client):
    IdeaFactory(published=True)
    IdeaFactory(answered=True)
    IdeaFactory()
    answer = chain()
    assert answer["count"] == client.get(answer["url"]).context["page_obj"].paginator.count == 2
    assert answer["stage"] == 1


def test_the_total_of_the_search_is_the_list_behind_it(client):
    IdeaFactory(published=True, title="Zébrures")
    OrganisationFactory(name_fr="Zébrures asbl", name_nl="Zebra vzw")
    for answer in (search_ideas("zebrures", None), search_organisations("zebrures", None)):
        assert answer["total"] == 1
        assert list(client.get(answer["url"]).context["page_obj"]) == answer["rows"]


def test_the_register_shows_who_agreed_in_the_order_of_the_language(client):
    first = OrganisationFactory(name_fr="Éclair", name_nl="Zon")
    second = OrganisationFactory(name_fr="zone", name_nl="Bliksem")
    hidden = OrganisationFactory(is_listed=False)
    assert listed(client, name="organisation-list") == [first, second]
    assert listed(client, name="organisation-list", language="nl") == [second, first]
    assert client.get(address("organisation-detail", hidden.slug)).status_code == 404
    assert client.get(first.get_absolute_url()).status_code == 200


def test_filters_of_the_register(client):
    theme = ThemeFactory(slug="living")
    found = OrganisationFactory(helix="academia", municipality=MunicipalityFactory())
    OrganisationNameFactory(organisation=found)
    found.themes.add(theme)
    OrganisationFactory()
    for query in ("helix=academia", "theme=living", "municipality=jette", "search=cibg"):
        assert listed(client, query, name="organisation-list") == [found], query


def test_an_organisation_is_tied_to_an_idea_only_where_the_author_wished_it(client, users):
    organisation = OrganisationFactory()
    idea = IdeaFactory(published=True, organisation=organisation)
    path = organisation.get_absolute_url()
    assert idea.title not in client.get(path).content.decode()
    Idea.objects.update(display="organisation")
    assert idea.title in client.get(path).content.decode()


def test_a_workstream_leads_to_its_ideas(client):
    workstream = WorkstreamFactory()
    idea = IdeaFactory(published=True, workstream=workstream)
    assert Workstream.objects.get() == workstream
    page = client.get(address("idea-detail", idea.reference)).content.decode()
    assert workstream.name_fr in page


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
@pytest.mark.parametrize(
    "name",
    [
        *("idea-list", "idea-new", "idea-similar", "idea-sent", "idea-track"),
        *("organisation-list", "subscribe"),
    ],
)
def test_every_page_speaks_its_language(client, name, language):
    IdeaFactory(published=True)
    page = client.get(address(name, language=language)).content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1


def test_an_idea_is_not_credited_with_what_others_of_its_workshop_became(client):
    became, parked = IdeaFactory(published=True), IdeaFactory(published=True)
    workshop, sheet = WorkshopFactory(), SheetFactory(status="frozen")
    for idea in (became, parked):
        AgendaIdea.objects.create(workshop=workshop, idea=idea)
    sheet.workshops.add(workshop)
    SheetIdea.objects.create(sheet=sheet, idea=became)
    user = AnonymousUser()
    assert trace.stages([became, parked], user) == {became.pk: 3, parked.pk: 2}
    (root,) = trace.walk([sheet], user, down=False)
    assert {node.obj for node in trace.descendants(root)} >= {became, workshop}
    assert parked not in {node.obj for node in trace.descendants(root)}
    (root,) = trace.walk([workshop], user, down=False)
    assert {became, parked} <= {node.obj for node in trace.descendants(root)}


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"display": "name", "display_text": "Un facteur"}, "fr"),
        ({"display": "organisation", "display_text": "Les facteurs"}, "fr"),
        ({"display": "anonymous", "display_text": "Un facteur"}, ""),
        ({"display": "name", "display_text": ""}, ""),
    ],
)
def test_the_name_of_an_author_keeps_its_language(client, fields, language):
    idea = IdeaFactory(published=True, **fields)
    assert idea.author_language == language
    for path in (
        address("idea-list", language="nl"),
        address("idea-detail", idea.reference, language="nl"),
    ):
        page = client.get(path).content.decode()
        assert (f'<span lang="fr">{idea.author}</span>' in page) == bool(language)


def test_the_name_of_a_checked_organisation_follows_the_page():
    idea = IdeaFactory(
        organisation=OrganisationFactory(), display="organisation", display_text="Les facteurs"
    )
    assert idea.author_language == ""


def test_the_list_says_of_how_many_only_where_it_is_narrowed(client):
    IdeaFactory(published=True, language="nl")
    IdeaFactory(published=True)
    IdeaFactory(published=True, status="withdrawn", closing_reason="solved")
    path = address("idea-list", language="en")
    whole = client.get(path)
    assert (whole.context["total"], "2</span> ideas, newest" in whole.content.decode()) == (2, True)
    narrowed = client.get(path, {"language": "nl"}).content.decode()
    assert '1</span> idea of <span class="num">2</span>, newest' in narrowed
