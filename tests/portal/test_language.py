"""The first visit: the language is known or asked, never assumed."""

import pytest

from portal.language import known_language

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("fr", "/fr/"),
        ("nl-BE,nl;q=0.9,fr;q=0.8", "/nl/"),
        ("FR-be", "/fr/"),
        ("de,en-GB;q=0.7,fr;q=0.6", "/en/"),
        ("fr;q=0,nl;q=0.1", "/nl/"),
    ],
)
def test_browser_that_says_a_known_language_is_sent_there(client, header, target):
    answer = client.get("/", headers={"accept-language": header})
    assert (answer.status_code, answer["Location"]) == (302, target)
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("header", [None, "", "de,it;q=0.5", "*", "x" * 3000, ";;q=,"])
def test_otherwise_the_visitor_is_asked(client, header):
    headers = {} if header is None else {"accept-language": header}
    answer = client.get("/", headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 200
    for code in ("fr", "nl", "en"):
        assert f'href="/{code}/" hreflang="{code}"' in page
    assert not answer.cookies


def test_choice_made_before_comes_first(client):
    client.cookies["language"] = "nl"
    answer = client.get("/", headers={"accept-language": "fr"})
    assert answer["Location"] == "/nl/"


def test_nonsense_in_the_cookie_is_not_a_choice(client):
    client.cookies["language"] = "xx"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("referer", "remembered"),
    [
        ("http://testserver/fr/privacy/", "nl"),
        ("http://testserver/", "nl"),
        ("http://testserver/nl/", None),
        ("http://elsewhere.example/fr/", None),
        ("", None),
    ],
)
def test_only_a_switch_is_remembered(client, referer, remembered):
    answer = client.get("/nl/privacy/", headers={"referer": referer})
    cookie = answer.cookies.get("language")
    assert (cookie.value if cookie else None) == remembered


def test_known_language_reads_nothing_else(rf):
    request = rf.get("/")
    assert known_language(request) is None
