"""What is wrong with a campaign before it goes out, language by language.

An error keeps it from being submitted. Advice is for its writer to weigh.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import mail
from core.publication import REQUIRED
from core.search import LANGUAGES

from .hyperlinks import Link, links_of
from .models import DEAD_LINK, Campaign, CheckedLink, LinkProblem
from .occasion_findings import made_by_the_portal
from .sections import NAME, Section, blocks_of, is_complete, section

#: A list of mails on a telephone shows about so much of a subject.
LONGEST_SUBJECT = 60
LONGEST_PARAGRAPH = 120  # words
#: A mail that is longer is cut off by some mail programs (bytes of HTML).
LONGEST_HTML = 100_000
#: What says nothing to whoever hears links one after another.
EMPTY_WORDS = {
    *("ici", "cliquez ici", "lien", "ce lien", "lire la suite", "en savoir plus", "plus"),
    *("hier", "klik hier", "link", "deze link", "lees meer", "meer", "meer weten"),
    *("here", "click here", "this link", "read more", "more", "learn more"),
}
BRACES = re.compile(r"\{[^{}\n]{0,30}\}")
SHOUTED = re.compile(r"\b[A-ZÀ-Ý]{4,}(?:\s+[A-ZÀ-Ý]{4,}){2,}\b")
NO_DESCRIPTION = re.compile(r"^(image|photo|picture|foto|afbeelding|illustration)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One thing to mend (``is_error``) or to weigh, and how; ``language`` of the text concerned."""

    language: str
    words: str
    is_error: bool = False


def findings_of(campaign: Campaign) -> list[Finding]:
    """Return what is wrong with ``campaign``, errors first, then by language."""
    blocks = blocks_of(campaign)
    told = written(campaign, blocks)
    codes = list(told)
    links = links_by_language(campaign, told)
    checked = {row.url: row for row in CheckedLink.objects.filter(url__in=pages_of(links))}
    found = [
        *_lacking(blocks),
        *(each for code in codes for each in _of_section(told[code])),
        *(each for code in codes for each in _of_links(code, links[code], checked)),
        *_of_both(links),
        *(Finding(*each) for each in made_by_the_portal(campaign, codes)),
    ]
    return sorted(found, key=lambda each: (not each.is_error, LANGUAGES.index(each.language)))


def written(campaign: Campaign, blocks) -> dict[str, Section]:
    """Return {language: what it says}: French and Dutch, and English where it is complete."""
    codes = [code for code in LANGUAGES if code in REQUIRED or is_complete(campaign, code, blocks)]
    return {code: section(campaign, code, blocks) for code in codes}


def links_by_language(campaign: Campaign, told: dict[str, Section]) -> dict[str, list[Link]]:
    """Return {language: links of the mail} of what is ``told``."""
    return {code: links_of(html_of(campaign, each)) for code, each in told.items()}


def all_pages(campaign: Campaign) -> list[str]:
    """Return every address of a page that the mails of ``campaign`` lead to, each once."""
    return pages_of(links_by_language(campaign, written(campaign, blocks_of(campaign))))


def html_of(campaign: Campaign, told: Section) -> str:
    """Return the HTML of the mail that says ``told``, without what the frame adds to it."""
    context = {"campaign": campaign, "topic": campaign.topic, "sections": [told]}
    return mail.render("campaign", told.language, context)["html"]


def pages_of(links: dict[str, list[Link]]) -> list[str]:
    """Return the addresses of pages in ``links`` {language: links}, each once, sorted."""
    return sorted({link.url for found in links.values() for link in found if link.is_page})


def _lacking(blocks) -> Iterator[Finding]:
    for block in blocks:
        for field, code in block.missing_texts():
            name = block._meta.get_field(field).verbose_name
            words = _("Block %(block)s: “%(field)s” is missing.")
            yield Finding(code, words % {"block": block, "field": name}, is_error=True)


def _of_section(told: Section) -> Iterator[Finding]:
    code = told.language
    if len(told.subject) > LONGEST_SUBJECT:
        words = _("The subject has %(number)s characters; telephones show about %(limit)s.")
        yield Finding(code, words % {"number": len(told.subject), "limit": LONGEST_SUBJECT})
    if not told.preheader.strip():
        yield Finding(code, _("There is no first line: mail programs then show chance words."))
    text = "\n\n".join([told.subject, told.preheader, told.text, *(b.text for b in told.blocks)])
    for braces in sorted({each for each in BRACES.findall(text) if each != NAME}):
        words = _("“%(words)s” is filled in by nobody. The name of the reader is written {name}.")
        yield Finding(code, words % {"words": braces}, is_error=True)
    if SHOUTED.search(text):
        yield Finding(code, _("Words in capitals are hard to read, and look like unwanted mail."))
    if any(len(each.split()) > LONGEST_PARAGRAPH for each in text.split("\n\n")):
        words = _("A paragraph has more than %(limit)s words: break it up.")
        yield Finding(code, words % {"limit": LONGEST_PARAGRAPH})
    for block in told.blocks:
        if block.picture and NO_DESCRIPTION.search(block.alt):
            words = _("Say what the picture “%(name)s” shows, not that it is one.")
            yield Finding(code, words % {"name": block.picture.name})


def _of_links(code, links, checked) -> Iterator[Finding]:
    for link in links:
        if not link.words:
            words = _("The link to %(url)s has no words: nobody can choose it.")
            yield Finding(code, words % {"url": link.url}, is_error=True)
        elif link.words.strip(" .…»>").lower() in EMPTY_WORDS:
            words = _("“%(words)s” does not say where the link leads: name the page.")
            yield Finding(code, words % {"words": link.words})
        elif link.words.startswith(("http://", "https://", "www.")):
            words = _("A screen reader spells %(url)s letter by letter: name the page.")
            yield Finding(code, words % {"url": link.words})
    for url in pages_of({code: links}):
        yield from _of_target(code, url, checked.get(url))


def _of_target(code, url, row) -> Iterator[Finding]:
    if row is None or row.checked_at is None:
        yield Finding(code, _("%(url)s has not been looked up yet.") % {"url": url})
    elif row.problem:
        words = f"{url} – {LinkProblem(row.problem).label}"
        answer = f" ({row.code})" if row.code else ""
        yield Finding(code, words + answer, is_error=row.problem in DEAD_LINK)


def _of_both(links) -> Iterator[Finding]:
    french, dutch = (len([each for each in links[code] if each.is_page]) for code in REQUIRED)
    if french != dutch:
        words = _("The French text has %(french)s links, the Dutch one %(dutch)s.")
        yield Finding("nl", words % {"french": french, "dutch": dutch})
