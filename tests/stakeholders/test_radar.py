"""Who was not heard, and who has no voice: boundaries, what counts as heard, the queue."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from programme.models import Municipality
from stakeholders.models import Helix
from stakeholders.radar import Silence, lines, silent, without_voice
from stakeholders.register_panels import silent_organisations
from tests.factories.programme import ThemeFactory
from tests.factories.register import (
    AssessmentFactory,
    BilateralFactory,
    InteractionFactory,
    ParticipationFactory,
)
from tests.factories.stakeholders import IdeaFactory, MunicipalityFactory, OrganisationFactory
from tests.factories.workshops import AgendaIdeaFactory, WorkshopFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def noon(days_ago: int):
    """Return noon in Brussels, so many days before the day of these tests."""
    return timezone.make_aware(
        datetime(DAY.year, DAY.month, DAY.day, 12) - timedelta(days=days_ago)
    )


def exchange(organisation, days_ago, **values):
    values = {"direction": "in", "happened_at": noon(days_ago), **values}
    return ParticipationFactory(organisation=organisation, interaction=InteractionFactory(**values))


@pytest.fixture
def organisation():
    """An influential organisation."""
    return AssessmentFactory(influence=4, assessed_on=date(2026, 1, 1)).organisation


@pytest.fixture
def found(users):
    """Return a function that gives the silent organisations of the day."""

    def find(**values):
        return [each.organisation for each in silent(Silence(users["staff"], DAY, **values))]

    return find


def test_never_heard_is_the_longest_silence(organisation, found):
    heard = AssessmentFactory(influence=5).organisation
    exchange(heard, 200)
    assert found() == [organisation, heard]


@pytest.mark.parametrize(("days_ago", "is_silent"), [(89, False), (90, False), (91, True)])
def test_the_limit_is_a_day(days_ago, is_silent, organisation, found):
    exchange(organisation, days_ago)
    assert (found() == [organisation]) == is_silent
    assert found(days=200) == []


def test_our_letters_are_no_answer(organisation, found):
    exchange(organisation, 1, direction="out", kind="mail")
    assert found() == [organisation]
    exchange(organisation, 1, direction="out", kind="bilateral")
    assert found() == []


@pytest.mark.parametrize(
    ("status", "is_silent"),
    [("proposed", True), ("cancelled", True), ("no_show", True), ("held", False)],
)
def test_a_meeting_counts_once_it_took_place(status, is_silent, organisation, found):
    held = InteractionFactory(kind="bilateral", happened_at=noon(10), direction="out")
    BilateralFactory(
        organisation=organisation,
        status=status,
        interaction=held,
        starts_at=noon(10),
        ends_at=noon(10) + timedelta(hours=1),
    )
    ParticipationFactory(organisation=organisation, interaction=held)
    assert (found() == [organisation]) == is_silent


def test_only_the_influential_of_today_who_go_on(organisation, found):
    AssessmentFactory(organisation=organisation, influence=3, assessed_on=date(2026, 5, 1))
    AssessmentFactory(organisation__status="dormant")
    AssessmentFactory(organisation__merged_into=OrganisationFactory())
    assert found() == []
    assert found(influence=3) == [organisation]


def test_what_comes_after_the_day_is_not_known(organisation, found):
    exchange(organisation, -5)
    assert found() == [organisation]


def test_a_line_tells_the_last_exchange_and_who_knows_them(organisation, users):
    silence = Silence(users["staff"], DAY)
    (line,) = lines(silent(silence), silence)
    assert (line.heard_at, line.last, line.owner) == (None, None, None)
    last = exchange(organisation, 3, direction="out", kind="mail", logged_by=users["staff"])
    (line,) = lines(silent(silence), silence)
    assert (line.last, line.owner) == (last, users["staff"])
    host = BilateralFactory(organisation=organisation).owner
    (line,) = lines(silent(silence), silence)
    assert line.owner == host


def test_nobody_else_learns_who_is_silent(organisation, users):
    for role, user in users.items():
        seen = silent(Silence(user, DAY)).exists()
        assert seen == (role in {"staff", "auditor", "administrator"}), role
        assert (silent_organisations(user) is not None) == (role == "staff"), role


def test_the_queue_leads_to_the_radar(organisation, users, login):
    queue = silent_organisations(users["staff"])
    assert (queue.total, [row.text for row in queue.rows]) == (1, [str(organisation)])
    response = login(users["staff"]).get(queue.url)
    assert response.context["page_obj"].paginator.count == 1
    assert "Never heard." in response.text


def test_the_radar_takes_as_many_queries_for_twenty_as_for_one(users, login):
    client, counts = login(users["staff"]), []
    with translation.override("nl"):
        address = reverse("stakeholders:register-silence")
    for size in (1, 3, 20):
        for _n in range(size):
            exchange(AssessmentFactory(influence=5).organisation, 300)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts


def test_who_has_no_voice(users):
    theme, other = ThemeFactory(), ThemeFactory()
    place = MunicipalityFactory()
    silence = Silence(users["staff"], DAY)
    nobody = without_voice(silence)
    assert (nobody.helix, set(nobody.themes)) == (list(Helix), {theme, other})
    assert place in nobody.municipalities
    IdeaFactory(theme=theme, municipality=place, helix="private", received_at=noon(5))
    IdeaFactory(theme=other, helix="public", received_at=noon(5), status="hidden")
    IdeaFactory(theme=other, helix="public", received_at=noon(300))
    after = without_voice(silence)
    assert Helix.PRIVATE not in after.helix
    assert Helix.PUBLIC in after.helix
    assert after.themes == [other]
    assert place not in after.municipalities


def test_exchanges_and_workshops_are_voices_too(users):
    theme = ThemeFactory()
    speaker = OrganisationFactory(helix="academia", municipality=MunicipalityFactory())
    exchange(speaker, 4).interaction.themes.add(theme)
    workshop = WorkshopFactory(
        status="held", starts_at=noon(8), ends_at=noon(8) + timedelta(hours=2)
    )
    idea = IdeaFactory(helix="civil_society", received_at=noon(400))
    AgendaIdeaFactory(workshop=workshop, idea=idea)
    found = without_voice(Silence(users["staff"], DAY))
    assert found.helix == [Helix.PUBLIC, Helix.PRIVATE]
    assert not {theme, idea.theme} & set(found.themes)
    assert speaker.municipality not in found.municipalities
    assert Municipality.objects.count() == 1


def test_the_way_to_the_log_names_the_organisation(login, users):
    organisation = OrganisationFactory(name_fr="Fédération & Cie", name_nl="Federatie")
    AssessmentFactory(organisation=organisation, influence=5, assessed_on=date(2026, 1, 1))
    address = reverse("stakeholders:register-silence")
    ((_line, _last, log, meet),) = login(users["staff"]).get(address).context["lines"]
    assert login(users["staff"]).get(log).context["form"]["organisation"].value() == str(
        organisation
    )
    assert login(users["staff"]).get(meet).context["organisation"] == organisation
    lines = login(users["auditor"]).get(address).context["lines"]
    assert [(log, meet) for _line, _last, log, meet in lines] == [("", "")]
