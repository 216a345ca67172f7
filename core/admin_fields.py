"""How the back office asks: one place for the fields of every form, on a page or in a row of it."""

from decimal import Decimal

from django import forms
from django.apps import apps
from django.contrib.admin import TabularInline
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from .search import LANGUAGES

COLUMN_NAMES = {"fr": _("French"), "nl": _("Dutch"), "en": _("English, an extra")}
#: What says how far a row may be trusted; it comes last, under a heading of its own.
MARKS = ("verified", "not_proofread", "is_demo")
TEXT_LINES = 6


def name_translated_columns() -> None:
    """Call the columns of a text "title (French)" wherever a field is named, not "title [fr]"."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            text, code = getattr(field, "translated_field", None), getattr(field, "language", None)
            if text is not None and code in COLUMN_NAMES:
                field.verbose_name = format_lazy("{} ({})", text.verbose_name, COLUMN_NAMES[code])


class PlainDecimalField(forms.DecimalField):
    """A number without the zeros that the column adds."""

    def prepare_value(self, value):
        """Show 100 where the database keeps 100.000000000000."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class WellAsked:
    """Mixed into every admin class: fields that explain themselves and offer no side paths."""

    formfield_overrides = {models.DecimalField: {"form_class": PlainDecimalField}}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the field as a person would ask it."""
        if is_choice_of_many(db_field):
            return boxes_for(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(db_field, models.SlugField) and not field.help_text:
            field.help_text = _("Last part of the web address: small letters, digits and hyphens.")
        if isinstance(field.widget, AdminTextareaWidget):
            field.widget.attrs["rows"] = TEXT_LINES
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            keep_to_the_question(field.widget, db_field.name in self.autocomplete_fields)
        if isinstance(self, TabularInline):
            say_name(field)
        return field


def is_choice_of_many(db_field) -> bool:
    """Tell whether a column holds several of a few fixed values."""
    return isinstance(db_field, ArrayField) and bool(db_field.base_field.choices)


def boxes_for(db_field) -> forms.Field:
    """Return check boxes for a column that holds several of a few fixed values."""
    return forms.MultipleChoiceField(
        label=capfirst(db_field.verbose_name),
        required=not db_field.blank,
        help_text=db_field.help_text,
        choices=db_field.base_field.choices,
        widget=forms.CheckboxSelectMultiple,
    )


def keep_to_the_question(widget, may_add: bool) -> None:
    """Take pencil, eye and bin from a choice; a plus stays where the choice is a register."""
    widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
    widget.can_add_related = widget.can_add_related and may_add


def say_name(field) -> None:
    """Give a field its name for whoever does not see that it stands under the head of a column."""
    widget = getattr(field.widget, "widget", field.widget)
    widget.attrs["aria-label"] = capfirst(field.label)


class SideBySide:
    """Mixed in before modeltranslation: French beside Dutch, English below, an extra."""

    def get_fieldsets(self, request, obj=None):
        """Put the columns of one text on one line, and the marks last."""
        fieldsets = super().get_fieldsets(request, obj)
        return [
            (name, {**options, "fields": address_after_name(side_by_side(options["fields"]))})
            for name, options in marks_last(fieldsets)
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Tell the language of each column; none is asked for sooner than another.

        modeltranslation makes French obligatory, so that no draft could begin in Dutch. Whether
        both are there is what the gate and the constraint ask.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if field is not None and language:
            field.widget.attrs["lang"] = language
            field.required = False
        return field


class TranslatedInline(SideBySide, WellAsked, TranslationStackedInline):
    """Base of rows with translated fields inside another page."""

    extra = 0


def marks_last(fieldsets) -> list:
    """Return ``fieldsets`` with the marks taken out and put under their own heading at the end."""
    found = [field for _name, options in fieldsets for field in options["fields"] if field in MARKS]
    rest = [
        (name, {**options, "fields": [field for field in options["fields"] if field not in MARKS]})
        for name, options in fieldsets
    ]
    rest = [(name, options) for name, options in rest if options["fields"]]
    marks = [mark for mark in MARKS if mark in found]
    return [*rest, (_("Marks"), {"fields": marks})] if marks else rest


def without(fieldsets, names) -> list:
    """Return ``fieldsets`` without the fields ``names``, which have a line of their own."""
    return [
        (title, {**options, "fields": [each for each in options["fields"] if each not in names]})
        for title, options in fieldsets
    ]


def side_by_side(fields) -> list:
    """Return ``fields`` with `x_fr, x_nl, x_en` drawn together into one line."""
    lines = []
    for field in fields:
        stem, _sep, code = field.rpartition("_") if isinstance(field, str) else ("", "", "")
        last = lines[-1] if lines else None
        if code in LANGUAGES and isinstance(last, tuple) and last[0] == f"{stem}_{LANGUAGES[0]}":
            lines[-1] = (*last, field)
        elif code == LANGUAGES[0] and f"{stem}_{LANGUAGES[1]}" in fields:
            lines.append((field,))
        else:
            lines.append(field)
    return lines


def address_after_name(lines) -> list:
    """Return ``lines`` with a leading `slug` moved behind the text that it is made of."""
    text = next((place for place, line in enumerate(lines) if isinstance(line, tuple)), 0)
    if "slug" not in lines[:text]:
        return lines
    rest = [line for line in lines if line != "slug"]
    return [*rest[:text], "slug", *rest[text:]]
