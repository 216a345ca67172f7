"""Accounts: invitation, roles, access. Each change leaves a row in the history."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import mail
from core.permissions import is_administrator
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .models import User
from .roles import Role

ACTIVE, INACTIVE = "active", "inactive"


@transaction.atomic
def invite_user(email: str, *, by, language: str, name: str = "", roles=()) -> User:
    """Make an account without password and mail its owner how to log in with a code."""
    _check_administrator(by)
    user = User.objects.create_user(email, roles=roles, name=name, language=language)
    record_change(user, "invite", "", ACTIVE, by=by)
    for role in sorted(roles):
        record_change(user, "give_role", "", role, by=by)
    _send_invitation(user)
    return user


def _send_invitation(user) -> None:
    with override(user.language):
        link = f"{settings.SITE_URL}{reverse('account_request_login_code')}"
        roles = [str(Role(role).label) for role in sorted(user.roles)]
    mail.enqueue(
        key=f"account:invitation:{user.pk}",
        template="account/invitation",
        to=user.email,
        language=user.language,
        context={"name": user.name, "email": user.email, "roles": roles, "link": link},
    )


@transaction.atomic
def change_roles(user: User, roles, *, by, reason: str) -> None:
    """Give ``user`` exactly ``roles``; each one given or taken is a row of the history.

    Nobody changes the own roles, so that an administrator never grows alone.
    """
    _check_somebody_else(user, by, reason)
    locked = User.objects.select_for_update().get(pk=user.pk)
    before, after = locked.roles, frozenset(Role(role).value for role in roles)
    locked.set_roles(after)
    for role in sorted(after - before):
        record_change(locked, "give_role", "", role, by=by, note=reason)
    for role in sorted(before - after):
        record_change(locked, "take_role", role, "", by=by, note=reason)
    user.refresh_from_db()
    user.__dict__.pop("roles", None)


@transaction.atomic
def set_access(user: User, *, is_active: bool, by, reason: str) -> None:
    """Open or close an account; a closed one is logged out with its next request."""
    _check_somebody_else(user, by, reason)
    if User.objects.filter(pk=user.pk).exclude(is_active=is_active).update(is_active=is_active):
        names = (INACTIVE, ACTIVE) if is_active else (ACTIVE, INACTIVE)
        record_change(user, "open" if is_active else "close", *names, by=by, note=reason)
    user.is_active = is_active


def _check_administrator(by) -> None:
    if not is_administrator(by):
        raise PermissionRefused(_("You may not do this."))


def _check_somebody_else(user, by, reason) -> None:
    _check_administrator(by)
    if user.pk == by.pk:
        raise TransitionRefused(_("Your own roles and access are changed by somebody else."))
    if not reason.strip():
        raise TransitionRefused(_("Give the reason."))
