"""What the jury proposes, and what the Government decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Translated, VisibleQuerySet
from core.publication import bilingual, filled
from governance.models import Decision

from .sessions import JurySession
from .sheets import ProjectSheet


class ProposalQuerySet(VisibleQuerySet):
    """Proposals, told together with the state of their sheet."""

    def public(self):
        """Return all: a proposal is public as soon as the jury made it, never without reasons."""
        return self


class Proposal(Translated):
    """What the jury proposes for a sheet. The Government decides."""

    class Outcome(models.TextChoices):
        """The proposal."""

        PROPOSED = "proposed", pgettext_lazy("sheet", "proposed")
        RESERVE = "reserve", pgettext_lazy("sheet", "reserve list")
        NOT_PROPOSED = "not_proposed", pgettext_lazy("sheet", "not proposed")

    session = models.ForeignKey(
        JurySession,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("jury session"),
    )
    sheet = models.ForeignKey(
        ProjectSheet,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("project sheet"),
    )
    outcome = models.CharField(_("proposal"), max_length=15, choices=Outcome)
    reasons = models.TextField(_("reasons"))

    conditions = models.TextField(_("conditions"), blank=True)

    public_fields = ("reasons",)
    public_optional = ("conditions",)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of the jury")
        verbose_name_plural = _("proposals of the jury")
        constraints = [
            bilingual("proposal_bilingual", ["reasons"], optional=["conditions"]),
            models.CheckConstraint(
                condition=Q(outcome__in=["proposed", "reserve", "not_proposed"]),
                name="proposal_outcome_known",
            ),
            models.UniqueConstraint(fields=["session", "sheet"], name="proposal_once"),
        ]

    def __str__(self):
        return f"{self.sheet}: {self.get_outcome_display()}"


class OutcomeQuerySet(VisibleQuerySet):
    """Outcomes by the state of their decision."""

    def public(self):
        """Return the outcomes of decisions that were adopted."""
        return self.filter(decision__status__in=sorted(Decision.PUBLIC_STATES))


class SheetOutcome(Translated):
    """The decision of the Government on one sheet, with its reasons in French and Dutch."""

    class Outcome(models.TextChoices):
        """What was decided."""

        SELECTED = "selected", pgettext_lazy("sheet", "selected")
        WITH_CONDITIONS = (
            "selected_with_conditions",
            pgettext_lazy("sheet", "selected with conditions"),
        )
        NOT_SELECTED = "not_selected", pgettext_lazy("sheet", "not selected")

    sheet = models.OneToOneField(
        ProjectSheet,
        on_delete=models.PROTECT,
        related_name="result",
        verbose_name=_("project sheet"),
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        related_name="outcomes",
    )
    outcome = models.CharField(_("outcome"), max_length=25, choices=Outcome)
    conditions = models.TextField(_("conditions"), blank=True)
    reasons = models.TextField(_("reasons"))

    public_fields = ("reasons",)
    public_optional = ("conditions",)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a sheet")
        verbose_name_plural = _("decisions on sheets")
        constraints = [
            bilingual("sheetoutcome_bilingual", ["reasons"], optional=["conditions"]),
            models.CheckConstraint(
                condition=Q(outcome__in=["selected", "selected_with_conditions", "not_selected"]),
                name="sheetoutcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="selected_with_conditions")
                | (filled("conditions_fr") & filled("conditions_nl")),
                name="sheetoutcome_conditions_said",
            ),
        ]

    def __str__(self):
        return f"{self.sheet}: {self.get_outcome_display()}"

    @property
    def is_selected(self) -> bool:
        """Tell whether the sheet becomes an initiative."""
        return self.outcome != self.Outcome.NOT_SELECTED
