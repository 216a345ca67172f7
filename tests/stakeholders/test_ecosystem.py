"""The map of the ecosystem: its figures are those of the lists it opens, and all of them public."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.seeding import read
from programme.models import Municipality, Theme
from stakeholders import tile_map
from stakeholders.balance import Balance, withheld
from stakeholders.ecosystem import ecosystem
from stakeholders.ecosystem_tables import participation_table
from stakeholders.models import Helix, Organisation
from tests.factories import rows
from tests.factories.rows import words

FACTS = read("facts", "municipalities")
EMPTY = dict.fromkeys(Helix, 0)


class Page(HTMLParser):
    """Notes the links of the map and of the tables with their words."""

    def __init__(self, text):
        super().__init__()
        self.in_drawing, self.tiles, self.links, self.href = False, [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.in_drawing |= tag == "svg" and found.get("class") == "tiles"
        if tag == "a":
            self.href = found["href"]
            if self.in_drawing:
                self.tiles.append((found["href"], found["aria-label"]))

    def handle_endtag(self, tag):
        self.in_drawing &= tag != "svg"
        if tag == "a":
            self.href = None

    def handle_data(self, data):
        if self.href and not self.in_drawing and data.strip().isdigit():
            self.links.setdefault(self.href, set()).add(int(data))


def municipalities():
    """Make the 19 municipalities of the published facts."""
    for fact in FACTS:
        names = {f"name_{code}": fact["name"][code] for code in ("fr", "nl", "en")}
        places = {key: fact[key] for key in ("nis", "slug", "lat", "lon", "postcodes")}
        Municipality.objects.create(**places, **names)


def organisation(number, **fields):
    """Make one organisation of the public register, unless ``fields`` say otherwise."""
    themes = fields.pop("themes", [])
    settled = {"slug": f"org-{number}", "helix": "public", "is_listed": True}
    made = Organisation.objects.create(**settled | words("name", n=number) | fields)
    made.themes.set(themes)
    return made


@pytest.fixture
def places(db):
    """The 19 municipalities and two themes, with some organisations, two of them not public."""
    municipalities()
    town = Municipality.objects.get(nis="21009")
    themes = [
        Theme.objects.create(slug=f"theme-{n}", position=n, **words("name", n=n)) for n in (1, 2)
    ]
    organisation(1, municipality=town, themes=themes, is_demo=True)
    organisation(2, municipality=town, helix="private", themes=themes[:1])
    organisation(3, helix="academia")
    organisation(4, municipality=town, is_listed=False, themes=themes)
    merged = organisation(5, municipality=town, themes=themes)
    merged.merged_into_id = Organisation.objects.get(slug="org-1").pk
    merged.save()
    return town


def get(client, **query):
    with translation.override("fr"):
        return client.get(reverse("stakeholders:ecosystem"), query)


def test_tiles_keep_the_places_of_the_municipalities():
    coordinates = {fact["nis"]: (fact["lon"], fact["lat"]) for fact in FACTS}
    assert tile_map.PLACES.keys() == coordinates.keys()
    assert len(set(tile_map.PLACES.values())) == 19
    cells = {place: coordinates[nis] for nis, place in tile_map.PLACES.items()}
    for (column, row), (lon, lat) in cells.items():
        for (other_column, other_row), (other_lon, other_lat) in cells.items():
            assert other_row != row or (other_column > column) == (other_lon > lon)
            assert other_column != column or (other_row > row) == (other_lat < lat)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_name_fits_its_tile_and_loses_nothing(language):
    for fact in FACTS:
        lines = tile_map.broken(fact["name"][language])
        assert max(map(len, lines)) <= tile_map.LINE_LENGTH
        assert len(lines) <= tile_map.FEW_LINES
        assert "".join(lines).replace(" ", "") == fact["name"][language].replace(" ", "")


def test_only_the_public_register_is_counted(places):
    found = ecosystem()
    here = next(line for line in found.municipalities if line.subject == places)
    assert (here.counts, here.total, here.demo) == ({"public": 1, "private": 1}, 2, 1)
    assert [line.total for line in found.themes] == [2, 1, 1]
    assert (found.total, found.demo, found.empty_fields) == (3, 1, 5)


def test_each_figure_opens_a_list_with_as_many(places, client):
    page = Page(get(client).content.decode())
    assert len(page.tiles) == 19
    figures = [
        (href, int(re.search(r"(\d+) organisation", label)[1])) for href, label in page.tiles
    ]
    figures += [(href, count) for href, counts in page.links.items() for count in counts]
    assert len(figures) > 30
    for address, count in figures:
        assert client.get(address).context["page_obj"].paginator.count == count, address


def test_a_tile_speaks_the_language_of_the_page(places, client):
    for language, label in (("fr", "Ixelles : 2 organisations"), ("nl", "Elsene: 2 organisaties")):
        with translation.override(language):
            page = Page(client.get(reverse("stakeholders:ecosystem")).content.decode())
        assert label in [words.replace("\u00a0", " ") for _href, words in page.tiles]


def test_the_file_has_the_numbers_of_the_map(places, client):
    found = json.loads(get(client, format="json").content)["rows"]
    assert len(found) == 20
    (here,) = [row for row in found if row["nis"] == "21009"]
    assert here["municipality"] == "Ixelles"
    assert (here["public"], here["private"], here["organisations"], here["demonstration"]) == (
        1,
        1,
        2,
        1,
    )
    assert found[-1] | {"academia": 1, "organisations": 1, "nis": None} == found[-1]
    for kind in ("csv", "xlsx", "ods"):
        assert get(client, format=kind).status_code == 200
    assert get(client, format="pdf").status_code == 404


def grow(count):
    """Make so many organisations, ideas and meetings; every organisation has two themes."""
    rows.bilaterals(count)
    rows.ideas(count)
    town = rows.municipality()
    themes = [Theme.objects.create(slug=f"t-{n}", **words("name", n=n)) for n in range(count)]
    for number in range(count):
        organisation(f"more-{number}", municipality=town, themes=[*themes[:1], *themes[-1:]])


def test_as_many_queries_for_three_as_for_one(db, client):
    counts = {}
    for size in (1, 3):
        point = transaction.savepoint()
        grow(size)
        get(client)
        with CaptureQueriesContext(connection) as queries:
            get(client)
        counts[size] = len(queries)
        transaction.savepoint_rollback(point)
    assert counts[1] == counts[3], counts


def test_without_any_organisation_the_page_says_so(db, client):
    answer = get(client)
    assert answer.status_code == 200
    assert answer.context["ecosystem"].total == 0


def test_small_groups_of_people_are_withheld_with_what_gives_them_away():
    full = {"public": 20, "private": 12, "academia": 3, "civil_society": 7}
    safe = withheld(Balance(1, "Ideas", full, 42, 0.8))
    (row,) = participation_table([safe])["rows"]
    assert row[3] == "not published"
    assert row.count("not published") >= 3  # the second cell, and the evenness
    assert "3" not in row


def test_an_empty_step_is_not_zero_per_cent():
    (row,) = participation_table([Balance(1, "Ideas", EMPTY, 0, None)])["rows"]
    assert row == ["Ideas", "0", "0", "0", "0", "0", "n/a"]
