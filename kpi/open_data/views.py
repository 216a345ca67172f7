"""The files of the figures: CSV with its description, JSON-stat, XLSX; the same for everybody."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.exports import XLSX_TYPE

from ..models import Framework, Indicator
from . import csvw, workbook
from .downloads import KINDS
from .figures import Scope, asked_day, public_indicators, scope_of, scope_of_framework, state_of
from .jsonstat import Cube

CSVM_TYPE = "application/csvm+json"


class DataKind:
    """The end of the address of a file, for the patterns of `urls`."""

    regex = "|".join(kind.replace(".", r"\.") for kind in sorted(KINDS, key=len, reverse=True))

    def to_python(self, value: str) -> str:
        """Return the kind as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the kind; ValueError for one that there is not."""
        if value not in KINDS:
            raise ValueError(value)
        return value


@login_not_required
@require_safe
def indicator_data(request, code, kind):
    """Give the figures of a published or retired indicator."""
    rows = public_indicators().select_related("owner_organisation")
    indicator = get_object_or_404(rows, code=code)
    return answer(request, lambda day: scope_of(indicator, day), kind)


@login_not_required
@require_safe
def framework_data(request, slug, kind):
    """Give the figures of every public indicator of a framework."""
    framework = get_object_or_404(Framework, slug=slug)
    return answer(request, lambda day: scope_of_framework(framework, day), kind)


@login_not_required
@require_safe
def all_data(request, kind):
    """Give every figure."""
    return answer(request, lambda day: scope_of_framework(None, day), kind)


def answer(request, make_scope, kind: str) -> HttpResponse:
    """Answer with a file of the figures, 304 where it is known, 400 where the day is none."""
    try:
        scope = make_scope(asked_day(request.GET.get("as_of", "")))
    except ValueError as error:
        return refused(str(error))
    if kind == "xlsx" and workbook.is_too_long(scope):
        words = _("There are more than %(number)s figures, too many for a workbook. Take the CSV.")
        return refused(words % {"number": workbook.MOST_ROWS})
    etag = f'W/"{state_of(scope)[:32]}-{kind}-{get_language()}"'
    known = get_conditional_response(request, etag=etag)
    return with_headers(known or WRITERS[kind](request, scope), scope, etag)


def refused(words: str) -> HttpResponse:
    """Return the sentence that says what is wrong, with status 400."""
    return HttpResponseBadRequest(words + "\n", content_type="text/plain; charset=utf-8")


def with_headers(response: HttpResponse, scope: Scope, etag: str) -> HttpResponse:
    """Let anybody's page read it, and kept copies be asked about."""
    response.headers["ETag"] = etag
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    links = [f'<{each.url}>; rel="license"' for each in scope.licences if each.url]
    if links:
        previous = response.headers.get("Link")
        response.headers["Link"] = ", ".join(filter(None, [previous, *links]))
    return response


def csv_file(request, scope: Scope) -> StreamingHttpResponse:
    """Return the CSV, which names its description."""
    response = StreamingHttpResponse(csvw.to_csv(scope), content_type="text/csv; charset=utf-8")
    described = f'<{beside(scope, "csv-metadata.json")}>; rel="describedby"; type="{CSVM_TYPE}"'
    response.headers["Link"] = described
    return as_attachment(response, scope, "csv")


def csv_metadata(request, scope: Scope) -> HttpResponse:
    """Return the description of the CSV beside it."""
    page = request.build_absolute_uri(page_of(scope))
    found = csvw.metadata(scope, url=beside(scope, "csv"), page=page)
    return HttpResponse(_json(found), content_type=CSVM_TYPE)


def json_stat(request, scope: Scope) -> StreamingHttpResponse:
    """Return the JSON-stat dataset in the language of the address."""
    cube = Cube(scope, href=request.build_absolute_uri())
    return StreamingHttpResponse(cube.pieces(), content_type="application/json; charset=utf-8")


def xlsx(request, scope: Scope) -> HttpResponse:
    """Return the workbook in the language of the address."""
    return as_attachment(HttpResponse(workbook.to_xlsx(scope), XLSX_TYPE), scope, "xlsx")


WRITERS = {
    "csv": csv_file,
    "csv-metadata.json": csv_metadata,
    "json": json_stat,
    "xlsx": xlsx,
}


def as_attachment(response, scope: Scope, ending: str):
    """Name the file after whose figures they are, and the day if one was asked."""
    day = f"-{scope.as_of.isoformat()}" if scope.as_of else ""
    response.headers["Content-Disposition"] = f'attachment; filename="{scope.name}{day}.{ending}"'
    return response


def beside(scope: Scope, kind: str) -> str:
    """Return the address of another file of ``scope``, seen from the first."""
    return f"data.{kind}" + (f"?as_of={scope.as_of.isoformat()}" if scope.as_of else "")


def page_of(scope: Scope) -> str:
    """Return the page on which people read of ``scope``."""
    if isinstance(scope.subject, Indicator | Framework):
        return scope.subject.get_absolute_url()
    return reverse("kpi:indicator-list")


def _json(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
