"""Anybody reports an error in a figure; it lands with the owner and is answered once."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import mail
from core.models import StatusChange
from core.permissions import SYSTEM
from core.queues import queues_of
from core.workflow import PermissionRefused, TransitionRefused
from kpi import tasks
from kpi.models import FigureReport
from kpi.reports import services as reports
from kpi.services import record_observation
from kpi.workflow import REPORT
from stakeholders.services.erasing import erase_contact
from tests.factories import kpi as make
from tests.factories.stakeholders import ContactFactory, SubmissionFactory
from tests.stakeholders.conftest import address as address_of_person
from tests.stakeholders.conftest import mails_to

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
READER = "reader@example.org"


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(make_user):
    return make_user("owner", language="fr")


@pytest.fixture
def indicator(owner):
    found = make.IndicatorFactory(owner=owner)
    make.ObservationFactory(indicator=found, period="2024", value=Decimal("61.2"))
    return found


def address(indicator, language="nl"):
    return f"/{language}/kpi/{indicator.code}/report/"


def filled(client, indicator, **data):
    """Return what a reader sends, a minute after the form was shown."""
    with time_machine.travel(NOW - timedelta(minutes=1), tick=False):
        form = client.get(address(indicator)).context["form"]
    return {
        "figure": "BXL:2024:1",
        "reason": "value",
        "words": "Het moet 62 zijn.",
        "email": READER,
        "stamp": form.initial["stamp"],
        **data,
    }


def send(client, indicator, **data):
    return client.post(address(indicator), filled(client, indicator, **data))


def report_of(indicator, **fields):
    values = {"reason": "value", "words": "Faux.", "language": "nl", "email": READER}
    values |= {"form_key": f"key-{FigureReport.objects.count()}", **fields}
    return reports.report_figure(indicator, **values)


# --- reporting ---------------------------------------------------------------------------------


def test_a_report_without_account_lands_with_the_owner(client, indicator, owner):
    page = send(client, indicator)
    assert page.status_code == 302
    assert page.url == "/nl/kpi/reported/"
    assert client.get(page.url).status_code == 200
    row = FigureReport.objects.get()
    assert (row.geo_id, row.period, row.vintage) == ("BXL", "2024", 1)
    assert (row.words, row.language, row.email, row.status) == (
        "Het moet 62 zijn.",
        "nl",
        READER,
        "new",
    )
    (sent,) = mails_to(owner.email, "figure_report")
    assert sent.language == "fr"
    assert row.words in sent.text
    assert READER not in sent.text
    assert "61,2" in sent.text
    assert f"/fr/kpi/reports/{row.pk}/" in sent.text


def test_sent_twice_by_a_double_click_it_is_one_report(client, indicator, owner):
    data = filled(client, indicator)
    for _n in range(2):
        assert client.post(address(indicator), data).status_code == 302
    assert FigureReport.objects.count() == 1
    assert len(mails_to(owner.email, "figure_report")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "gossip"),
        ("words", "  "),
        ("email", "reader@"),
        ("figure", "BXL:1999:1"),
        ("figure", "nonsense"),
        ("figure", "BXL:2024:99999"),
    ],
)
def test_bad_input_says_so_beside_the_field_and_keeps_what_was_typed(
    client, indicator, field, value
):
    page = send(client, indicator, **{"words": "Wat ik typte.", field: value})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not FigureReport.objects.exists()
    if field != "words":
        assert "Wat ik typte." in page.content.decode()


def test_what_comes_faster_than_anybody_reads_is_asked_once_more(client, indicator):
    form = client.get(address(indicator)).context["form"]
    data = filled(client, indicator, stamp=form.initial["stamp"])
    page = client.post(address(indicator), data)
    assert page.status_code == 200
    assert not FigureReport.objects.exists()
    data["stamp"] = page.context["form"].data["stamp"]
    assert client.post(address(indicator), data).status_code == 302


def test_a_robot_is_thanked_and_forgotten(client, indicator):
    assert send(client, indicator, website="http://spam").status_code == 302
    assert not FigureReport.objects.exists()


def test_a_figure_that_was_corrected_meanwhile_is_still_the_one_that_was_reported(
    client, indicator, owner
):
    data = filled(client, indicator)
    record_observation(indicator, by=SYSTEM, period="2024", value=Decimal(62))
    assert client.post(address(indicator), data).status_code == 302
    row = FigureReport.objects.get()
    assert row.vintage == 1
    assert reports.figure_words(row).startswith("2024 · 61")


def test_it_may_be_about_the_indicator_as_a_whole(client, indicator):
    send(client, indicator, figure="", reason="text", email="")
    row = FigureReport.objects.get()
    assert (row.geo_id, row.period, row.vintage) == (None, "", None)
    assert reports.figure_words(row) == ""


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "suspended"])
def test_what_nobody_sees_cannot_be_reported(client, status, login, make_user):
    indicator = make.IndicatorFactory(status=status)
    assert client.get(address(indicator)).status_code == 404
    assert login(make_user("staff")).get(address(indicator)).status_code == 404


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_page_of_an_indicator_leads_to_the_form(client, indicator, language):
    page = client.get(f"/{language}/kpi/{indicator.code}/")
    assert f'href="{address(indicator, language)}"' in page.content.decode()
    assert client.get(address(indicator, language)).status_code == 200


def test_without_an_owner_nobody_is_written_to_and_the_office_finds_it(client, make_user):
    indicator = make.IndicatorFactory()
    send(client, indicator, figure="")
    assert FigureReport.objects.count() == 1
    assert queue(make_user("staff")) == 1


def queue(user) -> int:
    found = [each for each in queues_of(user) if each.title == _("Errors reported in figures")]
    return found[0].total if found else 0


# --- who reads and answers ---------------------------------------------------------------------

READS = {"staff", "secretary"}


def test_who_reads_reports(users, login, indicator):
    row = report_of(indicator)
    for name, user in users.items():
        client = login(user)
        status = client.get(row.get_absolute_url()).status_code
        assert status == (200 if name in READS else 404), name
        listed = client.get("/fr/kpi/reports/").status_code
        assert listed == (200 if name in READS else 403), name
        assert queue(user) == (1 if name in READS else 0), name


def test_an_owner_reads_those_of_own_indicators_only(login, owner, indicator):
    mine, other = report_of(indicator), report_of(make.IndicatorFactory())
    client = login(owner)
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert list(client.get("/nl/kpi/reports/").context["page_obj"].object_list) == [mine]
    assert queue(owner) == 1


def test_nobody_reads_them_without_a_login(client, indicator):
    row = report_of(indicator)
    for path in ("/fr/kpi/reports/", row.get_absolute_url()):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("move", ["answer", "correct", "reject"])
def test_who_may_not_answer_is_refused_by_the_server(users, indicator, move):
    row = report_of(indicator, reason="text")
    for name in ("auditor", "juror", "nobody", "superuser", "owner"):
        with pytest.raises(PermissionRefused):
            REPORT.run(row, move, by=users[name], note="No.")


def test_the_answer_goes_to_the_reader_in_their_language_and_the_address_goes(
    login, owner, indicator
):
    row = report_of(indicator, reason="text")
    page = login(owner).post(
        f"/fr/kpi/reports/{row.pk}/", {"how": "reject", "answer": "Het cijfer klopt."}
    )
    assert page.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.answer, row.answered_by, row.email) == (
        "rejected",
        "Het cijfer klopt.",
        owner,
        "",
    )
    (sent,) = mails_to(READER, "figure_answer")
    assert sent.language == "nl"
    assert "Het cijfer klopt." in sent.text
    assert row.words in sent.text
    assert StatusChange.objects.get(transition="reject").by == owner
    assert queue(owner) == 0


def test_without_an_address_nobody_is_written_to(login, owner, indicator):
    row = report_of(indicator, email="", reason="text")
    login(owner).post(f"/fr/kpi/reports/{row.pk}/", {"how": "answer", "answer": "Oui."})
    assert not mails_to("", "figure_answer")
    row.refresh_from_db()
    assert row.status == "answered"


def test_a_figure_is_called_corrected_only_once_one_was_recorded(login, owner, indicator):
    row = report_of(indicator)
    client, data = login(owner), {"how": "correct", "answer": "Verbeterd."}
    page = client.post(f"/fr/kpi/reports/{row.pk}/", data)
    assert page.status_code == 200
    assert "Verbeterd." in page.content.decode()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        record_observation(indicator, by=SYSTEM, period="2024", value=Decimal(62))
    assert client.post(f"/fr/kpi/reports/{row.pk}/", data).status_code == 302
    row.refresh_from_db()
    assert row.status == "corrected"


def test_an_answer_that_comes_second_is_told_and_kept(login, owner, indicator, make_user):
    row = report_of(indicator, reason="text")
    reports.settle_report(row, by=make_user("staff"), how="answer", answer="De eerste.")
    page = login(owner).post(
        f"/fr/kpi/reports/{row.pk}/", {"how": "reject", "answer": "De tweede."}
    )
    assert page.status_code == 200
    assert "De tweede." in page.content.decode()
    assert page.context["form"].non_field_errors()
    assert len(mails_to(READER, "figure_answer")) == 1


@pytest.mark.parametrize("data", [{}, {"how": "answer"}, {"how": "x", "answer": "Oui."}])
def test_an_answer_needs_words_and_an_outcome(login, owner, indicator, data):
    row = report_of(indicator)
    page = login(owner).post(f"/fr/kpi/reports/{row.pk}/", data)
    assert page.status_code == 200
    assert page.context["form"].errors
    with pytest.raises(TransitionRefused):
        reports.settle_report(row, by=owner, how="answer", answer="  ")


def test_the_list_asks_the_same_however_many_reports_there_are(login, make_user, indicator):
    client, counts = login(make_user("staff")), []
    figure = indicator.observations.get()
    for n in (1, 2):
        for _n in range(n):
            report_of(indicator, figure=figure)
            report_of(make.IndicatorFactory())
        client.get("/fr/kpi/reports/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/fr/kpi/reports/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_empty_lists_say_what_they_are(login, make_user):
    client = login(make_user("staff"))
    for query in ("", "?all"):
        page = client.get(f"/nl/kpi/reports/{query}")
        assert page.context["page_obj"].paginator.count == 0
        assert "soft" in page.content.decode()


# --- what is kept ------------------------------------------------------------------------------


def own_page(client, server, language="nl") -> str:
    """Return where the link leads that the mail server got, as far as the name of the page."""
    client.post(address_of_person("idea-track", language=language), {"email": READER.upper()})
    (queued,) = mails_to(READER, "idea_links")
    mail.send(queued.pk)
    (received,) = server.received
    assert received["To"] == READER
    track = re.search(r"/\w\w/ideas/track/[\w-]{20,}/", received.get_body(("plain",)).get_content())
    return f"{track[0]}data"


def told(page) -> list[dict]:
    """Return the reports of figures on a page of "my data": {key: words} of each."""
    (found,) = [each for each in page.context["sections"] if each.key == "figure_reports"]
    return [{fact.key: fact.shown for fact in record.facts} for record in found.records]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Erreurs que vous avez signalées dans des chiffres", "2 mars 2027")),
        ("nl", ("Fouten in cijfers die u gemeld hebt", "2 maart 2027")),
    ],
)
def test_who_opens_their_data_by_the_link_in_the_mail_reads_what_they_reported(
    client, server, indicator, language, words
):
    SubmissionFactory(contact__email=READER, idea__published=True)
    report_of(indicator, figure=indicator.observations.get(), words="Het moet 62 zijn.")
    report_of(indicator, email="other@example.org", words="Van iemand anders.")
    report_of(indicator, email="", words="Van niemand.")
    path = own_page(client, server, language)
    page = client.get(f"{path}/")
    (mine,) = told(page)
    with override(language):
        assert mine["reason"] == FigureReport.Reason.VALUE.label
        assert mine["indicator"] == getattr(indicator, f"name_{language}")
    assert (mine["words"], mine["email"]) == ("Het moet 62 zijn.", READER)
    assert mine["figure"].startswith("2024 · 61,2")
    assert mine["kept_until"] == words[1]
    assert words[0] in page.text
    mark = ' lang="nl"' if language == "fr" else ""
    assert f"<dd{mark}>Het moet 62 zijn.</dd>" in page.text
    (file,) = client.get(f"{path}.json").json()["figure_reports"]
    assert (file["email"], file["words"]) == (READER, "Het moet 62 zijn.")
    assert client.get(f"{path}.pdf").content.startswith(b"%PDF")
    for others in ("Van iemand anders.", "Van niemand."):
        assert others not in page.text


def test_once_answered_nobody_knows_whose_report_it_was(client, server, indicator, owner):
    SubmissionFactory(contact__email=READER, idea__published=True)
    row = report_of(indicator, reason="text")
    path = f"{own_page(client, server)}/"
    assert len(told(client.get(path))) == 1
    reports.settle_report(row, by=owner, how="answer", answer="Dank u.")
    page = client.get(path)
    assert told(page) == []
    assert mails_to(READER, "figure_answer")[0].subject in page.text


def test_their_data_ask_the_same_however_many_reports_there_are(client, server, indicator):
    SubmissionFactory(contact__email=READER, idea__published=True)
    figure, counts = indicator.observations.get(), []
    path = f"{own_page(client, server)}/"
    for n in (1, 3):
        for _n in range(n):
            report_of(indicator, figure=figure)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_erases_themselves_takes_their_address_out_of_their_reports(client, server, indicator):
    SubmissionFactory(contact__email=READER, idea__published=True)
    row = report_of(indicator, email=READER.upper(), words=f"Schrijf mij: {READER}")
    erase = f"{own_page(client, server).removesuffix('data')}erase/"
    assert client.get(erase).status_code == 200
    client.post(erase, {"understood": "1", "confirmed": "1"})
    row.refresh_from_db()
    assert row.email == ""
    assert READER not in row.words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("signalement d’une erreur dans un chiffre", "un an au plus")),
        ("nl", ("melding van een fout in een cijfer", "ten hoogste een jaar")),
    ],
)
def test_the_privacy_page_says_what_is_kept_why_and_for_how_long(client, language, words):
    page = client.get(f"/{language}/privacy/").text
    for each in words:
        assert each in page
    own = client.get(f"/{language}/my-data/").text
    assert {"fr": "au plus tard après un an", "nl": "uiterlijk na een jaar"}[language] in own


def test_erasing_a_person_empties_their_address(indicator):
    person = ContactFactory(email=READER)
    row, other = report_of(indicator), report_of(indicator, email="other@example.org")
    erase_contact(person)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.email, other.email) == ("", "other@example.org")


def test_after_a_year_the_address_goes(indicator):
    old, young = report_of(indicator), report_of(indicator)
    FigureReport.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=366))
    tasks.forget_reporters()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.email, young.email) == ("", READER)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "gossip"},
        {"status": "answered"},
        {"answer": "x"},
        {"reason": "gossip"},
        {"period": "last year"},
        {"form_key": "key-0"},
    ],
)
def test_the_database_refuses_a_report_that_makes_no_sense(indicator, fields):
    report_of(indicator)
    row = report_of(indicator)
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureReport.objects.filter(pk=row.pk).update(**fields)
