"""Finds whole names of the other language on a page, outside passages marked with their language.

A name is given by the Office in French and in Dutch; where the two differ, only one belongs on a
page. Names are matched whole and the longest first, so that "Forest" inside "Forest National" or
"STIB" inside "STIB-MIVB" is not a find of its own where the longer one is a name as well.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

#: Elements inside a sentence: the words on both sides belong together.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "em",
        "i",
        "mark",
        "q",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tspan",
    ]
)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "use",
        "wbr",
    ]
)
#: What people read or hear without it being text.
SPOKEN = ("aria-label", "title", "alt", "placeholder", "label")
OTHER = {"fr": "nl", "nl": "fr"}


class Words(HTMLParser):
    """Collects what a page says in its own language: text, spoken attributes, figures' words."""

    def __init__(self, page: str):
        super().__init__()
        self.open, self.parts, self.language = [], [], ""
        self.feed(page)

    @property
    def text(self) -> str:
        """Return all words of the page's own language."""
        return " ".join("".join(self.parts).split())

    def handle_starttag(self, tag, attributes):
        """Enter an element, in its own language or that of its parent."""
        found = dict(attributes)
        parent = self.open[-1][1] if self.open else ""
        language = (found.get("lang") or parent)[:2]
        if tag == "html":
            self.language = language
        self.separate(tag)
        self.say_attributes(tag, found, language)
        if tag not in VOID:
            self.open.append((tag, language, found.get("type", "")))

    def handle_endtag(self, tag):
        """Leave an element, with whatever was left open inside it."""
        while self.open and tag in {name for name, *_rest in self.open}:
            if self.open.pop()[0] == tag:
                break
        self.separate(tag)

    def handle_data(self, data):
        """Note words in the page's language; a foreign passage leaves a gap."""
        tag, language, kind = self.open[-1] if self.open else ("", "", "")
        if language != self.language or tag == "style":
            self.parts.append(" ")
        elif tag != "script":
            self.parts.append(data)
        elif kind == "application/json":
            self.parts.append(" | ".join(strings(json.loads(data))))

    def separate(self, tag):
        """Keep the words of two blocks apart."""
        if tag not in INLINE:
            self.parts.append(" | ")

    def say_attributes(self, tag, found, language):
        """Note the attributes that are read aloud or shown."""
        if language != self.language:
            return
        spoken = [*SPOKEN, "content"] if tag == "meta" else SPOKEN
        self.parts += [f" | {found[name]} | " for name in spoken if found.get(name)]


def strings(value) -> Iterator[str]:
    """Yield every text inside the data of a figure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


class NameCheck:
    """Knows all pairs of names, and which belong on a page of which language."""

    def __init__(self, pairs: set[tuple[str, str]]):
        self.own = {"fr": {one for one, _two in pairs}, "nl": {two for _one, two in pairs}}
        every = sorted(self.own["fr"] | self.own["nl"], key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, every))})(?!\w)")

    def __call__(self, page: str) -> set[str]:
        """Return the names on ``page`` that are those of the other language only."""
        words = Words(page)
        found = set(self.pattern.findall(words.text))
        return found & self.own[OTHER[words.language]] - self.own[words.language]
