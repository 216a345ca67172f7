"""Loads the published standards and the principles of the European Interoperability Framework."""

from core.seeding import ensure, read, texts

from .models import Principle, Standard, StandardTheme


def load(facts: bool = True, demo: bool = True) -> None:
    """Make what is missing; there is no demonstration content here."""
    if not facts:
        return
    for entry in read("facts", "standards"):
        load_standard(entry)
    for entry in read("facts", "principles"):
        ensure(
            Principle,
            {"number": entry["number"]},
            group=entry["group"],
            recommendations=entry["recommendations"],
            not_proofread=entry["not_proofread"],
            **texts(name=entry["name"], statement=entry["statement"]),
        )


def load_standard(entry: dict) -> None:
    """Load a standard and, where it is new, its theme."""
    theme, _made = ensure(
        StandardTheme, {"slug": entry["theme"]["slug"]}, **texts(name=entry["theme"]["name"])
    )
    ensure(
        Standard,
        {"slug": entry["slug"]},
        name=entry["name"],
        owner=entry["owner"],
        version=entry["version"],
        theme=theme,
        not_proofread=entry["not_proofread"],
        **texts(
            owner_label=entry["owner_label"],
            version_label=entry["version_label"],
            description=entry["description"],
        ),
    )
