"""Between request and page: the second factor that a role demands, the name of the portal."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

OPEN_NAMES = ("account_", "mfa_", "healthz", "set_language", "unsubscribe")


class SecondFactorMiddleware:
    """Default closed: without a second factor such a user reaches the account pages only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass the request on; the door is `process_view`, where the route is known."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send the user to the set-up page where one is due."""
        if not must_set_up(request):
            return None
        messages.info(request, _("Your role asks for a second factor. Set it up to go on."))
        return redirect("mfa_activate_totp")


def must_set_up(request) -> bool:
    """Tell whether this request has to wait for the second factor of its user."""
    user = request.user
    return (
        settings.MFA_OBLIGATORY
        and user.is_authenticated
        and not (request.resolver_match.url_name or "").startswith(OPEN_NAMES)
        and user.needs_second_factor
        and not is_mfa_enabled(user)
    )


class OwnNameMiddleware:
    """Keeps the name of the portal on allauth's pages, whose context calls the host `site`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass the request on; the work is done when the page is about to be rendered."""
        return self.get_response(request)

    def process_template_response(self, request, response):
        """Leave `site` to the context processor of all pages."""
        if request.resolver_match and is_account_page(request.resolver_match.url_name):
            (response.context_data or {}).pop("site", None)
        return response


def is_account_page(url_name: str | None) -> bool:
    """Tell whether allauth draws the page."""
    return (url_name or "").startswith(("account_", "mfa_"))
