"""What every address of the JSON API does: languages, parameters, errors, ETag, other origins.

Bad parameters are told and never ignored: whoever misspells a filter must not get the whole list
and take it for the answer.
"""

from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import parse_http_date
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
READING = ("GET", "HEAD", "OPTIONS")


class BadParameters(APIException):
    """Parameters that cannot be understood; ``faults`` is {name: sentence that mends it}."""

    status_code = 400

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


def answer_error(error: Exception, context: dict) -> Response | None:
    """Return an error as {"errors": [{"parameter", "message"}]}; None for one that is ours."""
    if isinstance(error, BadParameters):
        return Response({"errors": _errors(error.faults)}, status=error.status_code)
    if isinstance(error, Http404):
        return Response(_not_found(str(error)), status=404)
    response = exception_handler(error, context)
    if response is not None:
        message = str(getattr(error, "detail", error))
        response.data = {"errors": [{"parameter": None, "message": message}]}
    return response


def _errors(faults: dict[str, str]) -> list[dict]:
    return [{"parameter": name, "message": words} for name, words in faults.items()]


def _not_found(words: str) -> dict:
    return {"errors": [{"parameter": None, "message": words or _("There is nothing here.")}]}


def language_of(request) -> str:
    """Return the language that ``?language=`` or Accept-Language asks for, else English."""
    asked = request.GET.get("language", "")
    if asked in LANGUAGES:
        return asked
    header = request.headers.get("Accept-Language", "")
    for tag, quality in parse_accept_lang_header(header.lower()):
        code = tag.partition("-")[0]
        if quality > 0 and code in LANGUAGES:
            return code
    return "en"


class PublicAPIView(APIView):
    """Base of the API: reads only, for anybody, in one of three languages, with an ETag."""

    #: The parameters that may be given beside ``language``.
    parameters: tuple[str, ...] = ()
    http_method_names = ("get", "head", "options")

    def dispatch(self, request, *args, **kwargs):
        """Answer in the language that was asked for, whatever page was open before."""
        language = language_of(request)
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
            response.render()
        return with_headers(request, conditional(request, response), language)

    def initial(self, request, *args, **kwargs):
        """Refuse parameters that are not known, empty, or given twice."""
        super().initial(request, *args, **kwargs)
        faults = dict(self.faults_of(request.query_params))
        if faults:
            raise BadParameters(faults)

    def faults_of(self, given):
        """Yield (name, sentence) for each parameter in ``given`` that nobody could understand."""
        known = (*self.parameters, "language")
        for name in given:
            words = {"known": ", ".join(known)}
            if name not in known:
                yield name, _("This parameter is not known here. Known are: %(known)s.") % words
            elif len(given.getlist(name)) > 1:
                yield name, _("This parameter was given twice. Give it once.")
            elif not given[name] or "\x00" in given[name]:
                yield name, _("This parameter has no value. Give one, or leave it out.")
        if given.get("language") and given["language"] not in LANGUAGES:
            words = {"known": ", ".join(LANGUAGES)}
            yield "language", _("This value is not known. Known are: %(known)s.") % words

    def options(self, request, *args, **kwargs):
        """Tell a browser that pages of other origins may read."""
        return Response(status=204)


def conditional(request, response):
    """Return ``response`` with its ETag, or 304 where that is what the caller has already."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    set_response_etag(response)
    changed = response.get("Last-Modified")
    return get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=parse_http_date(changed) if changed else None,
        response=response,
    )


def with_headers(request, response, language: str):
    """Add what lets pages of others read the answer, and keep it for as long as it is right."""
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept, Accept-Language"
    if request.method in READING:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = ", ".join(READING)
        response.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    return response


def number_between(given, name: str, default: int, most: int) -> int:
    """Return the whole number of a parameter, from 1 to ``most``; raises `BadParameters`."""
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise BadParameters({name: _("Give a whole number from 1 to %(most)s.") % {"most": most}})
    return int(text)


def checked(filterset):
    """Return the rows that a FilterSet leaves; raises `BadParameters` where a value is not known.

    Where there are few values, the sentence names them.
    """
    if filterset.is_valid():
        return filterset.qs
    fields = filterset.form.fields
    raise BadParameters(
        {
            name: " ".join([*map(str, errors), _known_values(fields[name])]).strip()
            for name, errors in filterset.form.errors.items()
        }
    )


def _known_values(field) -> str:
    if hasattr(field, "queryset"):
        return _("Look up what there is in the lists of the API.")
    if not hasattr(field, "choices"):
        return ""
    known = [str(value) for value, _label in field.choices if value]
    return _("Known are: %(known)s.") % {"known": ", ".join(known)}
