"""French and Dutch are equal: in the service, in the models, and against raw SQL."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation
from modeltranslation.translator import translator

from core.publication import bilingual, identical_texts, missing_texts, parity_guard
from core.workflow import TransitionRefused
from portal.models import NewsItem
from programme.models import Theme


def news(**changes):
    words = {"title_fr": "Titre", "title_nl": "Titel", "body_fr": "Texte", "body_nl": "Tekst"}
    return NewsItem(slug="a", published_on="2026-11-24", **(words | changes))


def test_the_guard_names_what_is_missing_in_words():
    with translation.override("en"), pytest.raises(TransitionRefused, match=r"title \(Dutch\)"):
        parity_guard(news(title_nl="  "))
    parity_guard(news())


def test_an_optional_text_is_there_in_both_languages_or_in_neither():
    item = news(body_fr="", body_nl="Tekst")
    item.public_fields, item.public_optional = ("title",), ("body",)
    assert missing_texts(item) == [("body", "fr")]
    item.body_nl = ""
    assert missing_texts(item) == []


def test_identical_texts_are_reported():
    assert identical_texts(news(title_nl="Titre")) == ["title"]


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["title_fr", "title_nl", "body_fr", "body_nl"])
@pytest.mark.parametrize("value", ["''", "'  '", "NULL"])
def test_raw_sql_cannot_empty_a_published_text(column, value):
    item = news(status="published")
    item.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_newsitem SET {column} = {value} WHERE id = %s", [item.pk])


@pytest.mark.django_db
def test_raw_sql_cannot_publish_what_lacks_a_language():
    item = news(title_nl="")
    item.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(status="published")


@pytest.mark.django_db
def test_a_row_without_states_is_bilingual_from_its_first_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.create(slug="a", name_fr="Mobilité", name_nl="")


#: Written by a person and not by the authority, or held by a trigger of what it is a part of
#: (tests/campaigns/test_blocks.py, tests/kpi/test_indices_rules.py).
NOT_BILINGUAL = {
    ("stakeholders.idea", "staff_summary"),
    *(("campaigns.block", name) for name in ("heading", "words", "figure", "label")),
    *(("kpi.indexinput", name) for name in ("name", "unit", "source_text")),
    ("kpi.indexnode", "name"),
}


def constrained_columns(model) -> set[str]:
    found = set()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            found |= set(columns_of(constraint.condition))
    return found


def columns_of(condition):
    for child in getattr(condition, "children", ()):  # an expression has none
        if isinstance(child, tuple):
            yield child[0].split("__")[0]
        else:
            yield from columns_of(child)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (model, field)
        for model in apps.get_models()
        if model in translator.get_registered_models()
        for field in sorted(translator.get_options_for_model(model).get_field_names())
        if not field.endswith(("_fr", "_nl", "_en"))
        and (model._meta.label_lower, field) not in NOT_BILINGUAL
    ],
    ids=lambda value: getattr(getattr(value, "_meta", None), "label", value),
)
def test_every_translated_field_is_held_by_the_gate_and_by_the_database(model, field):
    assert field in (*model.public_fields, *getattr(model, "public_optional", ()))
    assert {f"{field}_fr", f"{field}_nl"} <= constrained_columns(model)


def test_a_constraint_without_fields_or_states_is_always_true():
    assert bilingual("nothing", []).condition.children == []
