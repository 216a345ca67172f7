"""Two ideas become one and two again; one idea becomes two: nobody is lost on the way."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.models import Message, StatusChange
from stakeholders.models import Idea, IdeaMerge, SimilarityPair, Submission, Verdict
from stakeholders.workflow import is_passage
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import address, mails_to

pytestmark = pytest.mark.django_db

TWO_IN_ONE = "Un banc à chaque arrêt.\n\nDes arbres devant l’école, pour l’ombre."


def move(client, idea, name, **data):
    """Press a button of the back office on an idea."""
    return client.post(reverse("admin:stakeholders_idea_transition", args=[idea.pk, name]), data)


@pytest.fixture
def client_of_staff(client, users):
    client.force_login(users["staff"])
    return client


@pytest.fixture
def two():
    """Two public ideas by two people, the second one answered."""
    first = SubmissionFactory(
        idea__published=True,
        idea__title="De l’ombre",
        contact__email="a@example.org",
        language="nl",
    )
    second = SubmissionFactory(
        idea__answered=True, idea__title="Ombre sur la place", contact__email="b@example.org"
    )
    return first, second


def rows() -> dict:
    """Return what a merge could touch, all of it."""
    keys = ("idea", "contact", "via", "channel", "language", "notify")
    return {
        "ideas": [model_to_dict(idea) for idea in Idea.objects.order_by("pk")],
        "contributions": list(Submission.objects.order_by("pk").values_list(*keys)),
    }


def test_both_are_told_in_their_language_and_undoing_brings_both_back(two, client_of_staff):
    first, second = two
    before = rows()
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    assert Submission.objects.get(idea=second.idea, contact=first.contact).via == first.idea
    told = mails_to("a@example.org", "idea_merged"), mails_to("b@example.org", "idea_took_in")
    assert [len(each) for each in told] == [1, 1]
    assert second.idea.title in told[0][0].text
    assert first.idea.title in told[1][0].text
    assert told[0][0].subject != told[1][0].subject
    assert client_of_staff.get(address("idea-detail", first.idea.reference)).status_code == 200

    response = move(client_of_staff, first.idea, "undo_merge_published", note="Deux places.")
    assert response.status_code == 302
    assert rows() == before
    assert StatusChange.objects.latest("pk").transition == "undo_merge_published"
    for person in ("a@example.org", "b@example.org"):
        assert len(mails_to(person, "idea_unmerged")) == 1
    page = client_of_staff.get(address("idea-detail", first.idea.reference)).content.decode()
    assert address("idea-detail", second.idea.reference) not in page


def test_a_mail_that_waits_does_not_name_an_idea_that_was_hidden_meanwhile(
    two, client_of_staff, server
):
    first, second = two
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    (merged,), (took_in,) = (
        mails_to("a@example.org", "idea_merged"),
        mails_to("b@example.org", "idea_took_in"),
    )
    move(client_of_staff, second.idea, "hide", note="Abus.")
    assert mail.send(merged.pk) is False, "it names the idea of somebody else"
    assert mail.send(took_in.pk) is True, "it names the other one, which is public"
    assert [each["To"] for each in server.received] == ["b@example.org"]


def test_undoing_needs_a_reason_and_stops_after_thirty_days(two, client_of_staff):
    first, second = two
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    assert move(client_of_staff, first.idea, "undo_merge_published").status_code == 200
    IdeaMerge.objects.update(at=timezone.now() - timedelta(days=30, minutes=1))
    late = move(client_of_staff, first.idea, "undo_merge_published", note="Deux places.")
    first.idea.refresh_from_db()
    assert first.idea.status == "merged"
    assert late.status_code in (200, 302, 409)
    IdeaMerge.objects.update(at=timezone.now() - timedelta(days=29, hours=23))
    move(client_of_staff, first.idea, "undo_merge_published", note="Deux places.")
    first.idea.refresh_from_db()
    assert first.idea.status == "published"


@pytest.mark.parametrize(
    ("status", "code"),
    [("received", "received"), ("published", "published"), ("under_review", "review")],
)
def test_each_goes_back_to_what_it_was(status, code, client_of_staff):
    idea = IdeaFactory(published=status != "received", status=status)
    published_at = idea.published_at
    other = IdeaFactory(published=True)
    move(client_of_staff, idea, "merge", into=other.reference)
    assert Idea.objects.get(pk=idea.pk).is_public
    move(client_of_staff, idea, f"undo_merge_{code}", note="Deux.")
    idea.refresh_from_db()
    assert (idea.status, idea.published_at, idea.duplicate_of) == (status, published_at, None)


def test_a_chain_is_undone_from_its_end(two, client_of_staff):
    first, second = two
    third = SubmissionFactory(idea__published=True, contact__email="c@example.org")
    people = Submission.objects.filter(idea=third.idea)
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    move(client_of_staff, second.idea, "merge", into=third.idea.reference)
    assert people.count() == 3
    move(client_of_staff, first.idea, "undo_merge_published", note="Deux.")
    first.idea.refresh_from_db()
    assert first.idea.status == "merged"
    move(client_of_staff, second.idea, "undo_merge_answered", note="Deux.")
    move(client_of_staff, first.idea, "undo_merge_published", note="Deux.")
    first.idea.refresh_from_db()
    assert first.idea.status == "published"
    assert list(people.values_list("contact__email", flat=True)) == ["c@example.org"]


def test_whoever_sent_both_keeps_both(client_of_staff):
    person = ContactFactory(email="zoe@example.org")
    first = SubmissionFactory(idea__published=True, contact=person)
    second = SubmissionFactory(idea__published=True, contact=person)
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    move(client_of_staff, first.idea, "undo_merge_published", note="Deux.")
    kept = Submission.objects.filter(contact=person, via=None).values_list("idea", flat=True)
    assert set(kept) == {first.idea.pk, second.idea.pk}


def test_the_pair_is_asked_about_again(two, client_of_staff, users):
    first, second = two
    pair = SimilarityPair.objects.create(a=first.idea, b=second.idea, score=90, method="words")
    client_of_staff.post(f"/admin/stakeholders/similaritypair/{pair.pk}/change/", {"survivor": "b"})
    pair.refresh_from_db()
    assert pair.verdict == Verdict.DUPLICATE
    move(client_of_staff, first.idea, "undo_merge_published", note="Deux.")
    pair.refresh_from_db()
    assert (pair.verdict, pair.by, pair.at) == (Verdict.OPEN, None, None)


def test_nobody_undoes_the_merge_of_their_own_idea(two, client_of_staff, users):
    first, second = two
    move(client_of_staff, first.idea, "merge", into=second.idea.reference)
    first.contact.user = users["staff"]
    first.contact.save(update_fields=["user"])
    assert move(client_of_staff, first.idea, "undo_merge_published", note="!").status_code == 403


# --- one idea that proposes two things --------------------------------------------------------


def split(client, idea, **data):
    """Send the screen that separates a part."""
    return client.post(f"/admin/stakeholders/idea/{idea.pk}/split/", data)


@pytest.fixture
def whole():
    sent = SubmissionFactory(
        idea__published=True,
        idea__title="Bancs et arbres",
        idea__body=TWO_IN_ONE,
        contact__email="a@example.org",
    )
    return sent.idea


def test_a_part_gets_its_own_reference_and_its_contributors(whole, client_of_staff):
    words = {"title": "Des arbres", "body": "Des arbres devant l’école, pour l’ombre."}
    assert split(client_of_staff, whole, **words).status_code == 302
    part = whole.parts.get()
    assert (part.status, part.theme, part.language) == ("received", whole.theme, whole.language)
    assert part.reference
    assert part.reference != whole.reference
    assert part.submissions.get().contact.email == "a@example.org"
    assert len(mails_to("a@example.org", "idea_split")) == 1
    whole.refresh_from_db()
    assert whole.body == TWO_IN_ONE
    assert SimilarityPair.objects.get().verdict == Verdict.RELATED
    # Sent twice, it is made once.
    split(client_of_staff, whole, **words)
    assert whole.parts.count() == 1
    assert Message.objects.filter(template="idea_split").count() == 1

    page = address("idea-detail", whole.reference)
    assert part.reference not in Client().get(page).content.decode()
    move(client_of_staff, part, "publish")
    assert part.reference in Client().get(page).content.decode()
    own = Client().get(address("idea-detail", part.reference)).content.decode()
    assert whole.reference in own


@pytest.mark.parametrize(
    "words",
    [
        {"title": "", "body": "Un banc à chaque arrêt."},
        {"title": "Bancs", "body": "Un banc en or."},
        {"title": "Bancs", "body": "  \n "},
        {"title": "Bancs", "body": TWO_IN_ONE},
        {"title": "B" * 151, "body": "Un banc à chaque arrêt."},
    ],
)
def test_what_is_no_part_of_it_is_said_beside_the_field(words, whole, client_of_staff):
    response = split(client_of_staff, whole, **words)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert words["body"].strip() in response.context["form"]["body"].value()
    assert not whole.parts.exists()


def test_only_staff_split_and_not_their_own(whole, client, users):
    for role in ("auditor", "translator", "juror"):
        client.force_login(users[role])
        assert split(client, whole, title="x", body="Un banc à chaque arrêt.").status_code in (
            302,
            403,
        )
    whole.submissions.update(contact=ContactFactory(user=users["staff"]))
    client.force_login(users["staff"])
    assert split(client, whole, title="x", body="Un banc à chaque arrêt.").status_code == 403
    assert not whole.parts.exists()


def test_an_answered_idea_is_not_split(client_of_staff):
    idea = IdeaFactory(answered=True, body=TWO_IN_ONE)
    response = split(client_of_staff, idea, title="Bancs", body="Un banc à chaque arrêt.")
    assert response.context["form"].non_field_errors()
    assert not idea.parts.exists()


@pytest.mark.parametrize(
    ("part", "whole", "fits"),
    [
        ("b  c", "a b\nc d", True),
        ("a\n\nd", "a b c d", True),
        ("a c", "a b c", False),
        ("", "a", False),
    ],
)
def test_a_passage_is_found_whatever_the_white_space(part, whole, fits):
    assert is_passage(part, whole) is fits
