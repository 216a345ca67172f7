"""What the moves of a workshop and the results of its ideas ask for."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from core.concurrency import row_state
from governance.forms import NewTimeForm, area, local_time

from .models import AgendaIdea, Workshop
from .selectors import discussable_ideas, workshops_to_fill

READ_BY_ALL = _("Everybody reads it on the page.")


class ReportForm(forms.Form):
    """What came out of the workshop; what was written already stands there."""

    report_fr = area(_("What came out of it (French)"), rows=6, help_text=READ_BY_ALL)
    report_nl = area(_("What came out of it (Dutch)"), rows=6, help_text=READ_BY_ALL)
    report_en = area(_("What came out of it (English, an extra)"), rows=6, required=False)

    def __init__(self, data=None, *, instance_of=None):
        initial = {name: getattr(instance_of, name, "") or "" for name in self.base_fields}
        super().__init__(data, initial=initial)


class ReasonForm(forms.Form):
    """Why a workshop does not take place as announced; the page tells it."""

    status_reason_fr = area(_("Reason (French)"), help_text=READ_BY_ALL)
    status_reason_nl = area(_("Reason (Dutch)"), help_text=READ_BY_ALL)
    status_reason_en = area(_("Reason (English, an extra)"), required=False)

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.instance_of = instance_of


class NewDateForm(NewTimeForm):
    """When a postponed workshop takes place."""

    ends_at = local_time(_("End"))


class WorkingForm(forms.Form):
    """A form with its own button, in one column."""

    button = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", self.button))


class ResultForm(WorkingForm):
    """What the workshop did with an idea, and why."""

    button = _("Record the result")

    result = forms.ChoiceField(
        label=_("Result"), choices=AgendaIdea.Result.choices, widget=forms.RadioSelect
    )
    reason_fr = area(_("Reason (French)"), help_text=READ_BY_ALL)
    reason_nl = area(_("Reason (Dutch)"), help_text=READ_BY_ALL)
    reason_en = area(_("Reason (English, an extra)"), required=False)
    row_state = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, entry):
        texts = {name: getattr(entry, name, "") or "" for name in self.base_fields}
        super().__init__(data, initial=texts | {"row_state": row_state(entry)})

    def compare_with(self, entry) -> None:
        """Let the next try speak of ``entry`` as it is now: the writer has been told."""
        self.data = self.data.copy()
        self.data["row_state"] = row_state(entry)


class WorkshopChoice(forms.ModelChoiceField):
    """A workshop, told with its date."""

    def label_from_instance(self, obj):
        """Return number, title and day."""
        return f"{obj} ({obj.starts_at:%d/%m/%Y})"


class IdeaToAgendaForm(WorkingForm):
    """On which agenda an idea is put."""

    button = _("Put on the agenda")

    workshop = WorkshopChoice(
        label=_("Workshop"),
        queryset=Workshop.objects.none(),
        help_text=_("Workshops that are still to be reported, the next one first."),
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["workshop"].queryset = workshops_to_fill()


class AgendaIdeaForm(WorkingForm):
    """Which idea is put on the agenda of a workshop."""

    button = _("Put on the agenda")

    idea = forms.ModelChoiceField(
        label=_("Idea"),
        queryset=AgendaIdea.objects.none(),
        help_text=_("Public ideas that are not on this agenda yet, the newest first."),
    )

    def __init__(self, data=None, *, workshop):
        super().__init__(data)
        self.fields["idea"].queryset = discussable_ideas(workshop)
