"""Seed of the portal: legal duties, parliamentary questions, demonstration news."""

from datetime import date

from core.seeding import ensure, read, texts
from programme.models import Source

from .models import LegalDuty, NewsItem, NewsStatus, ParliamentaryQuestion


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the registers and the demonstration news; rows that exist are left alone."""
    if facts:
        load_duties()
        load_questions()
    if demo:
        load_news()


def load_duties() -> None:
    """Load the legal duties with what each means for the portal."""
    for row in read("facts", "legal"):
        made, new = ensure(
            LegalDuty,
            {"code": row["id"]},
            verified=row["verified"],
            not_proofread=row["not_proofread"],
            **texts(duty=row["duty"], law=row["law"], practice=row["software"]),
        )
        if new:
            made.sources.set(Source.objects.filter(key__in=row["sources"]))


def load_questions() -> None:
    """Load what members of Parliament have asked, with what the portal owes them."""
    for row in read("facts", "parliamentary_questions"):
        made, new = ensure(
            ParliamentaryQuestion,
            {"code": row["id"]},
            not_proofread=row["not_proofread"],
            **texts(asked=row["asked"], due=row["passes_when"]),
        )
        if new:
            made.sources.set(Source.objects.filter(key__in=row["questions"]))


def load_news() -> None:
    """Load the demonstration news, published on their own dates."""
    for row in read("demo", "news"):
        ensure(
            NewsItem,
            {"slug": row["slug"]},
            published_on=date.fromisoformat(row["published_on"]),
            status=NewsStatus.PUBLISHED,
            is_demo=True,
            **texts(title=row["title"], body=row["body"]),
        )
