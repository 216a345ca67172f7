"""What lists and dashboards show of an indicator, kept so that thousands are read at once."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..progress import Standing
from .places import place_key

#: The lock keeps whoever makes a summary from making it of what is about to be out of date: its
#: references to the indicator, being deferred, lock nothing until the end.
OF_ROWS = (
    "PERFORM 1 FROM kpi_indicator WHERE id IN ({keys}) ORDER BY id FOR KEY SHARE; "
    "DELETE FROM kpi_summary WHERE indicator_id IN ({keys}); RETURN NULL;"
)


def forgets_summary(column: str = "indicator_id") -> list[pgtrigger.Trigger]:
    """Return triggers: a change of a row takes the summary of its indicator away."""
    after = {"when": pgtrigger.After}
    new, old = (OF_ROWS.format(keys=f"{row}.{column}") for row in ("NEW", "OLD"))
    written = pgtrigger.Insert | pgtrigger.Update
    return [
        pgtrigger.Trigger(name="summary_written", operation=written, func=new, **after),
        pgtrigger.Trigger(name="summary_deleted", operation=pgtrigger.Delete, func=old, **after),
    ]


def forgets_summaries() -> pgtrigger.Trigger:
    """Return the trigger of a table that is filled a million rows at a time: once a statement."""
    return pgtrigger.Trigger(
        name="summary_added",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),
        func=OF_ROWS.format(keys="SELECT indicator_id FROM added"),
    )


class Summary(models.Model):
    """Where an indicator stands in its own territory, as its rows said when this was computed.

    A trigger takes the row away with every change of what it was made of (`migrations/0004`), and
    `kpi.summaries` makes it anew when it is asked for. How old a figure is is never in it: it
    ages by itself, from ``due_on``. ``valid_until`` is when a release that is planned begins.
    """

    indicator = models.OneToOneField(
        "kpi.Indicator", on_delete=models.CASCADE, primary_key=True, related_name="summary"
    )
    period = models.CharField(_("period"), max_length=10, blank=True)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=12, null=True)
    disputed = models.BooleanField(_("contradicted by another source"), default=False)
    released_at = models.DateTimeField(_("released"), null=True)
    target = models.DecimalField(_("target"), max_digits=26, decimal_places=12, null=True)
    target_period = models.CharField(_("due period"), max_length=10, blank=True)
    target_geo = place_key(null=True, db_column="target_geo")
    standing = models.CharField(_("standing"), max_length=12, choices=Standing, blank=True)
    due_on = models.DateField(_("next figure expected by"), null=True)
    points = models.JSONField(_("last values"), default=list)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("summary of an indicator")
        verbose_name_plural = _("summaries of indicators")
        default_permissions = ()
        indexes = [models.Index(fields=["standing"]), models.Index(fields=["due_on"])]

    def __str__(self):
        return f"{self.indicator_id}: {self.period}"
