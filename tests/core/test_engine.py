"""Slots, tokens, search and exports."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps as django_apps
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import exports, slots, tokens
from core.models import Token
from core.search import TrilingualSearch, fold
from programme.models import NamedQuerySet, Theme

ACCENTED = "ÀÉÎÕÜàéîõüçñœŒæßøđłŠžÿ"


def test_a_slot_collects_in_order_and_leaves_nothing_out(monkeypatch):
    monkeypatch.setattr(slots, "_SLOTS", type(slots._SLOTS)(list))
    slots.register("page.panels", lambda thing: f"second {thing}")
    slots.register("page.panels", lambda thing: None)
    slots.register("page.panels", lambda thing: f"first {thing}", order=1)
    assert slots.collect("page.panels", "x") == ["first x", "second x"]
    assert slots.collect("page.unknown") == []


@pytest.fixture
def theme(db):
    return Theme.objects.create(slug="mobility", name_fr="Mobilité", name_nl="Mobiliteit")


def test_a_token_opens_once_and_is_kept_as_a_hash_only(theme):
    raw = tokens.issue("try", theme, ttl=timedelta(hours=1))
    assert not Token.objects.filter(digest=raw).exists()
    assert tokens.find("try", raw).subject_pk == theme.pk
    assert tokens.find("other", raw) is None
    assert tokens.consume("try", raw).subject == f"programme.theme:{theme.pk}"
    assert tokens.consume("try", raw) is None
    assert tokens.find("try", raw) is None


def test_a_token_expires_and_can_be_revoked(theme):
    late = tokens.issue("try", theme, ttl=timedelta(seconds=-1))
    raw = tokens.issue("try", theme, ttl=timedelta(hours=1))
    assert tokens.find("try", late) is None
    assert tokens.revoke("try", theme) == 1
    assert tokens.find("try", raw) is None


@pytest.mark.django_db
@given(st.text(alphabet=st.characters(codec="latin-1") | st.sampled_from(ACCENTED), max_size=30))
def test_sql_and_python_fold_alike(text):
    text = text.replace("\x00", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)


@pytest.mark.parametrize(
    ("query", "found"),
    [("mobilite", 1), ("MOBILITÉ", 1), ("biliteit", 1), ("mobilités", 1), ("energie", 0), ("", 1)],
)
def test_search_knows_accents_case_parts_plurals_and_both_languages(theme, query, found):
    assert Theme.objects.search(query).count() == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vélo", {"bikes"}),
        ("vélos", {"bikes"}),
        ("velo", {"bikes"}),
        ("bus", {"buses"}),
        ("fiets", {"bikes"}),
        ("ppe", set()),
        ("C++", set()),
        ("(", set()),
    ],
)
def test_a_short_word_is_found_at_the_edge_of_words_only(db, query, found):
    for slug, french, dutch in (
        ("growth", "Développement de l’économie", "Ontwikkeling"),
        ("bikes", "Des vélos-cargos", "Deelbakfietsen"),
        ("buses", "Noctambule", "De nachtbus"),
    ):
        Theme.objects.create(slug=slug, name_fr=french, name_nl=dutch)
    assert {each.slug for each in Theme.objects.search(query)} == found


@pytest.mark.parametrize(
    "query",
    ["coeur", "CŒUR", "evaluation", "Évaluations", "l'évaluation", "évaluer", "coeur evalu"],
)
def test_search_finds_every_spelling_and_the_stem(db, query):
    Theme.objects.create(slug="a", name_fr="L'ÉVALUATION au cœur (du quartier)", name_nl="Hart")
    Theme.objects.create(slug="b", name_fr="Écoute", name_nl="Luisteren")
    assert [each.slug for each in Theme.objects.search(query)] == ["a"]


@pytest.mark.parametrize("query", ["(", "a|b", "[x", "\\", "q.artier", "*"])
def test_signs_of_a_search_mean_themselves(db, query):
    Theme.objects.create(slug="a", name_fr="Le quartier", name_nl="De wijk")
    assert not Theme.objects.search(query).exists()


def test_words_that_say_nothing_are_not_asked_for(db):
    Theme.objects.create(slug="a", name_fr="Ville et eau", name_nl="Stad en water")
    for query in ("dans la ville", "de stad", "het water in the ville"):
        assert Theme.objects.search(query).count() == 1, query
    assert not Theme.objects.search("dans").exists()


def searched_models() -> list:
    """Return the models with a search of their own; vocabularies of a few words have none."""
    return [
        model
        for model in django_apps.get_models()
        if isinstance(rows := model._default_manager.all(), TrilingualSearch)
        and (rows.search_translated or rows.search_plain)
        and not (isinstance(rows, NamedQuerySet) and rows.search_translated == ("name",))
    ]


@pytest.mark.parametrize("model", searched_models(), ids=lambda model: model._meta.label)
def test_a_search_goes_through_an_index(db, model):
    """The index answers the very expression of the search: it is taken where reading is dear."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = TrilingualSearch.search(model._default_manager.all(), "wijk")
    assert " on search_" in rows.order_by().explain()


def test_order_follows_the_language_of_the_page(db):
    for slug, french, dutch in (
        ("a", "Écoute", "Zorg"),
        ("b", "zone", "Alles"),
        ("c", "Eau", "Mee"),
    ):
        Theme.objects.create(slug=slug, name_fr=french, name_nl=dutch)
    with translation.override("fr"):
        french = [each.slug for each in Theme.objects.order_by_translated("name")]
    with translation.override("nl"):
        dutch = [each.slug for each in Theme.objects.order_by_translated("name")]
    assert (french, dutch) == (["c", "a", "b"], ["b", "c", "a"])


ROWS = [{"name": "=cmd()", "amount": Decimal("-4.75"), "on": date(2026, 1, 2)}]


def table():
    columns = tuple(
        exports.Column(key, key.title(), lambda row, key=key: row[key]) for key in ROWS[0]
    )
    return exports.Table("My ideas", columns, ROWS, filter="theme: mobility")


def test_csv_neutralises_formulas_and_keeps_numbers():
    with translation.override("en"):
        text = exports.to_csv(table()).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[:2] == [["Name", "Amount", "On"], ["'=cmd()", "-4.75", "2026-01-02"]]
    assert rows[3][0] == "As of"
    assert rows[4] == ["Filter", "theme: mobility"]


@pytest.mark.parametrize("text", ["=1", "+1", "-x", "@a", "\ta", "\ra"])
def test_each_dangerous_sign_is_neutralised(text):
    assert exports.safe(text) == "'" + text


def test_french_and_dutch_exports_have_the_same_figures_and_hash():
    found = {}
    for language in ("fr", "nl"):
        with translation.override(language):
            found[language] = json.loads(exports.to_json(table()))
    assert (
        found["fr"]["rows"]
        == found["nl"]["rows"]
        == [{"name": "=cmd()", "amount": -4.75, "on": "2026-01-02"}]
    )
    assert found["fr"]["meta"]["sha256"] == found["nl"]["meta"]["sha256"]


def test_a_download_is_named_after_table_and_language():
    with translation.override("nl"):
        response = exports.response(table(), "csv")
    assert response["Content-Disposition"] == 'attachment; filename="my-ideas-nl.csv"'


def test_times_are_exported_in_brussels_time():
    summer = datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert exports.plain(summer) == "2026-07-01T12:00:00+02:00"
