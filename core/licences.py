"""Under what conditions data may be reused: the licence of the Office, and those that are known."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence by its name and its address; the address is empty where only words are known."""

    name: str
    url: str = ""


#: The licence under which the Office publishes its own data.
OWN = Licence(
    "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "https://creativecommons.org/licenses/by/4.0/",
)
CC0 = Licence(
    "Creative Commons Zero 1.0 Universal (CC0 1.0)",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
#: Short names as people write them into a field.
SHORT_NAMES = {"cc by 4.0": OWN, "cc-by-4.0": OWN, "cc0": CC0, "cc0 1.0": CC0, "cc0-1.0": CC0}


def licence_named(text: str) -> Licence:
    """Return the licence that ``text`` names by name, short name or address; empty is our own."""
    words = text.strip()
    if not words:
        return OWN
    known = SHORT_NAMES.get(words.lower())
    if known:
        return known
    for each in (OWN, CC0):
        if words in (each.name, each.url):
            return each
    return Licence(words, words if words.startswith(("https://", "http://")) else "")
