"""Links of the chain that this app owns."""

from django.utils.translation import gettext_lazy as _

from core import trace

trace.register(
    trace.Edge(
        up="roadmap.Initiative",
        down="kpi.Indicator",
        through="kpi.InitiativeIndicator",
        up_path="initiative",
        down_path="indicator",
        label=_("measured by"),
        reverse=_("measures"),
    )
)
