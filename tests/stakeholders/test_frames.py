"""Grid, matrix and assessments: computed, append-only, on any day, for the Office alone."""

import json
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from stakeholders import frame_charts, frames
from stakeholders.frames import Quadrant, engagement_gap, quadrant
from stakeholders.models import StakeholderAssessment
from stakeholders.services import assess_organisation
from tests.factories.programme import ThemeFactory
from tests.factories.register import AssessmentFactory
from tests.factories.stakeholders import OrganisationFactory

pytestmark = pytest.mark.django_db
READERS = {"staff", "auditor", "administrator"}
SCORES = {
    "influence": 4,
    "interest": 2,
    "engagement_current": "neutral",
    "engagement_desired": "leading",
    "iap2_target": "consult",
}
PAGES = ("register-grid", "register-matrix", "register-silence", "register-balance")


def page(name, *args, language="en"):
    with translation.override(language):
        return reverse(f"stakeholders:{name}", args=args)


@pytest.mark.parametrize(
    ("influence", "interest", "expected"),
    [
        (5, 5, Quadrant.MANAGE),
        (4, 4, Quadrant.MANAGE),
        (4, 3, Quadrant.SATISFY),
        (3, 4, Quadrant.INFORM),
        (3, 3, Quadrant.MONITOR),
        (1, 1, Quadrant.MONITOR),
    ],
)
def test_a_three_is_not_yet_high(influence, interest, expected):
    assert quadrant(influence, interest) == expected


@pytest.mark.parametrize(
    ("current", "desired", "gap"),
    [("unaware", "leading", 4), ("neutral", "neutral", 0), ("leading", "supportive", -1)],
)
def test_the_gap_counts_steps_of_the_scale(current, desired, gap):
    made = StakeholderAssessment(engagement_current=current, engagement_desired=desired)
    assert engagement_gap(made) == gap


def test_an_assessment_says_who_when_and_why(users):
    organisation = OrganisationFactory(is_demo=True)
    made = assess_organisation(
        organisation, by=users["staff"], rationale=" Asked twice. ", **SCORES
    )
    assert (made.assessed_by, made.assessed_on) == (users["staff"], timezone.localdate())
    assert (made.rationale, made.is_demo) == ("Asked twice.", True)
    again = assess_organisation(organisation, by=users["staff"], rationale="Left.", **SCORES)
    assert list(organisation.assessments.all()) == [again, made]


def test_what_an_assessment_refuses(users):
    organisation, staff = OrganisationFactory(), users["staff"]
    merged = OrganisationFactory(merged_into=organisation)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for target, changes in (
        (organisation, {"rationale": "  "}),
        (organisation, {"influence": 6}),
        (organisation, {"assessed_on": tomorrow}),
        (merged, {}),
    ):
        with pytest.raises(ValidationError):
            assess_organisation(target, by=staff, **{"rationale": "Seen.", **SCORES, **changes})
    for role, user in users.items():
        if role != "staff":
            with pytest.raises(PermissionDenied):
                assess_organisation(organisation, by=user, rationale="Seen.", **SCORES)
    assert not StakeholderAssessment.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_frames_open_for_those_who_may_know_people(name, users, client):
    AssessmentFactory(rationale="canary-reason")
    for role, user in users.items():
        client.force_login(user)
        status = client.get(page(name)).status_code
        assert status == (200 if role in READERS else 403), role
        for kind in ("csv", "json"):
            status = client.get(page(name), {"format": kind}).status_code
            assert status == (200 if role in READERS else 403), (role, kind)
    client.logout()
    assert client.get(page(name)).status_code == 302


def test_the_panel_of_an_organisation_is_internal(users, client):
    made = AssessmentFactory(organisation__is_listed=True)
    words = "How the Office sees it"
    address = page("organisation-detail", made.organisation.slug)
    for role, user in users.items():
        client.force_login(user)
        assert (words in client.get(address).text) == (role in READERS), role
    client.logout()
    assert words not in client.get(address).text


def test_the_grid_on_a_past_day(users, login):
    organisation = OrganisationFactory(name_fr="Atelier du Canal")
    old = AssessmentFactory(organisation=organisation, influence=2, assessed_on=date(2026, 1, 5))
    new = AssessmentFactory(organisation=organisation, influence=5, assessed_on=date(2026, 9, 1))
    client = login(users["staff"])
    for day, expected in ((None, [new]), ("2026-06-30", [old]), ("2025-12-31", [])):
        response = client.get(page("register-grid"), {"on": day} if day else {})
        assert list(response.context["page_obj"]) == expected, day


@pytest.mark.parametrize("name", PAGES[:3])
@pytest.mark.parametrize("bad", ["2026-02-30", "yesterday", "2999-01-01"])
def test_a_bad_day_is_told_and_shows_no_figures(name, bad, users, login):
    AssessmentFactory()
    client = login(users["staff"])
    response = client.get(page(name), {"on": bad})
    assert response.context["filter"]["form"].errors.keys() == {"on"}
    assert (response.status_code, "error-summary" in response.text) == (400, True)
    assert "page_obj" not in response.context
    assert client.get(page(name), {"on": bad, "format": "csv"}).status_code == 400


def test_helix_and_theme_narrow_the_grid(users, login):
    theme = ThemeFactory()
    one = AssessmentFactory(organisation__helix="public")
    AssessmentFactory(organisation__helix="private")
    one.organisation.themes.add(theme, ThemeFactory())
    client = login(users["auditor"])
    for query in ({"helix": "public"}, {"theme": theme.slug}):
        response = client.get(page("register-grid"), query)
        assert list(response.context["page_obj"]) == [one], query


def test_drawing_and_table_have_the_same_organisations(users, login):
    made = [AssessmentFactory(influence=4, interest=4) for _n in range(3)]
    response = login(users["staff"]).get(page("register-grid"))
    chart = response.context["chart"]
    marks = {row[1] for row in chart.table["rows"]}
    drawn = {text for trace in chart.figure["data"] for text in trace["text"]}
    assert marks == drawn == {"C1", "C2", "C3"}
    spots = {
        spot for trace in chart.figure["data"] for spot in zip(trace["x"], trace["y"], strict=True)
    }
    assert len(spots) == len(made)
    assert all(abs(x - 4) < 0.5 and abs(y - 4) < 0.5 for x, y in spots)
    again = login(users["staff"]).get(page("register-grid"))
    assert again.context["chart"].figure == chart.figure


def test_a_crowded_field_draws_a_few_and_counts_the_rest(users, login):
    for _n in range(frames.DRAWN_IN_A_FIELD + 5):
        AssessmentFactory(influence=5, interest=5)
    response = login(users["staff"]).get(page("register-grid"))
    figure = response.context["chart"].figure
    assert sum(len(trace["x"]) for trace in figure["data"]) == frames.DRAWN_IN_A_FIELD
    assert "+5" in [each["text"] for each in figure["layout"]["annotations"]]
    assert response.context["page_obj"].paginator.count == frames.DRAWN_IN_A_FIELD + 5


@pytest.mark.parametrize("count", range(1, frames.DRAWN_IN_A_FIELD + 2))
def test_no_two_marks_of_a_field_touch(count):
    """A mark is 25 px wide; on a phone a field is 56 px wide and 104 px high."""
    found = frame_charts.spots(count)
    assert len(found) == count
    for one, other in combinations(found, 2):
        across, up = abs(one[0] - other[0]) * 56, abs(one[1] - other[1]) * 104
        assert across >= 25 or up >= 22, (one, other)


def test_the_matrix_begins_with_the_widest_gap(users, login):
    small = AssessmentFactory(engagement_current="neutral", engagement_desired="supportive")
    wide = AssessmentFactory(engagement_current="unaware", engagement_desired="leading")
    over = AssessmentFactory(engagement_current="leading", engagement_desired="neutral")
    response = login(users["staff"]).get(page("register-matrix"))
    assert list(response.context["page_obj"]) == [wide, small, over]
    assert [row[4] for row in response.context["chart"].table["rows"]] == ["+4", "+1", "\u22122"]


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow(name, users, login):
    client, counts = login(users["staff"]), []
    for size in (1, 3, 30):
        while StakeholderAssessment.objects.count() < size:
            AssessmentFactory(assessed_by=users["staff"])
        client.get(page(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(name))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts


def test_the_file_has_the_figures_of_the_page(users, login):
    AssessmentFactory(influence=4, interest=5, rationale="=cmd()")
    client = login(users["staff"])
    response = client.get(page("register-grid"), {"format": "json", "on": "2026-10-01"})
    (row,) = json.loads(response.text)["rows"]
    assert (row["influence"], row["interest"], row["quadrant"]) == (4, 5, "manage closely")
    assert "2026-10-01" in json.loads(response.text)["meta"]["filter"]
    assert "'=cmd()" in client.get(page("register-grid"), {"format": "csv"}).text


def test_assessing_on_the_page(users, login):
    organisation = OrganisationFactory()
    AssessmentFactory(organisation=organisation, influence=2, interest=2)
    client, address = login(users["staff"]), page("assessment-add", organisation.slug)
    form = client.get(address).context["form"]
    assert (form.initial["influence"], form["rationale"].value()) == (2, "")
    data = {**SCORES, "assessed_on": timezone.localdate().isoformat()}
    response = client.post(address, {**data, "rationale": " "})
    assert response.context["form"].errors.keys() == {"rationale"}
    response = client.post(address, {**data, "rationale": "Chairs the board now."})
    assert response.url == page("assessment-history", organisation.slug)
    entries = client.get(response.url).context["entries"]
    assert [(str(field), old, new) for field, old, new in entries[0][1]] == [
        ("influence", 2, 4),
        ("engagement desired", "supportive", "leading"),
    ]
    assert entries[1][1] is None


def test_who_may_read_a_history_and_who_may_add(users, client):
    slug = AssessmentFactory().organisation.slug
    for role, user in users.items():
        client.force_login(user)
        read = client.get(page("assessment-history", slug)).status_code
        add = client.get(page("assessment-add", slug)).status_code
        assert read == (200 if role in READERS else 403), role
        assert add == (200 if role == "staff" else 403), role


def test_the_back_office_leads_to_the_frames(users, client):
    organisation = AssessmentFactory().organisation
    change = reverse("admin:stakeholders_organisation_change", args=[organisation.pk])
    for role in ("staff", "auditor", "secretary"):
        client.force_login(users[role])
        landing = client.get(reverse("admin:index")).text
        assert ("/register/grid/" in landing) == (role in READERS), role
        link = f"/register/{organisation.slug}/assessments/"
        assert (link in client.get(change).text) == (role in READERS), role
        rows = client.get(reverse("admin:stakeholders_stakeholderassessment_changelist"))
        assert rows.status_code == (200 if role in READERS else 403), role
