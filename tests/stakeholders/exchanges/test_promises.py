"""Ideas and promises that come of an exchange."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import (
    Idea,
)
from stakeholders.timeline import timeline
from tests.factories.programme import ThemeFactory
from tests.factories.stakeholders import (
    ContactFactory,
)
from tests.stakeholders.conftest import WORDS, address
from tests.stakeholders.exchanges.conftest import log

pytestmark = pytest.mark.django_db


def test_an_idea_raised_in_an_exchange_is_linked_in_one_click(login, staff, canal):
    person = ContactFactory(language="nl")
    exchange = log(staff, organisation=canal, contacts=[person])
    client = login(staff)
    page = client.get(exchange.get_absolute_url())
    url = page.context["idea_url"]
    asked = {name: words[0] for name, words in parse_qs(urlsplit(url).query).items()}
    assert (asked["channel"], asked["language"], asked["raised_in"]) == (
        *("meeting", "nl", str(exchange.pk)),
    )
    form = client.get(url).context["adminform"].form
    assert form.initial["organisation_claimed"] == str(canal)
    data = {**WORDS, **form.initial, "theme": str(ThemeFactory().pk), "name": "Zoé"}
    assert client.post(url, data).status_code == 302
    idea = Idea.objects.get()
    assert (idea.raised_in, idea.organisation, idea.language) == (exchange, canal, "nl")
    assert idea.submissions.get().channel == "meeting"
    assert idea.title in client.get(exchange.get_absolute_url()).content.decode()
    lines = timeline(user=staff, organisation=canal).entries
    assert [each.source for each in lines] == ["idea", "exchange"]
    # On the page of the idea the Office reads where it was raised; nobody else does.
    idea.status, idea.published_at = "published", timezone.now()
    idea.save()
    assert exchange.subject in client.get(idea.get_absolute_url()).content.decode()
    client.logout()
    assert exchange.subject not in client.get(idea.get_absolute_url()).content.decode()


def test_a_wrong_link_does_not_break_the_form_of_an_idea(login, staff):
    url = reverse("admin:stakeholders_idea_add") + "?raised_in=x&organisation=9999999"
    data = {**WORDS, "theme": str(ThemeFactory().pk), "channel": "meeting", "name": "Zoé"}
    assert login(staff).post(url, data).status_code == 302
    assert (Idea.objects.get().raised_in, Idea.objects.get().organisation) == (None, None)


def test_a_promise_is_noted_on_the_page_of_an_exchange(login, staff, canal):
    exchange = log(staff, organisation=canal)
    url = address("commitment-new", exchange.pk)
    client = login(staff)
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"made_by": "nobody", "text": "", "due_on": "soon"})
    assert set(wrong.context["form"].errors) >= {"made_by", "text", "due_on", "owner"}
    data = {"made_by": "office", "text": "Send the list", "owner": staff.pk, "due_on": "2026-04-01"}
    assert client.post(url, data).status_code == 302
    (promise,) = exchange.commitments.all()
    assert (promise.organisation, promise.status) == (canal, "open")
    assert "Send the list" in client.get(exchange.get_absolute_url()).content.decode()
