"""The links that this app owns."""

from django.utils.translation import gettext_lazy as _

from core import trace
from core.trace import Edge

trace.register(
    Edge(
        up="stakeholders.Idea",
        down="workshops.Workshop",
        through="workshops.AgendaIdea",
        up_path="idea",
        down_path="workshop",
        label=_("discussed in the workshop, whose page tells the result"),
        reverse=_("discussed the idea"),
        # What a workshop deepened does not follow from each idea on its agenda.
        gathers=True,
    )
)
