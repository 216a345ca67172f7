"""Links of the chain that this app owns."""

from django.utils.translation import gettext_lazy as _

from core import trace

trace.register(
    trace.Edge(
        up="stakeholders.Idea",
        down="projects.ProjectSheet",
        through="projects.SheetIdea",
        up_path="idea",
        down_path="sheet",
        label=_("became the project sheet"),
        reverse=_("born from the idea"),
    )
)
trace.register(
    trace.Edge(
        up="workshops.Workshop",
        down="projects.ProjectSheet",
        through="projects.ProjectSheet_workshops",
        up_path="workshop",
        down_path="projectsheet",
        label=_("deepened the project sheet"),
        reverse=_("deepened in the workshop"),
    )
)
trace.register(
    trace.Edge(
        up="projects.ProjectSheet",
        down="governance.Decision",
        through="projects.SheetOutcome",
        up_path="sheet",
        down_path="decision",
        label=_("decided by the Government"),
        reverse=_("decided on the project sheet"),
    )
)
