"""Pages of the registry of principles and open standards."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import exports, slots, trace
from core.context import url_or_none
from core.exports import Column, Table
from core.templatetags.ui import translated
from programme.lists import page_of

from .filters import StandardFilter
from .models import Standard
from .selectors import by_group, listed, principles, siblings

FORMATS = tuple(exports.WRITERS)
COLUMNS = (
    Column("slug", gettext_lazy("Address"), lambda row: row.slug),
    Column("name", gettext_lazy("Name"), lambda row: row.name),
    Column("owner", gettext_lazy("Owner"), lambda row: translated(row, "owner_label")[0]),
    Column("version", gettext_lazy("Version"), lambda row: translated(row, "version_label")[0]),
    Column("theme", gettext_lazy("Theme"), lambda row: translated(row.theme, "name")[0]),
    Column(
        "description",
        gettext_lazy("What it is for"),
        lambda row: translated(row, "description")[0],
    ),
)


@login_not_required
def standard_list(request):
    """List the standards; ``?format=`` downloads what the filters leave."""
    found = StandardFilter(request.GET, queryset=listed(request.user), request=request)
    kind = request.GET.get("format")
    if kind in FORMATS:
        return exports.response(Table("standards", COLUMNS, found.qs, filter_words(found)), kind)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.qs),
        "exports": export_links(request),
        "matrix_url": url_or_none("compliance:matrix"),
    }
    return render(request, "standards/standard_list.html", context)


def filter_words(found: StandardFilter) -> str:
    """Return the filters in use as "label: value", for the end of a file."""
    form = found.form
    used = form.cleaned_data if form.is_valid() else {}
    return "; ".join(f"{form.fields[name].label}: {used[name]}" for name in used if used[name])


def export_links(request) -> list[tuple[str, str]]:
    """Return the address of this page as a file of each format."""
    query = request.GET.copy()
    query.pop("page", None)
    links = []
    for kind in FORMATS:
        query["format"] = kind
        links.append((f"{request.path}?{query.urlencode()}", kind.upper()))
    return links


@login_not_required
def standard_detail(request, slug):
    """Show a standard: what it is for, who keeps it, who uses it."""
    rows = Standard.objects.visible_to(request.user).select_related("theme")
    standard = get_object_or_404(rows, slug=slug)
    context = {
        "standard": standard,
        "trail": section_trail(),
        "siblings": siblings(standard, request.user),
        "panels": panels_of(request, standard),
        "neighbours": trace.neighbours(standard, request.user),
    }
    return render(request, "standards/standard_detail.html", context)


def panels_of(request, standard) -> list[str]:
    """Return what upper apps tell on the page of a standard, ready to show."""
    found = slots.collect("standards.standard.panels", standard, user=request.user)
    return [render_to_string(each["template"], each["context"], request) for each in found]


@login_not_required
def principle_list(request):
    """Show the architecture principles by group."""
    rows = principles(request.user)
    page = page_of(request, rows)
    context = {
        "page_obj": page,
        "groups": by_group(page.object_list),
        "trail": section_trail(),
        "total": page.paginator.count,
    }
    return render(request, "standards/principle_list.html", context)


def section_trail() -> list[tuple[str, str]]:
    """Return the way from the home page to the pages of this section."""
    return [(reverse("standards:standard-list"), _("Standards"))]
