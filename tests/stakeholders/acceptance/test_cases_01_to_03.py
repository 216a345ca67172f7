"""Cases 1 to 3: sent without an account, confirmed from a mail, seen by nobody before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Token
from stakeholders import tasks
from stakeholders.models import Contact, Idea, Submission
from tests.stakeholders.acceptance.conftest import (
    EMAIL,
    IDEAS,
    REFERENCE,
    link_in,
    reference_in,
)

pytestmark = pytest.mark.django_db

#: Where a public idea stands, and nothing else may: page and query, in every language.
PLACES = {
    "list": ("idea-list", ""),
    "list by word": ("idea-list", "?search={word}"),
    "csv": ("idea-list", "?format=csv"),
    "json": ("idea-list", "?format=json"),
    "feed": ("idea-feed", ""),
    "similar": ("idea-similar", "?title={word}"),
}


def shown_in(who) -> set[str]:
    """Return the public places in which the idea of these tests stands."""
    title, word = IDEAS[who.language]["title"], IDEAS[who.language]["word"]
    texts = {
        place: who.page(name, query=query.format(word=word)).text
        for place, (name, query) in PLACES.items()
    }
    texts["search"] = who.open(f"/{who.language}/search/?q={word}").text
    texts["journeys"] = who.open(f"/{who.language}/journeys/").text
    found = {place for place, text in texts.items() if title in text}
    sitemap = who.open(f"/sitemap-ideas-{who.language}.xml").text
    return found | {"sitemap"} if REFERENCE.search(sitemap) else found


def test_case_01_without_an_account_and_seen_nowhere_before_confirmation(
    author, anybody, sends, post, office
):
    """Whoever has no account opens the form and sends it; no list, search, feed, file or sitemap
    knows of the idea until its author has confirmed the address (and the Office has read it)."""
    sent = sends(author)
    assert sent.status == 200
    assert sent.errors == {}
    assert shown_in(anybody) == set()
    mine = author.open(link_in(post.to()[0])).form().send()
    assert shown_in(anybody) == set(), "confirmed, not moderated"
    office.publish(reference_in(mine.words))
    assert shown_in(anybody) == {*PLACES, "search", "journeys", "sitemap"}


def test_case_02_the_reference_comes_with_the_confirmation(author, sends, post):
    """The mail that asks for confirmation has its link and no reference; the page after the click,
    and the mail that follows, have the reference and the secret link."""
    assert not REFERENCE.search(sends(author).words)
    (asked,) = post.to()
    assert f"/{author.language}/ideas/confirm/" in link_in(asked)
    assert not REFERENCE.search(asked)
    mine = author.open(link_in(asked)).form().send()
    reference = reference_in(mine.words)
    told = post.to()[1]
    assert reference_in(told) == reference
    assert link_in(told) == mine.path


def test_case_03_looking_at_the_link_confirms_nothing(author, sends, post):
    """Programs that follow every link of a mail confirm nothing: only the button does, once."""
    sends(author)
    link = link_in(post.to()[0])
    for _scanner in range(3):
        page = author.open(link)
        assert IDEAS[author.language]["title"] in page.words
        assert author.client.head(link).status_code == 200
    assert Idea.objects.get().status == "submitted"
    assert len(post.to()) == 1
    page.form().send()
    assert Idea.objects.get().status == "received"


def test_case_03_used_expired_and_invented_links_read_the_same_and_offer_a_new_one(
    author, sends, confirms, post
):
    """A link that was used, is too old or never was opens one and the same page, from which an
    address gets a new one; the new one works."""
    sends(author, email="late@example.org")
    late = link_in(post.to("late@example.org")[0])
    confirms(author)
    used = link_in(post.to()[0])
    Token.objects.filter(purpose="idea-confirm").update(expires_at=timezone.now())
    invented = late[:-6] + "Aa0Aa/"
    pages = [author.open(link) for link in (used, late, invented)]
    pages += [author.send(link, csrf(author)) for link in (used, late, invented)]
    assert len({page.words for page in pages}) == 1
    pages[0].form("email").send(email="late@example.org")
    again = link_in(post.to("late@example.org")[1])
    assert Idea.objects.filter(status="received").count() == 1
    author.open(again).form().send()
    assert Idea.objects.filter(status="received").count() == 2


def csrf(who) -> dict:
    """Return what every form of this visitor carries."""
    return {
        "csrfmiddlewaretoken": who.page("idea-track").form("email").value("csrfmiddlewaretoken")
    }


def test_case_03_what_nobody_confirms_is_gone_after_72_hours(author, sends, post):
    """After the limit the text, the person and the link are deleted; a minute before they stay."""
    sends(author)
    link = link_in(post.to()[0])
    for hours, kept in ((71, 1), (73, 0)):
        Idea.objects.update(submitted_at=timezone.now() - timedelta(hours=hours))
        tasks.purge_unconfirmed()
        counts = {model.objects.count() for model in (Idea, Submission, Contact, Token)}
        assert counts == {kept}
    dead = author.open(link)
    assert IDEAS[author.language]["title"] not in dead.words
    assert EMAIL not in dead.text
