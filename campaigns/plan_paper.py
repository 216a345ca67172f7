"""The plan on paper: PDF of the rows of today and of each adopted version, in each language."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import pdf, typography

from .models import CommunicationPlan, PlanVersion
from .plan_content import blocks_of, content_of, in_language, period_words


def live_pdf(plan: CommunicationPlan, language: str) -> bytes:
    """Return the plan as it stands today."""
    with translation.override(language):
        day = typography.day(timezone.localdate())
        state = [str(plan.get_status_display()), _("as of %(day)s") % {"day": day}]
    return _paper(content_of(plan), state, language)


def version_pdf(version: PlanVersion, language: str) -> bytes:
    """Return an adopted version exactly as it was frozen, with its fingerprint."""
    with translation.override(language):
        state = [
            str(version),
            _("adopted on %(day)s") % {"day": typography.day(version.adopted_at)},
            f"SHA-256 {version.sha256[:16]}…",
        ]
    return _paper(version.content, state, language)


def file_name(title: str, language: str, number: int | None = None) -> str:
    """Return the name under which a PDF is saved."""
    version = f"-v{number}" if number else ""
    return f"{slugify(title) or 'plan'}{version}-{language}.pdf"


def _paper(content: dict, state: list[str], language: str) -> bytes:
    with translation.override(language):
        title = in_language(content["title"], language)
        data = {
            "title": title["text"],
            "title_lang": title["lang"],
            "author": settings.SITE["name"],
            "kicker": _("Communication plan"),
            "meta": [period_words(content), *state],
            "demo": _("Demonstration: this content is fictitious.") if content["is_demo"] else "",
            "blocks": [_plain(each) for each in blocks_of(content, language)],
        }
    return pdf.render("plan", data, language)


def _plain(block: dict) -> dict:
    """Return a block with lists in place of pairs: what JSON and Typst have in common."""
    if block["kind"] == "item":
        return {
            **block,
            "rows": [{"label": label, "words": words} for label, words in block["rows"]],
        }
    return block
