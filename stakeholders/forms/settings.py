"""What a contributor decides about our mails, behind the secret link."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Submission


class SettingsForm(forms.ModelForm):
    """Whether we write, and in which language."""

    class Meta:
        model = Submission
        fields = ("notify", "language")
        labels = {"notify": _("Write to me when something happens with my idea")}
        widgets = {"language": forms.RadioSelect}
        help_texts = {
            "notify": _("A question about your idea and a refusal always reach you."),
        }

    def __init__(self, data=None, *, submission):
        # A copy: what is typed reaches the row through the service only.
        super().__init__(
            data, instance=Submission(notify=submission.notify, language=submission.language)
        )
        self.fields["language"].choices = Submission._meta.get_field("language").choices
        self.helper = FormHelper()
        self.helper.form_tag = False
