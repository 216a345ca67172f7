"""An indicator as an image, inside another page, and beside other indicators."""

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from core.chart_svg import svg

from .asked import asked, asked_day
from .charts import chart_of
from .comparing import compared
from .forms import CompareForm
from .sentences import headline, position
from .tables import as_table


@login_not_required
def indicator_svg(request, code):
    """Answer with the figure as an image; 404 where one figure stands alone and there is none."""
    wanted = asked(request, code)
    chart = chart_of(wanted.facts())
    if chart is None:
        raise Http404
    words = f"{chart.description} {chart.title}"
    response = HttpResponse(
        svg(chart.figure, str(wanted.indicator), words), content_type="image/svg+xml"
    )
    name = f"{code}-{wanted.geo}-{wanted.known_on}-{get_language()}.svg"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@login_not_required
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def indicator_embed(request, code):
    """Show sentence, figure and table alone, for a frame in somebody else's page."""
    wanted = asked(request, code)
    facts = wanted.facts()
    chart = chart_of(facts)
    path = reverse("kpi:indicator-detail", args=[code])
    context = {
        "indicator": wanted.indicator,
        "headline": headline(facts),
        "position": position(facts),
        "chart": chart,
        "table": None if chart else as_table(facts),
        "known_on": wanted.known_on,
        "page_url": f"{path}?{wanted.permanent}",
    }
    return render(request, "kpi/embed.html", context)


@login_not_required
def compare(request):
    """Put up to four indicators side by side, of one place, as known on a day."""
    form = CompareForm(request.GET, user=request.user)
    found = compared(form.chosen(), form.about(), asked_day(request)) if form.is_ready() else None
    context = {
        "form": form,
        "found": found,
        "as_of": asked_day(request),
        "trail": [(reverse("kpi:indicator-list"), _("Indicators"))],
    }
    return render(request, "kpi/compare.html", context)
