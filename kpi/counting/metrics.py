"""What the portal counts of its own records: for indicators that compute themselves, and for plans.

A tally is what happened up to the end of a window of days. A stock (subscriptions, indicators) and
a share of what is there now are those of the moment, whatever the window: nobody knows what they
were on an earlier day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, DateTimeField, Min, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from core.disclosure import LIMIT
from core.publication import filled
from governance.models import Decision
from projects.models import ProjectSheet, SheetOutcome
from roadmap.models import Initiative, Milestone, RoadmapVersion
from stakeholders import punctuality
from stakeholders.models import BilateralMeeting, Followed, Idea, Subscription, SubscriptionState
from workshops.models import AgendaIdea, Workshop

from ..selectors import published

Number = int | Decimal | None


@dataclass(frozen=True)
class Window:
    """The days that a count speaks of; without a first day, everything up to the last."""

    last: date
    first: date | None = None

    def on(self, field: str) -> dict:
        """Return the condition that the day (or, as ``x__date``, the moment) ``field`` is in it."""
        if self.first is None:
            return {f"{field}__lte": self.last}
        return {f"{field}__range": (self.first, self.last)}


@dataclass(frozen=True)
class Tally:
    """Rows by the day on which they happened; of what they name (``of``), each once."""

    rows: Callable
    field: str
    of: str = "pk"

    @property
    def day(self) -> str:
        """Return the lookup of the day, in Brussels where the field is a moment."""
        column = self.rows().model._meta
        for part in self.field.split("__"):
            found = column.get_field(part)
            column = found.related_model._meta if found.is_relation else column
        return f"{self.field}__date" if isinstance(found, DateTimeField) else self.field

    def __call__(self, window: Window) -> int:
        """Return how many there are in the window."""
        rows = self.rows().filter(**window.on(self.day)).order_by()
        return rows.values(self.of).distinct().count()

    def since(self) -> date | None:
        """Return the day of the first one, None where there is none."""
        first = self.rows().order_by().aggregate(first=Min(self.field))["first"]
        return timezone.localdate(first) if hasattr(first, "hour") else first


@dataclass(frozen=True)
class Metric:
    """Something that the portal counts of its records.

    ``count`` (window) is a number of the ``unit`` ("count" or "percent"), None where there is
    nothing to tell. ``page`` names the public list of the records, if there is one. ``watches`` are
    the models whose moves change it. ``since`` returns the first day on record; a metric without it
    is known for the present only.
    """

    label: str | Promise
    unit: str
    count: Callable[[Window], Number]
    page: str = ""
    watches: tuple[str, ...] = ()
    since: Callable[[], date | None] | None = None


def tallied(label, tally: Tally, page: str, *watches: str) -> Metric:
    """Return the metric of a tally."""
    return Metric(label, "count", tally, page, watches, tally.since)


def _bilaterals(kind):
    return lambda: BilateralMeeting.objects.counted().filter(kind=kind)


def _workshops(kind):
    return lambda: Workshop.objects.held().filter(kind=kind)


def _with_theme():
    return _workshops(Workshop.Kind.MULTIDISCIPLINARY)().exclude(theme=None)


def _received():
    return Idea.objects.exclude(received_at=None)


def _answered():
    return Idea.objects.public().exclude(answered_at=None)


def _discussed():
    return AgendaIdea.objects.filter(workshop__in=Workshop.objects.held())


def _frozen_sheets():
    return ProjectSheet.objects.public().exclude(versions=None)


def _selected_sheets():
    rows = SheetOutcome.objects.public()
    return rows.exclude(outcome=SheetOutcome.Outcome.NOT_SELECTED)


def _decided_initiatives(window) -> int:
    return Initiative.objects.public().filter(origin=Initiative.Origin.DECISION).count()


def _initiatives(window) -> int:
    return Initiative.objects.public().count()


def _indicators(window) -> int:
    return published().count()


def topic_subscriptions():
    """Return the confirmed subscriptions to topics of the Office."""
    return Subscription.objects.filter(kind=Followed.TOPIC, status=SubscriptionState.ACTIVE)


def _subscribers(window) -> int:
    return topic_subscriptions().order_by().values("contact").distinct().count()


def percentage(part: int, whole: int, *, least: int = 1) -> Decimal | None:
    """Return the share of ``part`` in per cent; None where there are fewer than ``least``."""
    return Decimal(100 * part) / whole if whole >= max(least, 1) else None


def _dutch_subscriptions(window) -> Decimal | None:
    rows = topic_subscriptions()
    return percentage(rows.filter(language="nl").count(), rows.count(), least=LIMIT)


def _dutch_ideas(window) -> Decimal | None:
    rows = _received().filter(**window.on("received_at__date"))
    return percentage(rows.filter(language="nl").count(), rows.count(), least=LIMIT)


def _answered_in_time(window) -> Decimal | None:
    found = {each.code: each for each in punctuality.published().figures}
    value = found["answered_on_time"].published
    return None if value is None else Decimal(str(value))


def _milestones_due(window):
    rows = Milestone.objects.public().filter(**window.on("planned_on"))
    return rows.due(min(timezone.localdate(), window.last + timedelta(days=1)))


def _milestones_in_time(window) -> Decimal | None:
    """Return the share of the milestones planned in the window that were reached by their day."""
    due = _milestones_due(window)
    return percentage(due.achieved_on_time().count(), due.count())


def _first_milestone() -> date | None:
    return Milestone.objects.public().order_by().aggregate(first=Min("planned_on"))["first"]


def _in_both_languages(window) -> Decimal | None:
    """Return of the rows that anybody sees the share whose texts are all in French and Dutch."""
    complete = whole = 0
    for model in translator.get_registered_models(abstract=False):
        if getattr(model, "public_fields", ()):
            counts = _complete_rows(model)
            complete, whole = complete + counts["complete"], whole + counts["whole"]
    return percentage(complete, whole)


def _complete_rows(model) -> dict[str, int]:
    rows, states = model._base_manager.order_by(), model.PUBLIC_STATES
    rows = rows if states is None else rows.filter(status__in=sorted(states))
    return rows.aggregate(whole=Count("pk"), complete=Count("pk", filter=texts_complete(model)))


def texts_complete(model) -> Q:
    """Return the condition: each text in both languages, an optional one in both or in neither."""
    found = Q()
    for name in model.public_fields:
        found &= filled(f"{name}_fr") & filled(f"{name}_nl")
    for name in getattr(model, "public_optional", ()):
        french, dutch = filled(f"{name}_fr"), filled(f"{name}_nl")
        found &= (french & dutch) | (~french & ~dutch)
    return found


METRICS: dict[str, Metric] = {
    "bilaterals": tallied(
        _("bilateral meetings validated"),
        Tally(_bilaterals(BilateralMeeting.Kind.STAKEHOLDER), "starts_at"),
        "stakeholders:bilateral-list",
        "stakeholders.bilateralmeeting",
    ),
    "cabinets": tallied(
        _("meetings with cabinets validated"),
        Tally(_bilaterals(BilateralMeeting.Kind.POLITICAL), "starts_at"),
        "stakeholders:bilateral-list",
        "stakeholders.bilateralmeeting",
    ),
    "partners": tallied(
        _("organisations met in bilateral meetings"),
        Tally(_bilaterals(BilateralMeeting.Kind.STAKEHOLDER), "starts_at", "organisation"),
        "stakeholders:bilateral-list",
        "stakeholders.bilateralmeeting",
    ),
    "admin_workshops": tallied(
        _("workshops held with the administrations"),
        Tally(_workshops(Workshop.Kind.COLLABORATIVE), "starts_at"),
        "workshops:workshop-list",
        "workshops.workshop",
    ),
    "theme_workshops": tallied(
        _("multidisciplinary workshops held"),
        Tally(_workshops(Workshop.Kind.MULTIDISCIPLINARY), "starts_at"),
        "workshops:workshop-list",
        "workshops.workshop",
    ),
    "workshop_themes": tallied(
        _("themes of the workshops held"),
        Tally(_with_theme, "starts_at", "theme"),
        "workshops:workshop-list",
        "workshops.workshop",
    ),
    "ideas_received": tallied(
        _("ideas received"),
        Tally(_received, "received_at"),
        "stakeholders:idea-list",
        "stakeholders.idea",
    ),
    "ideas_answered": tallied(
        _("ideas answered"),
        Tally(_answered, "answered_at"),
        "stakeholders:idea-list",
        "stakeholders.idea",
    ),
    "ideas_discussed": tallied(
        _("ideas dealt with in a workshop"),
        Tally(_discussed, "workshop__starts_at", "idea"),
        "workshops:workshop-list",
        "workshops.workshop",
    ),
    "ideas_answered_in_time": Metric(
        _("ideas answered in time"),
        "percent",
        _answered_in_time,
        "stakeholders:idea-answering",
        ("stakeholders.idea", "stakeholders.officialstatement"),
    ),
    "ideas_in_dutch": Metric(
        _("share of Dutch among the ideas received"),
        "percent",
        _dutch_ideas,
        "stakeholders:idea-list",
        ("stakeholders.idea",),
        Tally(_received, "received_at").since,
    ),
    "sheets": tallied(
        _("project sheets before the jury"),
        Tally(_frozen_sheets, "versions__frozen_at"),
        "projects:sheet-list",
        "projects.projectsheet",
    ),
    "sheets_selected": tallied(
        _("project sheets selected by the Government"),
        Tally(_selected_sheets, "decision__decided_on", "sheet"),
        "projects:sheet-list",
        "projects.projectsheet",
        "governance.decision",
    ),
    "decisions": tallied(
        _("decisions published"),
        Tally(lambda: Decision.objects.public(), "decided_on"),
        "governance:decision-list",
        "governance.decision",
    ),
    "initiatives": Metric(
        _("initiatives born of a decision"),
        "count",
        _decided_initiatives,
        "roadmap:initiative-list",
        ("roadmap.initiative",),
    ),
    "initiatives_on_roadmap": Metric(
        _("initiatives on the roadmap"),
        "count",
        _initiatives,
        "roadmap:initiative-list",
        ("roadmap.initiative",),
    ),
    "milestones_in_time": Metric(
        _("milestones reached in time"),
        "percent",
        _milestones_in_time,
        "roadmap:initiative-list",
        ("roadmap.milestone", "roadmap.initiative"),
        _first_milestone,
    ),
    "editions": tallied(
        _("editions of the roadmap published"),
        Tally(lambda: RoadmapVersion.objects.public(), "published_on"),
        "roadmap:edition-list",
        "roadmap.roadmapversion",
        "governance.decision",
    ),
    "indicators": Metric(
        _("indicators published"),
        "count",
        _indicators,
        "kpi:indicator-list",
        ("kpi.indicator",),
    ),
    "subscribers": Metric(
        _("people with a confirmed subscription"),
        "count",
        _subscribers,
    ),
    "dutch_share": Metric(
        _("share of Dutch among the confirmed subscriptions"),
        "percent",
        _dutch_subscriptions,
    ),
    "texts_in_both_languages": Metric(
        _("texts complete in French and Dutch"),
        "percent",
        _in_both_languages,
    ),
}
