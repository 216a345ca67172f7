"""What is found before a campaign goes out, and the links that are looked up and counted."""

import http.server
import re
import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import services
from campaigns.findings import findings_of
from campaigns.hyperlinks import Link, links_of, with_other_addresses
from campaigns.models import BlockKind, CampaignLink, CheckedLink, LinkProblem
from campaigns.services import links as link_services
from core.workflow import PermissionRefused, TransitionRefused
from tests.campaigns.conftest import opened, parts, readers, send_everything
from tests.factories.campaigns import BlockFactory, CampaignFactory, PictureFactory

pytestmark = pytest.mark.django_db


def told(campaign, language=None):
    return [each.words for each in findings_of(campaign) if language in (None, each.language)]


def both(words) -> dict:
    return {"body_fr": words, "body_nl": words, "body_en": words}


def test_nothing_is_found_where_nothing_is_wrong():
    assert findings_of(CampaignFactory()) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"subject_fr": "x" * 61}, "61 characters"),
        ({"preheader_fr": ""}, "no first line"),
        (both("Bonjour {naam}"), "“{naam}” is filled in by nobody"),
        (both("VENEZ TOUTES DEMAIN"), "capitals"),
        (both("mot " * 121), "more than 120 words"),
        (both("[ici](https://example.org/a)"), "“ici” does not say where"),
        (both("[Klik hier!](https://example.org/a)"), None),
        (both("[](https://example.org/a)"), "has no words"),
        (both("[https://example.org/a](https://example.org/a)"), "letter by letter"),
        (both("[la page](https://example.org/a)"), "not been looked up"),
    ],
)
def test_what_makes_a_mail_hard_to_read_is_found(values, words):
    found = told(CampaignFactory(**values), "fr")
    if words:
        assert any(words in each for each in found), found


def test_a_block_without_its_dutch_is_to_be_mended_and_keeps_it_from_being_submitted(staff):
    campaign = CampaignFactory(created_by=staff)
    BlockFactory(campaign=campaign, words_nl="")
    errors = [each for each in findings_of(campaign) if each.is_error]
    assert [each.language for each in errors] == ["nl"]
    with pytest.raises(TransitionRefused, match="Mend this first"):
        services.submit_campaign(campaign, by=staff)


def test_a_picture_described_as_a_picture_is_not_described():
    words = dict.fromkeys(("heading_fr", "heading_nl", "words_fr", "words_nl"), "")
    picture = PictureFactory(alt_fr="Photo du canal")
    campaign = CampaignFactory()
    BlockFactory(campaign=campaign, kind=BlockKind.PICTURE, picture=picture, **words)
    assert any("not that it is one" in each for each in told(campaign, "fr"))
    assert not any("not that it is one" in each for each in told(campaign, "nl"))


def test_one_language_with_fewer_links_is_pointed_out():
    campaign = CampaignFactory(body_fr="[la page](https://example.org/a)")
    assert any("1 links, the Dutch one 0" in each for each in told(campaign, "nl"))


class Pages(http.server.BaseHTTPRequestHandler):
    """Answers what the path asks for: /404, /500, /head (no HEAD), /to/… (moved)."""

    def do_GET(self):
        self._answer()

    def do_HEAD(self):
        self._answer()

    def _answer(self):
        self.server.asked.append((self.command, self.path))
        name = self.path.strip("/")
        if name == "head":
            self.send_response(405 if self.command == "HEAD" else 200)
        elif name.startswith("to/"):
            self.send_response(302)
            self.send_header("Location", name.removeprefix("to"))
        else:
            self.send_response(int(name))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        return


@pytest.fixture
def pages():
    """A web server on this machine; returns it with its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.asked = []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def _private(settings):
    settings.LINK_CHECK_PRIVATE = True


@pytest.mark.usefixtures("_private")
@pytest.mark.parametrize(
    ("path", "code", "problem"),
    [
        ("200", 200, ""),
        ("404", 404, LinkProblem.GONE),
        ("410", 410, LinkProblem.GONE),
        ("500", 500, LinkProblem.BROKEN),
        ("401", 401, LinkProblem.CLOSED),
        ("429", 429, LinkProblem.CLOSED),
        ("head", 200, ""),
        ("to/200", 200, ""),
        ("to/404", 404, LinkProblem.GONE),
    ],
)
def test_a_link_is_looked_up_as_a_reader_would_follow_it(pages, path, code, problem):
    assert link_services.look_up(f"{pages.address}/{path}") == (code, problem)


@pytest.mark.usefixtures("_private")
def test_a_server_that_is_away_is_told_from_a_page_that_is_gone():
    assert link_services.look_up("http://127.0.0.1:1/") == (None, LinkProblem.UNREACHABLE)


@pytest.mark.parametrize(
    "place", ["127.0.0.1", "localhost", "10.0.0.8", "169.254.169.254", "[::1]"]
)
def test_our_own_network_is_not_explored(pages, place):
    url = f"http://{place}:{pages.server_port}/200"
    assert link_services.look_up(url) == (None, LinkProblem.INSIDE)
    assert pages.asked == []


def test_a_page_outside_cannot_send_us_inside(pages, settings):
    settings.SITE_URL = pages.address  # what we may ask, and what then sends us on

    class Inward(Pages):
        def _answer(self):
            self.server.asked.append((self.command, self.path))
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/secret")
            self.end_headers()

    pages.RequestHandlerClass = Inward
    assert link_services.look_up(f"{pages.address}/x") == (None, LinkProblem.INSIDE)


@pytest.mark.usefixtures("_private")
def test_looking_up_is_asked_once_done_once_and_shown(client, staff, pages):
    body = f"[la page]({pages.address}/200) et [l’autre]({pages.address}/404)"
    campaign = CampaignFactory(created_by=staff, **both(body))
    client.force_login(staff)
    address = reverse("campaigns:check-links", args=[campaign.slug])
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert services.check_links() == 2
    assert services.check_links() == 0
    page = client.get(f"/fr/news/campaigns/{campaign.slug}/preview/").content.decode()
    assert f"{pages.address}/404" in page
    with pytest.raises(TransitionRefused, match="/404"):
        services.submit_campaign(campaign, by=staff)
    services.edit_campaign(campaign, by=staff, **both(f"[la page]({pages.address}/200)"))
    assert findings_of(campaign) == []
    services.submit_campaign(campaign, by=staff)


def test_who_may_only_read_has_nothing_looked_up(client, users):
    campaign = CampaignFactory(**both("[la page](https://example.org/a)"))
    client.force_login(users["auditor"])
    address = reverse("campaigns:check-links", args=[campaign.slug])
    assert client.post(address).status_code == 403
    with pytest.raises(PermissionRefused):
        services.ask_for_link_check(campaign, by=users["auditor"])
    assert not CheckedLink.objects.exists()


def test_a_lost_call_is_made_up_for(monkeypatch, staff):
    campaign = CampaignFactory(**both("[la page](https://example.invalid/a)"))
    services.ask_for_link_check(campaign, by=staff)
    services.check_links()
    row = CheckedLink.objects.get()
    assert row.problem == LinkProblem.UNREACHABLE
    assert row.checked_at >= row.asked_at


def click_of(html) -> str:
    return re.search(r"/c/\d+", html)[0]


LINKED = "Voir [la page](https://example.org/a?x=1&y=2)."


def test_clicks_are_counted_in_total_and_lead_to_the_stored_target(
    client, staff, server, make_user
):
    campaign = CampaignFactory(
        approved=True, created_by=staff, approved_by=make_user("secretary"), **both(LINKED)
    )
    readers(campaign, 2)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    first, second = (parts(each) for each in server.received)
    path = click_of(first[0])
    assert click_of(second[0]) == path  # nobody has an address of their own
    assert "https://example.org/a?x=1&y=2" in first[1]  # plain text is read as it is
    for _again in range(2):
        answer = client.get(path + "?to=https://evil.example/")
        assert (answer.status_code, answer["Location"]) == (302, "https://example.org/a?x=1&y=2")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
    client.head(path)
    row = CampaignLink.objects.get(pk=path.rpartition("/")[2])
    assert row.clicks == 2
    assert {field.name for field in CampaignLink._meta.get_fields()} == {
        *("id", "campaign", "language", "url", "clicks")
    }


def test_without_counting_links_lead_straight(staff, server, make_user):
    campaign = CampaignFactory(
        approved=True,
        counts_clicks=False,
        created_by=staff,
        approved_by=make_user("secretary"),
        **both(LINKED),
    )
    readers(campaign, 1)
    services.start_campaign(campaign, by=staff)
    send_everything(campaign)
    html, _text = parts(server.received[0])
    assert "https://example.org/a?x=1&amp;y=2" in html
    assert not CampaignLink.objects.exists()


def test_an_unknown_link_leads_nowhere(client):
    assert client.get("/c/999").status_code == 404
    assert client.head("/c/999").status_code == 404
    assert client.post("/c/999").status_code == 405


def test_the_unsubscribe_link_is_never_counted(campaign, staff):
    readers(campaign, 1)
    opened(campaign, staff)
    assert not CampaignLink.objects.filter(url__contains="/u/").exists()


def test_links_are_noted_once(campaign, staff):
    campaign.body_fr = campaign.body_nl = campaign.body_en = LINKED
    for _again in range(2):
        services.make_links(campaign)
    assert CampaignLink.objects.count() == 3


def test_words_and_addresses_of_links():
    html = (
        '<p><a style="x" href="https://a.b/?x=1&amp;y=2">la <b>page</b></a>'
        ' <a href="mailto:x@y">x</a>'
    )
    assert links_of(html) == [Link("https://a.b/?x=1&y=2", "la page"), Link("mailto:x@y", "x")]
    other = with_other_addresses(html, lambda url: "https://c/?" + url[-3:])
    assert 'href="https://c/?y=2"' in other
    assert 'href="mailto:x@y"' in other


def test_a_check_that_is_under_way_is_said(client, staff):
    campaign = CampaignFactory()
    CheckedLink.objects.create(url="https://example.org/", asked_at=timezone.now())
    client.force_login(staff)
    page = client.get(f"/nl/news/campaigns/{campaign.slug}/preview/")
    assert page.context["is_checking"]
