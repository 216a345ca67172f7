"""Ideas and organisations as downloadable tables."""

from django.utils.translation import gettext_lazy as _

from core.exports import Column, Table
from core.templatetags.ui import translated


def name_of(obj):
    """Return the name of a row that may be missing, in the language of the page."""
    return translated(obj, "name")[0] if obj else None


def source_keys(obj):
    """Return the keys of the sources of a row that may be missing, None where it names none."""
    return "; ".join(source.key for source in obj.sources.all()) or None if obj else None


def reference_of(idea):
    """Return the reference of an idea that may be missing."""
    return idea.reference if idea else None


IDEAS = (
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("title", _("Title"), lambda row: row.title),
    Column("language", _("Language"), lambda row: row.language),
    Column("theme", _("Theme"), lambda row: name_of(row.theme)),
    Column("workstream", _("Priority workstream"), lambda row: name_of(row.workstream)),
    Column("municipality", _("Municipality"), lambda row: name_of(row.municipality)),
    Column("author", _("Author"), lambda row: row.author),
    Column("status", _("State"), lambda row: row.get_status_display()),
    Column("outcome", _("Answer"), lambda row: row.get_outcome_display() or None),
    Column("published_at", _("Published"), lambda row: row.published_at),
    Column("answered_at", _("Answered"), lambda row: row.answered_at),
    Column("merged_into", _("Merged into"), lambda row: reference_of(row.duplicate_of)),
    Column("text", _("Idea"), lambda row: row.body),
    Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
)
ORGANISATIONS = (
    Column("address", _("Address"), lambda row: row.slug),
    Column("name", _("Name"), name_of),
    Column("helix", _("Helix group"), lambda row: row.get_helix_display()),
    Column("level", _("Level"), lambda row: row.get_level_display() or None),
    Column("municipality", _("Municipality"), lambda row: name_of(row.municipality)),
    Column("verified", _("Seen in a source"), lambda row: row.verified),
    Column("sources", _("Sources"), source_keys),
    Column("website", _("Website"), lambda row: row.website or None),
    Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
)


CONTRIBUTORS = (
    Column("reference", _("Reference"), lambda row: row.idea.reference),
    Column("title", _("Title"), lambda row: row.idea.title),
    Column("status", _("State"), lambda row: row.idea.get_status_display()),
    Column("name", _("Name"), lambda row: row.contact.name or None),
    Column("email", _("E-mail"), lambda row: row.contact.email or None),
    Column("phone", _("Phone"), lambda row: row.contact.phone or None),
    Column("language", _("Language"), lambda row: row.language),
    Column("channel", _("Channel"), lambda row: row.get_channel_display()),
    Column("notify", _("Wants to be told"), lambda row: row.notify),
    Column("sent_at", _("Sent"), lambda row: row.created_at),
    Column("demonstration", _("Demonstration"), lambda row: row.idea.is_demo),
)
BILATERALS = (
    Column("number", _("Number in the series"), lambda row: row.number),
    Column("series", _("Series"), lambda row: row.kind_label),
    Column("day", _("Day"), lambda row: row.day),
    Column("organisation", _("Organisation"), lambda row: name_of(row.organisation)),
    Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
)


def bilateral_table(rows, words: str) -> Table:
    """Return the download of the `PublicBilateral`s ``rows`` under the filter ``words``."""
    return Table("bilaterals", BILATERALS, rows, words)


def idea_table(rows, words: str) -> Table:
    """Return the download of ideas ``rows`` under the filter ``words``."""
    return Table("ideas", IDEAS, rows, words)


def contributor_table(rows, words: str) -> Table:
    """Return the download of the contributions ``rows``, for the Office alone."""
    return Table("contributors", CONTRIBUTORS, rows, words)


def organisation_table(rows, words: str) -> Table:
    """Return the download of organisations ``rows`` under the filter ``words``."""
    return Table("organisations", ORGANISATIONS, rows.prefetch_related("sources"), words)
