"""The engagement log: who took part for whom on that day, the fast entry, the timelines."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services
from stakeholders.models import (
    BilateralMeeting,
    Contact,
    Idea,
    Interaction,
    Organisation,
    Participation,
)
from stakeholders.timeline import Cut, timeline
from tests.factories.programme import ThemeFactory
from tests.factories.register import (
    AffiliationFactory,
    BilateralFactory,
    CommitmentFactory,
    InteractionFactory,
    OrganisationNameFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import (
    ContactFactory,
    IdeaFactory,
    OrganisationFactory,
    SubmissionFactory,
)
from tests.stakeholders.conftest import WORDS, address

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def staff(users):
    return users["staff"]


def log(staff, **changes):
    words = {"kind": "call", "subject": "Data of the stops", "happened_at": THEN}
    return services.log_exchange(by=staff, **{**words, **changes})


def seat_of(exchange, contact):
    return exchange.participations.get(contact=contact).organisation


def test_a_person_stands_for_the_organisation_of_that_day(staff):
    before = AffiliationFactory(ends_on=date(2026, 1, 31))
    person = before.contact
    after = AffiliationFactory(contact=person, starts_on=date(2026, 2, 1))
    assert seat_of(log(staff, contacts=[person]), person) == after.organisation
    january = log(staff, contacts=[person], happened_at=datetime(2026, 1, 31, 22, tzinfo=UTC))
    assert seat_of(january, person) == before.organisation
    # Half past eleven in the evening of 31 January in London is 1 February in Brussels.
    midnight = log(staff, contacts=[person], happened_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert seat_of(midnight, person) == after.organisation


def test_the_organisation_met_comes_before_the_main_one(staff):
    main = AffiliationFactory()
    second = AffiliationFactory(contact=main.contact, is_main=False, role="board")
    met = log(staff, contacts=[main.contact], organisation=second.organisation)
    assert met.participations.filter(side="theirs").count() == 1
    assert seat_of(met, main.contact) == second.organisation
    assert seat_of(log(staff, contacts=[main.contact]), main.contact) == main.organisation


def test_an_organisation_is_logged_without_naming_anybody(staff):
    exchange = log(staff, organisation=OrganisationFactory())
    theirs, ours = exchange.participations.order_by("pk")
    assert (theirs.side, theirs.contact, ours.side, ours.user) == ("theirs", None, "ours", staff)
    assert theirs.happened_at == ours.happened_at == THEN


def test_moving_the_day_moves_those_who_took_part(staff):
    before = AffiliationFactory(ends_on=date(2026, 1, 31))
    after = AffiliationFactory(contact=before.contact, starts_on=date(2026, 2, 1))
    exchange = log(staff, contacts=[before.contact])
    earlier = THEN - timedelta(days=60)
    services.move_exchange(exchange, earlier)
    assert seat_of(exchange, before.contact) == before.organisation
    assert set(exchange.participations.values_list("happened_at", flat=True)) == {earlier}
    services.move_exchange(exchange, THEN)
    assert seat_of(exchange, before.contact) == after.organisation
    with pytest.raises(TransitionRefused):
        services.move_exchange(exchange, timezone.now() + timedelta(days=1))


def test_a_seat_that_was_chosen_stays_when_the_day_moves(staff):
    person, elsewhere = AffiliationFactory().contact, OrganisationFactory()
    exchange = log(staff, contacts=[person])
    exchange.participations.filter(contact=person).update(organisation=elsewhere)
    services.move_exchange(exchange, THEN - timedelta(days=1))
    assert seat_of(exchange, person) == elsewhere


def test_the_future_is_not_logged_and_only_staff_log(users):
    with pytest.raises(TransitionRefused):
        log(users["staff"], happened_at=timezone.now() + timedelta(hours=1))
    for role in ("auditor", "administrator", "secretary", "nobody", "superuser"):
        with pytest.raises(PermissionRefused):
            log(users[role])
    assert not Interaction.objects.exists()


def test_the_back_office_moves_the_day_with_everybody(login, staff):
    exchange = log(staff, organisation=OrganisationFactory())
    url = reverse("admin:stakeholders_interaction_change", args=[exchange.pk])
    client = login(staff)
    page = client.get(url)
    assert exchange.get_absolute_url() in page.content.decode()
    data = {
        "kind": "mail",
        "direction": "in",
        "subject": "Other words",
        "themes": [],
        "happened_at_0": "2026-02-01",
        "happened_at_1": "11:00",
        "place": "",
        "summary": "",
        "participations-TOTAL_FORMS": "0",
        "participations-INITIAL_FORMS": "0",
    }
    assert client.post(url, data).status_code == 302
    exchange.refresh_from_db()
    assert exchange.happened_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert (exchange.kind, exchange.subject) == ("mail", "Other words")
    moved = set(exchange.participations.values_list("happened_at", flat=True))
    assert moved == {exchange.happened_at}
    late = client.post(url, {**data, "happened_at_0": "2199-02-01"})
    assert "happened_at" in late.context["adminform"].form.errors


def test_somebody_added_in_the_back_office_has_the_moment_of_the_exchange(login, staff):
    exchange, person = log(staff), ContactFactory()
    url = reverse("admin:stakeholders_interaction_change", args=[exchange.pk])
    data = {
        "kind": "call",
        "direction": "out",
        "subject": "Words",
        "themes": [],
        "happened_at_0": "2026-03-02",
        "happened_at_1": "11:00",
        "participations-TOTAL_FORMS": "1",
        "participations-INITIAL_FORMS": "0",
        "participations-0-side": "theirs",
        "participations-0-contact": str(person.pk),
    }
    assert login(staff).post(url, data).status_code == 302
    assert exchange.participations.get(contact=person).happened_at == THEN


# --- the fast entry -----------------------------------------------------------------------------


@pytest.fixture
def typed():
    return {
        "key": "a" * 32,
        "organisation": "Atelier du Canal",
        "happened_at": "2026-03-02T11:00",
        "kind": "bilateral",
        "who": "",
        "subject": "A pilot at two stops",
        "outcomes": ["pilot"],
    }


@pytest.fixture
def canal(db):
    return OrganisationFactory(name_fr="Atelier du Canal", name_nl="Kanaalatelier")


ENTRY = address("exchange-new")


def test_a_bilateral_is_logged_as_held_in_one_go(login, staff, typed, canal):
    answer = login(staff).post(ENTRY, typed)
    meeting = BilateralMeeting.objects.get()
    assert answer.url == meeting.get_absolute_url().replace("/en/", "/fr/")
    assert (meeting.status, meeting.organisation, meeting.owner) == ("held", canal, staff)
    assert (meeting.outcomes, meeting.series_no) == (["pilot"], 1)
    assert meeting.interaction.subject == "A pilot at two stops"
    assert meeting.starts_at == THEN
    assert meeting.interaction.participations.get(side="theirs").organisation == canal


@pytest.mark.parametrize("kind", ["call", "mail", "event", "workshop", "visit"])
def test_another_exchange_is_no_meeting(login, staff, typed, canal, kind):
    login(staff).post(ENTRY, {**typed, "kind": kind})
    exchange = Interaction.objects.get()
    assert (exchange.kind, exchange.subject, exchange.summary) == (kind, typed["subject"], "pilote")
    assert not BilateralMeeting.objects.exists()


def test_sent_twice_it_is_logged_once(login, staff, typed, canal):
    client = login(staff)
    first, second = client.post(ENTRY, typed), client.post(ENTRY, typed)
    assert first.url == second.url
    assert Interaction.objects.count() == BilateralMeeting.objects.count() == 1
    client.post(ENTRY, {**typed, "key": "b" * 32})
    assert Interaction.objects.count() == 2


def test_the_key_of_one_user_is_not_that_of_another(login, make_user, staff, typed, canal):
    login(staff).post(ENTRY, typed)
    login(make_user("staff")).post(ENTRY, typed)
    assert Interaction.objects.count() == 2


def test_where_the_name_means_several_it_is_asked_which(login, staff, typed, canal):
    other = OrganisationFactory(name_fr="Atelier du Midi", name_nl="Zuidatelier")
    client = login(staff)
    answer = client.post(ENTRY, {**typed, "organisation": "atelier"})
    form = answer.context["form"]
    assert "chosen" in form.errors
    assert typed["subject"] in answer.content.decode()
    assert {key for key, _name in form.fields["chosen"].choices} == {canal.pk, other.pk}
    client.post(ENTRY, {**typed, "organisation": "atelier", "chosen": str(other.pk)})
    assert BilateralMeeting.objects.get().organisation == other


@pytest.mark.parametrize("words", ["Kanaalatelier", "kanaalatelier ", "ATELIER DU CANAL", "Oud"])
def test_a_name_in_either_language_or_of_the_past_is_enough(login, staff, typed, canal, words):
    OrganisationNameFactory(organisation=canal, name_fr="Ancien", name_nl="Oud")
    OrganisationFactory(name_fr="Atelier du Canal Nord", name_nl="Kanaalatelier Noord")
    login(staff).post(ENTRY, {**typed, "organisation": words})
    assert BilateralMeeting.objects.get().organisation == canal


def test_people_are_found_by_name_or_address(login, staff, typed, canal):
    known = AffiliationFactory(organisation=canal, contact__name="Zoé Dupont").contact
    ContactFactory(name="Zoé Dupont")
    other = ContactFactory(email="sam@example.org")
    login(staff).post(ENTRY, {**typed, "who": "zoe dupont, Sam@example.org"})
    met = Participation.objects.exclude(contact=None).values_list("contact", flat=True)
    assert set(met) == {known.pk, other.pk}


def test_a_stranger_is_added_only_when_asked(login, staff, typed, canal):
    AffiliationFactory(organisation=canal, contact__name="Zoé Dupont")
    client = login(staff)
    answer = client.post(ENTRY, {**typed, "who": "Anna Nova"})
    assert "Zoé Dupont" in str(answer.context["form"].errors["who"])
    assert not Contact.objects.filter(name="Anna Nova").exists()
    client.post(ENTRY, {**typed, "who": "Anna Nova", "add_people": "on"})
    person = Contact.objects.get(name="Anna Nova")
    assert (person.legal_basis, person.language) == ("public_task", "fr")
    affiliation = person.affiliations.get()
    assert (affiliation.organisation, affiliation.starts_on) == (canal, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisation": ""}, "organisation"),
        ({"organisation": "nobody"}, "organisation"),
        ({"happened_at": "2199-01-01T10:00"}, "happened_at"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2026-03-29T02:30"}, "happened_at"),
        ({"kind": "seance"}, "kind"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"outcomes": ["fame"]}, "outcomes"),
        ({"who": "x" * 301}, "who"),
    ],
)
def test_what_cannot_be_logged_is_told_and_kept(login, staff, typed, canal, changes, field):
    answer = login(staff).post(ENTRY, {**typed, **changes})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    kept = answer.context["form"]["key"].value()
    assert kept == typed["key"]
    assert not Interaction.objects.exists()


def test_the_empty_form_says_now_and_has_six_fields(login, staff):
    form = login(staff).get(ENTRY).context["form"]
    assert [field.name for field in form.visible_fields()] == [
        *("organisation", "happened_at", "kind", "who", "subject", "outcomes"),
    ]
    assert abs(timezone.now() - form["happened_at"].initial) < timedelta(minutes=2)


def test_the_type_ahead_offers_names_of_the_language(login, staff, canal):
    client = login(staff)
    for language, name in (("fr", "Atelier du Canal"), ("nl", "Kanaalatelier")):
        url = address("exchange-organisations", language=language)
        assert name in client.get(url + "?organisation=canal").content.decode()
    assert b"option" not in client.get(url).content


def test_who_may_not_log_is_refused(login, users):
    for role in ("auditor", "administrator"):
        assert login(users[role]).get(ENTRY).status_code == 403, role
        assert login(users[role]).get(address("exchange-log")).status_code == 200, role
    for role in ("secretary", "juror", "nobody", "translator"):
        for name in ("exchange-log", "exchange-new", "exchange-organisations"):
            assert login(users[role]).get(address(name)).status_code == 403, role


# --- ideas and promises -------------------------------------------------------------------------


def test_an_idea_raised_in_an_exchange_is_linked_in_one_click(login, staff, canal):
    person = ContactFactory(language="nl")
    exchange = log(staff, organisation=canal, contacts=[person])
    client = login(staff)
    page = client.get(exchange.get_absolute_url())
    url = page.context["idea_url"]
    asked = {name: words[0] for name, words in parse_qs(urlsplit(url).query).items()}
    assert (asked["channel"], asked["language"], asked["raised_in"]) == (
        *("meeting", "nl", str(exchange.pk)),
    )
    form = client.get(url).context["adminform"].form
    assert form.initial["organisation_claimed"] == str(canal)
    data = {**WORDS, **form.initial, "theme": str(ThemeFactory().pk), "name": "Zoé"}
    assert client.post(url, data).status_code == 302
    idea = Idea.objects.get()
    assert (idea.raised_in, idea.organisation, idea.language) == (exchange, canal, "nl")
    assert idea.submissions.get().channel == "meeting"
    assert idea.title in client.get(exchange.get_absolute_url()).content.decode()
    lines = timeline(user=staff, organisation=canal).entries
    assert [each.source for each in lines] == ["idea", "exchange"]
    # On the page of the idea the Office reads where it was raised; nobody else does.
    idea.status, idea.published_at = "published", timezone.now()
    idea.save()
    assert exchange.subject in client.get(idea.get_absolute_url()).content.decode()
    client.logout()
    assert exchange.subject not in client.get(idea.get_absolute_url()).content.decode()


def test_a_wrong_link_does_not_break_the_form_of_an_idea(login, staff):
    url = reverse("admin:stakeholders_idea_add") + "?raised_in=x&organisation=9999999"
    data = {**WORDS, "theme": str(ThemeFactory().pk), "channel": "meeting", "name": "Zoé"}
    assert login(staff).post(url, data).status_code == 302
    assert (Idea.objects.get().raised_in, Idea.objects.get().organisation) == (None, None)


def test_a_promise_is_noted_on_the_page_of_an_exchange(login, staff, canal):
    exchange = log(staff, organisation=canal)
    url = address("commitment-new", exchange.pk)
    client = login(staff)
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"made_by": "nobody", "text": "", "due_on": "soon"})
    assert set(wrong.context["form"].errors) >= {"made_by", "text", "due_on", "owner"}
    data = {"made_by": "office", "text": "Send the list", "owner": staff.pk, "due_on": "2026-04-01"}
    assert client.post(url, data).status_code == 302
    (promise,) = exchange.commitments.all()
    assert (promise.organisation, promise.status) == (canal, "open")
    assert "Send the list" in client.get(exchange.get_absolute_url()).content.decode()


# --- the timelines ------------------------------------------------------------------------------


def everything(staff, page_size, **whose):
    """Read a timeline page by page to its end."""
    found, before = [], None
    while True:
        page = timeline(user=staff, before=before, limit=page_size, **whose)
        found += page.entries
        if page.older is None:
            return found
        before = Cut.read(str(page.older))


@pytest.mark.parametrize("page_size", [1, 2, 3, 50])
def test_page_by_page_nothing_is_lost_and_nothing_shown_twice(staff, canal, page_size):
    """Many things of one moment, and days that stand at midnight, are the hard case."""
    person = AffiliationFactory(organisation=canal).contact
    midnight = datetime(2026, 3, 1, 23, tzinfo=UTC)
    for at in (THEN, THEN, midnight, midnight):
        log(staff, organisation=canal, contacts=[person, ContactFactory()], happened_at=at)
        CommitmentFactory(organisation=canal, contact=person, created_at=at)
        IdeaFactory(organisation=canal, submitted_at=at)
        BilateralFactory(organisation=canal, starts_at=at, ends_at=at + timedelta(hours=1))
    found = everything(staff, page_size, organisation=canal)
    keys = [(each.source, each.pk) for each in found]
    assert len(keys) == len(set(keys)) == 16
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
    assert {each.source for each in found} == {"exchange", "commitment", "idea", "meeting"}


def test_the_timeline_of_a_person(staff):
    person = ContactFactory()
    exchange = log(staff, contacts=[person])
    log(staff, contacts=[ContactFactory()])
    idea = SubmissionFactory(contact=person, idea__submitted_at=THEN - timedelta(days=1)).idea
    meeting = BilateralFactory(starts_at=THEN - timedelta(days=2))
    meeting.contacts.add(person)
    lines = timeline(user=staff, contact=person).entries
    assert [(each.source, each.pk) for each in lines] == [
        ("exchange", exchange.pk),
        ("idea", idea.pk),
        ("meeting", meeting.pk),
    ]


def test_nobody_else_reads_a_timeline(users, client, canal, login):
    log(users["staff"], organisation=canal)
    person = ContactFactory()
    pages = [
        address("organisation-timeline", canal.slug),
        address("contact-timeline", person.pk),
        address("exchange", Interaction.objects.get().pk),
        address("exchange-log"),
    ]
    for page in pages:
        assert client.get(page).status_code == 302
    for role, user in users.items():
        reads = role in {"staff", "auditor", "administrator"}
        entries = timeline(user=user, organisation=canal).entries
        assert bool(entries) == reads, role
        for page in pages:
            status = login(user).get(page).status_code
            assert (status == 200) == reads, (role, page)
            assert status in {200, 403, 404}


def test_the_public_page_of_an_organisation_shows_it_to_the_office_only(users, client, canal):
    log(users["staff"], organisation=canal, subject="CANARY")
    url = canal.get_absolute_url()
    assert b"CANARY" not in client.get(url).content
    for role, user in users.items():
        client.force_login(user)
        seen = b"CANARY" in client.get(url).content
        assert seen == (role in {"staff", "auditor", "administrator"}), role


def test_a_broken_address_of_older_entries_is_the_first_page(login, staff, canal):
    log(staff, organisation=canal)
    client = login(staff)
    for words in ("", "x", "1|2", "nan|exchange|1", "1e400|exchange|1", "1|exchange|x"):
        for name, args in (("organisation-timeline", [canal.slug]), ("exchange-log", [])):
            answer = client.get(address(name, *args), {"before": words})
            assert answer.status_code == 200, words
            assert b"Data of the stops" in answer.content


def test_the_back_office_links_to_the_timelines(login, staff, canal):
    person = ContactFactory()
    client = login(staff)
    for model, obj, page in (
        ("organisation", canal, address("organisation-timeline", canal.slug, language="en")),
        ("contact", person, address("contact-timeline", person.pk, language="en")),
    ):
        url = reverse(f"admin:stakeholders_{model}_change", args=[obj.pk])
        assert page.split("/", 2)[2] in client.get(url).content.decode()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_log_pages_and_filters(login, staff, canal, language):
    for minute in range(45):
        InteractionFactory(happened_at=THEN + timedelta(minutes=minute), subject=f"N{minute}.")
    InteractionFactory(kind="visit", subject="The visit")
    client, seen = login(staff), []
    url = address("exchange-log", language=language)
    query = "?kind=call"
    while query:
        answer = client.get(url + query)
        seen += [each.subject for each in answer.context["exchanges"]]
        query = answer.context["older"]
    assert seen == [f"N{minute}." for minute in reversed(range(45))]


def rows(count, organisation, person, staff):
    for number in range(count):
        exchange = log(staff, organisation=organisation, contacts=[person])
        CommitmentFactory(organisation=organisation, contact=person, interaction=exchange)
        IdeaFactory(organisation=organisation, raised_in=exchange)
        BilateralFactory(organisation=organisation, starts_at=THEN + timedelta(days=number))
        ParticipationFactory(interaction=exchange, organisation=organisation)


@pytest.mark.parametrize("name", ["organisation", "contact", "log", "exchange"])
def test_the_number_of_queries_does_not_grow(name, login, staff, canal, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person, client = ContactFactory(), login(staff)
    counts = []
    for size in (1, 2):  # one row of each, then three
        rows(size, canal, person, staff)
        url = {
            "organisation": address("organisation-timeline", canal.slug),
            "contact": address("contact-timeline", person.pk),
            "log": address("exchange-log"),
            "exchange": address("exchange", Interaction.objects.order_by("pk").first().pk),
        }[name]
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Organisation.objects.filter(pk=canal.pk).exists()
