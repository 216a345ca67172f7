"""Who may publish an index and release an edition; what the database refuses."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.workflow import PermissionRefused, TransitionRefused
from kpi.indices import services
from kpi.indices.workflow import INDEX
from kpi.models import (
    CompositeIndex,
    IndexEdition,
    IndexInput,
    IndexNode,
    IndexStatus,
    IndexValue,
)
from tests.factories import indices as make
from tests.factories import kpi as kpi_rows

pytestmark = pytest.mark.django_db


def ready(author):
    """Return a draft that lacks nothing, with an edition that waits; both loaded by ``author``."""
    index = make.CompositeIndexFactory(author=author)
    make.entry(make.node(index, "1", 1), "1a")
    edition = make.edition(index, {"BE": {"1a": 0.5}}, author=author)
    return index, edition


def test_four_eyes_from_the_file_to_the_public_page(client, users, make_user):
    loader, other = users["staff"], make_user("staff")
    index, edition = ready(loader)
    with pytest.raises(PermissionRefused):
        services.release_edition(edition, by=loader)
    services.submit_index(index, by=other)
    for person in (loader, other):
        with pytest.raises(PermissionRefused):
            services.publish_index(index, by=person)
    third = users["secretary"]
    with pytest.raises(TransitionRefused, match="No edition"):
        services.publish_index(index, by=third)
    services.release_edition(edition, by=third)
    assert client.get(f"/fr/kpi/indices/{index.code}/").status_code == 404
    services.publish_index(index, by=third)
    assert client.get(f"/fr/kpi/indices/{index.code}/").status_code == 200
    assert (edition.approver, edition.author) == (third, loader)


def test_case_17_an_index_whose_dimensions_sum_to_98_hundredths_is_not_published(users, make_user):
    """Case 17."""
    index = make.small(weights=(0.5, 0.48), status=IndexStatus.DRAFT)
    with pytest.raises(TransitionRefused, match=r"0\.98"):
        services.submit_index(index, by=users["staff"])
    CompositeIndex.objects.filter(pk=index.pk).update(status=IndexStatus.IN_REVIEW)
    with pytest.raises(TransitionRefused, match=r"add up to 0\.98"):
        services.publish_index(index, by=make_user("secretary"))
    index.refresh_from_db()
    assert index.status == IndexStatus.IN_REVIEW


@pytest.mark.parametrize("state", IndexStatus.values)
def test_role_state_action_matrix(users, state):
    wanted = {
        "draft": {"submit"},
        "in_review": {"send_back", "publish"},
        "published": {"suspend", "retire"},
        "suspended": {"resume", "retire"},
        "retired": set(),
    }
    index = make.CompositeIndexFactory(status=state)
    for name, user in users.items():
        moves = {each.name for each in INDEX.available(index, user)}
        assert moves == (wanted[state] if name in ("staff", "secretary") else set()), name


def refused(write):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        write()


def test_the_database_refuses_nonsense(users):
    index = make.small()
    node, figure = index.nodes.first(), index.inputs.first()
    edition = index.editions.get()
    rows = {each: type(each).objects.filter(pk=each.pk) for each in (index, node, figure, edition)}
    refused(lambda: rows[node].update(weight=Decimal("0.4")))
    refused(lambda: rows[figure].update(norm_max=2))
    refused(lambda: rows[figure].update(name_nl=""))
    refused(lambda: rows[node].delete())
    refused(lambda: rows[index].update(missing="renormalise"))
    refused(lambda: rows[index].update(name_nl=""))
    refused(lambda: rows[index].update(status="odd"))
    refused(lambda: rows[edition].update(code="2023"))
    refused(lambda: rows[edition].delete())
    refused(lambda: make.node(index, "9", 0.1))
    value = IndexValue.objects.first()
    refused(lambda: IndexValue.objects.filter(pk=value.pk).update(value=1))
    refused(lambda: IndexValue.objects.filter(pk=value.pk).delete())
    extra = {"edition": edition, "input": figure, "geo": kpi_rows.place("FR")}
    refused(lambda: IndexValue.objects.create(value=1, **extra))
    rows[node].update(name_fr="Autre nom")


BOTH = {"fr": "%", "nl": "procent"}
HALVES = [{"fr": "%", "nl": ""}, {"fr": "", "nl": "procent"}, {"fr": "%", "nl": " "}]


def in_columns(text: str, words: dict) -> dict:
    return {f"{text}_{code}": each for code, each in words.items()}


def write_input(row, **values):
    """Change an input past its model, as nobody but the database sees it."""
    columns = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE kpi_indexinput SET {columns} WHERE id = %s",
            [*values.values(), row.pk],
        )


def copy_input(row, **values):
    """Insert a further input past its model, like ``row`` but for its code and ``values``."""
    kept = [each.column for each in IndexInput._meta.concrete_fields if not each.primary_key]
    values = {"code": "copy"} | values
    columns = ", ".join("%s" if name in values else name for name in kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO kpi_indexinput ({', '.join(kept)}) "
            f"SELECT {columns} FROM kpi_indexinput WHERE id = %s",
            [*(values[name] for name in kept if name in values), row.pk],
        )


def in_state(status):
    """Return an input of an index in this state."""
    return make.small(status=status).inputs.first()


@pytest.mark.parametrize("status", ["published", "retired"])
@pytest.mark.parametrize("text", ["unit", "source_text"])
def test_an_input_of_a_public_index_says_a_text_in_both_languages_or_in_neither(status, text):
    row = in_state(status)
    for half in HALVES:
        with (
            pytest.raises(IntegrityError, match="in French and in Dutch"),
            transaction.atomic(),
        ):
            write_input(row, **in_columns(text, half))
    for words in (BOTH, {"fr": "", "nl": ""}, BOTH):
        write_input(row, **in_columns(text, words))
        row.refresh_from_db()
        assert {code: getattr(row, f"{text}_{code}") for code in words} == words


@pytest.mark.parametrize("status", ["published", "retired"])
@pytest.mark.parametrize("text", ["unit", "source_text"])
def test_an_input_that_says_half_is_refused_for_that(status, text):
    """A public index takes no further input at all: a whole one is refused for another reason."""
    row = in_state(status)
    for words, reason in (
        *((half, "in French and in Dutch") for half in HALVES),
        (BOTH, "make another index"),
        ({"fr": "", "nl": ""}, "make another index"),
    ):
        with pytest.raises(IntegrityError, match=reason), transaction.atomic():
            copy_input(row, **in_columns(text, words))


@pytest.mark.parametrize("text", ["unit", "source_text"])
def test_an_index_becomes_public_once_its_inputs_say_both_or_neither(text):
    row = in_state("draft")
    rows = CompositeIndex.objects.filter(pk=row.index_id)
    for half in HALVES:
        write_input(row, **in_columns(text, half))
        for status in ("published", "retired"):
            with (
                pytest.raises(IntegrityError, match="in French and in Dutch"),
                transaction.atomic(),
            ):
                rows.update(status=status)
    copy_input(row, **in_columns(text, BOTH))
    write_input(row, **in_columns(text, {"fr": "", "nl": ""}))
    rows.update(status="published")
    assert rows.get().inputs.filter(code="copy").exists()


def test_the_database_refuses_nonsense_of_a_draft(users):
    index = make.CompositeIndexFactory()
    node = make.node(index, "1", 1)
    refused(lambda: make.node(index, "2", 1.5))
    refused(lambda: make.node(index, "1", 1))
    refused(lambda: make.entry(node, "a", low=1, high=1))
    refused(lambda: make.entry(node, "a", weight=0))
    refused(lambda: make.node(make.CompositeIndexFactory(), "1", 1, parent=node))
    refused(lambda: make.CompositeIndexFactory(missing="blank"))
    refused(lambda: make.CompositeIndexFactory(coverage=Decimal("0.5")))
    refused(lambda: make.CompositeIndexFactory(code="import"))
    make.entry(node, "a")
    edition = make.edition(index, {"BE": {"a": 1}})
    refused(lambda: make.edition(index, {}, vintage=2))
    values = {"edition": edition, "input": index.inputs.get(), "geo": kpi_rows.place("EU")}
    refused(lambda: IndexValue.objects.create(value=None, **values))
    refused(lambda: IndexValue.objects.create(value=1, flag="z", **values))
    refused(lambda: IndexValue.objects.create(value=1, period="soon", **values))
    same = {"author": users["staff"], "approver": users["staff"]}
    refused(lambda: IndexEdition.objects.filter(pk=edition.pk).update(**same))
    refused(lambda: IndexEdition.objects.filter(pk=edition.pk).update(status="released"))
    IndexNode.objects.filter(pk=node.pk).update(name_nl="")
    refused(lambda: CompositeIndex.objects.filter(pk=index.pk).update(status="published"))
