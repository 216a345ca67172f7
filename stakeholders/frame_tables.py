"""The frames as tables: beside each chart, and as files for those who may read the register."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import Column, Table
from core.templatetags.ui import tr, translated
from core.typography import day, number

from .balance import GROUPS, Balance
from .frames import engagement_gap, quadrant_of
from .helix_signs import LETTERS
from .radar import Line


def heads(*columns: tuple[str, str]) -> list[dict]:
    """Return the head of a table from (label, "text" or "number")."""
    return [{"label": label, "kind": kind} for label, kind in columns]


def name_link(organisation):
    """Return the name of an organisation, with its language and a link to its page."""
    return format_html(
        '<a href="{}">{}</a>', organisation.get_absolute_url(), tr(organisation, "name", note=False)
    )


def helix_words(organisation) -> str:
    """Return letter and name of the helix group."""
    return f"{LETTERS[organisation.helix]} · {organisation.get_helix_display()}"


def gap_words(assessment) -> str:
    """Return the engagement gap with its sign."""
    return number(engagement_gap(assessment), signed=True)


def grid_table(assessments, marks: dict[int, str]) -> dict:
    """Return one page of the power/interest grid as a table; the mark is that of the drawing."""
    return {
        "caption": _("Power/interest grid"),
        "columns": heads(
            (_("Organisation"), "text"),
            (_("Mark"), "text"),
            (_("Helix group"), "text"),
            (_("Influence"), "number"),
            (_("Interest"), "number"),
            (_("Quadrant"), "text"),
            (_("Assessed on"), "text"),
        ),
        "rows": [
            [
                name_link(each.organisation),
                marks.get(each.organisation_id, _("not drawn")),
                helix_words(each.organisation),
                each.influence,
                each.interest,
                quadrant_of(each).label,
                day(each.assessed_on, short=True),
            ]
            for each in assessments
        ],
    }


def matrix_table(assessments) -> dict:
    """Return one page of the engagement matrix as a table."""
    return {
        "caption": _("Engagement matrix"),
        "columns": heads(
            (_("Organisation"), "text"),
            (_("Helix group"), "text"),
            (_("Today (C)"), "text"),
            (_("Desired (D)"), "text"),
            (_("Gap"), "number"),
            (_("Level of participation"), "text"),
            (_("Assessed on"), "text"),
        ),
        "rows": [
            [
                name_link(each.organisation),
                helix_words(each.organisation),
                each.get_engagement_current_display(),
                each.get_engagement_desired_display(),
                gap_words(each),
                each.get_iap2_target_display(),
                day(each.assessed_on, short=True),
            ]
            for each in assessments
        ],
    }


def balance_table(steps: list[Balance]) -> dict:
    """Return counts and shares of the four groups at each step, evenness and gaps."""
    groups = [(f"{LETTERS[group]} · {group.label}", "number") for group in GROUPS]
    return {
        "caption": _("Helix balance"),
        "columns": heads(
            (_("Step"), "text"),
            *groups,
            (_("Total"), "number"),
            (_("Evenness J"), "number"),
            (_("Below the target share"), "text"),
            (_("Without a group"), "number"),
        ),
        "rows": [balance_row(step) for step in steps],
    }


def balance_row(step: Balance) -> list:
    """Return the cells of one step; an empty denominator is "n/a", never 0."""
    return [
        step.label,
        *(count_and_share(step, group) for group in GROUPS),
        number(step.total),
        number(step.evenness, 2),
        ", ".join(LETTERS[group] for group in step.gaps()) or "–",
        number(step.unknown),
    ]


def count_and_share(step: Balance, group: str) -> str:
    """Return "12 (34,3 %)"."""
    share = step.share(group)
    percent = number(None if share is None else float(100 * share), 1, "%")
    return f"{number(step.counts[group])} ({percent})"


FRAMES = (
    Column("address", gettext_lazy("Address"), lambda row: row.organisation.slug),
    Column(
        "name", gettext_lazy("Organisation"), lambda row: translated(row.organisation, "name")[0]
    ),
    Column("helix", gettext_lazy("Helix group"), lambda row: row.organisation.get_helix_display()),
    Column("influence", gettext_lazy("Influence"), lambda row: row.influence),
    Column("interest", gettext_lazy("Interest"), lambda row: row.interest),
    Column("quadrant", gettext_lazy("Quadrant"), lambda row: quadrant_of(row).label),
    Column(
        "today", gettext_lazy("Engagement today"), lambda row: row.get_engagement_current_display()
    ),
    Column(
        "desired",
        gettext_lazy("Engagement desired"),
        lambda row: row.get_engagement_desired_display(),
    ),
    Column("gap", gettext_lazy("Gap"), engagement_gap),
    Column(
        "participation",
        gettext_lazy("Level of participation"),
        lambda row: row.get_iap2_target_display(),
    ),
    Column("assessed_on", gettext_lazy("Assessed on"), lambda row: row.assessed_on),
    Column("reasons", gettext_lazy("Reasons"), lambda row: row.rationale),
    Column("demonstration", gettext_lazy("Demonstration"), lambda row: row.is_demo),
)
SILENCE = (
    Column("address", gettext_lazy("Address"), lambda row: row.organisation.slug),
    Column(
        "name", gettext_lazy("Organisation"), lambda row: translated(row.organisation, "name")[0]
    ),
    Column("helix", gettext_lazy("Helix group"), lambda row: row.organisation.get_helix_display()),
    Column("influence", gettext_lazy("Influence"), lambda row: row.influence),
    Column("heard_at", gettext_lazy("Last heard"), lambda row: row.heard_at),
    Column("demonstration", gettext_lazy("Demonstration"), lambda row: row.is_demo),
)


def frames_export(rows, words: str) -> Table:
    """Return the download of the assessments ``rows`` under the filter ``words``."""
    return Table("register-assessments", FRAMES, rows, words)


def silence_export(rows, words: str) -> Table:
    """Return the download of the silence radar."""
    return Table("register-silence", SILENCE, rows, words)


def balance_export(steps: list[Balance], words: str = "") -> Table:
    """Return the download of the helix balance."""
    columns = (
        Column("step", _("Step"), lambda row: row.label),
        *(Column(group.value, group.label, count_of(group)) for group in GROUPS),
        Column("total", _("Total"), lambda row: row.total),
        Column("evenness", _("Evenness J"), lambda row: row.evenness),
        Column("unknown", _("Without a group"), lambda row: row.unknown),
    )
    return Table("register-balance", columns, steps, words)


def count_of(group: str):
    """Return the function that gives the count of ``group`` of a step."""
    return lambda row: row.counts[group]


def last_words(line: Line) -> str:
    """Return when and by what an organisation was last in touch."""
    if line.last is None:
        return _("no exchange on record")
    exchange = line.last.interaction
    return f"{day(line.last.happened_at, short=True)}, {exchange.get_kind_display()}"
