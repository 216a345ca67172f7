"""Cases 4 and 5: who gets a secret link, and what opens nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Message, Token
from tests.stakeholders.acceptance.conftest import EMAIL, IDEAS, link_in, reference_in
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db


def asks_for_links(who, email):
    """Ask for the links of an address, as the page offers it."""
    return who.page("idea-track").form("email").send(email=email)


def test_case_04_an_unknown_address_and_a_known_one_read_the_same_reply(
    author, anybody, confirms, post
):
    """Whoever asks for the link reads one and the same page, known to the portal or not. For an
    unknown address nothing is kept and nothing sent; a known one gets one mail with a link."""
    confirms(author)
    mails, tokens = len(post.delivered()), Token.objects.count()
    unknown = asks_for_links(anybody, "nobody@example.org")
    assert (unknown.status, Token.objects.count()) == (200, tokens)
    assert len(post.delivered()) == mails
    assert not Message.objects.filter(recipient="nobody@example.org").exists()
    known = asks_for_links(anybody, EMAIL.upper())
    assert (known.status, known.words) == (200, unknown.words)
    assert Token.objects.count() == tokens + 1
    assert len(post.delivered()) == mails + 1
    mine = anybody.open(link_in(post.to()[-1]))
    assert IDEAS[author.language]["title"] in mine.words


def test_case_05_only_the_right_living_link_shows_anything(author, anybody, confirms, post):
    """A link that is wrong, too old or another idea's shows nothing of mine, and does nothing."""
    mine = confirms(author)
    other = confirms(author, email="an@example.org", title="Une autre idée, d’une autre personne")
    title, reference = IDEAS[author.language]["title"], reference_in(mine.words)
    assert title in anybody.open(mine.path).words
    assert title not in anybody.open(other.path).text
    wrong = [mine.path[:-4] + "zzz/", address("idea-tracking", reference, language=author.language)]
    confirmation = next(path for path in map(link_in, post.to()) if "/confirm/" in path)
    wrong.append(confirmation.replace("/confirm/", "/track/"))
    dead = [anybody.open(path) for path in wrong]
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    dead.append(anybody.open(mine.path))
    assert len({page.words for page in dead}) == 1
    assert all(title not in page.text and reference not in page.words for page in dead)


@pytest.mark.parametrize("page", ["", "correct/", "data/", "data.json", "data.pdf", "erase/"])
def test_case_05_no_page_behind_the_link_opens_with_another_key(browser, confirms, page):
    """Each page behind the link (my text, my data, my files, the erasure) opens with the link of
    its idea and with no other."""
    author = browser("fr")
    mine = confirms(author)
    other = confirms(author, email="an@example.org", title="Une autre idée")
    title = IDEAS["fr"]["title"]
    opened = author.open(mine.path + page)
    assert opened.body.startswith(b"%PDF") or title in opened.text
    assert title not in author.open(other.path + page).body.decode(errors="ignore")
    dead = author.open(mine.path[:-4] + "zzz/" + page)
    assert title not in dead.text
    assert dead.form("email"), "a way to a new link"


def test_case_05_the_reference_is_not_enough(author, anybody, confirms, office):
    """Whoever knows the reference reads what is public, nothing before that, and cannot act."""
    reference = reference_in(confirms(author).words)
    assert anybody.page("idea-detail", reference).status == 404
    office.publish(reference)
    page = anybody.page("idea-detail", reference)
    assert IDEAS[author.language]["title"] in page.words
    assert EMAIL not in page.text
    assert not [href for href in page.links if "/ideas/track/" in href]
