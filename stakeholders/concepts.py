"""What a text speaks of, whatever its language: codes of the glossary that French, Dutch and
English share.

The words are the Office's glossary (`seed/facts/glossary.json`) and the words in which people
write about their city (`seed/words/city.json`). A word counts in its usual forms (at most two
letters behind it, as in "vélos" and "fietsen"), in Dutch also inside a longer one ("verlichting" in
"straatverlichting").
"""

import re
from collections import defaultdict
from functools import cache

from django.utils.text import slugify

from core.search import LANGUAGES, fold
from core.seeding import read

WORDINGS = (("facts", "glossary"), ("words", "city"))
#: Shorter words differ in one letter from others: they count as they are, but for a plural.
SHORTEST_INSIDE = 5
ENDING = 2
LONGEST = 5_000


@cache
def vocabulary(language: str) -> dict[str, list[tuple]]:
    """Return {first three letters: [(words of the term, code)]} of ``language``."""
    found = defaultdict(list)
    for code, entry in entries().items():
        for words in terms(entry[language]):
            found[words[0][:3]].append((words, code))
    return dict(found)


@cache
def entries() -> dict[str, dict]:
    """Return {code: term in each language}."""
    rows = [entry for wording in WORDINGS for entry in read(*wording)]
    return {slugify(entry["en"] or entry["fr"])[:80]: entry for entry in rows}


def names(codes, language: str) -> list[str]:
    """Return what a reader of ``language`` calls ``codes``: the first word of each."""
    return sorted(entries()[code][language].split(",")[0] for code in codes if code in entries())


def terms(text: str) -> list[tuple[str, ...]]:
    """Return the terms of an entry as words: several are set apart by a comma or a stroke."""
    plain = re.sub(r"\([^)]*\)?", " ", fold(text))
    split = (tuple(re.findall(r"\w+", term)) for term in re.split(r"[,/]", plain))
    return [words for words in split if words and len("".join(words)) > 2]


@cache
def parts_of_compounds(language: str) -> list[tuple[str, str]]:
    """Return (word, code) of the words that stand inside longer ones in ``language``."""
    if language != "nl":
        return []
    known = (entry for group in vocabulary(language).values() for entry in group)
    return [
        (words[0], code)
        for words, code in known
        if len(words) == 1 and len(words[0]) >= SHORTEST_INSIDE
    ]


def is_form(word: str, base: str) -> bool:
    """Tell whether ``word`` is ``base`` or ends in a letter or two more."""
    return word.startswith(base) and len(word) - len(base) <= ENDING


def concepts_of(text: str, language: str) -> set[str]:
    """Return the codes of what ``text`` in ``language`` speaks of."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    words, known, found = re.findall(r"\w+", fold(text[:LONGEST])), vocabulary(language), set()
    for place, word in enumerate(words):
        for term, code in known.get(word[:3], ()):
            if all(map(is_form, words[place : place + len(term)], term)) and (
                place + len(term) <= len(words)
            ):
                found.add(code)
    for part, code in parts_of_compounds(language):
        if code not in found and any(part in word for word in words):
            found.add(code)
    return found
