"""The queue of the staff: all that waits around ideas, for whom, and the mail that says so."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.models import Message
from stakeholders import services, waiting
from stakeholders.models import (
    Assignment,
    Contact,
    IdeaAttachment,
    IdeaEdit,
    IdeaNote,
    SimilarityPair,
    words_of,
)
from stakeholders.panels import ideas_alike
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    ReportFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
QUEUE = "admin:stakeholders_idea_queue"
NOW = timezone.now()


def recent(**fields):
    """Return a public idea whose answer is not overdue."""
    return IdeaFactory(published=True, received_at=NOW - timedelta(days=3), **fields)


def edit_of(idea, **fields):
    """Return a correction of a public idea that waits."""
    submission, former = SubmissionFactory(idea=idea), words_of(idea)
    words = {**former, "title": "Autre"}
    return IdeaEdit.objects.create(
        idea=idea, submission=submission, former=former, **words, **fields
    )


def file_of(idea, **fields):
    """Return a file of an idea that no scanner has judged."""
    values = {"kind": "pdf", "size": 9, "scan_state": "not_scanned", "sha256": "0" * 64}
    return IdeaAttachment.objects.create(
        idea=idea, name="a.pdf", stored_name=f"{idea.pk}.pdf", **values, **fields
    )


def days_ago(days):
    return NOW - timedelta(days=days)


def one_of_each():
    """Make one of each kind that waits; return their ideas in the order of the queue."""
    reported = recent()
    ReportFactory(idea=reported, at=days_ago(1))
    late = IdeaFactory(published=True, received_at=days_ago(200))
    new = IdeaFactory(received_at=days_ago(20))
    corrected, with_file, pair = recent(), recent(), (recent(), recent())
    edit_of(corrected, made_at=days_ago(15))
    file_of(with_file, added_at=days_ago(10))
    SimilarityPair.objects.create(
        a=pair[0], b=pair[1], score=80, method="words", found_at=days_ago(5)
    )
    return [reported, late, new, corrected, with_file, pair[1]]


def shown(response):
    """Return the ideas of the page, in its order."""
    return [line.idea for line in response.context["page_obj"].lines]


@pytest.fixture
def staff(users, login):
    """Somebody of the Office, logged in."""
    return login(users["staff"])


def test_all_that_waits_is_one_list_what_was_reported_first_then_the_oldest(staff):
    expected = one_of_each()
    response = staff.get(reverse(QUEUE))
    assert shown(response) == expected
    kinds = [line.kind.code for line in response.context["page_obj"].lines]
    assert kinds == ["report", "late", "new", "edit", "file", "pair"]
    page = response.content.decode()
    for line in response.context["page_obj"].lines:
        assert f'href="{line.url}"' in page
        assert staff.get(line.url).status_code == 200, line.kind


def test_it_is_narrowed_by_kind_and_by_who_evaluates(staff, users, make_user):
    ideas = one_of_each()
    other = make_user("staff")
    services.assign_idea(ideas[2], by=other, evaluator=users["staff"], due_on=timezone.localdate())
    services.assign_idea(ideas[1], by=other, evaluator=other, due_on=timezone.localdate())
    asked = {
        "kind=new": [ideas[2]],
        "kind=edit": [ideas[3]],
        "whose=me": [ideas[2]],
        "whose=somebody": [ideas[1], ideas[2]],
        "whose=nobody": [ideas[0], *ideas[3:]],
        "kind=late&whose=me": [],
        "kind=nonsense": ideas,
    }
    for query, expected in asked.items():
        assert shown(staff.get(f"{reverse(QUEUE)}?{query}")) == expected, query
    assert "Nothing of this waits" in staff.get(f"{reverse(QUEUE)}?kind=late&whose=me").text


def test_an_empty_queue_says_so(staff):
    assert "Everything is done." in staff.get(reverse(QUEUE)).text


def test_it_has_pages_and_as_many_queries_for_three_as_for_thirty(staff):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert staff.get(reverse(QUEUE)).status_code == 200
        return len(found)

    one_of_each()
    staff.get(reverse(QUEUE))
    few = queries()
    for _time in range(8):
        one_of_each()
    assert queries() == few
    second = staff.get(f"{reverse(QUEUE)}?page=2&whose=nobody")
    assert len(shown(second)) == waiting.PER_PAGE
    assert "whose=nobody" in second.text.partition('rel="prev"')[2][:90]
    assert staff.get(f"{reverse(QUEUE)}?page=99").context["page_obj"].number == 3


def test_nothing_of_ones_own_is_in_it(staff, users):
    mine = ContactFactory(user=users["staff"])
    for idea in one_of_each():
        SubmissionFactory(idea=idea, contact=mine)
    assert shown(staff.get(reverse(QUEUE))) == []


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_pair_with_an_idea_of_ones_own_is_not_proposed(users, side):
    pair = SimilarityPair.objects.create(a=recent(), b=recent(), score=80, method="words")
    assert ideas_alike(users["staff"]).total == 1
    SubmissionFactory(idea=getattr(pair, side), contact=ContactFactory(user=users["staff"]))
    assert ideas_alike(users["staff"]).total == 0


def test_it_is_for_the_staff_and_the_landing_page_leads_there(users, login):
    for role, user in users.items():
        status = login(user).get(reverse(QUEUE)).status_code
        assert (status == 200) == (role == "staff"), role
    ReportFactory(idea=recent())
    page = login(users["staff"]).get(reverse("admin:index")).text
    assert f'href="{reverse(QUEUE)}"' in page
    assert f'href="{reverse(QUEUE)}?kind=report"' in page
    assert reverse(QUEUE) not in login(users["auditor"]).get(reverse("admin:index")).text


# --- assignment and notes ------------------------------------------------------------------------


def screen(name, idea):
    return reverse(f"admin:stakeholders_idea_{name}", args=[idea.pk])


def test_an_idea_is_assigned_with_the_load_of_each_colleague_in_sight(staff, users, make_user):
    ann = make_user("staff", name="Ann")
    ideas = [recent() for _each in range(3)]
    today = timezone.localdate()
    for idea in ideas[:2]:
        Assignment.objects.create(idea=idea, evaluator=ann, due_on=today - timedelta(days=1))
    ended = Assignment.objects.create(idea=ideas[2], evaluator=ann, due_on=today)
    ended.ended_at = timezone.now()
    ended.save()
    Assignment.objects.create(idea=IdeaFactory(answered=True), evaluator=ann, due_on=today)
    address = screen("assign", ideas[2])
    assert "Ann – 2 to evaluate, 2 overdue" in staff.get(address).text
    past = {"evaluator": ann.pk, "due_on": str(today - timedelta(days=1))}
    assert "due_on" in staff.post(address, past).context["form"].errors
    for _click in range(2):
        data = {"evaluator": ann.pk, "due_on": str(today)}
        assert staff.post(address, data).status_code == 302
    assert ideas[2].assignments.open().get().assigned_by == users["staff"]
    assert ideas[2].assignments.count() == 2
    me = {"evaluator": users["staff"].pk, "due_on": str(today)}
    staff.post(address, me)
    assert ideas[2].assignments.open().get().evaluator == users["staff"]
    assert list(ideas[2].assignments.values_list("ended_by", flat=True)).count(None) == 2
    assert staff.post(address, {"end": "1"}).status_code == 302
    assert not ideas[2].assignments.open().exists()
    assert ideas[2].assignments.count() == 3


def test_nobody_evaluates_an_idea_of_their_own_nor_one_at_rest(staff, users, make_user):
    today = timezone.localdate()
    ann = make_user("staff", name="Ann")
    own = SubmissionFactory(idea=recent(), contact__user=ann).idea
    page = staff.get(screen("assign", own)).text
    assert "Ann –" not in page
    refused = staff.post(screen("assign", own), {"evaluator": ann.pk, "due_on": str(today)})
    assert "evaluator" in refused.context["form"].errors
    rested = IdeaFactory(answered=True)
    refused = staff.post(screen("assign", rested), {"evaluator": ann.pk, "due_on": str(today)})
    assert refused.context["form"].non_field_errors()
    assert not Assignment.objects.exists()


def test_notes_are_written_replied_to_and_never_changed(staff, users):
    idea = recent()
    assert staff.post(screen("notes", idea), {"text": "Demander au service."}).status_code == 302
    note = idea.notes.get()
    staff.post(screen("notes", idea), {"text": "Fait.", "reply_to": note.pk})
    reply = note.replies.get()
    again = services.add_note(idea, by=users["staff"], text="Bien.", reply_to=reply)
    assert again.reply_to == note
    page = staff.get(screen("notes", idea)).text
    assert page.index("Demander au service.") < page.index("Fait.") < page.index("Bien.")
    assert "Internal notes (3)" in staff.get(
        reverse("admin:stakeholders_idea_change", args=[idea.pk])
    ).text  # fmt: skip


def refused(write) -> bool:
    """Tell whether the database refuses what ``write`` does."""
    try:
        with transaction.atomic():
            write()
    except DatabaseError:
        return True
    return False


def test_the_database_keeps_notes_as_they_are_and_one_evaluator_at_a_time(users):
    idea, staff = recent(), users["staff"]
    note = services.add_note(idea, by=staff, text="Vu.")
    reply = services.add_note(idea, by=staff, text="Bien.", reply_to=note)
    rows, today = IdeaNote.objects, timezone.localdate()
    assert refused(lambda: rows.update(text="Autre"))
    assert refused(lambda: rows.all().delete())
    assert refused(lambda: rows.create(idea=idea, author=staff, text=" "))
    assert refused(lambda: rows.create(idea=idea, author=staff, text="x", reply_to=reply))
    assert refused(lambda: rows.create(idea=recent(), author=staff, text="x", reply_to=note))
    given = {"idea": idea, "evaluator": staff, "due_on": today}
    Assignment.objects.create(**given)
    assert refused(lambda: Assignment.objects.create(**given))


@pytest.mark.parametrize("name", ["notes", "reports", "assign"])
def test_the_screens_are_internal_and_closed_to_the_author(name, users, login):
    idea = recent()
    expected = {"staff"} if name == "assign" else {"staff", "auditor", "administrator"}
    opened = {r for r, u in users.items() if login(u).get(screen(name, idea)).status_code == 200}
    assert opened == expected
    auditor = login(users["auditor"])
    data = {"text": "x", "how": "left", "note": "x", "seen": "9"}
    assert auditor.post(screen(name, idea), data).status_code == 403
    SubmissionFactory(idea=idea, contact__user=users["staff"])
    assert login(users["staff"]).get(screen(name, idea)).status_code == 403
    assert login(users["staff"]).post(screen(name, idea), data).status_code == 403


def test_lists_of_the_back_office_leave_out_what_concerns_ones_own_idea(staff, users):
    report = ReportFactory(idea=recent())
    services.add_note(report.idea, by=users["staff"], text="Secret.")
    lists = [f"admin:stakeholders_{name}_changelist" for name in ("ideareport", "ideanote")]
    assert [staff.get(reverse(each)).context["cl"].result_count for each in lists] == [1, 1]
    SubmissionFactory(idea=report.idea, contact__user=users["staff"])
    assert [staff.get(reverse(each)).context["cl"].result_count for each in lists] == [0, 0]


# --- the daily mail ------------------------------------------------------------------------------


def test_the_daily_mail_comes_in_the_language_of_each_once_and_only_if_something_waits(
    make_user, server, django_capture_on_commit_callbacks
):
    fr = make_user("staff", language="fr")
    nl = make_user("staff", language="nl")
    make_user("auditor")
    services.tell_staff()
    assert not Message.objects.exists()
    idea = IdeaFactory()
    services.assign_idea(idea, by=fr, evaluator=nl, due_on=timezone.localdate())
    for _time in range(2):
        services.tell_staff()
    found = {mail.recipient: mail for mail in Message.objects.all()}
    assert set(found) == {fr.email, nl.email}
    assert (found[fr.email].language, found[nl.email].language) == ("fr", "nl")
    link = django_settings.SITE_URL + reverse(QUEUE)
    assert all(link in mail.text for mail in found.values())
    assert found[fr.email].text != found[nl.email].text


def test_a_colleague_who_has_chosen_no_language_reads_french_and_dutch(make_user):
    make_user("staff", email="ann@example.org")
    IdeaFactory()
    services.tell_staff()
    (mail,) = Message.objects.all()
    assert mail.language == "fr+nl"
    for code in ("fr", "nl"):
        with translation.override(code):
            (title,) = [
                kind.title for kind in waiting.kinds_of(User.objects.get()) if kind.code == "new"
            ]
            assert title in mail.text
            assert title in mail.html
            assert _("Open the queue") in mail.html
    assert "Open the queue" not in mail.text
    assert mail.text.count(reverse(QUEUE)) == 2


def test_an_account_that_is_closed_or_of_the_demonstration_gets_no_mail(make_user, settings):
    make_user("staff", is_active=False)
    demo = make_user("staff", is_demo=True)
    IdeaFactory()
    assert services.tell_staff() == 0
    real = make_user("staff")
    assert services.tell_staff() == 1
    assert Message.objects.get().recipient == real.email
    settings.DEMO_LOGINS = True
    services.tell_staff()
    assert Message.objects.filter(recipient=demo.email).count() == 1, "there it is caught and shown"


def test_who_sent_the_only_idea_that_waits_gets_no_mail(make_user):
    author = make_user("staff")
    IdeaFactory.create(status="received")
    SubmissionFactory(idea=IdeaFactory._meta.model.objects.get(), contact__user=author)
    services.tell_staff()
    assert not Message.objects.exists()
    assert Contact.objects.filter(user=author).exists()
