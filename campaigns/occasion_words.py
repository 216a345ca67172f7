"""What a draft says of an event, in the language that is active: from what the rows say in it.

The text is Markdown, so whatever stands in a row is told as words, never as signs. Links are
absolute and lead to the page in the language of the text.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.typography import day, moment, number
from kpi.selectors import facts_of
from kpi.sentences import headline

from .models import Block, Campaign

#: So many blocks are read; of more the letter says how many, and where they are.
MOST_BLOCKS = 8
#: A summary is an invitation to the page, not the page.
SUMMARY = 400
SIGNS = re.compile(r"([\\`*_\[\]<>#|~&])")
#: What begins a list or a line below a heading.
BEGINNINGS = re.compile(r"(?m)^(\s*\d*)([-+=.)])")


@dataclass(frozen=True)
class BlockWords:
    """What one block says."""

    heading: str
    words: str


@dataclass(frozen=True)
class Letter:
    """A draft in one language."""

    subject: str
    preheader: str
    body: str
    blocks: list[BlockWords] = field(default_factory=list)


def as_words(text: str) -> str:
    """Return ``text`` so that Markdown shows every sign of it; a number begins no list."""
    plain = SIGNS.sub(r"\\\1", text.strip().replace("\r", ""))
    return BEGINNINGS.sub(r"\1\\\2", plain)


def own(row, name: str, language: str) -> str:
    """Return what ``row`` says in ``language``, "" where it says nothing."""
    return (getattr(row, f"{name}_{language}") or "").strip()


def page(row) -> str:
    """Return the absolute address of the page of ``row`` in the language that is active."""
    return settings.SITE_URL + row.get_absolute_url()


def link(label: str, url: str) -> str:
    """Return a link in Markdown."""
    return f"[{as_words(label)}]({url})"


def with_link(words: str, label: str, row) -> str:
    """Return ``words`` in Markdown with the link to the page of ``row`` below."""
    return f"{words}\n\n{link(label, page(row))}"


def cut(text: str, model, name: str) -> str:
    """Return ``text`` no longer than the column ``name`` of ``model`` holds."""
    return Truncator(" ".join(text.split())).chars(model._meta.get_field(name).max_length)


def letter(subject: str, preheader: str, paragraphs, blocks=()) -> Letter:
    """Return a letter that begins with a greeting and fits the columns of a campaign."""
    return Letter(
        cut(subject, Campaign, "subject"),
        cut(preheader, Campaign, "preheader"),
        "\n\n".join([_("Hello,"), *(each for each in paragraphs if each)]),
        [BlockWords(cut(each.heading, Block, "heading"), each.words) for each in blocks],
    )


# --- workshops ---------------------------------------------------------------------------------


def workshop_announced(rows, language: str) -> Letter:
    """Say when and where a workshop will be."""
    (workshop,) = rows
    facts = _of_workshop(workshop, language)
    opening = _("We are preparing a workshop: “%(title)s”. Registration opens on its page.")
    return letter(
        _("Workshop on %(day)s: %(title)s") % facts,
        _("%(moment)s, %(venue)s") % facts,
        [opening % (facts | {"title": as_words(facts["title"])}), facts["summary"]],
        [_event(workshop, facts, _("See the page of the workshop"))],
    )


def workshop_opens(rows, language: str) -> Letter:
    """Invite to a workshop for which one can register."""
    (workshop,) = rows
    facts = _of_workshop(workshop, language)
    opening = _("You can now register for the workshop “%(title)s”.")
    seats = ngettext(
        "There is %(number)s seat. Languages spoken: %(languages)s.",
        "There are %(number)s seats. Languages spoken: %(languages)s.",
        workshop.capacity,
    ) % {"number": workshop.capacity, "languages": workshop.get_languages_display()}
    return letter(
        _("Register for the workshop: %(title)s") % facts,
        _("%(moment)s, %(venue)s") % facts,
        [opening % {"title": as_words(facts["title"])}, facts["summary"], seats],
        [_event(workshop, facts, _("Register for this workshop"))],
    )


def _of_workshop(workshop, language) -> dict:
    return {
        "title": own(workshop, "title", language),
        "summary": as_words(Truncator(own(workshop, "summary", language)).chars(SUMMARY)),
        "venue": own(workshop, "venue", language),
        "day": day(workshop.starts_at),
        "moment": moment(workshop.starts_at),
    }


def _event(workshop, facts, label) -> BlockWords:
    words = with_link(as_words(facts["venue"]), label, workshop)
    return BlockWords(facts["title"], words)


# --- calls -------------------------------------------------------------------------------------


def call_opens(rows, language: str) -> Letter:
    """Say that a call is open, until when, and what there is to share out."""
    (call,) = rows
    facts = _of_call(call, language)
    opening = _("The call “%(words)s” is open. Project sheets can be handed in until %(closes)s.")
    return letter(
        _("Call open until %(closes)s: %(name)s") % facts,
        _("Project sheets can be handed in until %(closes)s.") % facts,
        [opening % facts, _envelope(call), _calls_link(call)],
    )


def call_closes(rows, language: str) -> Letter:
    """Remind of the last day of a call."""
    (call,) = rows
    facts = _of_call(call, language)
    opening = _("The last day to hand in a project sheet for the call “%(words)s” is %(closes)s.")
    return letter(
        _("Last days of the call: %(name)s") % facts,
        _("Project sheets can be handed in until %(closes)s.") % facts,
        [opening % facts, _calls_link(call)],
    )


def _of_call(call, language) -> dict:
    name = own(call, "name", language)
    return {"name": name, "words": as_words(name), "closes": day(call.closes_on)}


def _envelope(call) -> str:
    if call.envelope is None:
        return ""
    return _("Its envelope is %(amount)s.") % {"amount": number(call.envelope, unit="€")}


def _calls_link(call) -> str:
    url = f"{settings.SITE_URL}{reverse('projects:sheet-list')}?call={call.slug}"
    return link(_("See the project sheets of this call"), url)


# --- what is published in numbers: one letter for several ---------------------------------------


def indicators(rows, language: str) -> Letter:
    """Tell indicators with the sentence of their last value."""
    facts = facts_of(rows[:MOST_BLOCKS])
    label = _("See the figures and their source")
    blocks = [
        BlockWords(
            own(row, "name", language),
            with_link(as_words(headline(facts[row.pk]).text), label, row),
        )
        for row in rows[:MOST_BLOCKS]
    ]
    total = len(rows)
    opening = (
        _("An indicator is published, with its source and its definition.")
        if total == 1
        else _("%(number)s indicators are published, each with its source and its definition.")
    )
    subject = (
        _("Measured: %(name)s")
        if total == 1
        else _("%(number)s indicators published, among them %(name)s")
    )
    return _several(blocks, total, subject, opening, _("See all indicators"), "kpi:indicator-list")


def initiatives(rows, language: str) -> Letter:
    """Tell what has entered the roadmap."""
    blocks = [
        _told(row, language, "title", "summary", _("Follow this initiative"))
        for row in rows[:MOST_BLOCKS]
    ]
    total = len(rows)
    opening = (
        _("An initiative has entered the roadmap.")
        if total == 1
        else _("%(number)s initiatives have entered the roadmap.")
    )
    subject = (
        _("On the roadmap: %(name)s")
        if total == 1
        else _("%(number)s initiatives on the roadmap, among them %(name)s")
    )
    label = _("See the whole roadmap")
    return _several(blocks, total, subject, opening, label, "roadmap:initiative-list")


def decisions(rows, language: str) -> Letter:
    """Tell decisions with their number, their day and what became of the proposal."""
    blocks = [_decision(row, language) for row in rows[:MOST_BLOCKS]]
    total = len(rows)
    opening = (
        _("A decision has been recorded and can be read with its reasons.")
        if total == 1
        else _("%(number)s decisions have been recorded and can be read with their reasons.")
    )
    subject = (
        _("Decision: %(name)s") if total == 1 else _("%(number)s decisions, among them %(name)s")
    )
    label = _("See all decisions")
    return _several(blocks, total, subject, opening, label, "governance:decision-list")


def _decision(row, language) -> BlockWords:
    facts = {"number": row.number, "day": day(row.decided_on), "state": row.get_status_display()}
    words = as_words(_("%(number)s, %(day)s: %(state)s.") % facts)
    label = _("Read the decision and its reasons")
    return BlockWords(own(row, "title", language), with_link(words, label, row))


def edition(rows, language: str) -> Letter:
    """Announce a numbered edition of the roadmap with its introduction."""
    (row,) = rows
    facts = {"number": row.number, "title": own(row, "title", language)}
    opening = _("Edition %(number)s of the roadmap is published: “%(title)s”.")
    introduction = Truncator(own(row, "introduction", language)).chars(SUMMARY)
    return letter(
        _("Edition %(number)s of the roadmap: %(title)s") % facts,
        _("Published on %(day)s.") % {"day": day(row.published_on)},
        [
            opening % (facts | {"title": as_words(facts["title"])}),
            as_words(introduction),
            link(_("Read this edition of the roadmap"), page(row)),
        ],
    )


def _told(row, language, heading, words, label) -> BlockWords:
    text = as_words(Truncator(own(row, words, language)).chars(SUMMARY))
    return BlockWords(own(row, heading, language), with_link(text, label, row))


def _several(blocks, total, subject, opening, label, name) -> Letter:
    """Return a letter of several blocks; ``label`` leads to the page ``name`` of all of them."""
    facts = {"name": blocks[0].heading, "number": total}
    told = opening % facts
    return letter(subject % facts, told, [told, _more(total, label, name)], blocks)


def _more(total, label, name) -> str:
    """Return how many are not told one by one, with the page of all of them; "" for none."""
    rest = total - MOST_BLOCKS
    if rest <= 0:
        return ""
    words = ngettext(
        "The first %(shown)s are told below; there is %(rest)s more.",
        "The first %(shown)s are told below; there are %(rest)s more.",
        rest,
    ) % {"shown": MOST_BLOCKS, "rest": rest}
    return f"{words} {link(label, settings.SITE_URL + reverse(name))}"


def written(kind, rows, language: str) -> Letter:
    """Return what a draft of ``kind`` says of ``rows`` in ``language``."""
    with translation.override(language):
        return kind.write(rows, language)
