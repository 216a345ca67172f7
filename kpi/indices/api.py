"""The scores of an index for machines: one address, JSON, no account."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from ..asked import asked_day
from .scores import NotKnown, scores_payload

#: Sentences for those who write programs; like the keys, they are the same in every language.
UNKNOWN = {
    "index": "There is no published index “{}”. /fr/kpi/indices/ lists those that there are.",
    "edition": "No edition “{}” of this index was known then. Leave it out for the newest.",
    "geo": "This edition has no values for “{}”. Write a code such as BE or EU.",
}
WANTED = ("index", "geo")


@login_not_required
@require_safe
def index_scores(request):
    """Answer ``?index=desi-2022&geo=BE&edition=2022&as_of=2026-01-31`` with a score and its parts.

    400 where a parameter lacks or makes no sense, 404 where what it names is not known; both with
    {"error": sentence}. The answer has an ETag; a request that knows it is answered with 304.
    """
    lacking = [name for name in WANTED if not request.GET.get(name, "").strip()]
    if lacking:
        return refuse(400, f"Give the parameter {' and '.join(lacking)}: ?index=desi-2022&geo=BE")
    try:
        as_of = asked_day(request)
    except Http404:
        return refuse(400, "Write as_of as a day: 2026-01-31.")
    asked = {name: request.GET.get(name, "").strip() for name in ("index", "geo", "edition")}
    try:
        found = scores_payload(
            asked["index"], asked["geo"].upper(), asked["edition"], request.user, as_of
        )
    except NotKnown as unknown:
        return refuse(404, UNKNOWN[unknown.what].format(unknown.value))
    return conditional(request, answer(found))


def refuse(status: int, sentence: str) -> HttpResponse:
    """Return an answer that says what is wrong."""
    return answer({"error": sentence}, status)


def answer(data: dict, status: int = 200) -> HttpResponse:
    """Return ``data`` as JSON that any page may read; floats are written in full."""
    body = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(body, content_type="application/json; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def conditional(request, response: HttpResponse) -> HttpResponse:
    """Return ``response`` with its ETag, or 304 where the request knows it."""
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["Cache-Control"] = "no-cache"
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    found["Access-Control-Allow-Origin"] = "*"
    return found
