"""What can be wrong with a file of an index, in sentences that say how to mend it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: The last line that is no row: 0 is the file as a whole, 1 its headings.
HEADINGS = 1
MESSAGES = {
    "column_missing": _("This column is missing: add it, with its heading in the first row."),
    "column_twice": _("Two columns have this heading: remove one."),
    "language": _("Say in which language the names are: head the column name_fr, name_nl."),
    "no_levels": _(
        "No level is named. Add a column for each, from the lowest up, each followed by its "
        "weight: subdimension, subdimension_weight, dimension, dimension_weight."
    ),
    "no_places": _("No place is named. Add a column for each, headed by its code, such as BE."),
    "place_unknown": _("No place has this code. Did you mean “%(nearest)s”?"),
    "place_new": _("No place has this code: add the place in the back office first."),
    "place_twice": _("Two columns are about the same place: remove one."),
    "empty": _("Fill this cell in."),
    "code_form": _("Write a code of letters, digits, hyphens, 40 at most."),
    "code_twice": _("This code stands in an earlier row already: each input has one row."),
    "too_long": _("This is too long: shorten it."),
    "number": _("Write a number such as 0.42, without thousands separators."),
    "mixed_signs": _("Decimal points and decimal commas are mixed: choose one for the whole file."),
    "too_precise": _("This number is too large."),
    "bounds": _("The upper bound has to be above the lower bound (norm_min)."),
    "weight": _("A raw weight has to be above 0."),
    "share": _("A weight of a level lies between 0 and 1 (a quarter is 0.25)."),
    "direction": _("Write up (higher is better) or down (lower is better)."),
    "period": _("Write the period as 2025, 2025-S1, 2025-Q3 or 2025-05."),
    "flag": _("Flags are letters of b d e f i m n p u after the number, for example 0.42 i."),
    "missing_value": _(
        "No value, and this index wants one everywhere: write the estimated value and an i after "
        "it (0.42 i), or choose another rule for missing values."
    ),
    "node_weight": _("An earlier row gives this level another weight (%(before)s): one of them."),
    "node_parent": _("An earlier row puts this level below “%(before)s”: one of them."),
    "node_mixed": _("A level holds either levels or inputs, not both: look at “%(before)s”."),
    "sum": _("The weights below “%(parent)s” add up to %(sum)s; they have to add up to 1."),
    "sum_top": _(
        "The weights of the highest level add up to %(sum)s; they have to add up to 1: such an "
        "index cannot be published."
    ),
    "edition_waits": _(
        "A file of this edition waits for its release already: release or discard it first."
    ),
    "published_before": _(
        "The former vintage of this edition was published on %(before)s: give a later day, or none."
    ),
    "closed": _("This index is retired: no further edition is expected."),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (line 0 is the file as a whole), and what to do."""

    code: str
    line: int = 0
    column: str = ""
    value: str = ""
    words: dict = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the sentence in the language of the page."""
        return str(MESSAGES[self.code]) % self.words if self.words else str(MESSAGES[self.code])

    @property
    def in_full(self) -> str:
        """Return column and sentence in one line, for the file of failed rows."""
        if not self.column:
            return self.message
        words = {"column": self.column, "message": self.message}
        return gettext("%(column)s: %(message)s") % words
