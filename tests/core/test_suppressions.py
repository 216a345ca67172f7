"""Addresses not written to and mails that came back, as the back office has them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import mail, slots
from core.models import Bounce, BounceRaw, Message, StatusChange, Suppression
from core.posting import bounces, rereading
from core.posting import suppression as stops
from core.posting.addresses import keyed_hash
from core.selectors import history_of
from core.workflow import PermissionRefused, TransitionRefused

pytestmark = pytest.mark.django_db
ADDRESS = "An@Example.org"
LIST, ADD = "admin:core_suppression_changelist", "admin:core_suppression_add"
FIND = "admin:core_suppression_find"


def stopped(**values) -> Suppression:
    defaults = {"email_hmac": keyed_hash(ADDRESS), "scope": "mailings", "reason": "hard_bounce"}
    return Suppression.objects.create(**defaults | values)


def typed(**more) -> dict:
    return {"address": ADDRESS, "reason": "manual", "scope": "mailings", "note": "By phone"} | more


# --- the verbs -----------------------------------------------------------------------------------


def test_lifting_leaves_who_when_and_why(make_user):
    staff, row = make_user("staff"), stopped()
    stops.lift(row, by=staff, note="The mailbox works again.")
    assert (row.status, row.has_ended) == ("lifted", True)
    change = history_of(row).get()
    assert (change.by, change.note) == (staff, "The mailbox works again.")


@pytest.mark.parametrize("reason", ["complaint", "erasure"])
def test_a_complaint_and_an_erasure_stay(make_user, reason):
    row = stopped(reason=reason)
    with pytest.raises(TransitionRefused, match="it stays"):
        stops.lift(row, by=make_user("staff"), note="They called.")
    row.refresh_from_db()
    assert (row.status, row.until) == ("in_force", None)


def test_what_has_ended_by_itself_is_not_lifted(make_user):
    past = timezone.now() - timedelta(days=1)
    row = stopped(reason="manual", at=past - timedelta(days=1), until=past)
    with pytest.raises(TransitionRefused, match="ended by itself"):
        stops.lift(row, by=make_user("staff"), note="x")


def test_lifting_needs_a_reason_and_the_staff(make_user):
    row = stopped()
    with pytest.raises(TransitionRefused):
        stops.lift(row, by=make_user("staff"), note=" ")
    with pytest.raises(PermissionRefused):
        stops.lift(row, by=make_user("auditor", "administrator"), note="x")


def test_what_was_lifted_or_has_ended_begins_anew(make_user):
    row = stopped()
    stops.lift(row, by=make_user("staff"), note="It works.")
    again = stops.suppress(row.email_hmac, "soft_bounces")
    assert (again.pk, again.status, again.reason, again.until) == (
        *(row.pk, "in_force", "soft_bounces"),
        None,
    )
    past = timezone.now() - timedelta(days=1)
    Suppression.objects.update(at=past - timedelta(days=1), until=past)
    again = stops.suppress(row.email_hmac, "hard_bounce", scope="all")
    assert (again.scope, again.reason, again.until) == ("all", "hard_bounce", None)
    assert again.at > past


@pytest.mark.parametrize(
    ("first", "second", "becomes"),
    [
        (("mailings", "complaint"), ("all", "manual"), ("all", "complaint")),
        (("all", "objection"), ("mailings", "hard_bounce"), ("all", "objection")),
        (("mailings", "hard_bounce"), ("mailings", "complaint"), ("mailings", "complaint")),
        (("mailings", "hard_bounce"), ("mailings", "soft_bounces"), ("mailings", "hard_bounce")),
    ],
)
def test_the_stricter_of_two_counts(first, second, becomes):
    row = stopped(scope=first[0], reason=first[1])
    found = stops.suppress(row.email_hmac, second[1], scope=second[0])
    assert (found.scope, found.reason) == becomes


def test_the_later_end_counts():
    soon, later = (timezone.now() + timedelta(days=days) for days in (1, 9))
    row = stopped(reason="manual", until=soon)
    assert stops.suppress(row.email_hmac, "manual", until=later).until == later
    assert stops.suppress(row.email_hmac, "manual", until=soon).until == later
    assert stops.suppress(row.email_hmac, "hard_bounce").until is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "other"},
        {"reason": "other"},
        {"status": "lifted"},
        {"reason": "complaint", "until": timezone.now() + timedelta(days=1)},
    ],
)
def test_the_database_refuses_nonsense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        stopped(**wrong)


def test_whoever_wants_no_mail_at_all_gets_no_single_one_either():
    row, texts = stopped(), {"template": "t", "language": "fr", "subject": "x", "text": "x"}
    mails = [Message.objects.create(key=key, recipient=ADDRESS, **texts) for key in "ab"]
    assert mail.send(mails[0].pk), "a suppression of mailings leaves single mails alone"
    stops.suppress(row.email_hmac, "objection", scope="all")
    assert not mail.send(mails[1].pk)
    mails[1].refresh_from_db()
    assert (mails[1].status, mails[1].text) == ("failed", "")


# --- the back office -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("staff", 200), ("administrator", 200), ("auditor", 200), ("secretary", 403)],
)
@pytest.mark.parametrize("model", ["suppression", "bounce", "bounceraw", "domainbudget"])
def test_who_reads_the_lists(users, login, role, status, model):
    address = reverse(f"admin:core_{model}_changelist")
    assert login(users[role]).get(address).status_code == status


@pytest.mark.parametrize("query", ["status=in_force", "reason=manual", "scope=all"])
def test_the_list_is_filtered(users, login, query):
    stopped(reason="manual", scope="all")
    stopped(email_hmac="0" * 64, status="lifted", until=timezone.now() + timedelta(days=1))
    name, value = query.split("=")
    page = login(users["staff"]).get(reverse(LIST), {f"{name}__exact": value})
    assert page.context["cl"].result_count == 1


@pytest.mark.parametrize("query", ["email_hmac", "email_hmac__startswith"])
def test_the_list_is_asked_for_nothing_else(users, login, query):
    assert login(users["staff"]).get(reverse(LIST), {query: "a"}).status_code == 400


def test_one_row_and_three_cost_the_same(users, login):
    client, counts = login(users["staff"]), []
    for number in range(3):
        stopped(email_hmac=str(number) * 64)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(LIST))
        counts.append(len(found))
    assert counts[0] == counts[2]


def kept_anywhere(words: str) -> list[str]:
    """Return the tables of the engine and of the log in which ``words`` stand."""
    tables = (Suppression, StatusChange, LogEntry, Bounce, Message)
    return [
        model.__name__
        for model in tables
        for row in model.objects.values()
        if words.lower() in str(row).lower()
    ]


def test_an_address_is_added_by_hand_and_kept_as_its_hash(users, login, caplog):
    client = login(users["staff"])
    answer = client.post(reverse(ADD), typed())
    assert answer.status_code == 302
    row = Suppression.objects.get()
    assert (row.email_hmac, row.reason, row.scope) == (keyed_hash(ADDRESS), "manual", "mailings")
    change = history_of(row).get()
    assert (change.by, change.note) == (users["staff"], "By phone")
    assert kept_anywhere("an@example") == []
    assert "an@example" not in (answer.url + caplog.text).lower()
    page = client.get(reverse("admin:core_suppression_change", args=[row.pk]))
    assert page.status_code == 200
    assert "By phone" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "an"}, "address"),
        ({"reason": "complaint"}, "reason"),
        ({"scope": ""}, "scope"),
        ({"until_0": "2020-01-01", "until_1": "10:00"}, "until"),
    ],
)
def test_what_cannot_be_added_is_told_beside_the_field(users, login, wrong, field):
    page = login(users["staff"]).post(reverse(ADD), typed(**wrong))
    form = page.context["adminform"].form
    assert list(form.errors) == [field]
    assert form["note"].value() == "By phone"
    assert not Suppression.objects.exists()


def test_an_address_that_is_stopped_already_is_told(users, login):
    stopped()
    client = login(users["staff"])
    page = client.post(reverse(ADD), typed())
    assert "does not exist" in page.context["adminform"].form.errors["address"][0]
    assert client.post(reverse(ADD), typed(scope="all")).status_code == 302
    assert Suppression.objects.get().scope == "all"


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_only_the_staff_adds_and_lifts(users, login, role):
    client, row = login(users[role]), stopped()
    lift = reverse("admin:core_suppression_transition", args=[row.pk, "lift"])
    assert client.get(reverse(ADD)).status_code == 403
    assert client.post(lift, {"note": "x"}).status_code == 403
    assert client.get(reverse(FIND)).status_code == 200


def test_lifting_is_asked_and_needs_a_reason(users, login):
    client, row = login(users["staff"]), stopped()
    lift = reverse("admin:core_suppression_transition", args=[row.pk, "lift"])
    assert "what its person has asked for" in client.get(lift).content.decode()
    assert client.post(lift, {"note": ""}).status_code == 200
    row.refresh_from_db()
    assert row.status == "in_force"
    assert client.post(lift, {"note": "They wrote to us."}).status_code == 302
    row.refresh_from_db()
    assert row.status == "lifted"


def test_the_page_says_why_a_complaint_stays(users, login):
    client, row = login(users["staff"]), stopped(reason="complaint")
    page = client.get(reverse("admin:core_suppression_change", args=[row.pk]))
    assert "reported our mail as unwanted" in page.content.decode()
    lift = reverse("admin:core_suppression_transition", args=[row.pk, "lift"])
    assert "it stays" in client.post(lift, {"note": "x"}).content.decode()


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_a_search_by_address_compares_the_hash(users, login, role):
    row = stopped()
    Bounce.objects.create(kind="hard", email_hmac=row.email_hmac, status="5.1.1")
    client = login(users[role])
    page = client.post(reverse(FIND), {"address": " an@example.ORG "})
    assert page.context["found"] == row
    assert [each.status for each in page.context["bounces"]] == ["5.1.1"]
    page = client.post(reverse(FIND), {"address": "else@example.org"})
    assert page.context["found"] is None
    assert "Nothing stops mails to it" in page.content.decode()
    assert kept_anywhere("example.org") == []


def test_an_address_in_the_address_line_is_not_looked_at(users, login):
    stopped()
    page = login(users["staff"]).get(reverse(FIND), {"address": ADDRESS})
    assert "found" not in page.context


def test_what_is_no_address_is_told(users, login):
    page = login(users["staff"]).post(reverse(FIND), {"address": "an"})
    assert list(page.context["form"].errors) == ["address"]
    assert page.context["form"]["address"].value() == "an"


def test_it_is_for_those_who_read_them(users, login):
    assert login(users["secretary"]).get(reverse(FIND)).status_code == 403


# --- mails that could not be read ----------------------------------------------------------------


@pytest.fixture
def unreadable():
    raw = bounces.keep(b"Subject: Canary subject\r\n\r\nCanary words.\r\n")
    bounces.read(raw)
    raw.refresh_from_db()
    return raw


def waiting(user):
    found = slots.collect("office.queues", user)
    return [queue for queue in found if any("bounceraw" in row.url for row in queue.rows)]


def test_they_wait_for_the_staff(users, unreadable):
    (queue,) = waiting(users["staff"])
    assert (queue.total, queue.rows[0].since) == (1, unreadable.received_at)
    assert waiting(users["administrator"]) == waiting(users["secretary"]) == []
    rereading.settle(unreadable, by=users["staff"])
    assert waiting(users["staff"]) == []


@pytest.mark.parametrize(("role", "sees"), [("staff", True), ("auditor", False)])
def test_their_text_is_for_the_staff(users, login, unreadable, role, sees):
    client = login(users[role])
    page = client.get(reverse("admin:core_bounceraw_change", args=[unreadable.pk]))
    assert page.status_code == 200
    assert ("Canary" in page.content.decode()) is sees
    assert "Canary" not in client.get(reverse("admin:core_bounceraw_changelist")).content.decode()


def test_an_auditor_does_not_ask_for_their_text(users, login, unreadable):
    address = reverse("admin:core_bounceraw_changelist")
    assert login(users["auditor"]).get(f"{address}?text__contains=Canary").status_code == 400


def test_reading_again_does_what_can_be_read_now(users, login, unreadable):
    client = login(users["staff"])
    again = reverse("admin:core_bounceraw_transition", args=[unreadable.pk, "read_again"])
    assert client.post(again, {"note": ""}).status_code == 302
    unreadable.refresh_from_db()
    assert unreadable.state == "unreadable"
    BounceRaw.objects.update(text="Auto-Submitted: auto-replied\n\nBack on Monday.\n")
    client.post(again, {"note": ""})
    unreadable.refresh_from_db()
    assert (unreadable.state, unreadable.bounces.get().kind) == ("read", "auto_reply")


def test_the_pages_of_a_bounce_open_for_its_readers(users, login, unreadable):
    bounce = Bounce.objects.create(kind="soft", raw=unreadable, diagnosis="mailbox full")
    client = login(users["auditor"])
    page = client.get(reverse("admin:core_bounce_change", args=[bounce.pk]))
    assert "mailbox full" in page.content.decode()
    assert client.get(reverse("admin:core_bounce_add")).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "adresses auxquelles"), ("nl", "adressen waarnaar")],
)
def test_the_lists_are_in_both_languages(users, login, language, words):
    page = login(users["staff"]).get(reverse(LIST), headers={"accept-language": language})
    assert words in page.content.decode().lower()
