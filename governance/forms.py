"""What transitions ask for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import PUBLIC_DECISION, Decision

REASON_HELP = _("Everybody reads it on the page.")


def area(label, *, rows=4, **options):
    """Return a field for a text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def local_time(label, **options):
    """Return a field for a day and a time in Brussels."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class StatusReasonForm(forms.Form):
    """Why a meeting is postponed or cancelled, in both languages."""

    reason_fr = area(_("Reason (French)"), help_text=REASON_HELP)
    reason_nl = area(_("Reason (Dutch)"), help_text=REASON_HELP)
    reason_en = area(_("Reason (English, an extra)"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)


class NewTimeForm(forms.Form):
    """When a postponed meeting takes place."""

    starts_at = local_time(
        _("Start"), help_text=_("Time in Brussels, for example 14/05/2027 13:30.")
    )
    ends_at = local_time(_("End"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)

    def clean_starts_at(self):
        """Refuse a time that has passed."""
        start = self.cleaned_data["starts_at"]
        if start <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Give a time to come."))
        return start

    def clean(self):
        """Refuse an end before the start."""
        found = super().clean()
        start, end = found.get("starts_at"), found.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end comes before the start."))
        return found


class TakenForm(forms.Form):
    """When a decision was taken and why; the reasons of the proposal stand there already."""

    decided_on = forms.DateField(
        label=_("Taken on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day of the meeting or a later one, for example 14/05/2026."),
    )
    reasons_fr = area(_("Reasons (French)"), rows=8)
    reasons_nl = area(_("Reasons (Dutch)"), rows=8)
    reasons_en = area(_("Reasons (English, an extra)"), rows=8, required=False)
    note = area(
        _("Note"),
        required=False,
        help_text=_("Kept in the history. It is not shown to the public."),
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data, initial=self.proposed(instance_of))
        for code in ("fr", "nl"):
            self.fields[f"reasons_{code}"].help_text = _(
                "In fact and in law, as the law of 29 July 1991 demands. Everybody reads them."
            )

    @staticmethod
    def proposed(decision) -> dict:
        """Return what the proposal says, and the day of the meeting."""
        if decision is None:
            return {}
        texts = {f"reasons_{code}": getattr(decision, f"reasons_{code}") for code in REASONS}
        day = decision.decided_on or timezone.localdate(decision.meeting.starts_at)
        return {**texts, "decided_on": day}


REASONS = ("fr", "nl", "en")


class EndForm(forms.Form):
    """Which later decision ends this one."""

    ended_by = forms.ModelChoiceField(
        label=_("By the decision"),
        queryset=Decision.objects.none(),
        help_text=_("Its reasons say why. It has to be recorded first."),
    )
    note = area(_("Note"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        if instance_of is not None:
            taken = Decision.objects.filter(
                status__in=sorted(PUBLIC_DECISION), decided_on__gte=instance_of.decided_on
            )
            self.fields["ended_by"].queryset = taken.exclude(pk=instance_of.pk)
