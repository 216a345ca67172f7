"""Bilateral meetings: states, minutes, mails and calendar files."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import Message
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.meeting_selectors import bilateral_counts
from stakeholders.meeting_workflow import BILATERAL
from stakeholders.models import BilateralMeeting, BilateralStatus, Interaction
from tests.factories.meetings import calendar_of, held, history, shared
from tests.factories.programme import PortfolioFactory
from tests.factories.register import BilateralFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db
PAST = datetime(2026, 9, 15, 12, tzinfo=UTC)
ALL = set(BilateralStatus.values)


def test_from_the_proposal_to_the_validation(meeting, staff, second, partner):
    shared(meeting, staff)
    services.validate_meeting(meeting, by=second)
    assert meeting.status == "validated"
    assert (meeting.validated_by, meeting.outcomes) == (second, ["pilot"])
    assert meeting.minutes.status == "signed"
    exchange = meeting.interaction
    assert (exchange.kind, exchange.happened_at) == ("bilateral", meeting.starts_at)
    assert exchange.minutes_long == 60
    assert exchange.participations.get(side="theirs").contact == partner
    assert exchange.participations.get(side="ours").user == staff
    assert history(meeting) == [
        *("agree", "hold", "write_minutes", "share_minutes", "validate"),
    ]


def test_every_move_from_every_state(staff, second, partner):
    """What the table does not allow is refused, whoever asks, and writes nothing."""
    data = {
        "write_minutes": {"body": "Words"},
        "correct_minutes": {"body": "Words"},
        "cancel": {"note": "Why"},
    }
    for name, step in BILATERAL.table.items():
        for status in ALL - set(step.sources):
            meeting = BilateralFactory.build(owner=staff, organisation=OrganisationFactory())
            if status in {"held", "minutes_draft", "minutes_shared", "validated"}:
                continue
            meeting.status = status
            meeting.save()
            with pytest.raises(TransitionRefused):
                BILATERAL.run(meeting, name, by=second, **data.get(name, {}))
            meeting.refresh_from_db()
            assert meeting.status == status
    assert not Interaction.objects.exists()
    assert not Message.objects.exists()


def test_what_took_place_does_not_go_back(meeting, staff, second):
    shared(meeting, staff)
    for name in ("agree", "hold", "cancel", "miss", "share_minutes", "write_minutes"):
        data = {"write_minutes": {"body": "x"}, "cancel": {"note": "x"}}.get(name, {})
        with pytest.raises(TransitionRefused):
            BILATERAL.run(meeting, name, by=second, **data)
    assert Interaction.objects.count() == 1


def test_the_future_is_neither_held_nor_missed(to_come, staff):
    services.agree(to_come, by=staff)
    for verb in (services.hold, services.miss_meeting):
        with pytest.raises(TransitionRefused, match="still to come"):
            verb(to_come, by=staff)
    assert not Interaction.objects.exists()


def test_the_host_does_not_validate(meeting, staff, second, users):
    shared(meeting, staff)
    names = {step.name for step in BILATERAL.available(meeting, staff)}
    assert names == {"correct_minutes"}
    with pytest.raises(PermissionRefused):
        services.validate_meeting(meeting, by=staff)
    for role in ("auditor", "administrator", "secretary", "superuser", "nobody"):
        with pytest.raises(PermissionRefused):
            services.validate_meeting(meeting, by=users[role])
    assert bilateral_counts()["stakeholder"]["validated"] == 0
    services.validate_meeting(meeting, by=second)


def test_validation_needs_an_outcome(meeting, staff, second):
    shared(meeting, staff, outcomes=())
    with pytest.raises(TransitionRefused, match="outcome"):
        services.validate_meeting(meeting, by=second)
    services.set_results(meeting, by=staff, outcomes=["data"], needs="A room")
    services.validate_meeting(meeting, by=second)
    assert (meeting.outcomes, meeting.needs) == (["data"], "A room")
    with pytest.raises(TransitionRefused):
        services.set_results(meeting, by=staff, outcomes=["pilot"])


def test_minutes_need_words_and_somebody_to_read_them(meeting, staff, partner):
    held(meeting, staff)
    with pytest.raises(TransitionRefused):
        services.write_minutes(meeting, by=staff, body="  \n ")
    services.write_minutes(meeting, by=staff, body="Words")
    partner.email = ""
    partner.save()
    with pytest.raises(TransitionRefused, match="e-mail"):
        services.share_minutes(meeting, by=staff)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.minutes.status) == ("minutes_draft", "draft")


def test_minutes_are_corrected_and_shared_again(meeting, staff, second):
    held(meeting, staff)
    services.write_minutes(meeting, by=staff, body="One")
    services.rewrite_minutes(meeting, by=staff, body="Two")
    services.share_minutes(meeting, by=staff)
    with pytest.raises(TransitionRefused):
        services.rewrite_minutes(meeting, by=staff, body="Three")
    services.correct_minutes(meeting, by=staff, body="Three")
    services.share_minutes(meeting, by=staff)
    sent = mails_to("zoe@example.org", "bilateral_minutes")
    assert ["Two" in sent[0].text, "Three" in sent[1].text] == [True, True]
    services.validate_meeting(meeting, by=second)
    bodies = meeting.minutes.versions.order_by("number").values_list("body", flat=True)
    assert list(bodies) == ["One", "Two", "Three"]
    with pytest.raises(TransitionRefused):
        services.correct_minutes(meeting, by=staff, body="Four")


def test_a_cancelled_meeting_has_its_reason(to_come, staff):
    with pytest.raises(TransitionRefused, match="reason"):
        services.cancel_meeting(to_come, by=staff)
    services.cancel_meeting(to_come, by=staff, note="Strike")
    assert to_come.status == "cancelled"
    assert not Message.objects.exists()  # nobody had been invited


def test_numbers_follow_each_other_in_each_series(staff):
    organisation, portfolio = OrganisationFactory(), PortfolioFactory()

    def propose(**changes):
        words = {"organisation": organisation, "language": "nl", "owner": staff}
        times = {"starts_at": PAST, "ends_at": PAST + timedelta(hours=1)}
        made = BilateralMeeting(**{**words, **times, **changes})
        return services.propose_meeting(made, by=staff).series_no

    political = {"kind": "political", "portfolio": portfolio}
    assert [propose(), propose(), propose(**political), propose()] == [1, 2, 1, 3]


@pytest.mark.parametrize(
    ("language", "subject", "moment"),
    [
        ("fr", "Invitation", "6 juillet 2027"),
        ("nl", "Uitnodiging", "6 juli 2027"),
        ("en", "Invitation", "6 July 2027"),
    ],
)
def test_the_invitation_is_in_the_language_of_the_partner(
    to_come, staff, language, subject, moment
):
    to_come.language = language
    to_come.save()
    assert services.invite(to_come, by=staff) == 1
    (mail,) = mails_to("zoe@example.org")
    assert mail.language == language
    assert mail.subject.startswith(subject)
    for part in (mail.text, mail.html):
        assert moment in part
        assert "10" in part  # eight o'clock in London
        assert "Rue Royale 1" in part
    assert "Zoé Dupont" in mail.text
    assert mail.headers["Reply-To"] == staff.email
    event = calendar_of(mail)
    assert event["DTSTART"].dt == to_come.starts_at
    assert event["SEQUENCE"] == 0
    assert "METHOD:REQUEST" in mail.calendar


def test_each_change_has_the_same_uid_and_a_higher_number(to_come, staff):
    services.invite(to_come, by=staff)
    later = to_come.starts_at + timedelta(days=7)
    services.reschedule(
        to_come, by=staff, starts_at=later, ends_at=later + timedelta(hours=2), place="En ligne"
    )
    services.invite(to_come, by=staff)
    services.cancel_meeting(to_come, by=staff, note="Strike")
    mails = mails_to("zoe@example.org")
    events = [calendar_of(mail) for mail in mails]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2, 3]
    assert len({str(event["UID"]) for event in events}) == 1
    assert events[1]["DTSTART"].dt == later
    assert str(events[1]["LOCATION"]) == "En ligne"
    assert "METHOD:CANCEL" in mails[3].calendar
    assert events[3]["STATUS"] == "CANCELLED"
    assert mails[1].subject != mails[0].subject


def test_before_the_invitation_a_move_is_told_to_nobody(to_come, staff):
    later = to_come.starts_at + timedelta(days=7)
    services.reschedule(
        to_come, by=staff, starts_at=later, ends_at=later + timedelta(hours=1), place=""
    )
    assert to_come.starts_at == later
    assert not Message.objects.exists()


def test_the_agenda_is_sent_point_by_point(to_come, staff):
    services.send_agenda(to_come, by=staff)
    (mail,) = mails_to("zoe@example.org", "bilateral_agenda")
    assert "1. Données\n2. Lieux" in mail.text
    assert "<li>Lieux</li>" in mail.html
    to_come.agenda = " "
    to_come.save()
    with pytest.raises(TransitionRefused, match="agenda"):
        services.send_agenda(to_come, by=staff)


def test_nobody_is_invited_against_their_will(to_come, staff, partner):
    partner.do_not_contact = True
    partner.save()
    with pytest.raises(TransitionRefused):
        services.invite(to_come, by=staff)
    other = ContactFactory()
    to_come.contacts.add(other)
    assert services.invite(to_come, by=staff) == 1
    assert not mails_to("zoe@example.org")


def test_nothing_is_sent_about_what_is_over(meeting, staff):
    held(meeting, staff)
    for verb in (services.invite, services.send_agenda):
        with pytest.raises(TransitionRefused):
            verb(meeting, by=staff)
    with pytest.raises(TransitionRefused):
        services.reschedule(meeting, by=staff, starts_at=PAST, ends_at=PAST, place="")


def test_hostile_words_stay_words(to_come, staff, partner):
    partner.name = "<script>alert(1)</script>"
    partner.save()
    to_come.agenda = "<b>x</b>\n[link](javascript:alert(1))"
    to_come.save()
    services.send_agenda(to_come, by=staff)
    (mail,) = mails_to("zoe@example.org")
    assert "<script>" not in mail.html
    assert "<b>" not in mail.html
    assert "<script>alert(1)</script>" in mail.text
