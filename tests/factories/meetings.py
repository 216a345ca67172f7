"""Meetings brought as far as a test needs them, by the verbs that do it."""

from django.contrib.contenttypes.models import ContentType
from icalendar import Calendar

from core.models import StatusChange
from stakeholders import services


def held(meeting, staff, outcomes=("pilot",)):
    services.agree(meeting, by=staff)
    services.hold(meeting, by=staff, outcomes=outcomes)
    return meeting


def shared(meeting, staff, **changes):
    held(meeting, staff, **changes)
    services.write_minutes(meeting, by=staff, body="## Convenu\n\n- Un pilote.")
    services.share_minutes(meeting, by=staff)
    return meeting


def history(obj):
    kind = ContentType.objects.get_for_model(obj)
    rows = StatusChange.objects.filter(content_type=kind, object_id=obj.pk).order_by("pk")
    return list(rows.values_list("transition", flat=True))


def calendar_of(message):
    (event,) = Calendar.from_ical(message.calendar).walk("VEVENT")
    return event
