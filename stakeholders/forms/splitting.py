"""What is asked when a part of an idea becomes an idea of its own."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Idea
from ..workflow import is_passage


class SplitForm(forms.Form):
    """Title and words of the part."""

    title = forms.CharField(
        label=_("Title of the part"),
        max_length=Idea._meta.get_field("title").max_length,
        help_text=_("In the language of the idea, for example: A bench at every tram stop."),
    )
    body = forms.CharField(
        label=_("The part, in the words of its author"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Copy the sentences that belong to it. The whole idea keeps its text."),
    )

    def __init__(self, data=None, *, idea):
        super().__init__(data, initial={"body": idea.body})
        self.idea = idea
        for field in self.fields.values():
            field.widget.attrs["lang"] = idea.language

    def clean_body(self):
        """Return the part: a passage of the idea, and not all of it."""
        body = self.cleaned_data["body"].strip()
        if not is_passage(body, self.idea.body):
            raise forms.ValidationError(
                gettext("These are not words of the idea. Copy them from it as they stand.")
            )
        if is_passage(self.idea.body, body):
            raise forms.ValidationError(
                gettext("This is the whole idea. Leave out what does not belong to the part.")
            )
        return body
