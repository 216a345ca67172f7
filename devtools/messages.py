"""Message catalogues without gettext tools: Babel extracts, merges and compiles.

    python -m devtools.messages extract          bring locale/*/LC_MESSAGES/django.po up to date
    python -m devtools.messages missing [APP]    what is not translated (of one app's files)
    python -m devtools.messages fill FILE.json   enter translations: [{"id", "plural", "fr", "nl"}]
    python -m devtools.messages compile          write the .mo files that Django loads
    python -m devtools.messages check            fail when a catalogue is stale, fuzzy or incomplete

English is the source language, so its catalogue stays empty. A file lock lets several people work.
"""

import fcntl
import io
import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("fr", "nl", "en")
COMPLETE = ("fr", "nl")
SOURCES = (
    *("accounts", "core", "programme", "stakeholders", "governance", "standards", "workshops"),
    *("projects", "roadmap", "compliance", "kpi", "campaigns", "portal", "smartcity", "templates"),
)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
    "_": None,
}
NAMED = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def po_path(language: str) -> Path:
    """Return the catalogue of ``language``."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


@contextmanager
def locked():
    """Hold the lock of the catalogues."""
    (ROOT / "locale").mkdir(exist_ok=True)
    with open(ROOT / "locale" / ".lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def source_files():
    """Yield every file that may hold messages, in a stable order."""
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def python_text(path: Path) -> str:
    """Return Python code that holds the messages of ``path``; a template is turned into some.

    Each line is left-stripped, or Babel would see Python with senseless indents.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.lstrip() for line in templatize(text).splitlines())


def extracted() -> Catalog:
    """Return the catalogue of all messages in the source, without translations."""
    catalog = Catalog(project="Smart City Office", charset="utf-8", fuzzy=False)
    for path in source_files():
        code = io.BytesIO(python_text(path).encode())
        for _line, message, _comments, context in babel_extract("python", code, KEYWORDS):
            if not message or not (message if isinstance(message, str) else message[0]):
                continue
            where = path.relative_to(ROOT).as_posix()
            catalog.add(message, locations=[(where, None)], context=context)
    return catalog


def load(language: str) -> Catalog:
    """Return the stored catalogue of ``language``, or an empty one."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """Return the stored translations of exactly the messages that the source has now."""
    stored, fresh = load(language), Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in template:
        if not message.id:
            continue
        known = stored.get(message.id, message.context)
        fresh.add(
            message.id,
            known.string if known and same_shape(known.string, message.id) else None,
            locations=message.locations,
            context=message.context,
            flags=message.flags - {"fuzzy"},
        )
    return fresh


def same_shape(string, identity) -> bool:
    """Tell whether a translation has plural forms exactly where its message has them."""
    return isinstance(string, list | tuple) == isinstance(identity, list | tuple)


def save(language: str, catalog: Catalog) -> None:
    """Write the catalogue, sorted and without dates, so that a diff shows texts only."""
    catalog.creation_date = catalog.revision_date = None
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, omit_header=False, width=100, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    path.write_text("".join(line for line in lines if not line.startswith(dated)))


def extract() -> None:
    """Bring every catalogue up to date."""
    with locked():
        template = extracted()
        for language in LANGUAGES:
            save(language, merged(language, template))


def forms(message, language) -> list[str]:
    """Return the translated forms of a message ("" where there is none)."""
    string = message.string
    return [form or "" for form in (string if isinstance(string, list | tuple) else [string])]


def untranslated(language: str, catalog: Catalog, app: str = ""):
    """Yield the messages of ``catalog`` (of the files of ``app``) that lack a form."""
    for message in catalog:
        places = [where for where, _line in message.locations]
        mine = not app or any(p.startswith((f"{app}/", f"templates/{app}/")) for p in places)
        if message.id and mine and not all(forms(message, language)):
            yield message


def missing(app: str = "") -> None:
    """Print what is not translated as the JSON that `fill` takes."""
    template = extracted()
    gaps: dict = {}
    for language in COMPLETE:
        for message in untranslated(language, merged(language, template), app):
            plural = isinstance(message.id, tuple)
            entry = {"id": message.id[0] if plural else message.id}
            entry |= {"plural": message.id[1]} if plural else {}
            entry |= {"context": message.context} if message.context else {}
            gaps.setdefault((message.id, message.context), entry)[language] = ""
    print(json.dumps(list(gaps.values()), ensure_ascii=False, indent=1))


def fill(file: str) -> None:
    """Enter the translations of a JSON file; say which of its messages the source lacks."""
    entries = json.loads(Path(file).read_text(encoding="utf-8"))
    with locked():
        template = extracted()
        for language in COMPLETE:
            catalog = merged(language, template)
            tidy = french if language == "fr" else (lambda words: words)
            for entry in entries:
                string = entry.get(language)
                if isinstance(string, list):
                    enter(catalog, entry, [tidy(each) for each in string])
                elif string:
                    enter(catalog, entry, tidy(string))
            save(language, catalog)
        save("en", merged("en", template))


def french(words: str) -> str:
    """Return ``words`` with the spaces that French does not break before : ; ? ! » and after «."""
    words = re.sub(r"(?<=\S) (?=[:»](?!\S))|(?<=«) ", "\u00a0", words)
    return re.sub(r"(?<=\S) (?=[;?!](?!\S))", "\u202f", words)


def enter(catalog: Catalog, entry: dict, string) -> None:
    """Put one translation into ``catalog``."""
    identity = (entry["id"], entry["plural"]) if entry.get("plural") else entry["id"]
    message = catalog.get(identity, entry.get("context"))
    if message is None:
        print(f"not in the source: {entry['id']!r}", file=sys.stderr)
    elif string:
        message.string = tuple(string) if isinstance(string, list) else string


def compile_all() -> None:
    """Write the .mo files."""
    with locked():
        for language in LANGUAGES:
            with po_path(language).with_suffix(".mo").open("wb") as handle:
                write_mo(handle, load(language))


def check() -> int:
    """Return 1 and say why when a catalogue is stale, incomplete, fuzzy or breaks a placeholder."""
    template = extracted()
    faults = []
    for language in LANGUAGES:
        stored = load(language)
        wanted = {(m.id, m.context) for m in template if m.id}
        present = {(m.id, m.context) for m in stored if m.id}
        faults += [f"{language}: not extracted: {each[0]!r}" for each in wanted - present]
        faults += [f"{language}: no longer in the source: {e[0]!r}" for e in present - wanted]
        faults += [f"{language}: fuzzy: {m.id!r}" for m in stored if m.id and m.fuzzy]
        if language in COMPLETE:
            faults += [f"{language}: empty: {m.id!r}" for m in untranslated(language, stored)]
            faults += [
                f"{language}: placeholders differ: {m.id!r}"
                for m in stored
                if m.id and not same_placeholders(m)
            ]
        if language == "fr":
            faults += [
                f"fr: a space that breaks before punctuation: {m.id!r}"
                for m in stored
                if m.id and any(french(each) != each for each in forms(m, language) if each)
            ]
    print("\n".join(faults) or "The catalogues are complete.")
    return int(bool(faults))


def same_placeholders(message) -> bool:
    """Tell whether each translated form keeps the named placeholders of its message."""
    identity = message.id if isinstance(message.id, tuple) else (message.id,)
    wanted = {found for form in identity for found in NAMED.findall(form)}
    given = forms(message, "")
    return all({*NAMED.findall(form)} <= wanted for form in given) and (
        not any(given) or {found for form in given for found in NAMED.findall(form)} == wanted
    )


def main(arguments: list[str]) -> int:
    """Run one of the commands."""
    settings.configure(INSTALLED_APPS=[], USE_I18N=True)
    django.setup()
    commands = {
        "extract": extract,
        "missing": missing,
        "fill": fill,
        "compile": compile_all,
        "check": check,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]](*arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
