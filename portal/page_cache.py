"""A public page is made once for all strangers who ask for it within a few seconds.

Django's own cache of pages keeps one copy for each set of cookies, also for somebody who has just
changed something and wants to see it. This one serves whoever is nobody: without a session, so
without a log-in, a message or an answer of their own. Everybody else gets a page of this moment,
and so does everybody once a row has left the public or a person was erased (`forget_pages`).
Without the cache server every page is made anew.
"""

import hashlib
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.cache import get_max_age, patch_vary_headers
from django.utils.translation import get_language_from_path
from redis.exceptions import RedisError

from core.pages import pages_since

#: Cookies that say nothing about who asks.
HARMLESS = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
LONGEST_ADDRESS = 500


class PublicPageCache:
    """Middleware; stands inside whatever writes cookies of its own, outside of the forms' token."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer with the kept page, or make it and keep it where it is the same for everybody."""
        if not is_anybodys(request):
            return self.get_response(request)
        name, kept = looked_up(request)
        if kept is not None:
            content, headers = kept
            response = HttpResponse(content, headers=headers)
            # Nobody has looked at a session, but who has one would have got another page.
            patch_vary_headers(response, ["Cookie"])
            return response
        response = self.get_response(request)
        if name and is_the_same_for_all(response):
            with suppress(RedisError):
                page = (response.content, dict(response.items()))
                cache.set(name, page, settings.PAGE_CACHE_SECONDS)
        return response


def looked_up(request) -> tuple[str, tuple | None]:
    """Return the name of the page and what is kept of it, None for nothing; "" without a cache."""
    try:
        name = key_of(request)
        return name, cache.get(name)
    except RedisError:
        return "", None


def key_of(request) -> str:
    """Return the name under which the page at the address of ``request`` is kept now."""
    address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    return f"page:{pages_since()}:{hashlib.sha256(address.encode()).hexdigest()}"


def is_anybodys(request) -> bool:
    """Tell whether a stranger asks for a page that has one address for everybody."""
    return (
        settings.PAGE_CACHE_SECONDS > 0
        and request.method == "GET"
        and set(request.COOKIES) <= HARMLESS
        and not {"Hx-Request", "Authorization", "Range"} & set(request.headers)
        and get_language_from_path(request.path_info) is not None
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def is_the_same_for_all(response) -> bool:
    """Tell whether an answer is a whole page that was made for nobody in particular."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.get("Content-Type", "").startswith("text/html")
        and "Content-Disposition" not in response
        and "Cache-Control" not in response
        and get_max_age(response) is None
    )
