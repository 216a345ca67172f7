"""Which language a first visit gets: the one chosen before, the browser's, or a question."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language_from_path
from django.utils.translation.trans_real import parse_accept_lang_header

CODES = tuple(code for code, _name in settings.LANGUAGES)


def known_language(request) -> str | None:
    """Return fr, nl or en where the cookie or Accept-Language says so; nothing is assumed."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in CODES:
        return chosen
    header = request.headers.get("Accept-Language", "")
    for tag, quality in parse_accept_lang_header(header.lower()):
        code = tag.partition("-")[0]
        if quality > 0 and code in CODES:
            return code
    return None


class RememberLanguageSwitch:
    """Middleware: keeps a language in a cookie once somebody switches to it, never before.

    A switch is a visit that comes from our own page in another language, or from the page that
    asks. Whoever never switches gets no cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, with the cookie where the visitor has just chosen."""
        response = self.get_response(request)
        language = get_language_from_path(request.path_info)
        if language and request.method == "GET" and has_switched(request, language):
            remember(response, language)
        return response


def has_switched(request, language: str) -> bool:
    """Tell whether this visit comes from our own page in another language."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return False
    before = get_language_from_path(came_from.path)
    return before != language and (before is not None or came_from.path == "/")


def remember(response, language: str) -> None:
    """Set the language cookie on ``response``, with the settings that Django itself uses."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
