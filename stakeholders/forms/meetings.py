"""The forms of the log and of the bilateral meetings, for the office."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.search import current_language, fold
from programme.models import Workstream

from .. import meeting_selectors
from ..models import BilateralMeeting, Commitment, Contact, Interaction, Outcome

SHORT = forms.Textarea(attrs={"rows": 3})
LONG = forms.Textarea(attrs={"rows": 14})
MOMENT = "%Y-%m-%dT%H:%M"
#: So many people of one name are told apart by their addresses.
NAMESAKES = 5
#: The fields that suggest while one types, and where they ask.
SUGGESTED = {"organisation": "exchange-organisations", "who": "exchange-people"}
#: What a phone's own calendar gives, and what people type where there is none.
MOMENTS = [MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]


def moment_field(**options) -> forms.DateTimeField:
    """Return a field for day and time in Brussels that a phone fills with its own calendar."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(input_formats=MOMENTS, widget=widget, **options)


class EntryForm(forms.Form):
    """Six fields on a phone: with whom, when, what sort, who, one line, what came of it.

    The organisation is typed; where the words mean several, ``choices`` shows them and the form is
    sent again. ``key`` is the same on every try, so that a double click makes one row.
    """

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    organisation = forms.CharField(
        label=_("With which organisation?"),
        max_length=250,
        help_text=_("Type a part of its name, also an old one."),
        error_messages={"required": _("Say with which organisation.")},
    )
    chosen = forms.ModelChoiceField(
        label=_("Which one do you mean?"),
        queryset=None,
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    happened_at = moment_field(label=_("When?"))
    kind = forms.ChoiceField(label=_("What was it?"), choices=Interaction.Kind.choices)
    who = forms.CharField(
        label=_("Who took part for them?"),
        required=False,
        max_length=300,
        help_text=_("Names or e-mail addresses from the register, separated by commas."),
    )
    add_people = forms.BooleanField(label=_("Add them to the register"), required=False)
    subject = forms.CharField(
        label=_("In one line"),
        max_length=200,
        error_messages={"required": _("Say in one line what it was about.")},
    )
    outcomes = forms.MultipleChoiceField(
        label=_("What came of it?"),
        choices=Outcome.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.user = user
        self.found, self.people, self.strangers = [], [], []
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.initial.setdefault("happened_at", timezone.localtime().replace(second=0))
        self.initial.setdefault("kind", Interaction.Kind.BILATERAL)
        self.fields["chosen"].queryset = meeting_selectors.organisations_for(user)
        for name, route in SUGGESTED.items():
            self.fields[name].widget.attrs |= {
                "autocomplete": "off",
                "data-suggest": reverse(f"stakeholders:{route}"),
                "data-suggest-with": "organisation chosen happened_at",
            }
        self._look_up()
        self.helper = self._helper()

    def _look_up(self):
        """Find the organisations that the typed words may mean; ask only where there are more."""
        words = self.data.get("organisation", "") if self.is_bound else ""
        self.found = meeting_selectors.organisations_called(words, self.user)
        if len(self.found) > 1:
            self.fields["chosen"].choices = [(each.pk, str(each)) for each in self.found]
        else:
            del self.fields["chosen"]

    def _helper(self):
        helper = FormHelper()
        helper.attrs = {"novalidate": "", "data-warn-unsaved": ""}
        asks = ["chosen"] if "chosen" in self.fields else []
        adds = ["add_people"] if self.data.get("who") else []
        if not adds:
            del self.fields["add_people"]
        names = ("organisation", *asks, "happened_at", "kind", "who", *adds, "subject", "outcomes")
        helper.layout = Layout(
            Field("key"), *names, Submit("send", _("Log it"), css_class="btn-lg w-100")
        )
        return helper

    def clean_happened_at(self):
        """Refuse what is still to come: it is planned as a meeting."""
        at = self.cleaned_data["happened_at"]
        if at > timezone.now():
            raise forms.ValidationError(
                gettext("This is still to come. Only what has taken place is logged here.")
            )
        return at

    def clean(self):
        """Settle which organisation and which people are meant."""
        data = super().clean()
        data["organisation"] = self._organisation(data)
        if data["organisation"] and data.get("happened_at"):
            self._settle_people(data)
        return data

    def _organisation(self, data):
        if data.get("chosen"):
            return data["chosen"]
        if len(self.found) == 1:
            return self.found[0]
        if data.get("organisation") and "chosen" in self.fields:
            self.add_error("chosen", gettext("Several answer to this name. Choose one."))
        elif data.get("organisation"):
            self.add_error(
                "organisation", gettext("No organisation of the register has this name.")
            )
        return None

    def _settle_people(self, data):
        day = timezone.localdate(data["happened_at"])
        for name in filter(None, (part.strip() for part in data.get("who", "").split(","))):
            found = people_called(name, self.user, data["organisation"], day)
            if len(found) > 1:
                self.add_error("who", _which(name, found))
            elif found:
                self.people += found
            else:
                self.strangers.append(name)
        if self.strangers and not data.get("add_people"):
            self.add_error("who", self._unknown(data["organisation"], day))

    def _unknown(self, organisation, day) -> str:
        names = ", ".join(self.strangers)
        known = ", ".join(str(each) for each in meeting_selectors.people_at(organisation, day)[:8])
        words = gettext("Nobody in the register answers to: %(names)s.") % {"names": names}
        if known:
            words += " " + gettext("Known there: %(known)s.") % {"known": known}
        return words + " " + gettext("Tick the box below to add them, or leave the field empty.")


def people_called(name: str, user, organisation, day) -> list[Contact]:
    """Return whom ``name`` means: by address, else at the organisation, else among all."""
    everybody = Contact.objects.visible_to(user).current()
    if "@" in name:
        return list(everybody.filter(email__iexact=name))
    folded = fold(name)
    there = list(meeting_selectors.people_at(organisation, day).filter(name__fold=folded))
    return there or list(everybody.filter(name__fold=folded)[:NAMESAKES])


def _which(name: str, found) -> str:
    """Return the question which of several people of the same name is meant."""
    addresses = ", ".join(each.email for each in found if each.email)
    if not addresses:
        words = gettext("Several people are called %(name)s. Leave the field empty.")
        return words % {"name": name}
    words = gettext("Several people are called %(name)s. Write the address: %(addresses)s.")
    return words % {"name": name, "addresses": addresses}


class MeetingForm(forms.ModelForm):
    """A meeting to come with an organisation: with whom, when, where, about what."""

    starts_at = moment_field(label=capfirst(_("start")))
    ends_at = moment_field(label=capfirst(_("end")))

    class Meta:
        model = BilateralMeeting
        fields = (
            *("kind", "portfolio", "starts_at", "ends_at", "place", "language"),
            *("contacts", "colleagues", "agenda"),
        )
        widgets = {
            "agenda": forms.Textarea(attrs={"rows": 4}),
            "contacts": forms.CheckboxSelectMultiple,
            "colleagues": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.owner, self.instance.organisation = user, organisation
        people = meeting_selectors.people_at(organisation, timezone.localdate())
        self.fields["contacts"].queryset = people
        self.fields["contacts"].help_text = gettext(
            "Those who work there today, as the register knows. Nobody of them is told yet."
        )
        self.fields["colleagues"].queryset = meeting_selectors.colleagues_of(user)
        guest = people.first()
        self.initial.setdefault("language", guest.language if guest else current_language())
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", "data-warn-unsaved": ""}
        self.helper.add_input(Submit("send", _("Propose the meeting")))


class AboutMeetingForm(forms.Form):
    """Base of what a move of a meeting asks for: knows the meeting."""

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.meeting = instance_of
        self.helper = FormHelper()
        self.helper.form_tag = False


class ResultsForm(AboutMeetingForm):
    """What came of a meeting."""

    outcomes = forms.MultipleChoiceField(
        label=_("What came of it?"),
        choices=Outcome.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without an outcome the meeting cannot be validated."),
    )
    positions = forms.CharField(label=capfirst(_("positions")), widget=SHORT, required=False)
    needs = forms.CharField(label=capfirst(_("needs")), widget=SHORT, required=False)
    assets_offered = forms.CharField(
        label=capfirst(_("what they offer")),
        widget=SHORT,
        required=False,
        help_text=_("Data, places, people, money."),
    )
    synergies = forms.CharField(label=capfirst(_("synergies")), widget=SHORT, required=False)
    workstream = forms.ModelChoiceField(
        label=capfirst(_("priority workstream proposed")),
        queryset=Workstream.objects.none(),
        required=False,
        empty_label=_("None in particular"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workstream"].queryset = Workstream.objects.order_by_translated("name")
        for name in ("outcomes", "positions", "needs", "assets_offered", "synergies", "workstream"):
            self.initial[name] = getattr(self.meeting, name, None)


class HoldForm(ResultsForm):
    """Who was there and what came of it, noted when the meeting is over."""

    present = forms.ModelMultipleChoiceField(
        label=_("Who was there for them?"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(
        label=capfirst(_("summary")),
        widget=SHORT,
        required=False,
        help_text=_("What was said, as you would write it with the person reading over."),
    )
    field_order = ("present", "outcomes", "summary")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.meeting is not None:
            self.fields["present"].queryset = self.meeting.contacts.all()
            self.initial["present"] = list(self.meeting.contacts.all())


class MinutesForm(AboutMeetingForm):
    """The words of the minutes, in the language of the partner."""

    body = forms.CharField(
        label=_("Minutes"),
        widget=LONG,
        error_messages={"required": _("Write the minutes first.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.meeting is None:
            return
        self.fields["body"].help_text = gettext(
            "In the language of the partner: %(language)s. The partner reads them. A line that "
            "begins with ## is a heading, one that begins with - is a point of a list."
        ) % {"language": self.meeting.get_language_display()}
        self.initial["body"] = meeting_selectors.wording(self.meeting)


class RescheduleForm(AboutMeetingForm):
    """Another moment or place for a meeting that is to come."""

    starts_at = moment_field(label=capfirst(_("start")))
    ends_at = moment_field(label=capfirst(_("end")))
    place = forms.CharField(label=capfirst(_("place")), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at", "place"):
            self.initial[name] = getattr(self.meeting, name, None)

    def clean(self):
        """Refuse an end before the start."""
        data = super().clean()
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", gettext("The end is before the start."))
        return data


class EvidenceForm(AboutMeetingForm):
    """What shows that a promise was kept."""

    evidence = forms.CharField(
        label=_("Evidence"),
        widget=SHORT,
        help_text=_("What shows that it was kept: a link, a file, a date."),
        error_messages={"required": _("Say what shows that it was kept: a link, a file, a date.")},
    )


class CommitmentForm(forms.ModelForm):
    """A promise made during an exchange."""

    class Meta:
        model = Commitment
        fields = ("made_by", "text", "owner", "contact", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, user, exchange, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation, self.instance.interaction = organisation, exchange
        self.initial.setdefault("owner", user.pk)
        self.fields["owner"].queryset = meeting_selectors.office()
        self.fields["contact"].queryset = meeting_selectors.people_at(
            organisation, timezone.localdate()
        )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("send", _("Note the promise")))
