"""The form by which anybody reports an error in a figure, and the one that answers it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stakeholders.forms.guards import INCOMPLETE_ADDRESS, GuardedForm, trap

from ..facts import Facts
from ..models import FigureReport, Observation
from .services import in_a_line

LONGEST_WORDS = 2000
#: How many figures are offered; the oldest of a long series are named in words.
OFFERED = 24


class FigureReportForm(GuardedForm):
    """What is wrong with a figure: no account, and no address unless an answer is wanted."""

    scope = "figure-report"

    figure = forms.CharField(
        label=_("Which figure?"), required=False, max_length=40, widget=forms.Select
    )
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=FigureReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("Tell us more"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_WORDS}),
        help_text=_(
            "What it should be, and where that can be read. Only the Office and the owner of the "
            "indicator read this."
        ),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_(
            "Only if you want an answer; it is deleted once we have answered, after a year at the "
            "latest. For example: name@example.org"
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": INCOMPLETE_ADDRESS},
    )

    def __init__(self, *args, facts: Facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = facts.indicator
        self.fields["figure"].widget.choices = self._choices(facts)
        if facts.latest:
            self.initial["figure"] = code_of(facts.latest)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            trap(),
            *("figure", "reason", "words", "email"),
            HTML('{% include "stakeholders/_privacy_link.html" %}'),
            Submit("send", _("Report this error")),
        )

    def _choices(self, facts):
        rows = [each for each in reversed(facts.own) if each.value is not None][:OFFERED]
        found = [(code_of(row), in_a_line(row, self.indicator)) for row in rows]
        chosen = self.data.get("figure", "") if self.is_bound else ""
        row = self._row(chosen)
        if row and chosen not in dict(found):  # corrected since the page was opened
            found.insert(0, (chosen, in_a_line(row, self.indicator)))
        return [*found, ("", _("The indicator as a whole, or an older figure"))]

    def _row(self, code: str) -> Observation | None:
        geo, _colon, rest = code.partition(":")
        period, _colon, vintage = rest.partition(":")
        if not vintage.isdecimal() or len(vintage) > 4:
            return None
        rows = Observation.objects.filter(indicator=self.indicator, geo=geo, period=period)
        return rows.filter(vintage=int(vintage)).order_by("position").first()

    def clean_figure(self):
        """Return the observation that was chosen, None for the indicator as a whole."""
        code = self.cleaned_data["figure"]
        row = self._row(code)
        if code and row is None:
            raise forms.ValidationError(gettext("Choose one of the figures of the list."))
        return row


def code_of(row: Observation) -> str:
    """Return how the form names a figure: place, period and vintage."""
    return f"{row.geo_id}:{row.period}:{row.vintage}"


class AnswerForm(forms.Form):
    """How a report is settled, and what is answered."""

    how = forms.ChoiceField(
        label=_("Outcome"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the answer: the reader gets these words.")},
    )

    def __init__(self, data=None, *, moves, report: FigureReport):
        super().__init__(data)
        self.fields["how"].choices = [(each.name, each.label) for each in moves]
        language = report.get_language_display()
        words = gettext("Write it in %(language)s, the language of the reader.")
        if not report.email:
            words = gettext("Nobody is written to: the reader gave no address. It is kept here.")
        self.fields["answer"].help_text = words % {"language": language}
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("send", _("Settle this report")))
