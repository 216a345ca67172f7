"""Rows of the portal for tests, and a whole chain from an idea to an indicator."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import factory

from governance.models import Body, Decision, Meeting
from kpi.models import Framework, Indicator, InitiativeIndicator, Observation
from portal.models import LegalDuty, NewsItem, ParliamentaryQuestion
from projects.models import Call, ProjectSheet, SheetIdea, SheetOutcome
from roadmap.models import Initiative
from stakeholders.models import Idea
from workshops.models import AgendaIdea, Workshop

from .kpi import place
from .programme import ThemeFactory
from .rows import words

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class NewsItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NewsItem

    slug = factory.Sequence(lambda n: f"news-{n}")
    title_fr = factory.Sequence(lambda n: f"Nouvelle {n}")
    title_nl = factory.Sequence(lambda n: f"Nieuwtje {n}")
    body_fr = "Le texte."
    body_nl = "De tekst."


class LegalDutyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LegalDuty

    code = factory.Sequence(lambda n: f"LAW-{n:02}")
    duty_fr, duty_nl = "Parité", "Gelijkheid"
    law_fr, law_nl = "Lois de 1966", "Wetten van 1966"
    practice_fr, practice_nl = "Les deux langues", "Beide talen"


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ParliamentaryQuestion

    code = factory.Sequence(lambda n: f"AC-{n:02}")
    asked_fr, asked_nl = "La liste des projets", "De lijst van projecten"
    due_fr, due_nl = "Un filtre", "Een filter"


class IdeaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Idea

    reference = factory.Sequence(lambda n: f"SCO-2026-{n + 1:05}")
    title = factory.Sequence(lambda n: f"Voir les places de livraison {n}")
    body = "En temps réel."
    language = "fr"
    theme = factory.SubFactory(ThemeFactory)
    status = "published"
    submitted_at = NOON
    received_at = NOON


def make_workshop(idea, result="retained", number=1):
    """Return a workshop that discussed ``idea`` with ``result``."""
    workshop = Workshop.objects.create(
        kind="multidisciplinary",
        series_no=number,
        theme=idea.theme,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=3),
        status="held",
        **words("title", "summary", "venue", n=number),
    )
    AgendaIdea.objects.create(
        workshop=workshop,
        idea=idea,
        result=result,
        reason_fr="Utile aux livreurs",
        reason_nl="Nuttig voor leveranciers",
    )
    return workshop


def make_sheet(idea, number=1, status="on_roadmap"):
    """Return a sheet that was born from ``idea``."""
    call, _new = Call.objects.get_or_create(
        slug="call",
        defaults={"edition": 1, "opens_on": DAY, "closes_on": DAY, **words("name")},
    )
    sheet = ProjectSheet.objects.create(
        reference=f"FP-2026-{number:02}",
        call=call,
        theme=idea.theme,
        status=status,
        **words(*ProjectSheet.public_fields, n=number),
    )
    SheetIdea.objects.create(sheet=sheet, idea=idea)
    return sheet


def make_decision(sheet, outcome="selected", status="adopted", number=1):
    """Return an adopted decision with its ``outcome`` for ``sheet``."""
    body, _new = Body.objects.get_or_create(
        code="GOV",
        defaults={
            "slug": "gov",
            "kind": "government",
            "name_fr": "Gouvernement",
            "name_nl": "Regering",
        },
    )
    meeting = Meeting.objects.create(
        body=body, number=f"GOV-2026-{number:02}", starts_at=NOON, status="closed", **words("title")
    )
    decision = Decision.objects.create(
        number=f"GOV-2026-{number:02}/D1",
        meeting=meeting,
        status=status,
        decided_on=DAY,
        **words("title", "text", "reasons", n=number),
    )
    return SheetOutcome.objects.create(
        sheet=sheet,
        decision=decision,
        outcome=outcome,
        reasons_fr="Le besoin est prouvé",
        reasons_nl="De nood is bewezen",
    )


def make_initiative(outcome, number=1, status="in_progress"):
    """Return the initiative that ``outcome`` gave."""
    return Initiative.objects.create(
        slug=f"initiative-{number}",
        origin="decision",
        outcome=outcome,
        status=status,
        starts_on=DAY,
        **words("title", "summary", "lead", n=number),
    )


def make_indicator(initiative, number=1, status="published"):
    """Return an indicator with one figure that measures ``initiative``."""
    framework, _new = Framework.objects.get_or_create(slug="local", defaults=words("name"))
    indicator = Indicator.objects.create(
        code=f"deliveries-{number}",
        geo=place("BXL"),
        framework=framework,
        unit_code="count",
        direction="up",
        status=status,
        **words("name", "definition", "unit", n=number),
    )
    Observation.objects.create(indicator=indicator, geo=place("BXL"), period="2025", value=42)
    InitiativeIndicator.objects.create(indicator=indicator, initiative=initiative)
    return indicator


def make_chain(number=1):
    """Return an idea that came all the way, with each thing on it."""
    idea = IdeaFactory()
    workshop = make_workshop(idea, number=number)
    sheet = make_sheet(idea, number)
    outcome = make_decision(sheet, number=number)
    initiative = make_initiative(outcome, number)
    return SimpleNamespace(
        idea=idea,
        workshop=workshop,
        sheet=sheet,
        outcome=outcome,
        decision=outcome.decision,
        initiative=initiative,
        indicator=make_indicator(initiative, number),
    )
