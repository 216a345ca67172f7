"""The catalogue of open data for machines: three serialisations of one graph, page by page."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from kpi.models import Framework

from .catalogue import catalogue, dataset, list_key
from .language import known_language
from .open_data import DATASETS

#: Ending of the address: media type, and what rdflib calls it. The first is for who takes any.
SERIALISATIONS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
}
HTML = "text/html"
MEDIA_TYPES = {media_type: ending for ending, (media_type, _name) in SERIALISATIONS.items()}
LONGEST_NUMBER = 6


@login_not_required
@require_safe
@conditional_page
def catalogue_file(request, ending):
    """Give a page of the catalogue in the serialisation that the address names."""
    return page_as(request, ending)


@login_not_required
@require_safe
@conditional_page
def catalogue_any(request):
    """Give a page of the catalogue as the caller reads it; people get to the page of open data."""
    return negotiated(request, lambda ending: page_as(request, ending), lambda: "portal:open-data")


@login_not_required
@require_safe
@conditional_page
def catalogue_dataset(request, kind, key):
    """Give what the catalogue says of one data set; people get to its page."""
    graph = dataset(kind, key)
    if graph is None:
        raise Http404
    return negotiated(request, lambda ending: as_file(graph, ending), lambda: page_of(kind, key))


def negotiated(request, make, page) -> HttpResponse:
    """Answer with ``make(ending)`` for machines, with a way to ``page()`` for people, else 406."""
    wanted = request.get_preferred_type([*MEDIA_TYPES, HTML])
    if wanted is None:
        words = ", ".join([*MEDIA_TYPES, HTML])
        response = HttpResponse(f"{words}\n", status=406, content_type="text/plain; charset=utf-8")
    elif wanted == HTML:
        response = redirect(in_known_language(request, page))
        response.status_code = 303
    else:
        response = make(MEDIA_TYPES[wanted])
    patch_vary_headers(response, ["Accept"])
    return response


def in_known_language(request, page) -> str:
    """Return the address of a page in the language of the visitor, French where none is known."""
    with translation.override(known_language(request) or "fr"):
        found = page()
        return found if found.startswith("/") else reverse(found)


def page_of(kind: str, key: str) -> str:
    """Return the page on which people read of a data set."""
    if kind == "indicators":
        return reverse("kpi:indicator-detail", args=[key])
    if kind == "frameworks":
        return Framework(slug=key).get_absolute_url()
    return next(name for name, _title, _content in DATASETS if list_key(name) == key)


def page_as(request, ending: str) -> HttpResponse:
    """Return the page of the catalogue that ``?page=`` asks for; 404 beyond the last."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        words = _("page: give the number of a page, such as 2.")
        return HttpResponseBadRequest(f"{words}\n", content_type="text/plain; charset=utf-8")
    graph = catalogue(int(text))
    if graph is None:
        raise Http404
    return as_file(graph, ending)


def as_file(graph, ending: str) -> HttpResponse:
    """Return ``graph`` in a serialisation, for pages of any origin."""
    media_type, name = SERIALISATIONS[ending]
    response = HttpResponse(
        graph.serialize(format=name), content_type=f"{media_type}; charset=utf-8"
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    return response
