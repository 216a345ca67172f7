"""Cases 15 and 16: many ideas at once, reports, and nobody in their own case."""

import re

import pytest

from stakeholders.admin import IdeaAdmin
from stakeholders.models import Idea, IdeaReport
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.acceptance.conftest import reference_in

pytestmark = pytest.mark.django_db
LIST = "/admin/stakeholders/idea/"


def choose(office, action, ideas, query=""):
    """Tick ideas in the list and start an action on them: → the question."""
    ticked = [str(idea.pk) for idea in ideas]
    form = office.open(LIST + query).form("action", "_selected_action")
    return form.send("index", action=action, _selected_action=ticked)


@pytest.fixture
def pages_of_two(monkeypatch):
    """Pages of the list of two lines each."""
    monkeypatch.setattr(IdeaAdmin, "list_per_page", 2)


def test_case_15_filter_page_and_order_stay(office, pages_of_two):
    """On the second page of a filtered, sorted and searched list two ideas are published at once;
    afterwards the same list stands there, with the next ideas on its second page."""
    ideas = [IdeaFactory(title=f"Banc numéro {n}") for n in range(6)]
    query = "?status__exact=received&o=2&p=2&q=banc"
    question = choose(office, "publish_many", ideas[2:4], query)
    assert all(idea.title in question.words for idea in ideas[2:4])
    assert not Idea.objects.filter(status="published").exists()
    done = question.form("confirmed").send()
    assert done.path == LIST + query
    assert all(
        idea.title not in done.tree.xpath("//table")[0].text_content() for idea in ideas[2:4]
    )
    assert ideas[4].title in done.words
    assert Idea.objects.filter(status="published").count() == 2


def test_case_15_what_is_hidden_leaves_public_lists_at_once(office, browser):
    """Two of three public ideas are hidden with a reason; the next visitor sees the third only, in
    list, search, file and feed, and the pages are gone."""
    ideas = [IdeaFactory(published=True, title=f"Banc numéro {n}") for n in range(3)]
    anybody = browser("fr")
    places = ("", "?search=banc", "?format=json", "?format=csv")
    assert all(
        idea.title in anybody.page("idea-list", query=place).text
        for place in places
        for idea in ideas
    )
    question = choose(office, "hide_many", ideas[:2])
    assert question.form("confirmed").send().form("confirmed"), "the reason is asked for"
    question.form("confirmed").send(note="Injurieux.")
    for place in places:
        text = anybody.page("idea-list", query=place).text
        assert [idea.title in text for idea in ideas] == [False, False, True], place
    feed = anybody.page("idea-feed").text
    assert [idea.title in feed for idea in ideas] == [False, False, True]
    assert [anybody.page("idea-detail", idea.reference).status for idea in ideas] == [404, 404, 200]


def test_case_15_nobody_moderates_an_idea_of_their_own(office, second):
    """Whoever of the staff sent an idea finds no button for it, is refused when the address is
    typed, and is told so in the list of many; a colleague decides."""
    mine = ContactFactory(user=office.user)
    own, other = SubmissionFactory(contact=mine).idea, IdeaFactory()
    row = office.row(own.reference)
    assert not [href for href in row.links if re.search(r"/do/(publish|refuse|hide)/", href)]
    assert office.open(row.path.replace("change/", "do/publish/")).status == 403
    question = choose(office, "publish_many", [own, other])
    stays = question.words.partition(own.reference)[2]
    assert "vous-même" in stays
    question.form("confirmed").send()
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == ("received", "published")
    second.publish(own.reference)
    own.refresh_from_db()
    assert own.status == "published"


def report(who, reference, **values):
    """Follow the way from the page of an idea and send a report."""
    form = who.page("idea-detail", reference).follow("/report/").form("reason")
    return form.send(**{"reason": "offensive", "details": "Le titre.", **values})


@pytest.fixture
def reference(published, author) -> str:
    """The reference of a public idea."""
    return published(author)[0]


def test_case_16_a_report_has_a_reason_and_raises_the_idea(reference, browser, office, language):
    """A report without a reason is refused beside the field. With one, the idea comes before
    all that has waited longer, with the number of people and their words for the staff."""
    older = IdeaFactory(received_at="2026-01-01T09:00Z")
    form = browser(language).page("idea-detail", reference).follow("/report/").form("reason")
    refused = form.send(details="Le titre.")
    assert set(refused.errors) == {"reason"}
    assert not IdeaReport.objects.exists()
    before = office.open(LIST + "queue/").words
    assert reference not in before
    assert older.reference in before
    for _person in range(2):
        assert report(browser(language), reference).errors == {}
    queue = office.open(LIST + "queue/")
    assert queue.words.index(reference) < queue.words.index(older.reference)
    assert "signalée par 2 personnes" in queue.words
    assert "Le titre." in queue.follow("/reports/").words
    assert "Le titre." not in browser(language).page("idea-detail", reference).words


def test_case_16_one_person_reports_once(reference, browser, language):
    """The same visitor again, or the same address elsewhere, is answered the same and counts once;
    another person counts."""
    first = browser(language)
    replies = [report(first, reference, reason=reason) for reason in ("offensive", "advertising")]
    assert replies[0].words == replies[1].words
    for email in ("an@example.org", "AN@example.org"):
        report(browser(language), reference, email=email)
    assert IdeaReport.objects.count() == 2
    report(browser(language), reference)
    assert IdeaReport.objects.count() == 3


def test_case_16_only_staff_hide_and_only_with_a_reason(
    reference, browser, colleague, office, language
):
    """Reports do not hide an idea, however many; other roles find no button and no way; the staff
    need a reason, and then the page is gone."""
    anybody = browser(language)
    for _person in range(6):
        report(browser(language), reference)
    assert anybody.page("idea-detail", reference).status == 200
    screen = office.open(LIST + "queue/").follow("/reports/").path
    for role in ("auditor", "administrator", "secretary", "translator"):
        other = colleague(role)
        page = other.open(screen)
        assert page.status == 403 or not page.tree.xpath("//main//input[@name='how']"), role
        token = other.page("idea-track").form("email").value("csrfmiddlewaretoken")
        sent = {"how": "hidden", "note": "x", "seen": 10**6, "csrfmiddlewaretoken": token}
        assert other.send(screen, sent).status == 403, role
    form = office.open(screen).form("how", "note")
    refused = form.send(how="hidden")
    assert anybody.page("idea-detail", reference).status == 200
    refused.form("how", "note").send(how="hidden", note="Injurieux.")
    assert anybody.page("idea-detail", reference).status == 404
    assert set(IdeaReport.objects.values_list("how", flat=True)) == {"hidden"}
    assert "Injurieux." in office.row(reference).words
    assert reference_in(office.row(reference).words) == reference
