"""The figures of the ecosystem as tables: on the page, and the map's own as a file."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.exports import Column, Table
from core.templatetags.ui import tr
from core.typography import number

from .balance import GROUPS, Balance
from .ecosystem import Ecosystem, Line, list_url
from .helix_signs import LETTERS
from .tables import name_of, source_keys
from .tile_map import shade


def heads(first, *more) -> list[dict]:
    """Return the head of a table: a text, then the four groups, then ``more``, all figures."""
    groups = [f"{LETTERS[group]} · {group.label}" for group in GROUPS]
    figures = [{"label": label, "kind": "number"} for label in (*groups, *more)]
    return [{"label": first, "kind": "text"}, *figures]


def link(url: str, count: int):
    """Return a figure that opens its list; nothing opens for none."""
    return format_html('<a href="{}">{}</a>', url, number(count)) if count else number(0)


def heat(url: str, count: int):
    """Return a figure on its shade, or in words that the field is empty."""
    if not count:
        return pgettext("organisations", "none")
    return format_html(
        '<a class="heat shade-{}" href="{}">{}</a>', shade(count), url, number(count)
    )


def name_or(line: Line, words: str):
    """Return the name of the line's subject, or ``words`` for those without one."""
    return tr(line.subject, "name", note=False) if line.subject else words


def municipality_table(found: Ecosystem) -> dict:
    """Return the map as a table: the same numbers, with the groups behind them."""
    return {
        "caption": _("Organisations by municipality"),
        "columns": heads(_("Municipality"), _("Organisations"), _("Of which demonstration")),
        "rows": [municipality_row(line) for line in found.municipalities],
    }


def municipality_row(line: Line) -> list:
    """Return the cells of one municipality."""
    groups = [link(line.url(group), line.counts[group]) for group in GROUPS]
    total = link(line.url(), line.total)
    return [name_or(line, _("no municipality recorded")), *groups, total, number(line.demo)]


def theme_table(found: Ecosystem) -> dict:
    """Return themes by helix groups; the shade repeats the number, an empty field says so."""
    return {
        "caption": _("Organisations by theme and helix group"),
        "columns": heads(_("Theme"), _("Organisations")),
        "rows": [*(theme_row(line) for line in found.themes), all_themes(found)],
    }


def theme_row(line: Line) -> list:
    """Return the cells of one theme."""
    groups = [heat(line.url(group), line.counts[group]) for group in GROUPS]
    return [name_or(line, _("no theme recorded")), *groups, link(line.url(), line.total)]


def all_themes(found: Ecosystem) -> list:
    """Return the last row: each organisation once, however many themes it has."""
    helix = found.helix
    groups = [link(list_url(helix=group), helix[group]) for group in GROUPS]
    return [_("all, each counted once"), *groups, link(list_url(), found.total)]


def participation_table(steps: list[Balance]) -> dict:
    """Return the public balance; what is withheld says so."""
    return {
        "caption": _("How balanced participation is"),
        "columns": heads(_("Step"), _("Total"), _("Evenness J")),
        "rows": [participation_row(step) for step in steps],
    }


def participation_row(step: Balance) -> list:
    """Return the cells of one step of the chain."""
    groups = [count_and_share(step, group) for group in GROUPS]
    return [step.label, *groups, published(step.total), evenness_words(step)]


def count_and_share(step: Balance, group: str) -> str:
    """Return "12 (34,3 %)", or that the figure is not published."""
    count, share = step.counts[group], step.share(group)
    if share is None:
        return published(count)
    return f"{number(count)} ({number(float(100 * share), 1, '%')})"


def evenness_words(step: Balance) -> str:
    """Return J, "n/a" where nobody took part, or that it would give away what is withheld."""
    whole = step.total is not None and None not in step.counts.values()
    return number(step.evenness, 2) if whole else published(None)


def published(count: int | None) -> str:
    """Return a figure, or that it is withheld."""
    return pgettext("figure", "not published") if count is None else number(count)


def in_group(group: str):
    """Return the function that counts the organisations of ``group`` in a line."""
    return lambda line: line.counts[group]


MAP = (
    Column("nis", gettext_lazy("NIS code"), lambda line: line.subject and line.subject.nis),
    Column("municipality", gettext_lazy("Municipality"), lambda line: name_of(line.subject)),
    *(Column(group.value, group.label, in_group(group)) for group in GROUPS),
    Column("organisations", gettext_lazy("Organisations"), lambda line: line.total),
    Column("demonstration", gettext_lazy("Of which demonstration"), lambda line: line.demo),
    Column("sources", gettext_lazy("Sources"), lambda line: source_keys(line.subject)),
)


def map_export(found: Ecosystem) -> Table:
    """Return the download of the map; the line without a municipality has no code and no name."""
    return Table("ecosystem", MAP, found.municipalities)
