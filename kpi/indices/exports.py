"""The explanation of a score as a file: every input, exact."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.exports import Column, Table
from core.templatetags.ui import translated

from ..tables import exact
from .pages import Choice, Explained
from .selectors import IndexSheet

COLUMNS = (
    Column("code", gettext_lazy("Code"), lambda each: each.row.code),
    Column(
        "name",
        pgettext_lazy("of an index", "Input"),
        lambda each: translated(each.row, "name")[0],
    ),
    Column("unit", gettext_lazy("Unit"), lambda each: translated(each.row, "unit")[0]),
    Column("period", gettext_lazy("Period"), lambda each: each.value.period if each.value else ""),
    Column(
        "raw",
        gettext_lazy("Raw value"),
        lambda each: exact(each.value.value) if each.value else None,
    ),
    Column("flag", gettext_lazy("Flag"), lambda each: each.value.flag if each.value else ""),
    Column("norm_min", gettext_lazy("Lower bound"), lambda each: exact(each.row.norm_min)),
    Column("norm_max", gettext_lazy("Upper bound"), lambda each: exact(each.row.norm_max)),
    Column("direction", gettext_lazy("Direction"), lambda each: each.row.direction),
    Column("normalised", gettext_lazy("Value between the bounds"), lambda each: each.z),
    Column("weight", gettext_lazy("Weight in the score"), lambda each: each.weight),
    Column("contribution", gettext_lazy("Points brought"), lambda each: each.contribution),
    Column("source", gettext_lazy("Source"), lambda each: translated(each.row, "source_text")[0]),
)


def explanation_export(sheet: IndexSheet, choice: Choice, found: Explained) -> Table:
    """Return the inputs of a score for download, with the choice that they answer in words."""
    words = [
        f"{sheet.index.code} {choice.edition}",
        _("vintage %(number)s") % {"number": sheet.edition.vintage},
        choice.geo,
    ]
    if found.node:
        words.append(str(found.node))
    if choice.as_of:
        words.append(_("as known on %(day)s") % {"day": choice.as_of})
    if found.is_scenario:
        weights = ", ".join(f"{code}={text}" for code, text in choice.weights.items())
        words.append(_("scenario, not official: %(weights)s") % {"weights": weights})
    name = f"index-{sheet.index.code}-{choice.edition}-{choice.geo}"
    return Table(name, COLUMNS, found.rows, filter="; ".join(words))
