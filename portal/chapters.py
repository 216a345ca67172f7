"""What a journey tells of each thing on the way: when, what was decided, why, and by whom.

A teller gets the objects of one model that a journey meets and the journey itself; it answers with
chapters. Models without a teller get a plain one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.models import ComplianceStatement
from core.templatetags.ui import translated
from core.typography import in_brussels
from kpi.selectors import facts_of
from kpi.sentences import headline
from projects.models import RESULTS_PUBLIC, Proposal, SheetOutcome
from roadmap.models import InitiativeStatus, Milestone, MilestoneStatus
from stakeholders.models import IdeaOutcome, IdeaStatus, WithdrawalReason
from workshops.models import AgendaIdea

STOPPING_RESULTS = (AgendaIdea.Result.PARKED, AgendaIdea.Result.DROPPED)
STOPPING_OUTCOMES = (IdeaOutcome.DECLINED, IdeaOutcome.FORWARDED)
STOPPING_INITIATIVE = (InitiativeStatus.STOPPED, InitiativeStatus.MERGED)


@dataclass(frozen=True)
class Reason:
    """A text that gives reasons: a translated ``field`` of ``obj`` under a heading."""

    heading: str
    obj: object
    field: str


@dataclass(frozen=True)
class Chapter:
    """One thing on the way of an idea.

    ``fact`` says what became of it there; ``when`` is a date, a time or words for one; ``by`` the
    responsible body; ``stopped`` that the idea went no further on this path.
    """

    kind: str
    obj: object
    fact: str
    stage: int
    when: date | datetime | str | None = None
    by: str = ""
    reasons: tuple[Reason, ...] = ()
    stopped: bool = False
    detail: str = ""

    @property
    def is_dated(self) -> bool:
        """Tell whether ``when`` is a date rather than words."""
        return isinstance(self.when, date)

    @property
    def sort_key(self) -> str:
        """Order by day; what has no date comes last."""
        if isinstance(self.when, date):
            return f"{in_brussels(self.when):%Y-%m-%d}"
        return self.when or "9999"


@dataclass
class Met:
    """The objects that a journey meets, by model label."""

    idea: object
    by_model: dict[str, list] = field(default_factory=dict)

    def ids(self, label: str) -> list[int]:
        """Return the keys of the objects of one model."""
        return [obj.pk for obj in self.by_model.get(label, ())]


def labelled(label: str, value: str) -> str:
    """Return "label: value" with the punctuation of the page's language."""
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def tell_ideas(ideas: list, met: Met) -> list[Chapter]:
    """Tell how the idea came in and what the Office answered."""
    return [_tell_idea(idea) for idea in ideas]


def _tell_idea(idea) -> Chapter:
    told = [(IdeaStatus.ANSWERED, "answer", _("Official answer")), (None, "public_note", _("Why"))]
    reasons = tuple(
        Reason(heading, idea, field)
        for status, field, heading in told
        if status in (None, idea.status) and translated(idea, field)[0]
    )
    return Chapter(
        kind=_("Idea"),
        obj=idea,
        fact=_state_of_idea(idea),
        stage=1,
        when=idea.received_at or idea.submitted_at,
        by=settings.SITE["name"],
        reasons=reasons,
        stopped=idea.status == IdeaStatus.WITHDRAWN or idea.outcome in STOPPING_OUTCOMES,
    )


def _state_of_idea(idea) -> str:
    state = idea.get_status_display()
    if idea.outcome:
        return labelled(state, idea.get_outcome_display())
    if idea.status == IdeaStatus.WITHDRAWN and idea.closing_reason in WithdrawalReason.values:
        return labelled(state, WithdrawalReason(idea.closing_reason).label)
    return state


def tell_workshops(workshops: list, met: Met) -> list[Chapter]:
    """Tell what each workshop did with the idea, and why."""
    entries = AgendaIdea.objects.filter(
        idea__in=met.ids("stakeholders.Idea"), workshop__in=[each.pk for each in workshops]
    )
    # Where an idea and the one that took it in were both discussed, the idea's own entry counts.
    entries = sorted(entries, key=lambda entry: entry.idea_id == met.idea.pk)
    by_workshop = {entry.workshop_id: entry for entry in entries}
    return [_tell_workshop(each, by_workshop.get(each.pk)) for each in workshops]


def _tell_workshop(workshop, entry) -> Chapter:
    decided = entry is not None and entry.result
    return Chapter(
        kind=_("Workshop"),
        obj=workshop,
        fact=entry.get_result_display() if decided else workshop.get_status_display(),
        stage=2,
        when=workshop.starts_at,
        by=_("the participants of the workshop"),
        reasons=(Reason(_("Why"), entry, "reason"),) if decided else (),
        stopped=bool(decided) and entry.result in STOPPING_RESULTS,
    )


def tell_sheets(sheets: list, met: Met) -> list[Chapter]:
    """Tell where each sheet stands, and what the jury proposed once that is public."""
    proposals = Proposal.objects.filter(
        sheet__in=[sheet.pk for sheet in sheets], session__status__in=RESULTS_PUBLIC
    ).order_by("session__opens_at")
    by_sheet = {proposal.sheet_id: proposal for proposal in proposals}
    return [_tell_sheet(sheet, by_sheet.get(sheet.pk)) for sheet in sheets]


def _tell_sheet(sheet, proposal) -> Chapter:
    reasons = ()
    if proposal:
        heading = _("The jury: %(outcome)s") % {"outcome": proposal.get_outcome_display()}
        reasons = (Reason(heading, proposal, "reasons"),)
    owner = sheet.owner_organisation
    return Chapter(
        kind=_("Project sheet"),
        obj=sheet,
        fact=sheet.get_status_display(),
        stage=3,
        when=sheet.created_at,
        by=str(owner) if owner and owner.is_listed else "",
        reasons=reasons,
    )


def tell_decisions(decisions: list, met: Met) -> list[Chapter]:
    """Tell what was decided on the sheets of this journey, with the reasons."""
    outcomes = SheetOutcome.objects.public().filter(
        decision__in=[each.pk for each in decisions], sheet__in=met.ids("projects.ProjectSheet")
    )
    prefetch_related_objects(decisions, "meeting__body")
    by_decision = {}
    for outcome in outcomes.select_related("sheet"):
        by_decision.setdefault(outcome.decision_id, []).append(outcome)
    return [_tell_decision(each, by_decision.get(each.pk, [])) for each in decisions]


def _tell_decision(decision, outcomes) -> Chapter:
    said = [labelled(each.sheet.reference, each.get_outcome_display()) for each in outcomes]
    reasons = [Reason(_("Reasons"), each, "reasons") for each in outcomes]
    reasons += [Reason(_("Conditions"), each, "conditions") for each in outcomes if each.conditions]
    return Chapter(
        kind=_("Decision"),
        obj=decision,
        fact="; ".join(said) or decision.get_status_display(),
        stage=4,
        when=decision.decided_on,
        by=str(decision.meeting.body),
        reasons=tuple(reasons) or (Reason(_("Reasons"), decision, "reasons"),),
        stopped=bool(outcomes) and not any(each.is_selected for each in outcomes),
    )


def tell_initiatives(initiatives: list, met: Met) -> list[Chapter]:
    """Tell how far each initiative is, counted in milestones."""
    counts = (
        Milestone.objects.filter(initiative__in=[each.pk for each in initiatives])
        .values("initiative")
        .annotate(planned=Count("pk"), done=Count("pk", filter=Q(status=MilestoneStatus.ACHIEVED)))
    )
    by_initiative = {row["initiative"]: row for row in counts.order_by()}
    return [_tell_initiative(each, by_initiative.get(each.pk)) for each in initiatives]


def _tell_initiative(initiative, milestones) -> Chapter:
    stopped = initiative.status in STOPPING_INITIATIVE
    reasons = ()
    if translated(initiative, "status_reason")[0]:
        reasons = (Reason(_("Why"), initiative, "status_reason"),)
    return Chapter(
        kind=_("Initiative"),
        obj=initiative,
        fact=initiative.status_words,
        stage=5,
        when=initiative.period or initiative.starts_on,
        by=translated(initiative, "lead")[0],
        reasons=reasons,
        stopped=stopped,
        detail=_milestones(milestones),
    )


def _milestones(counts) -> str:
    if not counts:
        return ""
    return ngettext(
        "%(done)s of %(planned)s milestone achieved",
        "%(done)s of %(planned)s milestones achieved",
        counts["planned"],
    ) % {"done": counts["done"], "planned": counts["planned"]}


def tell_indicators(indicators: list, met: Met) -> list[Chapter]:
    """Tell the last figure of each indicator, in the sentence of its own page."""
    return [_tell_indicator(facts) for facts in facts_of(indicators).values()]


def _tell_indicator(facts) -> Chapter:
    return Chapter(
        kind=_("Indicator"),
        obj=facts.indicator,
        fact=headline(facts).html,
        stage=6,
        when=facts.latest.when.label if facts.latest else None,
    )


def tell_standards(standards: list, met: Met) -> list[Chapter]:
    """Tell how the initiatives of this journey stand against each standard."""
    statements = ComplianceStatement.objects.public().filter(
        standard__in=[each.pk for each in standards],
        initiative__in=met.ids("roadmap.Initiative"),
    )
    by_standard = {statement.standard_id: statement for statement in statements}
    return [_tell_standard(each, by_standard.get(each.pk)) for each in standards]


def _tell_standard(standard, statement) -> Chapter:
    return Chapter(
        kind=_("Open standard"),
        obj=standard,
        fact=statement.get_status_display() if statement else "",
        stage=6,
        when=statement.checked_on if statement else None,
    )


def tell_plainly(objects: list, met: Met) -> list[Chapter]:
    """Tell that something was reached for which nothing more is known here."""
    return [
        Chapter(
            kind=str(obj._meta.verbose_name).capitalize(),
            obj=obj,
            fact="",
            stage=getattr(obj, "chain_stage", 6),
        )
        for obj in objects
    ]


TELLERS: dict[str, Callable] = {
    "stakeholders.Idea": tell_ideas,
    "workshops.Workshop": tell_workshops,
    "projects.ProjectSheet": tell_sheets,
    "governance.Decision": tell_decisions,
    "roadmap.Initiative": tell_initiatives,
    "kpi.Indicator": tell_indicators,
    "standards.Standard": tell_standards,
}
