"""What initiatives do with the standards: the answer is stored, never the score."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Demo, Translated, VisibleQuerySet
from core.publication import bilingual, filled
from core.search import search_index
from roadmap.models import PUBLIC_INITIATIVE, Initiative
from standards.models import Standard


class StatementStatus(models.TextChoices):
    """The answer of an initiative for one standard."""

    NOT_ASSESSED = "not_assessed", _("not assessed")
    COMPLIANT = "compliant", _("compliant")
    PARTIAL = "partial", _("partly compliant")
    NON_COMPLIANT = "non_compliant", _("not compliant")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


#: Answers that count in a rate: not applicable leaves both sides, not assessed is no answer.
APPLICABLE = frozenset(
    {StatementStatus.COMPLIANT, StatementStatus.PARTIAL, StatementStatus.NON_COMPLIANT}
)


class StatementQuerySet(VisibleQuerySet):
    """Statements, seen by whoever sees their initiative."""

    search_translated = ("evidence", "reason")

    def public(self):
        """Return the statements of public initiatives."""
        return self.filter(initiative__status__in=sorted(PUBLIC_INITIATIVE))

    def compliant(self):
        """Return the numerator of the rate."""
        return self.filter(status=StatementStatus.COMPLIANT)

    def applicable(self):
        """Return the denominator: what was assessed and applies."""
        return self.filter(status__in=sorted(APPLICABLE))


class ComplianceStatement(Translated, Demo):
    """One line of the matrix: an initiative, a standard, an answer with evidence or reason."""

    Status = StatementStatus

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="compliance_statements",
    )
    standard = models.ForeignKey(
        Standard,
        verbose_name=_("standard"),
        on_delete=models.PROTECT,
        related_name="compliance_statements",
    )
    version = models.CharField(_("version checked"), max_length=80, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    status = models.CharField(
        _("status"),
        max_length=15,
        choices=StatementStatus,
        default=StatementStatus.NOT_ASSESSED,
    )

    public_fields = ()
    public_optional = ("evidence", "reason")

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("compliance statement")
        verbose_name_plural = _("compliance statements")
        ordering = ["initiative", "standard"]
        indexes = [search_index("statement", StatementQuerySet)]
        constraints = [
            bilingual("statement_bilingual", [], optional=["evidence", "reason"]),
            models.UniqueConstraint(fields=["initiative", "standard"], name="statement_once"),
            models.CheckConstraint(
                condition=Q(status__in=StatementStatus.values),
                name="statement_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="compliant")
                | (Q(checked_on__isnull=False) & filled("evidence_fr") & filled("evidence_nl")),
                name="statement_compliant_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["partial", "non_compliant", "not_applicable"])
                | (filled("reason_fr") & filled("reason_nl")),
                name="statement_exception_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.initiative} · {self.standard}: {self.get_status_display()}"

    def get_absolute_url(self):
        """Return the address of the initiative's page, where the line stands."""
        return f"{self.initiative.get_absolute_url()}#standard-{self.standard_id}"
