"""What the moves of a workshop ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = forms.Textarea(attrs={"rows": 5})


class ReportForm(forms.Form):
    """What came out of the workshop."""

    report_fr = forms.CharField(label=_("What came out of it (French)"), widget=LONG)
    report_nl = forms.CharField(label=_("What came out of it (Dutch)"), widget=LONG)
    report_en = forms.CharField(
        label=_("What came out of it (English, an extra)"), widget=LONG, required=False
    )

    def __init__(self, data=None, *, instance_of=None):
        initial = {name: getattr(instance_of, name, "") or "" for name in self.base_fields}
        super().__init__(data, initial=initial)


class ReasonForm(forms.Form):
    """Why a workshop does not take place as announced; the page tells it."""

    status_reason_fr = forms.CharField(label=_("Reason (French)"), widget=LONG)
    status_reason_nl = forms.CharField(label=_("Reason (Dutch)"), widget=LONG)
    status_reason_en = forms.CharField(
        label=_("Reason (English, an extra)"), widget=LONG, required=False
    )

    def __init__(self, data=None, *, instance_of=None):
        super().__init__(data)
        self.instance_of = instance_of
