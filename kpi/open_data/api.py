"""The API of the indicators: reading only, for anybody, never more than a page at a time.

Lists go on after a key (``after=``), so that the last page costs what the first does and no figure
is given twice while others come in.
"""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import resolve
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from core.json_api import BadParameters, PublicAPIView, checked, number_between
from core.pages import capped_count

from ..filters import IndicatorFilter
from ..models import PUBLIC_INDICATOR, Framework, Indicator, Place
from ..selectors import current, facts_of
from .figures import asked_day
from .filters import ObservationFilter
from .serializers import (
    ErrorsSerializer,
    FrameworkPageSerializer,
    FrameworkSerializer,
    IndicatorDetailSerializer,
    IndicatorPageSerializer,
    IndicatorSerializer,
    ObservationPageSerializer,
    ObservationSerializer,
    PlacePageSerializer,
    PlaceSerializer,
)

#: Rows of a page by default, and at most.
INDICATORS, MOST_INDICATORS = 50, 200
OBSERVATIONS, MOST_OBSERVATIONS = 500, 2000
NAMES, MOST_NAMES = 100, 500
KEY_SEPARATOR = "~"

LANGUAGE = OpenApiParameter(
    "language",
    enum=["fr", "nl", "en"],
    description="Language of texts and errors; else that of Accept-Language, else English.",
)
AFTER = OpenApiParameter("after", description="Go on after this key; stands in `next`.")
AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.DATE,
    description="Figures as they were known at the end of this day; today by default.",
)


def page_size(default: int, most: int) -> OpenApiParameter:
    """Return the description of the parameter that says how long a page is."""
    words = f"Rows of a page, 1 to {most}; {default} by default."
    return OpenApiParameter("page_size", int, description=words)


def words(name: str, description: str) -> OpenApiParameter:
    """Return the description of a filter."""
    return OpenApiParameter(name, description=description)


def documented(name: str, answer, *parameters, missing: bool = False):
    """Return the decorator that describes a view: its name, answer, parameters and errors."""
    responses = {
        200: OpenApiResponse(answer, "The answer."),
        400: OpenApiResponse(ErrorsSerializer, "A parameter or value is not known."),
    }
    if missing:
        responses[404] = OpenApiResponse(ErrorsSerializer, "There is no such row for the public.")
    return extend_schema(operation_id=name, parameters=[*parameters, LANGUAGE], responses=responses)


class Root(PublicAPIView):
    """What the API offers."""

    @documented("getAddresses", OpenApiTypes.OBJECT)
    def get(self, request):
        """Return the addresses of the lists and of the description."""
        lists = ("indicator", "observation", "framework", "place")
        names = {f"{name}s": f"api:{name}-list" for name in lists} | {"openapi": "api:openapi"}
        return Response({key: reverse(name, request=request) for key, name in names.items()})


class IndicatorList(PublicAPIView):
    """The published and retired indicators, by code."""

    parameters = (*IndicatorFilter.base_filters, "after", "page_size")

    @documented(
        "listIndicators",
        IndicatorPageSerializer,
        words("search", "Words of name or definition, in any language, or of the code."),
        words("framework", "Code of a framework."),
        words("theme", "Code of a theme."),
        words("geo", "Code of the place that the indicator is about."),
        words("standing", "Against the path to the target: reached, on_track, at_risk…"),
        words("freshness", "Age of the last figure: fresh, late, stale, no_data, frozen."),
        words("status", "published or retired."),
        AFTER,
        page_size(INDICATORS, MOST_INDICATORS),
    )
    def get(self, request):
        """Return a page of the list."""
        given = request.query_params
        size = number_between(given, "page_size", INDICATORS, MOST_INDICATORS)
        rows = Indicator.objects.public().select_related("framework", "theme", "replaced_by")
        found = checked(IndicatorFilter(given, queryset=rows)).order_by("code")
        after = Q(code__gt=given["after"]) if "after" in given else Q()
        page, following = cut(found.filter(after), size, lambda row: row.code)
        facts = list(facts_of(page).values())
        answer = {
            "data": IndicatorSerializer(facts, many=True, context={"request": request}).data,
            "next": next_address(request, following),
            "count": capped_count(found),
        }
        return dated(answer, [each.latest.released_at for each in facts if each.latest])


class IndicatorDetail(PublicAPIView):
    """One indicator: definition, method, metadata, targets, where its files are."""

    parameters = ("as_of",)

    @documented("getIndicator", IndicatorDetailSerializer, AS_OF, missing=True)
    def get(self, request, code):
        """Return the indicator."""
        day = day_of(request)
        mappings = "mappings__framework"
        beside = ("baselines", "versions", "metadata", "targets", "sources", mappings)
        rows = Indicator.objects.public().select_related("framework", "theme", "replaced_by")
        indicator = rows.prefetch_related(*beside).filter(code=code).first()
        if indicator is None:
            raise Http404(_("There is no public indicator with this code."))
        facts = facts_of([indicator], day)[indicator.pk]
        answer = IndicatorDetailSerializer(facts, context={"request": request}).data
        return dated(answer, [facts.latest.released_at] if facts.latest else [])


class ObservationList(PublicAPIView):
    """The current figures, or those that were current on a day."""

    parameters = (*ObservationFilter.base_filters, "as_of", "after", "page_size")

    @documented(
        "listObservations",
        ObservationPageSerializer,
        words("indicator", "Code of an indicator."),
        words("framework", "Code of a framework."),
        words("geo", "Code of a place."),
        words("period_from", "Periods that end after this period (2024, 2024-Q2) has begun."),
        words("period_to", "Periods that end no later than this period."),
        AS_OF,
        AFTER,
        page_size(OBSERVATIONS, MOST_OBSERVATIONS),
    )
    def get(self, request):
        """Return a page of figures, by indicator, place, period and position."""
        given, day = request.query_params, day_of(request)
        size = number_between(given, "page_size", OBSERVATIONS, MOST_OBSERVATIONS)
        known = current(day).filter(indicator__status__in=PUBLIC_INDICATOR)
        rows = checked(ObservationFilter(given, queryset=known))
        if "after" in given:
            rows = rows.filter(after_key(given["after"]))
        rows = rows.select_related("indicator").prefetch_related("sources")
        page, following = cut(rows, size, key_of)
        answer = {
            "data": ObservationSerializer(page, many=True).data,
            "next": next_address(request, following),
            "as_of": (day or timezone.localdate()).isoformat(),
        }
        return dated(answer, [each.released_at for each in page])


class FrameworkList(PublicAPIView):
    """The frameworks, by code."""

    parameters = ("after", "page_size")

    @documented("listFrameworks", FrameworkPageSerializer, AFTER, page_size(NAMES, MOST_NAMES))
    def get(self, request):
        """Return a page of the list."""
        return listed_by(request, frameworks(), "slug", FrameworkSerializer)


class FrameworkDetail(PublicAPIView):
    """One framework."""

    @documented("getFramework", FrameworkSerializer, missing=True)
    def get(self, request, slug):
        """Return the framework."""
        return Response(FrameworkSerializer(get_object_or_404(frameworks(), slug=slug)).data)


class PlaceList(PublicAPIView):
    """The places that figures can be about, by code."""

    parameters = ("after", "page_size")

    @documented("listPlaces", PlacePageSerializer, AFTER, page_size(NAMES, MOST_NAMES))
    def get(self, request):
        """Return a page of the list."""
        return listed_by(request, Place.objects.all(), "code", PlaceSerializer)


class PlaceDetail(PublicAPIView):
    """One place."""

    @documented("getPlace", PlaceSerializer, missing=True)
    def get(self, request, code):
        """Return the place."""
        return Response(PlaceSerializer(get_object_or_404(Place, code=code)).data)


class Nothing(PublicAPIView):
    """Any other address below the API."""

    schema = None

    def faults_of(self, given):
        """Yield nothing: that there is no such address is told first."""
        return ()

    def get(self, request, rest):
        """Lead to the same address with a slash where there is one, else say where to look."""
        if resolve(f"{request.path}/").url_name != "nothing":
            asked = request.get_full_path(force_append_slash=True)
            return Response(status=301, headers={"Location": asked})
        raise Http404(_("There is nothing at this address. The lists stand at /api/v1/."))


def frameworks():
    """Return the frameworks with the number of their public indicators."""
    is_public = Q(indicators__status__in=PUBLIC_INDICATOR)
    return Framework.objects.annotate(number=Count("indicators", filter=is_public))


def day_of(request) -> date | None:
    """Return the day of ``?as_of=``; raises `BadParameters`."""
    try:
        return asked_day(request.query_params.get("as_of", ""))
    except ValueError as error:
        raise BadParameters({"as_of": str(error)}) from error


def listed_by(request, rows, key: str, serializer) -> Response:
    """Return a page of ``rows`` in the order of ``key``."""
    given = request.query_params
    size = number_between(given, "page_size", NAMES, MOST_NAMES)
    after = Q(**{f"{key}__gt": given["after"]}) if "after" in given else Q()
    page, following = cut(rows.filter(after).order_by(key), size, lambda row: getattr(row, key))
    data = serializer(page, many=True).data
    return Response({"data": data, "next": next_address(request, following)})


def cut(rows, size: int, key) -> tuple[list, str | None]:
    """Return the first ``size`` of ``rows``, and the key of the last where others follow."""
    found = list(rows[: size + 1])
    return found[:size], key(found[size - 1]) if len(found) > size else None


def next_address(request, key: str | None) -> str | None:
    """Return the address of what follows ``key``, with the filters of this request."""
    if key is None:
        return None
    query = {**request.query_params.dict(), "after": key}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def key_of(row) -> str:
    """Return where a figure stands in the order of the list."""
    return KEY_SEPARATOR.join((row.indicator.code, row.geo_id, row.period, str(row.position)))


def after_key(text: str) -> Q:
    """Return the condition on figures that come after the key ``text``; raises `BadParameters`."""
    parts = text.split(KEY_SEPARATOR)
    indicator = Indicator.objects.public().filter(code=parts[0]).first()
    if len(parts) != 4 or indicator is None or not parts[3].isdecimal() or len(parts[3]) > 4:
        raise BadParameters({"after": _("Take this key from “next” of the page before.")})
    _code, geo, period, position = parts
    same = Q(indicator=indicator)
    later = Q(period__gt=period) | Q(period=period, position__gt=int(position))
    return Q(indicator__gt=indicator.pk) | same & (Q(geo__gt=geo) | Q(geo=geo) & later)


def dated(answer: dict, moments: list) -> Response:
    """Return an answer that says when the newest of its figures was released."""
    response = Response(answer)
    if moments:
        response.headers["Last-Modified"] = http_date(max(moments).timestamp())
    return response
