"""The filter of the list of indices, and the form beside a file of one."""

import django_filters as filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import RESERVED, CompositeIndex
from .arithmetic import Missing
from .files import MOST_BYTES
from .plan import Options


class IndexFilter(filters.FilterSet):
    """Words."""

    search = filters.CharFilter(method="by_words", label=_("Words"))

    class Meta:
        model = CompositeIndex
        fields = ("search",)

    def by_words(self, queryset, name, value):
        """Search in the three languages."""
        return queryset.search(value)


class IndexImportForm(forms.Form):
    """Which index and edition the file is about; for a new index its names and its rule."""

    code = forms.SlugField(
        label=_("Code of the index"),
        max_length=60,
        help_text=_("For example desi-2022. A code that is there already takes a further edition."),
    )
    edition = forms.RegexField(
        label=_("Edition"),
        regex=r"^[\w.-]+$",
        max_length=20,
        help_text=_("For example 2022. A known edition is corrected by what differs."),
    )
    name_fr = forms.CharField(label=_("Name (French)"), max_length=200, required=False)
    name_nl = forms.CharField(label=_("Name (Dutch)"), max_length=200, required=False)
    missing = forms.ChoiceField(
        label=_("Where a value is missing"),
        choices=[("", _("as the index has it; for a new one: estimated values")), *Missing.choices],
        required=False,
    )
    coverage = forms.DecimalField(
        label=_("Least coverage"),
        min_value=0,
        max_value=1,
        max_digits=4,
        decimal_places=3,
        localize=True,
        required=False,
        help_text=_("Only for “no score where too little is there”: 0.5 is half of the weights."),
    )
    published_on = forms.DateField(
        label=_("Published by its maker on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text=_("From this day on it counts as known. Empty: from its release on this portal."),
    )
    prefix = forms.SlugField(
        label=_("Codes of the indicators begin with"),
        max_length=40,
        required=False,
        help_text=_(
            "For example desi-2022-: the input 1a1 is then linked to the indicator desi-2022-1a1, "
            "which also gives it the names that the file lacks."
        ),
    )
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )

    def __init__(self, data=None, files=None):
        super().__init__(data, files)
        self.helper = FormHelper()
        self.helper.add_input(Submit("check", _("Check this file")))

    def clean_code(self):
        """Keep codes that addresses of pages need."""
        code = self.cleaned_data["code"].lower()
        if code in RESERVED:
            raise forms.ValidationError(_("This code is used by the portal: choose another one."))
        return code

    def clean_published_on(self):
        """Refuse what has not been published yet."""
        day = self.cleaned_data["published_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_file(self):
        """Refuse what is too large to be an index."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return upload

    def clean(self):
        """Ask for what a new index needs."""
        data = super().clean()
        if data.get("code") and not CompositeIndex.objects.filter(code=data["code"]).exists():
            self._clean_new(data)
        return data

    def _clean_new(self, data):
        for name in ("name_fr", "name_nl"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("A new index has a name in French and in Dutch."))
        wants = data.get("missing") == Missing.BLANK
        if "coverage" in self.errors or wants == bool(data.get("coverage")):
            return
        if wants:
            self.add_error("coverage", _("Say which part of the weights has to be there: 0.5."))
        else:
            self.add_error("coverage", _("This counts for “no score where too little is there”."))

    def options(self) -> Options:
        """Return what was typed, as the plan takes it."""
        data = self.cleaned_data
        return Options(
            code=data["code"],
            edition=data["edition"],
            names={"fr": data["name_fr"], "nl": data["name_nl"]},
            missing=data["missing"],
            coverage=str(data["coverage"] or ""),
            published_on=data["published_on"].isoformat() if data["published_on"] else "",
            prefix=data["prefix"],
        )
