"""Pages of the workshops: the agenda for everybody, the working pages for those who run them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories.workshops import AgendaIdeaFactory, PublicIdeaFactory, WorkshopFactory
from workshops import panels, selectors
from workshops.models import AgendaIdea, Workshop

pytestmark = pytest.mark.django_db

WHY = {"reason_fr": "Le besoin est partagé.", "reason_nl": "De nood wordt gedeeld."}
REPORT = {"report_fr": "Accord.", "report_nl": "Akkoord."}
REASON = {"status_reason_fr": "Salle inondée", "status_reason_nl": "Zaal onder water"}


def address(name, *args, language="fr") -> str:
    with translation.override(language):
        return reverse(f"workshops:{name}", args=args)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, **query) -> list:
    return list(client.get(address("workshop-list"), query).context["page_obj"])


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_pages_in_every_language(language, client):
    workshop = WorkshopFactory(status="reported", **REPORT)
    entry = AgendaIdeaFactory(workshop=workshop, with_result=True)
    for name, args in (("workshop-list", []), ("workshop-detail", [entry.workshop_id])):
        page = text_of(client.get(address(name, *args, language=language)))
        assert f'<html lang="{language}"' in page
    reason = {"fr": WHY["reason_fr"], "nl": WHY["reason_nl"], "en": WHY["reason_fr"]}
    assert reason[language] in page


def test_the_words_of_an_idea_keep_their_language(client):
    entry = AgendaIdeaFactory()
    page = text_of(client.get(address("workshop-detail", entry.workshop_id)))
    assert f'<span lang="nl">{entry.idea.title}</span>' in page


def test_the_next_one_first_then_the_last_held(client):
    now = timezone.now()
    days = {"next": 2, "later": 30, "held": -3, "long ago": -90}
    made = {
        name: WorkshopFactory(starts_at=now + timedelta(days=number))
        for name, number in days.items()
    }
    order = [made[name] for name in ("next", "later", "held", "long ago")]
    assert listed(client) == order
    page = text_of(client.get(address("workshop-list", language="en")))
    assert page.count("<h2>To come</h2>") == page.count("<h2>Past</h2>") == 1


def test_times_are_shown_in_brussels_across_the_change_of_summer_time(client):
    october = WorkshopFactory()
    page = text_of(client.get(address("workshop-detail", october.pk, language="nl")))
    assert "1 oktober 2026 om 9.00" in page
    november = WorkshopFactory(starts_at=october.starts_at.replace(month=11, day=5, hour=8))
    page = text_of(client.get(address("workshop-detail", november.pk, language="nl")))
    assert "5 november 2026 om 9.00" in page


def test_filters(client):
    first = WorkshopFactory(title_fr="Vélos partagés", kind="collaborative")
    second = WorkshopFactory(status="held")
    WorkshopFactory(status="draft")
    assert listed(client, search="velo") == [first]
    assert listed(client, kind="collaborative") == [first]
    assert listed(client, theme=second.theme.slug) == [second]
    assert listed(client, status="took_place") == [second]
    assert listed(client, status="published") == [first]
    nonsense = {"theme": "x", "status": "draft", "page": "z", "municipality": "\x00"}
    assert set(listed(client, **nonsense)) == {first, second}


def test_drafts_are_found_by_those_who_prepare_them(client, users):
    draft = WorkshopFactory(status="draft")
    page = address("workshop-detail", draft.pk)
    assert client.get(page).status_code == 404
    for role in ("staff", "facilitator", "auditor"):
        client.force_login(users[role])
        assert listed(client) == []
        assert listed(client, status="draft") == [draft]
        assert client.get(page).status_code == 200
    client.force_login(users["lead"])
    assert client.get(page).status_code == 404


def test_exports_are_the_same_in_french_and_dutch(client):
    entry = AgendaIdeaFactory(workshop__title_fr="=2+3")
    AgendaIdeaFactory(workshop=entry.workshop, idea__status="received", idea__published_at=None)
    french = client.get(address("workshop-list"), {"format": "json"}).json()["rows"]
    dutch = client.get(address("workshop-list", language="nl"), {"format": "json"}).json()["rows"]
    assert [row["ideas"] for row in french] == [row["ideas"] for row in dutch] == [1]
    csv = client.get(address("workshop-list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=2+3" in csv
    assert client.get(address("workshop-list"), {"format": "exe"}).status_code == 404


def test_a_cancelled_workshop_keeps_its_page_its_date_and_the_reason(client):
    workshop = WorkshopFactory(status="cancelled", **REASON)
    page = text_of(client.get(address("workshop-detail", workshop.pk)))
    assert "Salle inondée" in page
    assert "1er octobre 2026" in page


def test_who_wants_to_take_part_is_told_how(client, settings):
    workshop = WorkshopFactory(status="registration_open")
    page = text_of(client.get(address("workshop-detail", workshop.pk, language="en")))
    assert "Registration goes through the Office for now" in page
    assert page.count(settings.SITE["contact"]["email"]) > 1
    held = WorkshopFactory(status="held")
    page = text_of(client.get(address("workshop-detail", held.pk, language="en")))
    assert "Registration goes through the Office for now" not in page


def test_an_idea_that_is_not_public_is_not_shown(client):
    entry = AgendaIdeaFactory(idea__status="received", idea__published_at=None)
    page = text_of(client.get(address("workshop-detail", entry.workshop_id)))
    assert entry.idea.title not in page
    assert entry.idea.reference not in page


def test_the_page_takes_as_many_queries_for_one_idea_as_for_many(client):
    workshop = AgendaIdeaFactory(with_result=True).workshop
    url = address("workshop-detail", workshop.pk)
    counts = []
    for _round in range(2):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        AgendaIdeaFactory.create_batch(4, workshop=workshop, with_result=True)
    assert counts[0] == counts[1]


# --- working pages -----------------------------------------------------------------------------


def test_working_pages_are_for_those_who_run_workshops(client, users):
    entry = AgendaIdeaFactory(workshop__status="held")
    urls = [
        address("agenda", entry.workshop_id),
        address("result", entry.pk),
        address("put-idea", entry.idea.reference),
    ]
    assert {client.get(url).status_code for url in urls} == {302}
    for role, status in {"secretary": 403, "lead": 403, "facilitator": 200, "staff": 200}.items():
        client.force_login(users[role])
        assert {client.get(url).status_code for url in urls} == {status}, role
    client.force_login(users["lead"])
    assert client.post(address("take-off", entry.pk)).status_code == 403
    assert AgendaIdea.objects.count() == 1


def test_from_the_page_of_an_idea_to_the_agenda_and_its_result(client, users):
    idea, workshop = PublicIdeaFactory(), WorkshopFactory()
    client.force_login(users["facilitator"])
    with translation.override("fr"):
        put = address("put-idea", idea.reference)
        assert put in text_of(client.get(idea.get_absolute_url()))
    answer = client.post(put, {"workshop": workshop.pk})
    assert answer.url == address("agenda", workshop.pk)
    entry = AgendaIdea.objects.get()
    url = address("result", entry.pk)
    early = text_of(client.post(url, {"result": "retained", **WHY}))
    assert WHY["reason_nl"] in early
    Workshop.objects.update(status="held")
    lacking = text_of(client.post(url, {"result": "retained", "reason_fr": "Gardez ces mots"}))
    assert "Gardez ces mots" in lacking
    assert client.post(url, {"result": "retained", **WHY}).status_code == 302
    entry.refresh_from_db()
    assert entry.result == "retained"


def test_ideas_are_put_on_and_taken_off_on_the_agenda_page(client, users):
    idea, hidden = PublicIdeaFactory(), PublicIdeaFactory(status="received", published_at=None)
    workshop = WorkshopFactory()
    client.force_login(users["staff"])
    url = address("agenda", workshop.pk)
    page = text_of(client.get(url))
    assert idea.title in page
    assert hidden.title not in page
    assert client.post(url, {"idea": hidden.pk}).status_code == 200
    assert client.post(url, {"idea": idea.pk}).status_code == 302
    entry = workshop.agenda.get()
    assert client.get(address("take-off", entry.pk)).status_code == 405
    client.post(address("take-off", entry.pk))
    assert not workshop.agenda.exists()


def test_the_report_is_refused_on_the_page_with_the_ideas_named(client, users):
    entry = AgendaIdeaFactory(workshop__status="held")
    client.force_login(users["facilitator"])
    url = address("workshop-do", entry.workshop_id, "report", language="en")
    page = text_of(client.post(url, REPORT))
    assert entry.idea.reference in page
    assert "Akkoord." in page
    AgendaIdea.objects.update(result="dropped", **WHY)
    assert client.post(url, REPORT).status_code == 302
    assert Workshop.objects.get().status == "reported"


def test_a_new_date_lies_in_the_future_and_ends_after_it_starts(client, users):
    workshop = WorkshopFactory(status="postponed", **REASON)
    client.force_login(users["staff"])
    url = address("workshop-do", workshop.pk, "reschedule")
    for start, end in (
        ("2026-01-05T09:00", "2026-01-05T12:00"),
        ("2099-01-05T09:00", "2099-01-05T08:00"),
        ("2099-01-05T09:00", ""),
    ):
        assert client.post(url, {"starts_at": start, "ends_at": end}).status_code == 200
    answer = client.post(url, {"starts_at": "2099-01-05T09:00", "ends_at": "2099-01-05T12:00"})
    assert answer.status_code == 302
    workshop.refresh_from_db()
    assert workshop.starts_at.isoformat() == "2099-01-05T08:00:00+00:00"


# --- what other pages get from here ------------------------------------------------------------


def test_counts_open_the_list_that_holds_as_many(client):
    WorkshopFactory(kind="collaborative", status="held")
    WorkshopFactory(kind="collaborative")
    WorkshopFactory(status="reported", **REPORT)
    WorkshopFactory(status="held")
    WorkshopFactory(status="draft")
    found = panels.progress()
    for code, count in {"ADMIN-WS": 1, "MULTI-WS": 2}.items():
        assert found[code]["count"] == count
        assert client.get(found[code]["url"]).context["page_obj"].paginator.count == count
    step = panels.chain()
    assert (step["stage"], step["count"]) == (2, 4)
    assert client.get(step["url"]).context["page_obj"].paginator.count == 4


def test_search_leads_to_its_list(client, users):
    workshop = WorkshopFactory(title_nl="Groene daken")
    WorkshopFactory(title_nl="Groene gevels", status="draft")
    answer = panels.search("groene", users["nobody"])
    assert (answer["total"], answer["rows"]) == (1, [workshop])
    assert client.get(answer["url"]).context["page_obj"].paginator.count == 1


def test_queues_are_for_those_who_run_workshops(users):
    AgendaIdeaFactory(workshop__status="held")
    AgendaIdeaFactory(workshop__status="held", with_result=True)
    AgendaIdeaFactory()
    for role, user in users.items():
        runs = role in ("staff", "facilitator")
        results, reports = panels.ideas_without_result(user), panels.workshops_to_report(user)
        assert (results is not None, reports is not None) == (runs, runs), role
    assert panels.ideas_without_result(users["staff"]).total == 1
    assert panels.workshops_to_report(users["facilitator"]).total == 2


def test_the_next_workshops_are_announced_and_to_come():
    soon = timezone.now() + timedelta(days=3)
    later = WorkshopFactory(starts_at=soon + timedelta(days=1))
    first = WorkshopFactory(starts_at=soon)
    WorkshopFactory(starts_at=soon, status="draft")
    WorkshopFactory(starts_at=soon, status="cancelled", **REASON)
    WorkshopFactory(starts_at=timezone.now() - timedelta(days=1))
    assert list(selectors.next_workshops(5)) == [first, later]


def test_every_admin_page_opens(client, users):
    entry = AgendaIdeaFactory()
    for role in ("staff", "facilitator"):
        client.force_login(users[role])
        for name, pk in (("workshop", entry.workshop_id), ("agendaidea", entry.pk)):
            base = f"admin:workshops_{name}"
            assert client.get(reverse(f"{base}_changelist")).status_code == 200
            assert client.get(reverse(f"{base}_change", args=[pk])).status_code == 200
    assert client.get(reverse("admin:workshops_workshop_add")).status_code == 200
    change = reverse("admin:workshops_agendaidea_change", args=[entry.pk])
    assert client.post(change, {"result": "retained"}).status_code == 403


def test_seeding_twice_makes_nothing_new():
    from governance.seed import load as load_governance
    from programme.seed import load as load_programme
    from stakeholders.seed import load as load_stakeholders
    from workshops.seed import load

    for before in (load_programme, load_stakeholders, load_governance):
        before()
    load(demo=False)
    assert not Workshop.objects.exists()
    load()
    counts = (Workshop.objects.count(), AgendaIdea.objects.count())
    load()
    assert (Workshop.objects.count(), AgendaIdea.objects.count()) == counts == (24, 36)


def test_of_two_who_record_a_result_the_second_is_told(login, users):
    entry = AgendaIdeaFactory(workshop__status="held")
    client, url = login(users["facilitator"]), address("result", entry.pk)
    seen = client.get(url).context["form"]["row_state"].value()
    mine = {"result": "retained", **WHY, "row_state": seen}
    theirs = mine | {"result": "dropped", "reason_fr": "Trop cher."}
    assert client.post(url, theirs).status_code == 302
    told = client.post(url, mine)
    page = text_of(told)
    assert "Quelqu’un d’autre a modifié ceci" in page
    assert told.context["form"]["reason_fr"].value() == WHY["reason_fr"]
    entry.refresh_from_db()
    assert (entry.result, entry.reason_fr) == ("dropped", "Trop cher.")
    again = mine | {"row_state": told.context["form"]["row_state"].value()}
    assert client.post(url, again).status_code == 302
    entry.refresh_from_db()
    assert entry.result == "retained"
