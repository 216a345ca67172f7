"""Which page answers what members of Parliament asked; what none answers is said to be open."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.context import url_or_none


class Extent(models.TextChoices):
    """How much of a question the portal answers today."""

    FULL = "full", _("answered")
    PART = "part", _("answered in part")
    OPEN = "open", _("not answered here yet")


CHIPS = {Extent.FULL: "ok", Extent.PART: "wait", Extent.OPEN: "stop"}

ROADMAP = ("roadmap:initiative-list", _("Roadmap"))
GOVERNANCE = ("governance:index", _("Governance"))
INDICATORS = ("kpi:indicator-list", _("Indicators"))
SHEETS = ("projects:sheet-list", _("Project sheets"))

#: Code of the question → extent, and the pages where the answer stands.
PAGES = {
    "AC-01": (Extent.PART, (ROADMAP,)),
    "AC-02": (Extent.PART, (ROADMAP,)),
    "AC-03": (Extent.PART, (ROADMAP, SHEETS)),
    "AC-04": (Extent.FULL, (ROADMAP,)),
    "AC-05": (Extent.PART, (ROADMAP,)),
    "AC-10": (Extent.PART, (("stakeholders:organisation-list", _("Stakeholders")),)),
    "AC-11": (Extent.PART, (INDICATORS,)),
    "AC-14": (Extent.PART, (ROADMAP,)),
    "AC-15": (Extent.PART, (GOVERNANCE,)),
    "AC-16": (Extent.PART, (GOVERNANCE,)),
    "AC-17": (Extent.PART, (("workshops:workshop-list", _("Workshops")),)),
    "AC-18": (Extent.PART, (("portal:programme", _("Planned and done")), INDICATORS)),
    "AC-20": (Extent.PART, (("programme:workstream-list", _("Priority workstreams")),)),
    "AC-22": (Extent.PART, (SHEETS, ("projects:jury", _("Jury")))),
    "AC-28": (Extent.PART, (("portal:transparency", _("Transparency")),)),
    "AC-30": (Extent.PART, (("portal:accessibility", _("Accessibility")),)),
    "AC-32": (Extent.FULL, (("portal:open-data", _("Open data")),)),
}


@dataclass(frozen=True)
class Answer:
    """What the portal answers to one question: how much, and on which pages (address, title)."""

    extent: Extent
    pages: list[tuple[str, str]]

    @property
    def chip(self) -> str:
        """The kind of chip that shows the extent."""
        return CHIPS[self.extent]


def answer_to(code: str) -> Answer:
    """Return what the portal answers to question ``code``; a page that is not there is left out."""
    extent, pages = PAGES.get(code, (Extent.OPEN, ()))
    found = [(url_or_none(name), label) for name, label in pages]
    links = [(url, label) for url, label in found if url]
    return Answer(extent if links else Extent.OPEN, links)
