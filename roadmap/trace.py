"""Where initiatives come from.

An initiative hangs on its sheet, not on the decision: one decision selects several sheets, and
through it an idea would seem to have led to the initiatives of all of them. The decision stands on
the same outcome and is shown on the page of the initiative and, the other way, on its own.
"""

from django.utils.translation import gettext_lazy as _

from core import trace

trace.register(
    trace.Edge(
        up="projects.ProjectSheet",
        down="roadmap.Initiative",
        through="roadmap.Initiative",
        up_path="outcome__sheet",
        down_path="pk",
        label=_("became the initiative"),
        reverse=_("born of the project sheet"),
    )
)
