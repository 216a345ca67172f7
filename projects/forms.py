"""Forms: proposals and decisions with their reasons, declarations, ballots."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.concurrency import row_state
from core.forms import ReasonsForm
from core.publication import LANGUAGE_NAMES
from governance.models import Body, Decision

from .models import SHEET_TEXTS, Call, ConflictDeclaration, ProjectSheet, SheetOutcome
from .services import Answers
from .services.sheets import TAKEN

SHORT = forms.Textarea(attrs={"rows": 3})


class ProposalForm(ReasonsForm):
    """What the jury says of a sheet: reasons in both languages, conditions if there are any."""

    conditions_fr = forms.CharField(
        label=_("Conditions (French)"),
        widget=SHORT,
        required=False,
        help_text=_("Leave empty in both languages where there are none."),
    )
    conditions_nl = forms.CharField(label=_("Conditions (Dutch)"), widget=SHORT, required=False)
    conditions_en = forms.CharField(
        label=_("Conditions (English, an extra)"), widget=SHORT, required=False
    )


class OutcomeForm(ProposalForm):
    """What the Government decided on a sheet: the decision, its outcome, its reasons."""

    decision = forms.ModelChoiceField(
        label=_("Decision"),
        queryset=Decision.objects.none(),
        help_text=_("A decision that the Government has adopted, for example GOV-2026-01/D1."),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=SheetOutcome.Outcome.choices)

    field_order = ["decision", "outcome"]

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data, instance_of=instance_of)
        taken = Decision.objects.filter(status__in=TAKEN)
        self.fields["decision"].queryset = taken.filter(meeting__body__kind=Body.Kind.GOVERNMENT)


class SheetFromIdeaForm(forms.Form):
    """For which call a sheet is made from an idea."""

    call = forms.ModelChoiceField(
        label=_("Call"),
        queryset=Call.objects.order_by("-edition"),
        help_text=_("The number of the sheet follows from the call, for example FP-2026-07."),
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("make", _("Make the sheet")))


class SheetTextsForm(forms.Form):
    """The texts of a sheet, French and Dutch together; nothing is obligatory while it is written.

    What is missing is asked when the sheet is frozen for the jury.
    """

    row_state = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, sheet):
        super().__init__(data, initial={"row_state": row_state(sheet)})
        for name in (*SHEET_TEXTS, "partners"):
            for code, language in LANGUAGE_NAMES.items():
                self._add(sheet, name, code, language)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))

    def _add(self, sheet, name, code, language):
        field = ProjectSheet._meta.get_field(f"{name}_{code}")
        short = name == "title"
        self.fields[f"{name}_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", ProjectSheet._meta.get_field(name).verbose_name, language),
            required=False,
            max_length=field.max_length,
            initial=getattr(sheet, f"{name}_{code}"),
            widget=(forms.TextInput if short else forms.Textarea)(attrs={"lang": code}),
        )

    def clean(self):
        """Ask for a title in one language at least: without it nobody finds the sheet."""
        cleaned = super().clean()
        if not (cleaned.get("title_fr") or cleaned.get("title_nl")):
            self.add_error("title_fr", _("Give a title, in French or in Dutch."))
        return cleaned


class DeclarationForm(forms.Form):
    """The first question to a juror. The three buttons carry the answer."""

    kind = forms.ChoiceField(
        label=_("If there is a conflict, of which kind?"),
        choices=[("", "—"), *ConflictDeclaration.Kind.choices],
        required=False,
    )
    text = forms.CharField(
        label=_("In a few words"),
        widget=SHORT,
        required=False,
        help_text=_(
            "For example: “I sit on the board of a partner.” The chair and the secretariat read it."
        ),
    )
    answer = forms.ChoiceField(
        choices=ConflictDeclaration.Answer.choices, widget=forms.HiddenInput, required=True
    )


class RulingForm(forms.Form):
    """What the chair answers on a declared or doubtful conflict."""

    may_score = forms.TypedChoiceField(
        label=_("Ruling"),
        choices=[("no", _("recused")), ("yes", _("may score"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(label=_("Reason"), widget=SHORT)


class BallotForm(forms.Form):
    """The ballot: for each criterion one level and a comment, or an abstention with its reason.

    Nothing is obligatory here, because a draft may be incomplete; sealing checks completeness.
    """

    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    abstained = forms.BooleanField(
        label=_("I abstain on this sheet"),
        required=False,
        help_text=_("An abstention counts as no score, never as 0. Give the reason."),
    )
    reason = forms.CharField(label=_("Why I abstain"), widget=SHORT, required=False)

    def __init__(self, data=None, *, criteria, answers=None, row_version=0):
        super().__init__(data, initial=initial_values(answers, row_version))
        self.criteria = list(criteria)
        for each in self.criteria:
            self.fields[f"score_{each.code}"] = forms.TypedChoiceField(
                label=str(each),
                choices=[(level.value, str(level.value)) for level in each.levels.all()],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"comment_{each.code}"] = forms.CharField(
                label=_("Your reason (in your language)"),
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
                max_length=2000,
            )

    def rows(self):
        """Return [(criterion, levels with whether each is chosen, field of the comment)]."""
        return [
            (
                each,
                self._levels(each),
                self[f"score_{each.code}"],
                self[f"comment_{each.code}"],
            )
            for each in self.criteria
        ]

    def answers(self) -> Answers:
        """Return what was filled in, as the services take it."""
        data = self.cleaned_data
        scores = {
            each.code: {
                "value": data.get(f"score_{each.code}"),
                "comment": data.get(f"comment_{each.code}", ""),
            }
            for each in self.criteria
        }
        return Answers(scores, data["abstained"], data["reason"])

    def _levels(self, criterion):
        chosen = str(self[f"score_{criterion.code}"].value())
        return [(level, str(level.value) == chosen) for level in criterion.levels.all()]


def initial_values(answers: Answers | None, row_version: int) -> dict:
    """Return the initial values of a ballot form from what was saved."""
    values = {"row_version": row_version}
    if answers:
        values |= {"abstained": answers.abstained, "reason": answers.reason}
        for code, score in answers.scores.items():
            values[f"score_{code}"] = score["value"]
            values[f"comment_{code}"] = score["comment"]
    return values
