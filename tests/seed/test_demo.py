"""The demo content holds together: keys exist, chains run forward in time, nobody real is in it."""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed"
FILES = sorted(path.stem for path in (SEED / "demo").glob("*.json"))
DEMO = {name: json.loads((SEED / "demo" / f"{name}.json").read_text("utf-8")) for name in FILES}
LANGUAGES = {"fr", "nl", "en"}
HELIXES = {"public", "academia", "civil_society", "private"}
TODAY = date(2026, 11, 24)
COMPLETE_CHAINS = ("idea-01", "idea-02", "idea-03")


def facts(name):
    return json.loads((SEED / "facts" / f"{name}.json").read_text("utf-8"))


def by(rows, field):
    """Index rows by a field that must be unique."""
    index = {row[field]: row for row in rows}
    assert len(index) == len(rows)
    return index


IDEAS = by(DEMO["ideas"], "key")
WORKSHOPS = by(DEMO["workshops"], "key")
SHEETS = by(DEMO["sheets"], "key")
JURY = DEMO["jury"]
MEETINGS = by(DEMO["governance"]["meetings"], "key")
DECISIONS = by(DEMO["governance"]["decisions"], "number")
INITIATIVES = by(DEMO["roadmap"]["initiatives"], "slug")
INDICATORS = by(DEMO["indicators"], "code")
ORGANISATIONS = by([*DEMO["organisations"], *DEMO["meetings"]["organisations"]], "slug")
WORKSTREAMS = by(DEMO["workstreams"], "slug")
THEMES = {row["slug"] for row in facts("programme")["themes"]}
ORIENTATIONS = {row["slug"] for row in facts("programme")["orientations"]}
NIS = {row["nis"] for row in facts("municipalities")}


def walk(node, path=""):
    """Yield every value of a JSON tree with its path."""
    yield path, node
    if isinstance(node, dict | list):
        children = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in children:
            yield from walk(child, f"{path}/{key}")


def strings(node):
    return ((path, text) for path, text in walk(node) if isinstance(text, str))


def is_translated(node):
    return isinstance(node, dict) and {"fr", "nl"} <= set(node)


def day(text):
    """The Brussels day of an ISO date or datetime."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/Brussels")).date()


def assert_in_order(*texts):
    days = [day(text) for text in texts]
    assert days == sorted(days)


@pytest.mark.parametrize("name", FILES)
def test_texts_of_the_authority_are_complete(name):
    for path, node in walk(DEMO[name]):
        if is_translated(node) and "staff_summary" not in path:
            assert set(node) == LANGUAGES, path
            assert all(text.strip() for text in node.values()) or is_of_draft(name, path), path


def is_of_draft(name, path) -> bool:
    """Tell whether a text is that of a sheet which nobody has sent yet: one language may lack."""
    return name == "sheets" and DEMO[name][int(path.split("/")[1])]["status"] == "draft"


def test_one_draft_shows_the_translator_what_one_sided_means():
    one_sided = {
        path.split("/")[1]
        for path, node in walk(DEMO["sheets"])
        if is_translated(node) and not all(text.strip() for text in node.values())
    }
    assert len(one_sided) == 1


@pytest.mark.parametrize("name", FILES)
def test_french_and_dutch_differ_beyond_names(name):
    same = {
        node["fr"]
        for _, node in walk(DEMO[name])
        if is_translated(node) and node["fr"] == node["nl"]
    }
    assert all(len(text.split()) <= 3 for text in same), same


@pytest.mark.parametrize("name", FILES)
def test_typography(name):
    for path, text in strings(DEMO[name]):
        assert "'" not in text, path
        if path.endswith("/fr"):
            assert not re.search(r" [:;?!»%€]|« |\w[?!;»]", text), path
        if path.endswith("/nl"):
            assert "«" not in text, path


@pytest.mark.parametrize("name", FILES)
def test_addresses_are_of_the_reserved_domain(name):
    addresses = [text for _, text in strings(DEMO[name]) if "@" in text]
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.org", text) for text in addresses)


@pytest.mark.parametrize("name", FILES)
def test_themes_workstreams_and_municipalities_exist(name):
    allowed = {"theme": THEMES, "workstream": set(WORKSTREAMS), "municipality": NIS}
    for path, value in walk(DEMO[name]):
        key = path.rsplit("/", 1)[-1]
        if key in allowed and value is not None:
            assert value in allowed[key], path
        if key == "municipalities":
            assert set(value) <= NIS, path


@pytest.mark.parametrize("name", FILES)
def test_organisations_exist(name):
    keys = {"owner_organisation", "lead_organisation", "organisation"}
    for path, value in walk(DEMO[name]):
        if path.rsplit("/", 1)[-1] in keys and value is not None:
            assert value in ORGANISATIONS, path


def test_counts():
    governance, campaigns = DEMO["governance"], DEMO["campaigns"]
    assert [len(rows) for rows in (FILES, WORKSTREAMS, ORGANISATIONS)] == [19, 6, 29]
    assert [len(rows) for rows in (IDEAS, WORKSHOPS, SHEETS)] == [30, 24, 12]
    assert [len(governance[key]) for key in ("meetings", "decisions")] == [8, 8]
    assert len(JURY["jurors"]) == 9
    assert [len(rows) for rows in (INITIATIVES, INDICATORS, DEMO["compliance"])] == [5, 5, 15]
    assert [len(campaigns[key]) for key in ("topics", "subscribers", "campaigns")] == [4, 12, 3]
    assert len(DEMO["news"]) == 6


def test_workstreams_point_at_the_programme():
    portfolios = {row["slug"] for row in facts("programme")["portfolios"]}
    for row in WORKSTREAMS.values():
        assert row["orientation"] in ORIENTATIONS
        assert row["portfolio"] in portfolios


def test_organisations_cover_the_four_helixes_and_are_marked():
    assert {row["helix"] for row in ORGANISATIONS.values()} == HELIXES
    for row in ORGANISATIONS.values():
        assert "démo)" in row["name"]["fr"]
        assert "demo)" in row["name"]["nl"]


def test_no_slug_is_shared_with_a_fact():
    assert not set(INITIATIVES) & {row["slug"] for row in facts("initiatives")}
    assert not set(INDICATORS) & {row["code"] for row in facts("indicators")}
    assert not set(ORGANISATIONS) & {row["slug"] for row in facts("organisations")}


def test_ideas_by_language_and_status():
    assert Counter(row["language"] for row in IDEAS.values()) == {"fr": 13, "nl": 12, "en": 5}
    assert Counter(row["status"] for row in IDEAS.values()) == {
        "published": 12,
        "answered": 8,
        "under_review": 4,
        "received": 2,
        "info_requested": 1,
        "withdrawn": 1,
        "merged": 1,
        "not_admissible": 1,
    }


@pytest.mark.parametrize("idea", IDEAS.values(), ids=IDEAS)
def test_idea_reads_like_a_person(idea):
    assert len(idea["title"]) <= 150
    assert 60 <= len(idea["body"].split()) <= 125
    assert {"fr", "nl"} - {idea["language"]} <= set(idea["staff_summary"])
    assert idea["language"] not in idea["staff_summary"]
    assert all(text.strip() for text in idea["staff_summary"].values())
    assert idea["submitter_type"] in {"person", "organisation"}
    assert idea["helix"] in HELIXES
    assert idea["display_name"] in {"anonymous", "name", "organisation"}
    assert bool(idea["display_text"]) == (idea["display_name"] != "anonymous")


@pytest.mark.parametrize("idea", IDEAS.values(), ids=IDEAS)
def test_idea_has_what_its_status_needs(idea):
    status = idea["status"]
    outcomes = {"accepted", "accepted_in_part", "forwarded", "declined"}
    assert (idea["outcome"] in outcomes) == (status == "answered")
    assert bool(idea["answer"]) == bool(idea["answered_on"]) == (status == "answered")
    assert bool(idea["reason"]) == (status in {"withdrawn", "merged", "not_admissible"})
    assert bool(idea["question"]) == (status == "info_requested")
    assert (idea["merged_into"] in IDEAS) == (status == "merged")
    assert (idea["published_on"] is None) == (status in {"received", "not_admissible"})


@pytest.mark.parametrize("idea", IDEAS.values(), ids=IDEAS)
def test_idea_dates(idea):
    steps = ("submitted_on", "published_on", "answered_on", "closed_on")
    assert_in_order(*[idea[step] for step in steps if idea[step]], TODAY.isoformat())


def test_series_of_workshops():
    kinds = Counter(row["kind"] for row in WORKSHOPS.values())
    assert kinds == {"collaborative": 4, "multidisciplinary": 20}
    themes = Counter(row["theme"] for row in WORKSHOPS.values() if row["theme"])
    assert set(themes.values()) == {4}
    assert len(themes) == 5
    for kind, count in kinds.items():
        series = [row for row in WORKSHOPS.values() if row["kind"] == kind]
        assert [row["series_no"] for row in series] == list(range(1, count + 1))
        assert_in_order(*[row["starts_at"] for row in series])


@pytest.mark.parametrize("workshop", WORKSHOPS.values(), ids=WORKSHOPS)
def test_workshop_status_agrees_with_its_date(workshop):
    past = workshop["status"] in {"reported", "held"}
    assert past or workshop["status"] in {"registration_open", "published", "cancelled"}
    assert (day(workshop["starts_at"]) < TODAY) == past
    assert bool(workshop["outcome_summary"]) == (workshop["status"] == "reported")
    assert bool(workshop["status_reason"]) == (workshop["status"] == "cancelled")
    start, end = (datetime.fromisoformat(workshop[key]) for key in ("starts_at", "ends_at"))
    assert start < end
    brussels = start.replace(tzinfo=None).replace(tzinfo=ZoneInfo("Europe/Brussels"))
    assert start.utcoffset() == brussels.utcoffset()


@pytest.mark.parametrize("workshop", WORKSHOPS.values(), ids=WORKSHOPS)
def test_each_idea_of_a_reported_workshop_has_a_result(workshop):
    results = {"retained", "reworked", "parked", "dropped"}
    for line in workshop["ideas"]:
        assert bool(line["result"]) == bool(line["reason"])
        assert line["result"] is None or line["result"] in results
        assert line["result"] or workshop["status"] != "reported"
        assert day(IDEAS[line["idea"]]["published_on"]) < day(workshop["starts_at"])


def test_sheets_by_status():
    assert Counter(row["status"] for row in SHEETS.values()) == {
        "on_roadmap": 5,
        "frozen": 2,
        "draft": 2,
        "published": 1,
        "submitted": 1,
        "internal_review": 1,
    }


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_sheet_comes_after_what_it_was_born_from(sheet):
    calls = by([JURY["call"], JURY["next_call"]], "slug")
    for idea in sheet["ideas"]:
        assert_in_order(IDEAS[idea]["published_on"], sheet["created_on"])
    for workshop in sheet["workshops"]:
        assert day(WORKSHOPS[workshop]["ends_at"]) < day(sheet["created_on"])
        agenda = {line["idea"] for line in WORKSHOPS[workshop]["ideas"]}
        assert agenda & set(sheet["ideas"])
    assert 0 < sheet["cost_low"] <= sheet["cost_likely"] <= sheet["cost_high"]
    if sheet["submitted_on"]:
        call = calls[sheet["call"]]
        assert_in_order(call["opens_on"], sheet["submitted_on"], call["closes_on"])
        assert_in_order(sheet["created_on"], sheet["submitted_on"], sheet["starts_on"])


def test_rubric():
    criteria = JURY["rubric"]["criteria"]
    assert sum(row["weight"] for row in criteria) == 100
    for row in criteria:
        assert [level["value"] for level in row["levels"]] == [0, 1, 2, 3, 4, 5]
        assert len({level["anchor"]["fr"] for level in row["levels"]}) == 6


def test_each_voting_juror_scored_or_recused_each_decided_sheet():
    voting = {row["key"] for row in JURY["jurors"] if row["voting"]}
    decided = {key for key, row in SHEETS.items() if row["status"] in {"on_roadmap", "published"}}
    pairs = Counter((row["juror"], row["sheet"]) for row in JURY["ballots"])
    assert set(pairs.values()) == {1}
    assert set(pairs) == {(juror, sheet) for juror in voting for sheet in decided}
    assert len(voting) >= JURY["session"]["quorum"]
    assert {row["sheet"] for row in JURY["proposals"]} == decided


def test_ballots_are_complete_and_sealed_in_time():
    codes = [row["code"] for row in JURY["rubric"]["criteria"]]
    session = JURY["session"]
    for ballot in JURY["ballots"]:
        if ballot["status"] == "recused":
            assert ballot["scores"] == []
            assert ballot["conflict"]["text"]
            continue
        assert ballot["status"] == "revealed"
        assert session["opens_at"] < ballot["sealed_at"] < session["closes_at"]
        assert [score["criterion"] for score in ballot["scores"]] == codes
        assert all(0 <= score["level"] <= 5 for score in ballot["scores"])
        assert {score["language"] for score in ballot["scores"]} <= {"fr", "nl"}


def mean_score(sheet):
    """Mean of the weighted ballots, on the scale of the rubric."""
    weights = {row["code"]: row["weight"] for row in JURY["rubric"]["criteria"]}
    totals = [
        sum(score["level"] * weights[score["criterion"]] for score in ballot["scores"]) / 100
        for ballot in JURY["ballots"]
        if ballot["sheet"] == sheet and ballot["scores"]
    ]
    return sum(totals) / len(totals)


def test_the_decisions_follow_the_scores():
    rank = {"selected": 2, "selected_with_conditions": 1, "not_selected": 0}
    outcomes = {
        line["key"]: rank[line["outcome"]] for row in DECISIONS.values() for line in row["sheets"]
    }
    ranking = sorted(outcomes, key=mean_score)
    assert [outcomes[key] for key in ranking] == sorted(outcomes.values())
    for row in JURY["proposals"]:
        assert row["outcome"] == ("proposed" if outcomes[row["sheet"]] else "not_proposed")


def test_selected_costs_fit_the_envelope():
    chosen = [row["cost_likely"] for row in SHEETS.values() if row["status"] == "on_roadmap"]
    assert sum(chosen) <= JURY["call"]["envelope"]


def test_bodies_seats_and_meetings():
    governance = DEMO["governance"]
    bodies = by(governance["bodies"], "slug")
    assert Counter(row["helix"] for row in governance["seats"] if row["voting"]) == dict.fromkeys(
        HELIXES, 2
    )
    by(governance["bodies"], "code")
    by(governance["meetings"], "number")
    kinds = {"information", "consultation", "decision", "approval", "aob"}
    for meeting in MEETINGS.values():
        assert meeting["body"] in bodies
        assert (meeting["status"] == "closed") == (day(meeting["starts_at"]) < TODAY)
        assert bool(meeting["minutes_public"]) == (meeting["status"] == "closed")
        assert {item["kind"] for item in meeting["agenda"]} <= kinds
        assert {item["visibility"] for item in meeting["agenda"]} <= {"public", "members"}


@pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS)
def test_decision_has_a_meeting_and_full_reasons(decision):
    meeting = MEETINGS[decision["meeting"]]
    assert decision["body"] == meeting["body"]
    assert decision["number"].startswith(meeting["number"] + "/D")
    assert day(meeting["starts_at"]) == day(decision["decided_on"])
    assert decision["kind"] in {"advice", "decision", "recommendation"}
    assert decision["status"] in {"adopted", "deferred"}
    assert all(60 <= len(text.split()) <= 120 for text in decision["reasons"].values())
    for line in decision["sheets"]:
        needs_conditions = line["outcome"] == "selected_with_conditions"
        assert bool(line["conditions"]) == needs_conditions


def test_actions_come_from_decisions():
    states = {"open", "in_progress", "done", "verified"}
    for action in DEMO["governance"]["actions"]:
        assert action["state"] in states
        assert_in_order(DECISIONS[action["decision"]]["decided_on"], action["due_on"])


def test_jury_session_belongs_to_its_meeting():
    session = JURY["session"]
    assert_in_order(JURY["call"]["closes_on"], session["opens_at"], session["closes_at"])
    assert_in_order(session["closes_at"], session["held_on"])
    assert day(MEETINGS[session["meeting"]]["starts_at"]) == day(session["held_on"])


@pytest.mark.parametrize("initiative", INITIATIVES.values(), ids=INITIATIVES)
def test_initiative_carries_out_its_decision(initiative):
    decision = DECISIONS[initiative["decision"]]
    outcomes = {line["key"]: line["outcome"] for line in decision["sheets"]}
    sheet = SHEETS[initiative["sheet"]]
    assert outcomes[initiative["sheet"]] in {"selected", "selected_with_conditions"}
    assert sheet["status"] == "on_roadmap"
    assert initiative["budget_planned"] == sheet["cost_likely"]
    assert initiative["starts_on"] == sheet["starts_on"]
    assert_in_order(JURY["session"]["held_on"], decision["decided_on"], initiative["starts_on"])


@pytest.mark.parametrize("initiative", INITIATIVES.values(), ids=INITIATIVES)
def test_milestones(initiative):
    milestones = initiative["milestones"]
    assert 4 <= len(milestones) <= 6
    planned = [row["planned_on"] for row in milestones]
    assert_in_order(initiative["starts_on"], *planned, initiative["ends_on"])
    for row in milestones:
        assert bool(row["achieved_on"]) == bool(row["evidence"])
        if row["achieved_on"]:
            assert_in_order(initiative["starts_on"], row["achieved_on"], TODAY.isoformat())


def test_each_selected_sheet_has_one_initiative():
    selected = sorted(key for key, row in SHEETS.items() if row["status"] == "on_roadmap")
    assert sorted(row["sheet"] for row in INITIATIVES.values()) == selected


def test_edition_is_adopted_before_it_is_published():
    edition = DEMO["roadmap"]["edition"]
    assert_in_order(DECISIONS[edition["adopted_by"]]["decided_on"], edition["published_on"])


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_indicator_measures_an_initiative_from_its_start(indicator):
    periods = [row["period"] for row in indicator["observations"] if "geo" not in row]
    assert 6 <= len(periods) <= 10
    assert periods == sorted(set(periods))
    assert indicator["baseline"] == {
        key: indicator["observations"][0][key] for key in ("period", "value")
    }
    assert indicator["orientation"] in ORIENTATIONS
    assert all("{value}" in text and "{period}" in text for text in indicator["headline"].values())
    assert all(row["period"] > periods[0] for row in indicator["targets"])
    for slug in indicator["initiatives"]:
        assert INITIATIVES[slug]["theme"] == indicator["theme"]
        decided = DECISIONS[INITIATIVES[slug]["decision"]]["decided_on"]
        assert periods[0] >= decided[:7]
        assert periods[1] >= INITIATIVES[slug]["starts_on"][:7]


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_observations_are_released_after_their_period(indicator):
    for row in indicator["observations"]:
        assert re.fullmatch(r"\d+", row["value"])
        assert row["released_on"][:7] > row["period"]
        assert day(row["released_on"]) <= TODAY


def test_compliance_lines():
    standards = {row["slug"] for row in facts("standards")}
    pairs = {(row["initiative"], row["standard"]) for row in DEMO["compliance"]}
    assert len(pairs) == len(DEMO["compliance"])
    for row in DEMO["compliance"]:
        assert row["standard"] in standards
        assert bool(row["checked_on"]) == (row["status"] != "not_assessed")
        assert bool(row["reason"]) == (row["status"] != "compliant")
        assert bool(row["evidence"]) == (row["status"] in {"compliant", "partial"})
        if row["checked_on"]:
            starts_on = INITIATIVES[row["initiative"]]["starts_on"]
            assert_in_order(starts_on, row["checked_on"], TODAY.isoformat())


@pytest.mark.parametrize("key", COMPLETE_CHAINS)
def test_an_idea_can_be_followed_to_a_measure_and_a_standard(key):
    sheets = {sheet["key"] for sheet in SHEETS.values() if key in sheet["ideas"]}
    workshops = {
        row["key"] for row in WORKSHOPS.values() if key in {line["idea"] for line in row["ideas"]}
    }
    initiatives = {row["slug"] for row in INITIATIVES.values() if row["sheet"] in sheets}
    measured = {slug for row in INDICATORS.values() for slug in row["initiatives"]}
    checked = {row["initiative"] for row in DEMO["compliance"] if row["status"] == "compliant"}
    assert workshops
    assert initiatives
    assert initiatives <= measured & checked


def test_complete_chains_begin_in_three_languages():
    assert {IDEAS[key]["language"] for key in COMPLETE_CHAINS} == LANGUAGES


def test_campaigns():
    campaigns = DEMO["campaigns"]
    topics = {row["slug"] for row in campaigns["topics"]}
    assert [row["status"] for row in campaigns["campaigns"]] == ["finished", "approved", "draft"]
    finished, approved, draft = campaigns["campaigns"]
    assert day(finished["send_at"]) < TODAY < day(approved["send_at"])
    assert draft["send_at"] is None
    for row in campaigns["campaigns"]:
        assert row["topic"] in topics
        assert all(len(text) <= 150 for text in row["subject"].values())
    for row in by(campaigns["subscribers"], "email").values():
        assert row["language"] in LANGUAGES
        assert row["topics"]
        assert set(row["topics"]) <= topics


def test_news_is_in_order():
    dates = [row["published_on"] for row in by(DEMO["news"], "slug").values()]
    assert_in_order(*dates, TODAY.isoformat())
