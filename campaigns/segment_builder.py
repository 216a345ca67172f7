"""The builder of a segment: groups of rows "field – operator – value" as a form, with any browser.

What is posted holds the whole rule each time, so that adding and taking away a row is one more
post, and nothing is kept between two of them.
"""

import dataclasses
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.publication import REQUIRED
from stakeholders.meeting_selectors import organisations_called
from stakeholders.models import Organisation

from .models import Segment
from .segment_fields import DAY, DAYS, FIELDS, LONGEST_TEXT, MOST_DAYS, SHORTEST_TEXT, TEXT
from .segments import MOST_ROWS, Condition, Group, parse

#: Between two organisations that are typed into one field.
BETWEEN = ";"
DENIED = "not_"
#: With a script, another field shows its comparisons and values at once. The change goes no
#: further: around the rows it would only renew the numbers.
RENEWS = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "#builder",
    "hx-select": "#builder",
    "hx-select-oob": "#reach:innerHTML",
    "hx-swap": "outerHTML",
}
DAY_INPUT = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MATCHES = [
    ("all", pgettext_lazy("segment", "all of these conditions apply")),
    ("any", pgettext_lazy("segment", "one of these conditions applies at least")),
]
OUTER_MATCHES = [
    ("all", pgettext_lazy("segment", "all of the groups apply")),
    ("any", pgettext_lazy("segment", "one of the groups applies at least")),
]


@dataclass
class Row:
    """One row as it was typed: ``was`` is the field whose operators and values it showed."""

    field: str = ""
    was: str = ""
    operator: str = ""
    value: list[str] = dataclasses.field(default_factory=list)


@dataclass
class Block:
    """A group of rows as it was typed."""

    match: str = "all"
    rows: list[Row] = dataclasses.field(default_factory=lambda: [Row()])


class MatchForm(forms.Form):
    """Whether all or any of what follows must apply."""

    match = forms.ChoiceField(label=_("Who is meant?"), choices=MATCHES)

    def __init__(self, *args, choices=MATCHES, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["match"].choices = choices


class RowForm(forms.Form):
    """One condition. Its operators and values follow the field, once that is chosen."""

    field = forms.ChoiceField(
        label=_("About"), error_messages={"required": _("Choose what the condition is about.")}
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, about, user, choices_of, **kwargs):
        super().__init__(data, **kwargs)
        self.about, self.user = FIELDS.get(about), user
        names = [(each.name, capfirst(each.label)) for each in FIELDS.values()]
        self.fields["field"].choices = [("", _("Choose…")), *names]
        self.fields["field"].widget.attrs |= RENEWS
        if self.about is not None:
            self.fields["operator"] = forms.ChoiceField(
                label=_("Comparison"), choices=operators(self.about)
            )
            value = value_field(self.about, choices_of)
            if value is not None:
                self.fields["value"] = value
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_value(self):
        """Return the organisations that the typed names mean; anything else as it is."""
        value = self.cleaned_data["value"]
        return self._organisations(value) if self.about.name == "organisation" else value

    def _organisations(self, text) -> list[int]:
        names = [part.strip() for part in text.split(BETWEEN) if part.strip()]
        found = []
        for name in names:
            meant = organisations_called(name, self.user)
            if len(meant) != 1:
                raise forms.ValidationError(not_one(name, meant))
            found.append(meant[0].pk)
        return list(dict.fromkeys(found))

    def as_json(self) -> dict:
        """Return the condition of a valid row as a rule holds it."""
        operator, value = self.cleaned_data["operator"], self.cleaned_data.get("value", [])
        return {
            "field": self.about.name,
            "operator": operator.removeprefix(DENIED),
            "value": stored_values(self.about, value),
            "negated": operator.startswith(DENIED),
        }


def not_one(name, meant) -> str:
    """Return what is wrong with a name that several organisations have, or none."""
    if not meant:
        return gettext("No organisation of the register is called “%(name)s”.") % {"name": name}
    names = ", ".join(str(each) for each in meant)
    words = gettext("Several answer to “%(name)s”: %(names)s. Write one in full.")
    return words % {"name": name, "names": names}


def stored_values(about, value) -> list:
    """Return a cleaned value as a rule holds it."""
    if about.kind is DAY:
        return [value.isoformat()]
    if about.kind in (DAYS, TEXT):
        return [value]
    return [int(each) for each in value] if about.rows is not None else list(value)


def operators(about) -> list[tuple[str, str]]:
    """Return the choices of comparison, each denial beside what it denies."""
    found = []
    for code, (plain, denied) in about.kind.operators.items():
        found.append((code, plain))
        if about.kind.negates:
            found.append((f"{DENIED}{code}", denied))
    return found


def value_field(about, choices_of):
    """Return the field for the values of ``about``, None where it takes none."""
    if about.kind is DAY:
        return forms.DateField(label=_("Day"), widget=DAY_INPUT)
    if about.kind is DAYS:
        return forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS)
    if about.kind is TEXT:
        return forms.CharField(label=_("Words"), min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT)
    if about.name == "organisation":
        return organisation_field()
    if about.rows is None and not about.choices:
        return None
    return forms.MultipleChoiceField(
        label=capfirst(about.label),
        choices=choices_of(about),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one value at least.")},
    )


def organisation_field():
    """Return the field in which organisations are typed: there are too many to be listed."""
    ask = {"autocomplete": "off", "data-suggest": reverse("campaigns:segment-organisations")}
    return forms.CharField(
        label=_("Name of the organisation"),
        max_length=1000,
        help_text=_("A part of its name is enough. Several are separated by a semicolon."),
        widget=forms.TextInput(attrs=ask),
    )


class Builder:
    """A rule as forms: ``blocks`` are (form, rows). ``checked``: what is wrong is told."""

    def __init__(self, match: str, blocks: list[Block], *, user, checked: bool = False):
        self.match, self.typed, self.user, self._choices = match, blocks, user, {}
        data = posted(match, blocks)
        self.shape = data["shape"]
        self._bound = self._forms(data)
        self.outer, self.blocks = self._bound if checked else self._forms(None)

    @classmethod
    def of_rule(cls, rule, *, user):
        """Return the builder of a stored JSON rule, of an empty row for none."""
        match, blocks = blocks_of(parse(rule)) if rule else ("all", [Block()])
        return cls(match, blocks, user=user)

    @classmethod
    def of_post(cls, post: QueryDict, *, user, act: str):
        """Return the builder of what was posted, after the act that one of its buttons means."""
        blocks = changed(read_blocks(post), act)
        return cls(post.get("match", "all"), blocks, user=user, checked=act == "save")

    def _forms(self, data):
        """Return the forms bound to ``data``, or showing what was typed without judging it."""
        outer = MatchForm(data, choices=OUTER_MATCHES, initial={"match": self.match})
        blocks = [
            (
                MatchForm(data, prefix=f"b{number}", initial={"match": block.match}),
                [
                    self._row(data, row, f"b{number}-r{place}")
                    for place, row in enumerate(block.rows)
                ],
            )
            for number, block in enumerate(self.typed)
        ]
        return outer, blocks

    def _row(self, data, row, prefix):
        return RowForm(
            data,
            about=row.field,
            user=self.user,
            choices_of=self.choices_of,
            prefix=prefix,
            initial=initial_of(row),
        )

    def choices_of(self, about) -> list:
        """Return the choices of a field, asked for once however many rows it has."""
        if about.name not in self._choices:
            self._choices[about.name] = list(choices(about))
        return self._choices[about.name]

    @property
    def has_groups(self) -> bool:
        """Tell whether it has to be said how the groups are joined."""
        return len(self.blocks) > 1

    def rule(self) -> dict | None:
        """Return the JSON rule, None while a row is not complete or not right."""
        outer, blocks = self._bound
        forms_of_rows = [row for _form, rows in blocks for row in rows]
        every = [outer, *(form for form, _rows in blocks), *forms_of_rows]
        if [form for form in every if not form.is_valid()]:
            return None
        groups = [
            {"match": form.cleaned_data["match"], "rows": [row.as_json() for row in rows]}
            for form, rows in blocks
        ]
        if len(groups) == 1:
            return groups[0]
        return {"match": outer.cleaned_data["match"], "rows": groups}


def choices(about):
    """Yield (value, label) of all that ``about`` can be."""
    if about.rows is None:
        yield from ((code, capfirst(label)) for code, label in about.choices)
        return
    rows = about.rows()
    if hasattr(rows, "order_by_translated") and about.name != "received":
        rows = rows.order_by_translated("name")
    yield from ((str(row.pk), str(row)) for row in rows)


def initial_of(row: Row) -> dict:
    """Return what a row shows: a list for boxes to tick, one text for a field to type in."""
    about = FIELDS.get(row.field)
    ticks = about is not None and about.name != "organisation" and (about.rows or about.choices)
    value = row.value if ticks else "".join(row.value[:1])
    return {"field": row.field, "was": row.was, "operator": row.operator, "value": value}


def read_blocks(post: QueryDict) -> list[Block]:
    """Return the groups and rows that were posted."""
    sizes = [int(each[:3]) for each in post.get("shape", "").split(",") if each.isdecimal()]
    return [
        Block(
            post.get(f"b{number}-match", "all"),
            [read_row(post, f"b{number}-r{place}") for place in range(min(size, MOST_ROWS))],
        )
        for number, size in enumerate(sizes[:MOST_ROWS])
    ]


def read_row(post: QueryDict, prefix: str) -> Row:
    """Return one row. Of another field than it showed, the comparison and the values are gone."""
    about, was = post.get(f"{prefix}-field", ""), post.get(f"{prefix}-was", "")
    if about != was:
        return Row(about, about)
    values = post.getlist(f"{prefix}-value")
    return Row(about, was, post.get(f"{prefix}-operator", ""), values)


def changed(blocks: list[Block], act: str) -> list[Block]:
    """Return ``blocks`` after ``act``: "group", "add-0", "drop-0-1", or none of them."""
    verb, *places = act.split("-")
    numbers = [int(each[:3]) for each in places if each.isdecimal()]
    if verb == "group" and len(blocks) < MOST_ROWS:
        blocks.append(Block())
    elif verb == "add" and len(numbers) == 1 and numbers[0] < len(blocks):
        rows = blocks[numbers[0]].rows
        rows += [Row()] if len(rows) < MOST_ROWS else []
    elif verb == "drop" and len(numbers) == 2 and numbers[0] < len(blocks):
        del blocks[numbers[0]].rows[numbers[1] : numbers[1] + 1]
    return [block for block in blocks if block.rows] or [Block()]


def posted(match: str, blocks: list[Block]) -> QueryDict:
    """Return what a browser would post of these rows."""
    data = QueryDict(mutable=True)
    data["match"] = match
    data["shape"] = ",".join(str(len(block.rows)) for block in blocks)
    for number, block in enumerate(blocks):
        data[f"b{number}-match"] = block.match
        for place, row in enumerate(block.rows):
            start = f"b{number}-r{place}"
            data[f"{start}-field"], data[f"{start}-was"] = row.field, row.was
            data[f"{start}-operator"] = row.operator
            data.setlist(f"{start}-value", row.value)
    return data


def blocks_of(rule: Group) -> tuple[str, list[Block]]:
    """Return how the groups of ``rule`` are joined, and the groups."""
    normal = rule.normal()
    groups = normal.rows if isinstance(normal.rows[0], Group) else [normal]
    return normal.match, [Block(each.match, [typed(row) for row in each.rows]) for each in groups]


def typed(condition: Condition) -> Row:
    """Return a stored condition as somebody would type it."""
    operator = f"{DENIED}{condition.operator}" if condition.negated else condition.operator
    values = [str(each) for each in condition.value]
    if condition.field == "organisation":
        rows = Organisation.objects.filter(pk__in=condition.value).order_by("pk")
        values = [f"{BETWEEN} ".join(str(each) for each in rows)]
    return Row(condition.field, condition.field, operator, values)


class SegmentForm(forms.Form):
    """Name and purpose of a segment, in French and in Dutch."""

    name_fr = forms.CharField(label=_("Name in French"), max_length=120)
    name_nl = forms.CharField(label=_("Name in Dutch"), max_length=120)
    description_fr = forms.CharField(
        label=_("What it is for, in French"), max_length=300, required=False
    )
    description_nl = forms.CharField(
        label=_("What it is for, in Dutch"), max_length=300, required=False
    )
    agreed = forms.BooleanField(
        label=_("I know that these campaigns are drafts again and have to be approved anew."),
        required=False,
    )

    def __init__(self, data=None, *, segment: Segment):
        names = [name for name in self.base_fields if name != "agreed"]
        super().__init__(data, initial={name: getattr(segment, name) or "" for name in names})
        self.segment = segment

    def clean(self):
        """Refuse a purpose in one language only, and a name that is taken."""
        data = super().clean()
        french, dutch = data.get("description_fr", ""), data.get("description_nl", "")
        if bool(french) != bool(dutch):
            lacks = "description_nl" if french else "description_fr"
            self.add_error(lacks, gettext("Give it in both languages, or in neither."))
        others = Segment.objects.on_offer().exclude(pk=self.segment.pk)
        for code in REQUIRED:
            name = f"name_{code}"
            if data.get(name) and others.filter(**{f"{name}__iexact": data[name]}).exists():
                self.add_error(name, gettext("Another segment has this name."))
        return data

    @property
    def texts(self) -> dict:
        """Return the texts of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}
