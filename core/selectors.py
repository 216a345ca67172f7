"""What pages ask the engine."""

from django.contrib.contenttypes.models import ContentType

from .models import StatusChange


def history_of(obj):
    """Return the `StatusChange` rows of ``obj``, newest first, ready for `ui/history.html`."""
    kind = ContentType.objects.get_for_model(obj)
    rows = StatusChange.objects.filter(content_type=kind, object_id=obj.pk)
    return rows.select_related("by", "content_type")
