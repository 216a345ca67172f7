"""Slowing down whoever sends a lot: a pause that grows, never a closed door.

The first uses within an hour are free; then each one asks for a longer pause since the last one.
"""

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

WINDOW = 3600
STEP = 20
LONGEST = 600


def seconds_to_wait(scope: str, who: str, *, free: int) -> int:
    """Return how long ``who`` (an address, kept as a hash) has to wait now; 0 is "go on"."""
    key = _key(scope, who)
    excess = cache.get(key, 0) - free + 1
    if excess <= 0:
        return 0
    pause = min(excess * STEP, LONGEST)
    elapsed = timezone.now().timestamp() - cache.get(f"{key}:last", 0)
    return max(0, round(pause - elapsed))


def count(scope: str, who: str) -> None:
    """Note one use."""
    key = _key(scope, who)
    cache.add(key, 0, WINDOW)
    cache.incr(key)
    cache.set(f"{key}:last", timezone.now().timestamp(), WINDOW)


def _key(scope, who):
    return f"throttle:{scope}:{salted_hmac('stakeholders.throttle', who.lower()).hexdigest()}"
