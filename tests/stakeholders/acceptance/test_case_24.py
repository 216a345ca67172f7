"""Case 24: "erase me" takes the person out of everything and leaves the idea and the counts.

Ten people through every channel, looked for in every table, session, file and log:
`tests/stakeholders/test_erasure_canaries.py`.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from stakeholders.models import Contact, Idea
from tests.factories.stakeholders import ContactFactory, SubmissionFactory
from tests.stakeholders import leftovers
from tests.stakeholders.acceptance.conftest import IDEAS

pytestmark = pytest.mark.django_db
EMAIL, NAME = "zoe.canari@example.org", "Zoé Canari"
PERSON = SimpleNamespace(name=NAME, words=[EMAIL, NAME.lower()])
REMOVED = {"fr": "auteur retiré", "nl": "indiener verwijderd"}


def count(who) -> int:
    """Return how many ideas the list counts."""
    return who.page("idea-list").response.context["page_obj"].paginator.count


def left() -> list[str]:
    """Return every place of the database and of the sessions that knows the person."""
    return leftovers.in_tables([PERSON]) + leftovers.in_sessions([PERSON])


def everywhere(author, anybody, confirms, office) -> tuple[str, object]:
    """Let one person leave what a person can leave: name, correction, follower, mails, a letter."""
    mine = confirms(author, email=EMAIL, name=NAME, display="name")
    mine.follow("/correct/").form("body").send(body=f"{IDEAS[author.language]['body']} {NAME}.")
    reference = Idea.objects.get().reference
    office.publish(reference)
    mine = author.open(mine.path)
    mine.follow("/correct/").form("body").send(body=f"Autre texte, de {NAME} ({EMAIL}), à lire.")
    follow = anybody.page("idea-detail", reference).follow("/follow/").form("email")
    follow.send(email=EMAIL, consent=True)
    anybody.page("idea-track").form("email").send(email=EMAIL)
    return reference, mine


def test_case_24_after_erase_me_nothing_of_the_person_is_left(
    author, anybody, confirms, office, post
):
    """Asked twice behind the secret link, then erased: address and name stand in no table, version,
    correction, queued mail, token, subscription or file; the idea stays, says "author removed" and
    counts; the link is dead. Somebody else is untouched."""
    other = ContactFactory(email="an@example.org")
    reference, mine = everywhere(author, anybody, confirms, office)
    post.delivered()
    before = count(anybody)
    assert left(), "the search finds what is there"
    assert NAME in anybody.page("idea-detail", reference).words

    erase = author.open(mine.path).follow("/data/").follow("/erase/")
    again = erase.form("understood").send()
    assert again.errors.keys() == {"understood"}
    assert left()
    erase.form("understood").send(understood=True).form("confirmed").send()

    assert left() == []
    page = anybody.page("idea-detail", reference)
    assert REMOVED[author.language] in page.words
    assert IDEAS[author.language]["title"] in page.words
    assert NAME not in page.text
    for query in ("?format=json", "?format=csv"):
        assert NAME not in anybody.page("idea-list", query=query).text
    assert count(anybody) == before == 1
    assert NAME not in author.open(mine.path).text
    assert len(post.to(EMAIL)) > 0
    assert Contact.objects.filter(pk=other.pk, email="an@example.org").exists()


def test_case_24_the_erased_address_gets_the_reply_of_an_unknown_one(
    author, anybody, confirms, office, post
):
    """Afterwards the address is one that the portal does not know: same page, no mail, no token."""
    _reference, mine = everywhere(author, anybody, confirms, office)
    erase = author.open(mine.path).follow("/data/").follow("/erase/")
    erase.form("understood").send(understood=True).form("confirmed").send()
    mails = len(post.to(EMAIL))
    reply = anybody.page("idea-track").form("email").send(email=EMAIL)
    unknown = anybody.page("idea-track").form("email").send(email="nobody@example.org")
    assert reply.words == unknown.words
    assert len(post.to(EMAIL)) == mails
    assert left() == []


def test_case_24_retention_erases_what_is_older_than_the_limit_and_nothing_newer(office):
    """The staff see who is due and confirm; a contribution a day older than the limit goes, one a
    day younger stays."""
    limit = timezone.now() - relativedelta(months=24)
    young, old = (
        SubmissionFactory(
            contact__created_at=limit - timedelta(days=400),
            contact__email=f"{name}@example.org",
            created_at=limit + timedelta(days=days),
        ).contact
        for name, days in (("young", 1), ("old", -1))
    )
    review = office.open("/admin/stakeholders/contact/retention/")
    assert old.email in review.words or old.name in review.words
    assert young.name not in review.words
    review.form("listed").send()
    for person in (young, old):
        person.refresh_from_db()
    assert (young.email, young.erased_at) == ("young@example.org", None)
    assert (old.email, bool(old.erased_at)) == ("", True)
