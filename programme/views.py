"""Public pages of the priority workstreams."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core import slots
from core.exports import Column, Table

from . import selectors
from .filters import WorkstreamFilter
from .lists import listing


@login_not_required
def workstream_list(request):
    """Show what the Government wants done first."""
    filterset = WorkstreamFilter(request.GET, selectors.workstreams(request.user))
    return listing(request, "programme/workstream_list.html", filterset, workstream_table)


def workstream_table(rows, words: str) -> Table:
    """Return the download of the workstreams."""
    columns = (
        Column("slug", _("address"), lambda row: row.slug),
        Column("name", _("name"), lambda row: row.name),
        Column("summary", _("summary"), lambda row: row.summary),
        Column("theme", _("theme"), lambda row: row.theme and row.theme.name),
        Column(
            "orientation", _("orientation"), lambda row: row.orientation and row.orientation.name
        ),
        Column("portfolio", _("portfolio"), lambda row: row.portfolio and row.portfolio.name),
        Column("demo", _("demonstration content"), lambda row: row.is_demo),
    )
    return Table(_("priority workstreams"), columns, rows, words)


@login_not_required
def workstream_detail(request, slug):
    """Show one workstream with everything that is filed under it."""
    workstream = get_object_or_404(selectors.workstreams(request.user), slug=slug)
    panels = slots.collect("programme.workstream.panels", workstream, user=request.user)
    return render(
        request,
        "programme/workstream_detail.html",
        {"workstream": workstream, "panels": panels},
    )
