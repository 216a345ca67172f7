"""The links in a piece of HTML that we wrote: their words, and other addresses in their place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

HREF = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)
PAGES = ("https://", "http://")


@dataclass(frozen=True)
class Link:
    """A link: the address, and the words (or the description of the picture) that lead there."""

    url: str
    words: str

    @property
    def is_page(self) -> bool:
        """Tell whether it leads to a page, not to a mail program or a telephone."""
        return self.url.startswith(PAGES)


class _Finder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[Link] = []
        self.url: str | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.url, self.words = values["href"], []
        elif tag == "img" and self.url is not None:
            self.words.append(values.get("alt") or "")

    def handle_data(self, data):
        if self.url is not None:
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag == "a" and self.url is not None:
            self.found.append(Link(self.url, " ".join("".join(self.words).split())))
            self.url = None


def links_of(html: str) -> list[Link]:
    """Return the links of ``html`` in their order."""
    finder = _Finder()
    finder.feed(html)
    return finder.found


def with_other_addresses(html: str, address: Callable[[str], str]) -> str:
    """Return ``html`` with ``address(url)`` in the place of each address of a page."""

    def other(found: re.Match) -> str:
        url = unescape(found[2])
        return found[1] + escape(address(url)) + found[3] if url.startswith(PAGES) else found[0]

    return HREF.sub(other, html)
