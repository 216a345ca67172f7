"""How allauth behaves here: accounts come by invitation, mails go through our own engine."""

import secrets

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, gettext_lazy

from core import mail

from .models import User

#: Mails that ask for something; every other one tells of a change to the account.
REQUESTS = frozenset({"login_code", "password_reset_key"})
NOTICES = {
    "password_changed": gettext_lazy("Your password was changed."),
    "password_reset": gettext_lazy("Your password was replaced through a link in a mail."),
    "password_set": gettext_lazy("Your account now has a password."),
    "totp_activated": gettext_lazy("An authenticator app was connected to your account."),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your account."),
    "recovery_codes_generated": gettext_lazy(
        "New recovery codes were made; the old ones are void."
    ),
}


class PortalAccountAdapter(DefaultAccountAdapter):
    """Closes self-registration: contributors need no account, everybody else is invited."""

    def is_open_for_signup(self, request):
        """Refuse sign-up."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Queue the mail in the language of its reader; KeyError for one that we do not know."""
        name = template_prefix.rpartition("/")[2]
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = reader_language(user)
        mail.enqueue(
            key=f"account:{name}:{secrets.token_hex(16)}",
            template=f"account/{name}" if name in REQUESTS else "account/notice",
            to=email,
            language=language,
            context=mail_context(name, context, language),
        )

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the owner of an account about a change, at the one address that it has."""
        told = {"user": user, **(context or {})}
        super().send_notification_mail(template_prefix, user, told, email or user.email)

    def post_login(self, request, user, **kwargs):
        """Keep the language of the login page in the browser, so that the back office follows.

        It is the one in which this person reads now. The language of the mails is another matter:
        the first login sets it, the account page changes it.
        """
        response = super().post_login(request, user, **kwargs)
        language = get_language()
        if not user.language:
            user.language = language
            user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        return response


def reader_language(user) -> str:
    """Return the language that ``user`` chose, else the one of the page."""
    return getattr(user, "language", "") or get_language() or settings.LANGUAGES[0][0]


def mail_context(name: str, context: dict, language: str) -> dict:
    """Return what the template of mail ``name`` may know; a request never gets into a mail."""
    if name == "login_code":
        return {"code": context["code"]}
    if name == "password_reset_key":
        return {"link": on_this_site(context["password_reset_url"], language)}
    known = {key: context.get(key, "") for key in ("ip", "user_agent", "timestamp")}
    return known | {"change": NOTICES[name]}


def on_this_site(url: str, language: str) -> str:
    """Return ``url`` in ``language`` at our own address, whatever host the request named."""
    path = translate_url(url, language).partition("://")[2].partition("/")[2]
    return f"{settings.SITE_URL}/{path}"
