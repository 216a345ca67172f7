"""Back office of the programme: contract, deliverables and taxonomies."""

from django.contrib import admin

from core.admin import PortalAdmin, TranslatedAdmin

from . import models


@admin.register(models.Source)
class SourceAdmin(TranslatedAdmin):
    """Publications that facts come from."""

    list_display = ["key", "label", "reference"]
    search_fields = ["key", "label_fr", "label_nl", "reference"]


@admin.register(models.Contract)
class ContractAdmin(PortalAdmin):
    """The contract of 2018."""

    list_display = ["kick_off", "assistance_years", "verified"]
    autocomplete_fields = ["sources"]


@admin.register(models.WorkPackage)
class WorkPackageAdmin(TranslatedAdmin):
    """The six volets."""

    list_display = ["number", "name", "lead"]
    list_display_links = ["name"]
    search_fields = ["name_fr", "name_nl"]


@admin.register(models.Deliverable)
class DeliverableAdmin(TranslatedAdmin):
    """What is promised, and what was published as its outcome."""

    list_display = ["code", "short_name", "work_package", "target", "outcome_value", "verified"]
    list_filter = ["work_package"]
    list_select_related = ["work_package"]
    search_fields = ["code", "name_fr", "name_nl", "short_name_fr", "short_name_nl"]
    autocomplete_fields = ["work_package", "sources", "outcome_sources"]


class NamedAdmin(TranslatedAdmin):
    """Rows with a slug and a name."""

    list_display = ["slug", "name"]
    list_display_links = ["name"]
    search_fields = ["slug", "name_fr", "name_nl"]


@admin.register(models.Theme, models.Orientation)
class TaxonomyAdmin(NamedAdmin):
    """Themes and orientations, in their own order."""

    list_display = ["position", "slug", "name"]


@admin.register(models.Objective)
class ObjectiveAdmin(NamedAdmin):
    """Goals that the Region has set itself."""

    list_display = ["position", "slug", "name", "verified"]
    autocomplete_fields = ["sources"]


@admin.register(models.Legislature)
class LegislatureAdmin(NamedAdmin):
    """Terms of the regional Parliament."""

    list_display = ["slug", "name", "first_year", "last_year"]


@admin.register(models.Portfolio)
class PortfolioAdmin(NamedAdmin):
    """Ministerial competences."""


@admin.register(models.Workstream)
class WorkstreamAdmin(NamedAdmin):
    """Priority workstreams."""

    list_display = ["position", "name", "theme", "portfolio", "is_demo"]
    list_filter = ["theme", "portfolio", "is_demo"]
    list_select_related = ["theme", "portfolio"]
    autocomplete_fields = ["theme", "orientation", "portfolio"]


@admin.register(models.Municipality)
class MunicipalityAdmin(NamedAdmin):
    """The nineteen municipalities."""

    list_display = ["nis", "name", "postcodes", "verified"]
    search_fields = ["nis", "slug", "name_fr", "name_nl", "postcodes"]
    autocomplete_fields = ["sources"]


@admin.register(models.TimelineFact)
class TimelineFactAdmin(TranslatedAdmin):
    """Dated facts about the strategy."""

    list_display = ["when", "when_text", "fact", "verified"]
    list_display_links = ["when_text"]
    list_filter = ["verified"]
    search_fields = ["fact_fr", "fact_nl", "when"]
    autocomplete_fields = ["sources"]
