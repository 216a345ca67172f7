"""Ten people come in by every way there is and are erased: nothing of them is found anywhere."""

import io
import json
import logging
import zipfile
from collections import Counter

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from core import mail
from core.models import Message
from stakeholders import papers, services
from stakeholders.models import BilateralMeeting, Commitment, Idea, Interaction, Participation
from stakeholders.services.blotting import address_pattern, name_pattern, phone_pattern
from tests.factories.programme import ThemeFactory
from tests.factories.register import InteractionFactory
from tests.factories.stakeholders import ContactFactory, SubmissionFactory
from tests.factories.workshops import WorkshopFactory
from tests.stakeholders import leftovers
from tests.stakeholders.canary_people import (
    CHANNELS,
    OTHER_GUEST,
    OTHER_READER,
    PEOPLE,
    Office,
    downloads,
    erase,
    exports,
    let_others_read,
)
from tests.stakeholders.conftest import address
from workshops.models import Workshop

#: A mail that has nothing to do with whoever is erased.
TO_SOMEBODY = {
    "key": "x",
    "template": "idea_links",
    "to": "wim@example.org",
    "language": "fr",
    "context": {},
}
#: What the mail servers of the tests tell: they stand for those of the world.
NOT_OURS = ("mail", "asyncio")


@pytest.fixture(autouse=True)
def _empty_places():
    """Nothing of another test is there: no file, no message of the broker."""
    _empty_storage("")
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    yield
    _empty_storage("")


def _empty_storage(folder):
    folders, files = default_storage.listdir(folder)
    for name in files:
        default_storage.delete(f"{folder}/{name}".lstrip("/"))
    for name in folders:
        _empty_storage(f"{folder}/{name}".lstrip("/"))


@pytest.fixture
def office(make_user):
    """The Office at work."""
    user, second, browser = make_user("staff"), make_user("staff"), Client()
    browser.force_login(user)
    return Office(user, second, browser, ThemeFactory())


def counts() -> dict:
    """Return what is counted in public and in reports."""
    models = Idea, Workshop, BilateralMeeting, Interaction, Participation, Commitment
    return {
        **{model.__name__: model.objects.count() for model in models},
        "funnel": Counter(Idea.objects.values_list("status", "outcome")),
        "meetings": BilateralMeeting.objects.counted().count(),
        "listed": len(Client().get(address("idea-list")).context["page_obj"].object_list),
    }


def send_mails(but_to) -> None:
    """Hand all mails over, except those to some addresses: they still wait."""
    waiting = Message.objects.filter(status=Message.Status.QUEUED).exclude(recipient__in=but_to)
    for pk in waiting.values_list("pk", flat=True):
        mail.send(pk)


def words_of(content: bytes) -> str:
    """Return the words of a download, whatever its kind."""
    if content.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(content))
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return leftovers.words_in_file(content)


def named_in(contents) -> set[str]:
    """Return who is named in downloads."""
    words = "\n\n".join(words_of(each) for each in contents)
    return {each.partition(":")[0] for each in leftovers.names_in(words, PEOPLE)}


def logged(caplog) -> str:
    """Return all that our own code and Django have logged."""
    ours = [each for each in caplog.records if each.name.partition(".")[0] not in NOT_OURS]
    return "\n".join(f"{each.getMessage()} {each.exc_info or ''}" for each in ours)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_people_leave_nothing_behind(office, server, caplog):
    caplog.set_level(logging.INFO)
    WorkshopFactory()
    services.tell_steps()
    links = [enter(person, office) for person, enter in zip(PEOPLE, CHANNELS, strict=True)]
    let_others_read(timezone.now())
    send_mails(but_to=[PEOPLE[-1].email, OTHER_GUEST, OTHER_READER])
    waiting = "".join(Message.objects.filter(recipient=OTHER_READER).values_list("text", flat=True))
    assert PEOPLE[0].name in waiting
    reached = {recipient for each in server.received for recipient in each["to"].split(",")}
    written_to = {person.email for person in PEOPLE[:5]} | {PEOPLE[7].email}
    assert written_to <= {each.strip() for each in reached}
    with_link = [pair for pair in zip(PEOPLE, links, strict=True) if pair[1]]
    for person, link in with_link:
        assert person.name in named_in(downloads(link, person.browser))
    assert PEOPLE[0].name in named_in(exports(office))
    assert PEOPLE[7].name in named_in(exports(office)), "the minutes"
    for each in (leftovers.in_tables, leftovers.in_files):
        assert each(PEOPLE)
    found = "\n".join(leftovers.in_tables(PEOPLE))
    assert all(word in found for person in PEOPLE for word in (person.name, person.words[3]))
    before = counts()

    for person, link in zip(PEOPLE, links, strict=True):
        erase(person, link)

    assert leftovers.everywhere(PEOPLE) == []
    assert named_in(exports(office)) == set()
    for person, link in with_link:
        assert not leftovers.names_in(person.browser.get(link).content.decode(), PEOPLE)
        assert not named_in(downloads(link, person.browser))
    assert leftovers.names_in(logged(caplog), PEOPLE) == set()
    assert counts() == before
    assert not Message.objects.filter(status=Message.Status.QUEUED, recipient="").exists()


def in_a_row(person):
    """Leave the name in a table, as JSON kept as text has it."""
    InteractionFactory(summary=json.dumps({"who": person.name}))


def in_an_address(person):
    """Leave the address in a table, as an address of a page has it."""
    InteractionFactory(summary=f"/find?who={person.email.replace('@', '%40').replace('+', '%2B')}")


def in_a_number(person):
    """Leave the telephone in a table."""
    InteractionFactory(summary=f"Call {person.phone_at_home}")


def in_a_session(person):
    """Leave the name in a session."""
    store = SessionStore()
    store["who"] = person.name
    store.save()


def in_the_cache(person):
    """Leave the name in the cache."""
    cache.set("canary", {"who": [person.name]})


def in_a_key(person):
    """Leave the address in the name of a key."""
    redis.Redis.from_url(settings.REDIS_URL).set(f"seen:{person.loud}", 1)


def in_the_broker(person):
    """Leave the address in a task that waits."""
    from smartcity.celery import app

    app.send_task("canary.nothing", args=[person.email], queue="canary")


def in_a_file(person):
    """Leave a picture of the name: a PDF that says it on its page."""
    contact = ContactFactory(name=person.name, email="somebody@example.org")
    content = papers.data_extract(contact, "fr")
    contact.delete()
    default_storage.save("ideas/left.pdf", ContentFile(content))


def in_a_file_name(person):
    """Leave the name in that of a file."""
    default_storage.save(f"ideas/{person.name}.txt", ContentFile(b"x"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plant",
    [
        *(in_a_row, in_an_address, in_a_number, in_a_session, in_the_cache, in_a_key),
        *(in_the_broker, in_a_file, in_a_file_name),
    ],
)
def test_the_search_finds_what_is_left(plant):
    assert leftovers.everywhere(PEOPLE) == []
    plant(PEOPLE[0])
    found = leftovers.everywhere(PEOPLE)
    assert found
    assert all(PEOPLE[0].name in each for each in found)


@pytest.mark.django_db
def test_a_name_goes_where_its_bearer_is_meant_and_nowhere_else():
    mine = SubmissionFactory(contact__name="Smart City", idea__body="From Smart  City, Brussels.")
    other = InteractionFactory(summary="About the Smart City of others.")
    letter = mail.enqueue(**TO_SOMEBODY)
    Message.objects.update(text="News of the Smart City")
    services.erase_contact(mine.contact)
    mine.idea.refresh_from_db()
    other.refresh_from_db()
    letter.refresh_from_db()
    assert mine.idea.body == "From […], Brussels."
    assert other.summary == "About the Smart City of others."
    assert letter.text == "News of the Smart City"


@pytest.mark.django_db
def test_of_whoever_sent_no_idea_no_mail_is_touched():
    letter = mail.enqueue(**TO_SOMEBODY)
    Message.objects.update(text="News of the Smart City")
    services.erase_contact(ContactFactory(name="Smart City"))
    letter.refresh_from_db()
    assert letter.text == "News of the Smart City"


@pytest.mark.django_db
@pytest.mark.parametrize("which", [0, 1])
def test_a_merge_that_was_undone_tells_nothing_of_either(make_user, which):
    staff, gone = make_user("staff"), PEOPLE[0]
    person = ContactFactory(name=gone.name, email=gone.email, phone=gone.phone)
    pair = [person, ContactFactory()][:: -1 if which else 1]
    chosen = ["name", "email", "phone"]
    merge = services.merge_contacts(*pair, by=staff, reason=gone.about, choices=chosen)
    services.undo_merge(merge, by=staff)
    assert "stakeholders_contactmerge.changes" in "".join(leftovers.in_tables(PEOPLE))
    services.erase_contact(person)
    assert leftovers.everywhere(PEOPLE) == []


@pytest.mark.django_db
def test_an_address_with_another_tag_stays_while_somebody_has_it():
    gone = ContactFactory(email="an+idea@example.org")
    kept = ContactFactory(email="an@example.org")
    note = InteractionFactory(
        summary="an@example.org, an+idea@example.org\nan%2Bidea%40example.org"
    )
    services.erase_contact(gone)
    kept.refresh_from_db()
    note.refresh_from_db()
    assert kept.email == "an@example.org"
    assert note.summary == "an@example.org, […]\n[…]"
    services.erase_contact(kept)
    note.refresh_from_db()
    assert note.summary == "[…], […]\n[…]"


def test_what_is_too_short_is_looked_for_nowhere():
    assert name_pattern("Zoé") == name_pattern("") == ""
    assert phone_pattern("1700") == phone_pattern("") == ""
    assert "example" in address_pattern("an@example.org", tagged=True)
