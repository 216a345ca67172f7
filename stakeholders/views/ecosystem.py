"""The map of the ecosystem, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from programme.lists import answer_file, export_links

from .. import ecosystem_tables, meeting_selectors
from ..balance_chart import balance_chart
from ..ecosystem import ecosystem, participation
from ..tile_map import tile_map


@login_not_required
def ecosystem_map(request):
    """Show who is in the ecosystem and how balanced it is, or give the map as a file."""
    found = ecosystem()
    file = answer_file(request, lambda: ecosystem_tables.map_export(found))
    if file:
        return file
    steps = participation(found)
    context = {
        "ecosystem": found,
        "map": tile_map(found.municipalities),
        "municipality_table": ecosystem_tables.municipality_table(found),
        "theme_table": ecosystem_tables.theme_table(found),
        "counts": meeting_selectors.bilateral_counts(),
        "chart": balance_chart(steps, ecosystem_tables.participation_table(steps)),
        "exports": export_links(request),
        "trail": [(reverse("stakeholders:organisation-list"), _("Stakeholders"))],
    }
    return render(request, "stakeholders/ecosystem/page.html", context)
