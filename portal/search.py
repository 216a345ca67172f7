"""Search across everything: each app answers for its own rows (slot `portal.search`)."""

import re

from core import slots
from governance.models import Decision, Meeting
from kpi.models import Indicator
from projects.models import ProjectSheet
from stakeholders.models import Idea

#: What is known by an exact reference, and the field that holds it.
REFERENCES = (
    (Idea, "reference"),
    (ProjectSheet, "reference"),
    (Decision, "number"),
    (Meeting, "number"),
    (Indicator, "code"),
)
REFERENCE_FORM = re.compile(r"[\w/.-]*[\d-][\w/.-]*")


def find_by_reference(query: str, user):
    """Return what ``user`` may see under exactly this reference, or None."""
    if not REFERENCE_FORM.fullmatch(query):
        return None
    for model, field in REFERENCES:
        found = model.objects.visible_to(user).filter(**{f"{field}__iexact": query}).first()
        if found:
            return found
    return None


def search_groups(query: str, user) -> list[dict]:
    """Return what each app found: {"title", "url", "total", "rows"}; empty answers are left out."""
    groups = slots.collect("portal.search", query, user)
    return [group for group in groups if group["total"]]
