"""What a campaign says in one language: its text and its blocks, ready for mail and page."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core import typography
from core.markdown import body_html, body_text
from core.publication import REQUIRED

from .models import BLOCK_TEXTS, CAMPAIGN_TEXTS, Block, BlockKind, Campaign, Layout, Picture

#: How an author writes the name of whoever reads.
NAME = "{name}"


@dataclass(frozen=True)
class ShownBlock:
    """A block in one language. ``html`` is safe; what is not there is "" or None."""

    kind: str
    heading: str
    html: SafeString
    text: str
    figure: str
    label: str
    link: str
    when: str
    picture: Picture | None
    alt: str

    def addressed(self, name: str) -> "ShownBlock":
        """Return the block with ``name`` where the author wrote `NAME`."""
        words = {part: getattr(self, part).replace(NAME, name) for part in ("heading", "text")}
        return replace(self, html=named(self.html, name), **words)


@dataclass(frozen=True)
class Section:
    """The text of a campaign in one language, safe to show, with the blocks below it."""

    language: str
    subject: str
    preheader: str
    html: SafeString
    text: str
    blocks: list[ShownBlock] = field(default_factory=list)

    def addressed(self, name: str) -> "Section":
        """Return the section with ``name`` where the author wrote `NAME`."""
        plain = ("subject", "preheader", "text")
        words = {part: getattr(self, part).replace(NAME, name) for part in plain}
        blocks = [each.addressed(name) for each in self.blocks]
        return replace(self, html=named(self.html, name), blocks=blocks, **words)

    @property
    def contents(self) -> list[str]:
        """Return the headings of the blocks, in their order."""
        return [each.heading for each in self.blocks if each.heading]


def named(html: str, name: str) -> SafeString:
    """Return safe HTML with ``name``, escaped, where the author wrote `NAME`."""
    return mark_safe(html.replace(NAME, escape(name)))  # both halves are safe


def section(campaign: Campaign, language: str, blocks: list[Block]) -> Section:
    """Return what ``campaign`` with its ``blocks`` says in ``language``."""
    subject, preheader, body = (
        getattr(campaign, f"{field}_{language}") or "" for field in CAMPAIGN_TEXTS
    )
    seen = [shown(block, language) for block in blocks]
    return Section(language, subject, preheader, body_html(body), body_text(body), seen)


def blocks_of(campaign: Campaign) -> list[Block]:
    """Return the blocks with their pictures; an invitation tells when and where first."""
    if campaign.pk is None:
        return []
    blocks = list(campaign.blocks.select_related("picture"))
    if campaign.layout == Layout.INVITATION:
        blocks.sort(key=lambda each: (each.kind != BlockKind.EVENT, each.position, each.pk))
    return blocks


def shown(block: Block, language: str) -> ShownBlock:
    """Return ``block`` in ``language``."""
    words = {field: block.text(field, language) for field in BLOCK_TEXTS}
    picture = block.picture if block.kind == BlockKind.PICTURE else None
    return ShownBlock(
        kind=block.kind,
        heading=words["heading"],
        html=body_html(words["words"]),
        text=body_text(words["words"]).strip(),
        figure=words["figure"],
        label=words["label"],
        link=block.link,
        when=moment_words(block.begins_at, language),
        picture=picture,
        alt=(getattr(picture, f"alt_{language}") or "") if picture else "",
    )


def moment_words(at: datetime | None, language: str) -> str:
    """Return day and hour in Brussels in ``language``, "" for none."""
    with translation.override(language):
        return typography.moment(at) if at else ""


def is_complete(campaign: Campaign, language: str, blocks: list[Block]) -> bool:
    """Tell whether a reader of ``language`` finds everything that French readers find."""
    has_text = (getattr(campaign, f"{name}_{language}") or "" for name in ("subject", "body"))
    return all(words.strip() for words in has_text) and all(
        block.text(name, language)
        for block in blocks
        for name in BLOCK_TEXTS
        if block.text(name, REQUIRED[0])
    )


def sections(campaign: Campaign, language: str) -> list[Section]:
    """Return what a reader of ``language`` gets: that text, or where it is missing both others."""
    blocks = blocks_of(campaign)
    if is_complete(campaign, language, blocks):
        return [section(campaign, language, blocks)]
    return [section(campaign, code, blocks) for code in REQUIRED]
