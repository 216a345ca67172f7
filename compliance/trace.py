"""Which standards an initiative is measured against."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import trace

from .models import StatementStatus


def applies(user) -> Q:
    """Return the links that hold: a standard that does not apply is not one of them."""
    return ~Q(status=StatementStatus.NOT_APPLICABLE)


trace.register(
    trace.Edge(
        up="roadmap.Initiative",
        down="standards.Standard",
        through="compliance.ComplianceStatement",
        up_path="initiative",
        down_path="standard",
        label=_("measured against the standard"),
        reverse=_("applies to the initiative"),
        visible=applies,
    )
)
