"""Secret links: 256 random bits, stored as a hash only, expiring, usable once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .models import Token


def digest(raw: str) -> str:
    """Return the hash under which a raw token is kept."""
    return hashlib.sha256(raw.encode()).hexdigest()


def subject_of(obj) -> str:
    """Return the key by which a token remembers ``obj``: `app.model:pk`."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def issue(purpose: str, obj, *, ttl: timedelta) -> str:
    """Make a token for ``obj`` and return its raw form, which is kept nowhere."""
    raw = secrets.token_urlsafe(32)
    Token.objects.create(
        purpose=purpose,
        subject=subject_of(obj),
        digest=digest(raw),
        expires_at=timezone.now() + ttl,
    )
    return raw


def find(purpose: str, raw: str) -> Token | None:
    """Return the living token ``raw`` of ``purpose``, or None. Nothing is changed by looking."""
    return Token.objects.alive().filter(purpose=purpose, digest=digest(raw)).first()


@transaction.atomic
def consume(purpose: str, raw: str) -> Token | None:
    """Use token ``raw`` up and return it; None where it is unknown, expired or used already."""
    token = (
        Token.objects.alive()
        .select_for_update()
        .filter(purpose=purpose, digest=digest(raw))
        .first()
    )
    if token is not None:
        token.used_at = timezone.now()
        token.save(update_fields=["used_at"])
    return token


def revoke(purpose: str, obj) -> int:
    """Make every living token of ``obj`` for ``purpose`` useless; return how many there were."""
    living = Token.objects.alive().filter(purpose=purpose, subject=subject_of(obj))
    return living.update(used_at=timezone.now())
