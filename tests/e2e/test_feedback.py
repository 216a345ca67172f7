"""Two weeks after an answer: the mail, its link, the form with yes or no, and what comes of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.models import Message
from stakeholders import tasks
from stakeholders.models import AnswerFeedback
from tests.e2e.browser import LAW, NARROW, WIDE, axe_faults, listen, sideways_faults
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
BOTH = pytest.mark.parametrize(("language", "size"), [("fr", WIDE), ("nl", NARROW)])
ANSWER = {"fr": "Oui, parce que.", "nl": "Ja, omdat."}
MISSING = {"fr": "Choisissez oui ou non", "nl": "Kies ja of neen"}
THANKS = {
    "yes": {"fr": "Nous sommes heureux", "nl": "Wij zijn blij"},
    "no": {"fr": "réexamine la réponse", "nl": "bekijkt het antwoord"},
}


@pytest.fixture
def asked(live_portal, open_page, smtp_sink):
    """Return a function that opens the link of the mail: ``asked(language, size)``."""

    def enter(language, size):
        at = timezone.now() - timedelta(days=14, hours=1)
        idea = IdeaFactory(answered=True, language=language, published_at=at, answered_at=at)
        SubmissionFactory(idea=idea, language=language, contact__email="zoe@example.org")
        tasks.ask_whether_helped()
        mail.send(Message.objects.get().pk)
        (message,) = smtp_sink.wait_for()
        text = message.get_body(("plain",)).get_content()
        (link,) = re.findall(rf"{live_portal.url}/{language}/ideas/helped/\S+", text)
        page, complaints = open_page(viewport=size, locale=f"{language}-BE"), []
        listen(page, live_portal.url, complaints)
        page.goto(link)
        return page, complaints

    return enter


def send(page):
    """Press the button of the form and wait for what follows."""
    with page.expect_navigation(wait_until="load"):
        page.locator("main form button[type=submit]").click()


def state() -> tuple[str, str]:
    """Return state and comment of the one question."""
    told = AnswerFeedback.objects.get()
    return told.status, told.comment


@BOTH
def test_yes_is_thanked_and_the_link_is_used_up(asked, language, size):
    page, complaints = asked(language, size)
    assert ANSWER[language] in page.locator("main").inner_text(), "one reads what it is about"
    assert page.locator("main input[type=radio]:checked").count() == 0
    assert axe_faults(page, LAW) == []
    assert sideways_faults(page) == []
    page.locator("main input[value=yes]").check()
    send(page)
    assert THANKS["yes"][language] in page.locator("main").inner_text()
    assert state() == ("helped", "")
    page.go_back()
    page.reload()
    assert page.locator("main form:has([name=helps])").count() == 0, "once"
    assert state() == ("helped", "")
    assert complaints == []


@BOTH
def test_no_with_a_comment_is_a_task_for_the_office(
    asked, client, make_user, language, size, live_portal
):
    page, complaints = asked(language, size)
    page.locator("main input[value=no]").check()
    page.fill("#id_comment", "Et ma rue ?")
    send(page)
    assert THANKS["no"][language] in page.locator("main").inner_text()
    assert axe_faults(page, LAW) == []
    assert state() == ("review", "Et ma rue ?")
    client.force_login(make_user("staff"))
    row = AnswerFeedback.objects.get()
    listed = client.get(reverse("admin:stakeholders_answerfeedback_changelist"))
    assert str(row.statement.idea.reference) in listed.text
    shown = client.get(reverse("admin:stakeholders_answerfeedback_change", args=[row.pk]))
    assert "Et ma rue ?" in shown.text
    public = client.get(row.statement.idea.get_absolute_url(), follow=True)
    assert "Et ma rue ?" not in public.text
    assert complaints == []


@BOTH
def test_without_a_choice_the_comment_stays_and_the_way_is_told(asked, language, size):
    page, complaints = asked(language, size)
    page.fill("#id_comment", "Merci quand même")
    send(page)
    summary = page.locator("[data-error-summary]")
    assert summary.count() == 1
    assert MISSING[language] in summary.inner_text()
    assert page.evaluate("() => document.activeElement.hasAttribute('data-error-summary')")
    assert page.input_value("#id_comment") == "Merci quand même"
    summary.locator("a").first.click()
    assert page.evaluate("() => document.activeElement.name") == "helps"
    assert axe_faults(page, LAW) == []
    assert state() == ("asked", "")
    page.locator("main input[value=yes]").check()
    send(page)
    assert state() == ("helped", "Merci quand même")
    assert complaints == []
