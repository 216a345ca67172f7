"""What a block can be and what each kind has to say, for the model and for the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BlockKind(models.TextChoices):
    """What a block is."""

    TEXT = "text", _("text with a heading")
    PICTURE = "picture", pgettext_lazy("block", "picture")
    FIGURE = "figure", _("a figure and what it says")
    EVENT = "event", pgettext_lazy("block", "event")
    BUTTON = "button", _("button")


#: What each kind of block has to have in French and in Dutch.
NEEDED = {
    BlockKind.TEXT: ("heading", "words"),
    BlockKind.PICTURE: (),
    BlockKind.FIGURE: ("figure", "words"),
    BlockKind.EVENT: ("heading", "words"),
    BlockKind.BUTTON: ("label",),
}
#: What the form asks of each kind: what it needs, and what it may have beside it.
ASKED = {
    BlockKind.TEXT: ("heading", "words", "label", "link"),
    BlockKind.PICTURE: ("words", "link", "picture"),
    BlockKind.FIGURE: ("figure", "words", "label", "link"),
    BlockKind.EVENT: ("heading", "words", "begins_at", "label", "link"),
    BlockKind.BUTTON: ("label", "link"),
}
BLOCK_TEXTS = ("heading", "words", "figure", "label")


def lacking(block: str) -> str:
    """Return the condition in SQL "the row called ``block`` lacks words".

    A text stands in French and Dutch or in neither, and what its kind needs is there. The same as
    `Block.missing_texts`.
    """
    halves = [
        f"({_empty(block, text, 'fr')}) <> ({_empty(block, text, 'nl')})" for text in BLOCK_TEXTS
    ]
    needs = [
        f"({block}.kind = '{kind.value}' AND {_empty(block, text, 'fr')})"
        for kind, texts in NEEDED.items()
        for text in texts
    ]
    return " OR ".join([*halves, *needs])


def _empty(block: str, text: str, language: str) -> str:
    return rf"COALESCE({block}.{text}_{language}, '') !~ '\S'"
