"""The published organisations and municipalities are in, each with where it comes from."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from programme import seed as programme_seed
from programme.models import Municipality, Source
from stakeholders import seed
from stakeholders.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    """The published facts, without the demonstration."""
    programme_seed.load(demo=False)
    seed.load(demo=False)


def get(client, name, language="fr", **query):
    with translation.override(language):
        return client.get(reverse(name), query)


@pytest.mark.parametrize(("model", "count"), [(Organisation, 68), (Municipality, 19)])
def test_each_has_a_source(facts, model, count):
    assert model.objects.count() == count
    assert not model.objects.filter(sources=None).exists()


def test_what_was_loaded_without_a_source_gets_it_and_an_edited_one_stays(facts):
    ixelles, anderlecht = (Municipality.objects.get(nis=nis) for nis in ("21009", "21001"))
    ixelles.sources.clear()
    anderlecht.sources.set([Source.objects.get(key="S01")])
    programme_seed.load(demo=False)
    assert [source.key for source in ixelles.sources.all()] == ["TAB-MUN"]
    assert [source.key for source in anderlecht.sources.all()] == ["S01"]


def test_only_a_body_that_is_a_municipality_has_one(facts):
    placed = Organisation.objects.exclude(municipality=None)
    assert list(placed.values_list("slug", "municipality__nis")) == [
        ("ville-de-bruxelles", "21004")
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Tableau des faits publiés"), ("nl", "Tabel van gepubliceerde feiten")],
)
def test_the_map_names_the_source_and_links_to_it(facts, client, language, words):
    page = get(client, "stakeholders:ecosystem", language).content.decode()
    (address,) = re.findall(rf'<a href="([^"]+)#TAB-MUN">{words}', page)
    assert 'id="TAB-MUN"' in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["stakeholders:ecosystem", "stakeholders:organisation-list"])
def test_the_files_name_the_sources(facts, client, name):
    rows = json.loads(get(client, name, format="json").content)["rows"]
    marked = [row for row in rows if row["sources"]]
    assert len(marked) == (19 if name == "stakeholders:ecosystem" else 68)
