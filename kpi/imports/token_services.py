"""The verbs of tokens: a program acts as somebody, and may send figures, nothing else."""

import hashlib
import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import PermissionRefused

from ..models import ApiToken
from ..permissions import may_import

#: Tells where a token that was left lying about belongs.
PREFIX = "sco_"
#: A use is written down once in so many seconds.
NOTED_EVERY = 60


def make_token(*, by, name: str) -> str:
    """Make a token that acts as ``by`` and return it: it can be read now and never again."""
    if not may_import(by):
        raise PermissionRefused(_("You may not do this."))
    raw = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(owner=by, name=name, digest=digest(raw))
    return raw


def digest(raw: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(raw.encode()).hexdigest()


def revoke_token(token: ApiToken, *, by) -> None:
    """End a token of one's own; doing it again changes nothing."""
    if token.owner_id != by.pk:
        raise PermissionRefused(_("You may not do this."))
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def token_of(raw: str) -> ApiToken | None:
    """Return the live token that ``raw`` is, with its owner, and note that it was used."""
    rows = ApiToken.objects.filter(revoked_at=None, owner__is_active=True)
    token = rows.select_related("owner").filter(digest=digest(raw)).first()
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
