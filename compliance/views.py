"""Pages of compliance: the matrix, and the lines behind each of its figures."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import exports
from governance.moves import move
from programme.lists import export_links, filter_words, page_of
from roadmap.models import Initiative

from . import selectors
from .exports import statement_table
from .filters import APPLICABLE_GROUP, MatrixFilter, StatementFilter
from .marks import marked
from .models import StatementStatus


def section_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("standards:standard-list"), _("Standards"))]


def download(request, found):
    """Return the statements of the filter as a file, or 404 for an unknown kind."""
    kind = request.GET["format"]
    if kind not in exports.WRITERS:
        raise Http404
    return exports.response(statement_table(found.qs, filter_words(found)), kind)


@login_not_required
def matrix_page(request):
    """Show initiatives against standards, the rate, and the way to the lines behind it."""
    rows = selectors.statements(request.user)
    found = MatrixFilter(request.GET, queryset=rows, request=request)
    if "format" in request.GET:
        return download(request, found)
    answered = Initiative.objects.filter(pk__in=found.qs.order_by().values("initiative"))
    page = page_of(request, answered.newest_first())
    standards, lines = selectors.matrix(found.qs, page.object_list)
    for line in lines:
        marked(each for each in line.cells if each)
    context = {
        "filter": found,
        "page_obj": page,
        "standards": standards,
        "lines": lines,
        "exports": export_links(request),
        "rate": selectors.rate(found.qs),
        "links": answer_links(request),
        "trail": section_trail(),
    }
    return render(request, "compliance/matrix.html", context)


def answer_links(request) -> dict[str, str]:
    """Return the addresses of the lines behind the figures, under the filter of the matrix."""
    links = {}
    for code in (*StatementStatus.values, APPLICABLE_GROUP):
        query = request.GET.copy()
        query.pop("page", None)
        query["status"] = code
        links[code] = f"{reverse('compliance:statement-list')}?{query.urlencode()}"
    return links


@login_not_required
def statement_list(request):
    """Show the statements one by one, with their evidence or their reason."""
    rows = selectors.statements(request.user)
    found = StatementFilter(request.GET, queryset=rows, request=request)
    if "format" in request.GET:
        return download(request, found)
    page = page_of(request, found.qs)
    page.object_list = marked(page.object_list)
    url = reverse("compliance:matrix")
    context = {
        "filter": found,
        "page_obj": page,
        "exports": export_links(request),
        "trail": [*section_trail(), (url, _("Compliance"))],
    }
    return render(request, "compliance/statement_list.html", context)


def statement_do(request, pk, name):
    """Ask for what an answer needs, and record it."""
    statement = get_object_or_404(selectors.statements(request.user), pk=pk)
    return move(request, statement, name)
