"""The registry: lists, pages, files, constraints, panels, back office, seed."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core import slots
from standards import panels, seed
from standards.models import Principle, Standard, StandardTheme
from tests.factories import standards as make

pytestmark = pytest.mark.django_db


def test_the_list_asks_the_same_for_one_and_for_many(client):
    def queries():
        client.get("/fr/standards/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/fr/standards/")
        return len(captured)

    make.StandardFactory()
    one = queries()
    make.StandardFactory.create_batch(2)
    assert queries() == one
    make.StandardFactory.create_batch(40)
    assert queries() == one


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_pages_in_each_language(client, language):
    standard, principle = make.StandardFactory(), make.PrincipleFactory()
    pages = {
        f"/{language}/standards/": standard.name,
        f"/{language}/standards/{standard.slug}/": "1.0, ma",
        f"/{language}/standards/principles/": f"principle-{principle.number}",
    }
    for url, words in pages.items():
        text = client.get(url).content.decode()
        assert f'<html lang="{language}">' in text, url
        assert words in text, url


def test_an_english_page_says_that_a_text_is_not_english(client):
    standard = make.StandardFactory()
    text = client.get(f"/en/standards/{standard.slug}/").content.decode()
    assert f'<span lang="fr">{standard.description_fr}</span>' in text


def test_filters_and_files(client):
    found = make.StandardFactory(name="DCAT", description_nl="Catalogi beschrijven.")
    make.StandardFactory()
    for query in ("search=catalogi", "search=dcat", f"theme={found.theme.slug}"):
        rows = json.loads(client.get(f"/fr/standards/?{query}&format=json").content)["rows"]
        assert [row["slug"] for row in rows] == [found.slug], query
    assert client.get("/fr/standards/?format=csv").headers["Content-Type"].startswith("text/csv")
    assert client.get("/fr/standards/?theme=nowhere&page=x").status_code == 200
    assert client.get("/fr/standards/nowhere/").status_code == 404


def test_upper_apps_hang_panels_on_the_page_of_a_standard(client, monkeypatch):
    standard = make.StandardFactory()
    monkeypatch.setattr(slots, "_SLOTS", {**slots._SLOTS, "standards.standard.panels": []})
    slots.register(
        "standards.standard.panels",
        lambda shown, user: {
            "template": "ui/empty.html",
            "context": {"sentence": f"Panel of {shown.name}"},
        },
    )
    text = client.get(f"/fr/standards/{standard.slug}/").content.decode()
    assert f"Panel of {standard.name}" in text


@pytest.mark.parametrize("column", ["description_nl", "owner_label_fr", "version_label_nl"])
def test_the_database_refuses_one_language_alone(column):
    standard = make.StandardFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=standard.pk).update(**{column: ""})


def test_progress_and_search_count_what_the_list_shows(client):
    make.StandardFactory.create_batch(3)
    make.StandardFactory(name="SHACL")
    with override("nl"):
        counted = panels.progress()["STANDARDS"]
        found = panels.search("shacl", AnonymousUser())
    assert counted["count"] == client.get(counted["url"]).context["page_obj"].paginator.count == 4
    assert (found["total"], str(found["rows"][0])) == (1, "SHACL")


@pytest.mark.parametrize("model", ["standard", "standardtheme", "principle"])
def test_pages_of_the_back_office(client, users, login, model):
    make.StandardFactory()
    principle = make.PrincipleFactory()
    row = {"principle": principle}.get(model) or {
        "standard": Standard,
        "standardtheme": StandardTheme,
    }[model].objects.first()
    base = f"/admin/standards/{model}/"
    login(users["staff"])
    for url in (base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}?q=x"):
        assert client.get(url).status_code == 200, url
    login(users["juror"])
    assert client.get(base).status_code in (302, 403)


def test_the_seed_is_complete_and_changes_nothing_the_second_time(client):
    for _time in range(2):
        seed.load()
        assert Standard.objects.count() == 56
        assert Principle.objects.count() == 12
    assert (
        Standard.objects.get(slug="dcat").version_label_nl == "3, aanbeveling van 22 augustus 2024"
    )
    groups = client.get("/fr/standards/principles/").context["groups"]
    assert sum(len(members) for _name, members in groups) == 12
    assert len(groups) == 4
