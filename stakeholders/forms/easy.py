"""The help of the form in easy words: short sentences, one thought in each.

A box at the top of the form switches between both. Both are in the page, and the style sheet shows
one: nothing is sent, and what was typed stays.
"""

from crispy_forms.layout import HTML
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

#: Field → what is said in easy words in place of its help.
EASY = {
    "title": _("Write your idea in one line. For example: “A bench at the bus stop”."),
    "body": _(
        "What is not good today? What do you want? Where? Write it in your own words. "
        "Mistakes do not matter. Do not write the name of another person."
    ),
    "expected_benefit": _("Who is happy with your idea? You may leave this empty."),
    "theme": _("What is your idea about? Choose one word. You do not know? Choose any."),
    "workstream": _("This is a list of the Government. You may leave it as it is."),
    "municipality": _("Where is it? Choose the municipality. Is it everywhere? Leave it as it is."),
    "language": _("In this language we write back to you."),
    "picture_words": _("Do you add a picture? Say in a few words what is in it."),
    "picture_rights": _("Did you make the picture? Or may you use it? Then tick the box."),
    "files_chosen": _("Do you have a photo or a document? You can add it. You do not have to."),
    "submitter_type": _("Do you speak for yourself? Choose “a person”."),
    "organisation_claimed": _("Do you speak for a group? Write the name of the group."),
    "display": _(
        "Everybody can read your idea. Do you want to hide your name? Choose “anonymous”."
    ),
    "name": _("You may leave this empty. Do you want to show your name? Then write it here."),
    "email": _("We send you a mail. In the mail is a link. Click on it. Nobody sees your address."),
    "notify": _("Tick the box if you want news from us."),
    "consent": _("You must tick this box. It means: we may keep your idea and show it."),
}


class EasyMixin(forms.Form):
    """Adds the box and the second text to each help; ``layout`` is what stands above the form."""

    easy = forms.BooleanField(label=_("Help in easy words"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, words in EASY.items():
            if name in self.fields:
                field = self.fields[name]
                field.help_text = format_html(
                    '<span class="usual-words">{}</span><span class="easy-words">{}</span>',
                    field.help_text,
                    words,
                )

    @staticmethod
    def easy_layout():
        """Return the box and, in easy words, how one sends an idea."""
        return ("easy", HTML('{% include "stakeholders/_easy.html" %}'))
