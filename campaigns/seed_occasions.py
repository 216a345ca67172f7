"""The events of the portal make drafts from the first day of the demonstration on."""

from core.seeding import ensure
from stakeholders.models import Topic

from .models import Occasion
from .occasions import KINDS


def load_occasions() -> None:
    """Switch on each kind of event that nobody has switched yet, for the topic it is about."""
    for kind in KINDS.values():
        topic = Topic.objects.filter(slug=kind.topic).first()
        ensure(Occasion, {"code": kind.code}, topic=topic, is_active=topic is not None)
