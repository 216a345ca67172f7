"""From the form without an account to an idea in moderation."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Message, StatusChange, Token
from stakeholders import services, tasks
from stakeholders.forms.guards import new_stamp
from stakeholders.models import Contact, Idea, ReferenceSeries, Submission
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import WORDS, address, link_in, mails_to, old_stamp

pytestmark = pytest.mark.django_db


def nothing_is_kept():
    kept = (Idea, Submission, Contact, Message, Token, StatusChange)
    return not any(model.objects.exists() for model in kept)


def test_anybody_opens_the_form_and_sends_an_idea_that_nobody_sees(client, send):
    assert client.get(address("idea-new")).status_code == 200
    response = send()
    assert response.url == address("idea-sent")
    idea = Idea.objects.get()
    assert (idea.status, idea.reference) == ("submitted", None)
    title = WORDS["title"]
    assert title not in client.get(address("idea-list")).content.decode()
    assert title not in client.get(address("idea-list") + "?format=json").content.decode()
    assert title not in client.get("/fr/search/?q=bancs").content.decode()


def test_the_mail_has_one_link_and_no_reference(send):
    send()
    (mail,) = mails_to("zoe@example.org")
    assert "/fr/ideas/confirm/" in link_in(mail)
    assert "SCO-" not in mail.text + mail.subject
    assert mail.language == "fr"


def test_the_reference_is_given_on_confirming(client, confirmed):
    path = confirmed()
    idea = Idea.objects.get()
    year = timezone.localtime().year
    assert (idea.status, idea.reference) == ("received", f"SCO-{year}-00001")
    assert idea.received_at is not None
    assert idea.submissions.get().email_verified_at is not None
    assert idea.reference in client.get(path).content.decode()
    (mail,) = mails_to("zoe@example.org", "idea_received")
    assert idea.reference in mail.text
    assert link_in(mail) == path


def test_a_get_of_the_link_changes_nothing(client, send):
    send()
    link = link_in(mails_to("zoe@example.org")[0])
    for _time in range(2):
        response = client.get(link)
        assert response.status_code == 200
        assert client.head(link).status_code == 200
    assert Idea.objects.get().status == "submitted"


def test_second_use_expired_and_unknown_link_are_the_same_page(client, send):
    send()
    used = link_in(mails_to("zoe@example.org")[0])
    client.post(used)
    send(email="old@example.org", stamp=old_stamp("1" * 32))
    expired = link_in(mails_to("old@example.org")[0])
    Token.objects.filter(used_at=None, purpose="idea-confirm").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    pages = {
        without_tokens(method(link).content.decode())
        for link in (used, expired, address("idea-confirm", "unknown-token"))
        for method in (client.get, client.post)
    }
    assert len(pages) == 1
    assert address("idea-track") in pages.pop()
    assert Idea.objects.filter(status="received").count() == 1


def without_tokens(page):
    """Leave out what differs by the address of the page itself."""
    return re.sub(r'(csrfmiddlewaretoken" value="|/confirm/)[^"]*', "", page)


def test_what_nobody_confirms_is_deleted_with_its_person(send):
    send()
    tasks.purge_unconfirmed()
    assert Idea.objects.exists(), "still in time"
    Idea.objects.update(submitted_at=timezone.now() - timedelta(hours=73))
    tasks.purge_unconfirmed()
    for model in (Idea, Submission, Contact, Token):
        assert not model.objects.exists(), model


def test_the_purge_keeps_a_person_who_is_known_otherwise(send):
    other = SubmissionFactory(contact__email="zoe@example.org", idea__status="published")
    send()
    Idea.objects.filter(status="submitted").update(
        submitted_at=timezone.now() - timedelta(hours=73)
    )
    tasks.purge_unconfirmed()
    assert list(Idea.objects.all()) == [other.idea]
    assert Contact.objects.get() == other.contact


def test_a_robot_is_thanked_and_nothing_is_kept(send):
    response = send(website="http://spam.example")
    assert response.url == address("idea-sent")
    assert nothing_is_kept()


def test_too_fast_is_told_politely_and_the_second_try_works(client, send):
    response = send(stamp=new_stamp())
    page = response.content.decode()
    assert response.status_code == 200
    assert WORDS["body"] in page
    assert nothing_is_kept()
    stamp = response.context["form"]["stamp"].value()
    assert send(stamp=stamp).status_code == 302
    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    "stamp",
    [None, "", "x", signing.dumps({"key": "1"}, salt="other")],
    ids=["none", "empty", "nonsense", "other-salt"],
)
def test_a_stamp_that_is_not_ours_is_told_politely(send, stamp):
    response = send(stamp=stamp)
    assert response.status_code == 200
    assert send(stamp=response.context["form"]["stamp"].value()).status_code == 302


def test_a_double_click_sends_one_idea(send):
    assert send().url == send().url == address("idea-sent")
    assert Idea.objects.count() == Submission.objects.count() == Message.objects.count() == 1


def test_an_empty_form_names_each_field_and_keeps_the_language(client, filled):
    empty = {"stamp": filled["stamp"], "language": "nl", "submitter_type": "person"}
    response = client.post(address("idea-new"), {**empty, "display": "anonymous"})
    assert set(response.context["form"].errors) == {"title", "body", "theme", "email", "consent"}
    page = response.content.decode()
    for name in response.context["form"].errors:
        assert f'href="#id_{name}"' in page
    assert response.context["form"]["language"].value() == "nl"


def test_the_form_opens_without_an_alarm_in_the_language_of_the_page(client, db):
    for language in ("fr", "nl", "en"):
        response = client.get(address("idea-new", language=language))
        assert response.context["form"]["language"].value() == language
        assert "data-error-summary" not in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display": "name"}, "name"),
        ({"display": "organisation"}, "organisation_claimed"),
        ({"submitter_type": "organisation"}, "organisation_claimed"),
        ({"email": "zoe"}, "email"),
        ({"title": "x" * 151}, "title"),
        ({"body": "x" * 5001}, "body"),
        ({"theme": "0"}, "theme"),
        ({"language": "de"}, "language"),
        ({"title": "a\x00b"}, "title"),
    ],
)
def test_bad_input_is_a_field_error(send, changes, field):
    response = send(**changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert nothing_is_kept()


def test_the_name_is_kept_only_as_it_may_be_shown(send):
    send(display="name", name="Zoé D.")
    assert Idea.objects.get().author == "Zoé D."
    send(name="Zoé D.", stamp=old_stamp("2" * 32))
    assert [idea.display_text for idea in Idea.objects.order_by("pk")] == ["Zoé D.", ""]


def test_a_known_person_is_not_changed_by_whoever_types_the_address(send):
    known = ContactFactory(email="Zoe@example.org", name="Zoé", language="nl")
    send(name="Mallory")
    known.refresh_from_db()
    assert (known.name, known.language) == ("Zoé", "nl")
    assert Submission.objects.get().contact == known


def test_a_failure_half_way_keeps_nothing(filled):
    idea = Idea(title="x", body="y", language="xx-too-long", theme_id=int(filled["theme"]))
    with pytest.raises(Exception, match="too long"), transaction.atomic():
        services.submit_idea(idea, email="a@example.org", name="", notify=True, consent_version="")
    assert nothing_is_kept()


def test_a_lot_from_one_address_is_slowed_down_and_the_text_stays(send):
    for number in range(8):
        assert send(stamp=old_stamp(f"{number:032}")).status_code == 302
    response = send(stamp=old_stamp("9" * 32))
    assert response.status_code == 200
    assert WORDS["body"] in response.content.decode()
    assert Idea.objects.count() == 8


def test_references_have_no_gap_when_a_confirmation_fails(send):
    send()
    (mail,) = mails_to("zoe@example.org")
    raw = link_in(mail).rstrip("/").rpartition("/")[2]
    point = transaction.savepoint()
    services.confirm_submission(raw)
    transaction.savepoint_rollback(point)
    assert not ReferenceSeries.objects.filter(last__gt=0).exists()
    assert services.confirm_submission(raw)
    assert Idea.objects.get().reference.endswith("-00001")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Bancs pour les arrêts", True),
        ("un banc", True),
        ("BANC ARRET", True),
        ("Éclairage des quais", False),
        ("", False),
        ("de la à", False),
        ("& | ! ' \" ( :*", False),
    ],
)
def test_similar_ideas_are_shown_while_typing(client, typed, found):
    idea = IdeaFactory(published=True, title="Des bancs aux arrêts")
    IdeaFactory(title="Des bancs en secret")
    response = client.get(address("idea-similar"), {"title": typed}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert (idea.get_absolute_url() in page) == found
    assert "secret" not in page


def test_at_most_five_similar_ideas_and_the_total(client):
    for number in range(7):
        IdeaFactory(published=True, title=f"Un banc numéro {number}")
    response = client.get(address("idea-similar"), {"title": "Un banc"})
    assert response.status_code == 200
    assert len(response.context["similar"]) == 5
    assert response.context["similar_count"] == 7


def test_the_title_field_asks_for_similar_ideas(client):
    page = client.get(address("idea-new")).content.decode()
    assert f'hx-get="{address("idea-similar")}"' in page
    assert 'hx-target="#similar"' in page


def test_the_hint_takes_as_many_queries_for_one_as_for_many(client):
    from django.db import connection

    counts = set()
    for number in (1, 9):
        for _each in range(number):
            IdeaFactory(published=True, title="Un banc")
        with CaptureQueriesContext(connection) as queries:
            client.get(address("idea-similar"), {"title": "banc"})
        counts.add(len(queries))
    assert len(counts) == 1
