"""Reports of ideas (case 16): by anybody, once each, settled by the staff, told to nobody else."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionRefused
from stakeholders import services, tasks
from stakeholders.models import IdeaReport
from stakeholders.own_data import as_file
from stakeholders.reporters import hash_of_address
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    ReportFactory,
    SubmissionFactory,
)
from tests.stakeholders.conftest import address, old_stamp
from tests.stakeholders.test_queue import QUEUE, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def idea(db):
    return IdeaFactory(published=True, received_at=timezone.now())


def report(client, idea, page="fr", **changes):
    """Send the form about an idea, opened a minute ago."""
    data = {"reason": "offensive", "details": "Le titre.", "stamp": old_stamp(), **changes}
    return client.post(address("idea-report", idea.reference, language=page), data)


def settle(client, idea, how, note="Vu.", seen=10**6):
    """Send the decision of the staff."""
    return client.post(screen("reports", idea), {"how": how, "note": note, "seen": seen})


def test_anybody_reports_from_the_page_of_an_idea(client, idea):
    form = address("idea-report", idea.reference)
    assert f'href="{form}"' in client.get(address("idea-detail", idea.reference)).text
    assert client.get(form).status_code == 200
    sent = report(client, idea)
    assert sent.url == address("idea-reported")
    assert client.get(sent.url).status_code == 200
    kept = IdeaReport.objects.get()
    assert (kept.idea, kept.reason, kept.details, kept.locale) == (
        *(idea, "offensive", "Le titre.", "fr"),
    )


def test_one_person_reports_once_and_is_answered_the_same(client, idea):
    first = report(client, idea)
    again = report(client, idea, reason="advertising")
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert IdeaReport.objects.get().reason == "offensive"
    for email in ("zoe@example.org", "ZOE@example.org "):
        report(Client(), idea, page="nl", email=email)
    assert IdeaReport.objects.count() == 2
    report(Client(), idea)
    assert IdeaReport.objects.count() == 3
    report(client, IdeaFactory(published=True))
    assert IdeaReport.objects.count() == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("zoe@example.org", ""),
        ("", "zoe@example.org"),
        ("zoe@example.org", "an@example.org"),
        ("", ""),
    ],
)
def test_with_and_without_an_address_one_device_is_one_person(client, idea, first, second):
    for email in (first, second):
        client.get(address("idea-report", idea.reference))
        assert report(client, idea, email=email).url == address("idea-reported")
    assert IdeaReport.objects.count() == 1


def test_logging_in_between_two_reports_makes_nobody_a_second_person(client, idea, users):
    report(client, idea)
    client.force_login(users["juror"])
    report(client, idea, email="other@example.org")
    report(Client(), idea, email=users["juror"].email)
    assert IdeaReport.objects.count() == 2, "of the second device the address was new"
    known = Client()
    known.force_login(users["juror"])
    report(known, idea, email="third@example.org")
    assert IdeaReport.objects.count() == 2, "whoever has logged in is known by the account"


def test_of_one_device_the_reports_of_two_ideas_have_nothing_in_common(client, idea):
    other = IdeaFactory(published=True)
    for each in (idea, other):
        report(client, each)
    hashes = set(IdeaReport.objects.values_list("device_hash", flat=True))
    assert len(hashes) == 2
    secret = client.session["reports_as"]
    assert secret not in str(list(IdeaReport.objects.values()))


def test_the_mark_of_the_device_goes_after_two_weeks_and_the_report_still_counts(client, idea):
    report(client, idea, email="zoe@example.org")
    assert services.forget_devices() == 0
    IdeaReport.objects.update(at=timezone.now() - timedelta(days=15))
    assert services.forget_devices() == 1
    kept = IdeaReport.objects.get()
    assert (kept.device_hash, kept.details) == ("", "Le titre.")
    report(Client(), idea, email="zoe@example.org")
    assert IdeaReport.objects.count() == 1, "the address is known as long as before"
    tasks.forget_reporters()


def test_the_database_holds_no_address_and_no_second_report(client, idea):
    report(client, idea, email="zoe@example.org")
    kept = IdeaReport.objects.get()
    assert kept.reporter_hash == hash_of_address("zoe@example.org")
    assert "zoe" not in str(IdeaReport.objects.values().get())
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(idea=idea, reporter_hash=kept.reporter_hash)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(idea=idea, device_hash=kept.device_hash)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_counts_once(idea):
    start, results = threading.Barrier(2), []

    def click():
        try:
            start.wait()
            values = {"reason": "offensive", "details": "", "locale": "fr"}
            results.append(services.report_idea(idea, device="a" * 64, **values))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert IdeaReport.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "ugly"}, "reason"),
        ({"reason": "other", "details": ""}, "details"),
        ({"details": "x" * 2001}, "details"),
        ({"email": "zoe"}, "email"),
        ({"details": "a\x00b"}, "details"),
    ],
)
def test_what_cannot_be_taken_is_told(client, idea, changes, field):
    assert field in report(client, idea, **changes).context["form"].errors
    assert not IdeaReport.objects.exists()


def test_a_robot_is_thanked_and_haste_is_slowed_down(client, idea):
    assert report(client, idea, website="x").url == address("idea-reported")
    assert report(client, idea, stamp="").context["form"].non_field_errors()
    assert not IdeaReport.objects.exists()
    ideas = [IdeaFactory(published=True) for _each in range(9)]
    answers = [report(client, each) for each in ideas]
    assert [answer.status_code for answer in answers] == [302] * 8 + [200]
    assert IdeaReport.objects.count() == 8


@pytest.mark.parametrize("status", ["received", "hidden", "submitted"])
def test_what_is_not_public_cannot_be_reported(client, users, status):
    hidden = IdeaFactory(status=status)
    assert report(client, hidden).status_code == 404
    client.force_login(users["staff"])
    assert client.get(address("idea-report", hidden.reference)).status_code == 404


def test_a_report_raises_the_idea_and_only_the_staff_see_how_many(client, idea, users):
    IdeaFactory(received_at="2026-01-01T09:00Z")
    for number in range(3):
        report(Client(), idea, details=f"Kanarie {number}")
    page = client.get(idea.get_absolute_url(), follow=True).text
    assert "Kanarie" not in page
    client.force_login(users["staff"])
    queue = client.get(reverse(QUEUE))
    first = queue.context["page_obj"].lines[0]
    assert (first.idea, first.count, first.kind.code) == (idea, 3, "report")
    assert "reported by 3 people" in queue.text
    assert "Kanarie 2" in client.get(screen("reports", idea)).text
    assert "Kanarie" not in client.get(idea.get_absolute_url(), follow=True).text


def test_the_staff_hide_with_a_reason_and_it_is_gone_at_once(client, idea, users):
    for _each in range(2):
        report(Client(), idea)
    staff = Client()
    staff.force_login(users["staff"])
    assert settle(staff, idea, "hidden", note="").context["form"].errors
    assert settle(staff, idea, "").context["form"].errors
    assert idea.title in client.get(address("idea-list")).text
    assert settle(staff, idea, "hidden", note="Injurieux.").url == reverse(QUEUE)
    idea.refresh_from_db()
    assert idea.status == "hidden"
    found = set(IdeaReport.objects.values_list("how", "settle_note", "settled_by"))
    assert found == {("hidden", "Injurieux.", users["staff"].pk)}
    assert idea.title not in client.get(address("idea-list")).text
    assert client.get(address("idea-detail", idea.reference)).status_code == 404
    assert not staff.get(reverse(QUEUE)).context["page_obj"].lines


def test_the_staff_leave_it_with_a_note_and_what_came_meanwhile_waits_on(client, idea, users):
    report(Client(), idea)
    read = IdeaReport.objects.get().pk
    report(Client(), idea)
    client.force_login(users["staff"])
    assert settle(client, idea, "left", seen=read).status_code == 302
    assert IdeaReport.objects.filter(settled_at=None).count() == 1
    assert settle(client, idea, "left").status_code == 302
    assert "somebody has settled" in settle(client, idea, "left").text
    idea.refresh_from_db()
    assert idea.status == "published"


def test_hiding_by_the_button_settles_the_reports_as_well(idea, users):
    ReportFactory(idea=idea)
    services.hide_idea(idea, by=users["staff"], note="Injurieux.")
    assert IdeaReport.objects.get().how == "hidden"


def test_nobody_settles_what_they_reported_or_sent(client, idea, users):
    client.force_login(users["staff"])
    report(client, idea)
    assert IdeaReport.objects.get().reporter_hash == hash_of_address(users["staff"].email)
    assert "You reported this idea yourself" in settle(client, idea, "left").text
    other = ReportFactory(idea=SubmissionFactory(contact__user=users["staff"]).idea).idea
    assert settle(client, other, "left").status_code == 403
    for role in ("auditor", "administrator", "translator", "secretary"):
        with pytest.raises(TransitionRefused):
            services.settle_reports(idea, by=users[role], how="left", note="x", seen=10**6)
    assert not IdeaReport.objects.exclude(settled_at=None).exists()


def test_who_is_erased_leaves_nothing_and_the_report_still_counts(client, idea):
    person = ContactFactory(email="zoe@example.org")
    report(client, idea, email="zoe@example.org", details="Moi, zoe@example.org, je vis là.")
    (told,) = as_file(person)["reports"]
    assert told["details"].endswith("je vis là.")
    services.erase_contact(person)
    kept = IdeaReport.objects.get()
    assert (kept.reporter_hash, kept.device_hash, kept.details) == ("", "", "")
    assert kept.reason == "offensive"


def test_a_year_after_it_was_settled_nobody_is_in_a_report_any_more(users):
    old, recent, open_one = (ReportFactory() for _each in range(3))
    for row, days in ((old, 366), (recent, 300)):
        row.settled_at = timezone.now() - timedelta(days=days)
        row.settled_by, row.how, row.settle_note = users["staff"], "left", "Vu."
        row.save()
    assert services.forget_old_reporters() == 1
    assert services.forget_old_reporters() == 0
    assert [bool(IdeaReport.objects.get(pk=r.pk).details) for r in (old, recent, open_one)] == [
        *(False, True, True),
    ]


def test_the_database_refuses_a_settlement_without_a_note(users):
    for changes in ({"how": "left"}, {"settled_at": timezone.now()}, {"reason": "ugly"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportFactory(**changes)
