"""The published facts are complete, sourced, bilingual and consistent with each other."""

import json
import re
from pathlib import Path

import pytest

FACTS = Path(__file__).resolve().parents[2] / "seed" / "facts"
NAMES = sorted(path.stem for path in FACTS.glob("*.json"))
LANGUAGES = {"fr", "nl", "en"}
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def load(name):
    return json.loads((FACTS / f"{name}.json").read_text(encoding="utf-8"))


def nodes(value):
    """Every dictionary inside ``value``, at any depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)


def texts(value):
    return [node for node in nodes(value) if {"fr", "nl"} <= node.keys()]


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def slugs(items, key="slug"):
    return [item[key] for item in items]


def desi_index(area):
    """The DESI formula: fixed bounds, no clamping, raw weights within a sub-dimension."""
    return 100 * sum(
        dimension["weight"] * sub["weight"] * subdimension_score(sub["indicators"], area)
        for dimension in load("desi_2022")["dimensions"]
        for sub in dimension["subdimensions"]
    )


def subdimension_score(indicators, area):
    weighted = sum(row["weight"] * normalised(row, area) for row in indicators)
    return weighted / sum(row["weight"] for row in indicators)


def normalised(row, area):
    span = row["norm_max"] - row["norm_min"]
    if row["direction"] == "up":
        return (row[area] - row["norm_min"]) / span
    return (row["norm_max"] - row[area]) / span


@pytest.mark.parametrize("name", NAMES)
def test_file_is_written_in_the_agreed_form(name):
    raw = (FACTS / f"{name}.json").read_text(encoding="utf-8")
    assert raw == json.dumps(json.loads(raw), ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_complete_and_trimmed(name):
    for text in texts(load(name)):
        assert text.keys() <= LANGUAGES
        assert all(value and value == value.strip() for value in text.values()), text


@pytest.mark.parametrize("name", NAMES)
def test_french_and_dutch_differ_unless_listed(name):
    same = set(load("same_in_both"))
    identical = {text["fr"] for text in texts(load(name)) if text["fr"] == text["nl"]}
    assert identical <= same


def test_same_in_both_lists_nothing_that_is_not_used():
    used = {text["fr"] for name in NAMES for text in texts(load(name)) if text["fr"] == text["nl"]}
    assert sorted(used) == load("same_in_both")


@pytest.mark.parametrize("name", NAMES)
def test_french_typography(name):
    for text in texts(load(name)):
        assert "'" not in text["fr"] + text["nl"], text
        assert not re.search(r" [:;?!»%€]|« ", text["fr"]), text


@pytest.mark.parametrize("name", NAMES)
def test_source_keys_exist(name):
    known = set(slugs(load("sources"), "key"))
    for node in nodes(load(name)):
        for field in ("sources", "outcome_sources"):
            assert set(node.get(field, [])) <= known, node


def test_parliamentary_questions_name_known_questions():
    known = set(slugs(load("sources"), "key"))
    assert all(set(row["questions"]) <= known for row in load("parliamentary_questions"))


@pytest.mark.parametrize("name", NAMES)
def test_no_private_markup_is_left(name):
    for value in strings(load(name)):
        assert not re.search(r"\[K\]|\*|see §", value), value


@pytest.mark.parametrize("name", NAMES)
def test_proofreading_and_verification_marks(name):
    for node in nodes(load(name)):
        assert set(node.get("not_proofread", [])) <= LANGUAGES
        assert isinstance(node.get("verified", True), bool)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("desi_2018", 6),
        ("desi_2022", 5),
        ("glossary", 162),
        ("indicators", 32),
        ("initiatives", 34),
        ("legal", 34),
        ("municipalities", 19),
        ("organisations", 68),
        ("parliamentary_questions", 32),
        ("principles", 12),
        ("sources", 82),
        ("standards", 56),
        ("timeline", 34),
    ],
)
def test_counts(name, count):
    assert len(load(name)) == count


@pytest.mark.parametrize(
    ("part", "count"),
    [
        ("work_packages", 6),
        ("deliverables", 12),
        ("themes", 6),
        ("orientations", 10),
        ("legislatures", 3),
        ("objectives", 5),
    ],
)
def test_programme_counts(part, count):
    assert len(load("programme")[part]) == count


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("indicators", "code"),
        ("initiatives", "slug"),
        ("legal", "id"),
        ("municipalities", "nis"),
        ("municipalities", "slug"),
        ("organisations", "slug"),
        ("parliamentary_questions", "id"),
        ("principles", "number"),
        ("sources", "key"),
        ("standards", "slug"),
    ],
)
def test_keys_are_unique(name, key):
    keys = slugs(load(name), key)
    assert len(keys) == len(set(keys))


def test_slugs_are_fit_for_an_address():
    for name in NAMES:
        for node in nodes(load(name)):
            assert re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", node.get("slug", "x")), node


def test_deliverables_keep_target_and_outcome_apart():
    for row in load("programme")["deliverables"]:
        assert row["work_package"] in range(1, 7)
        assert row["target"] is None or row["target"] > 0
        assert bool(row["outcome"]) == bool(row["outcome_sources"])
        assert row["outcome_value"] is None or row["outcome"]


def test_contractual_targets():
    targets = {row["code"]: row["target"] for row in load("programme")["deliverables"]}
    assert (targets["BILAT"], targets["ADMIN-WS"], targets["MULTI-WS"]) == (20, 4, 20)


def test_municipalities_lie_in_the_region():
    for row in load("municipalities"):
        assert 50.76 < row["lat"] < 50.92
        assert 4.24 < row["lon"] < 4.48
        assert row["postcodes"]
        assert all(re.fullmatch(r"1\d{3}", code) for code in row["postcodes"])


def test_organisations():
    levels = {"region", "utility", "local", "federal"}
    for row in load("organisations"):
        assert row["helix"] in {"public", "academia", "civil_society", "private"}
        assert row["level"] in levels if row["helix"] == "public" else row["level"] is None
        assert row["website"] is None or row["website"].startswith("https://")


def classified(name):
    programme = load("programme")
    themes, orientations = slugs(programme["themes"]), slugs(programme["orientations"])
    rows = load(name)
    for row in rows:
        assert row["theme"] in themes
        assert row["orientation"] in orientations
    return rows


def test_initiatives_refer_to_known_things():
    organisations = set(slugs(load("organisations")))
    municipalities = set(slugs(load("municipalities"), "nis"))
    for row in classified("initiatives"):
        assert row["sources"]
        assert row["organisations"]
        assert set(row["organisations"]) <= organisations
        assert set(row["municipalities"]) <= municipalities


def test_initiative_dates_and_states():
    for row in load("initiatives"):
        start, end = row["starts_on"], row["ends_on"]
        assert all(PARTIAL_DATE.fullmatch(value) for value in (start, end) if value)
        assert not (start and end) or start <= end
        assert row["state"] in {"in_progress", "completed", None}
        assert row["state"] != "completed" or end < "2026-11"


def test_indicators_are_well_formed():
    for row in classified("indicators"):
        assert row["unit_code"] in {"count", "percent", "days", "score", "million-sheets"}
        assert row["direction"] in {"up", "down"}
        assert row["framework"] in {"published", "digital-decade-2025", "cirb-2014-2019"}
        assert row["geo"] in {"BXL", "BE", "EU"}
        assert row["observations"] or row["targets"]
        assert all(
            {"{value}", "{period}"} <= placeholders(text) for text in row["headline"].values()
        )


def placeholders(text):
    return set(re.findall(r"\{\w+\}", text))


def test_figures_are_sourced_decimals():
    for row in load("indicators"):
        figures = row["observations"] + row["targets"] + [row["baseline"]] * bool(row["baseline"])
        for figure in figures:
            assert DECIMAL.fullmatch(figure["value"])
            assert PARTIAL_DATE.fullmatch(figure["period"])
            assert figure["sources"]


def test_observations_are_flagged_and_disputes_marked():
    for row in load("indicators"):
        seen = [(item["geo"], item["period"]) for item in row["observations"]]
        for item in row["observations"]:
            assert item["geo"] in {"BXL", "BE", "WAL", "VLA", "EU"}
            assert item["flag"] in {"", "b", "e", "f"}
            assert item["disputed"] == (seen.count((item["geo"], item["period"])) > 1)
            assert item["note"] or not item["disputed"]


def test_both_published_values_of_irisbox_2019_are_kept():
    rows = {row["code"]: row for row in load("indicators")}["irisbox-requests"]["observations"]
    assert [row["value"] for row in rows if row["period"] == "2019"] == ["120000", "280000"]


def test_break_in_the_vhcn_series_is_flagged():
    rows = {row["code"]: row for row in load("indicators")}["vhcn-coverage"]["observations"]
    assert [row["period"] for row in rows if row["flag"] == "b"] == ["2019"]


def test_desi_has_33_indicators_and_weights_that_sum_to_one():
    dimensions = load("desi_2022")["dimensions"]
    subs = [sub for dimension in dimensions for sub in dimension["subdimensions"]]
    assert sum(len(sub["indicators"]) for sub in subs) == 33
    assert sum(row["weight"] for row in dimensions) == pytest.approx(1, abs=1e-6)
    for dimension in dimensions:
        total = sum(sub["weight"] for sub in dimension["subdimensions"])
        assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("area", "index"), [("be", 50.3074), ("eu", 52.2752)])
def test_desi_index_is_reproduced(area, index):
    assert desi_index(area) == pytest.approx(index, abs=1e-4)


def test_desi_of_2017_is_its_published_score_but_for_rounding():
    data = load("desi_2018")
    dimensions = data["dimensions"]
    assert [row["weight"] for row in dimensions] == [0.25, 0.25, 0.15, 0.2, 0.15]
    assert sum(row["weight"] for row in dimensions) == pytest.approx(1, abs=1e-6)
    score = sum(row["weight"] * row["indicators"][0]["be"] for row in dimensions)
    assert score == pytest.approx(0.605, abs=1e-9)
    assert abs(score - float(data["published"]["be"])) <= 0.005 + 1e-9


def test_principles_are_numbered_and_grouped():
    principles = load("principles")
    assert slugs(principles, "number") == list(range(1, 13))
    assert {row["group"] for row in principles} == {"context", "core", "users", "cooperation"}


def test_a_standard_theme_has_one_name():
    names = {}
    for row in load("standards"):
        assert names.setdefault(row["theme"]["slug"], row["theme"]["name"]) == row["theme"]["name"]


def test_timeline_runs_forward():
    days = slugs(load("timeline"), "iso")
    assert all(PARTIAL_DATE.fullmatch(day) for day in days)
    assert [day[:4] for day in days] == sorted(day[:4] for day in days)
