"""Workshops and their agendas for tests."""

from datetime import UTC, datetime, timedelta

import factory

from stakeholders.models import Idea
from tests.factories.programme import ThemeFactory
from workshops.models import AgendaIdea, Workshop


class PublicIdeaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Idea

    reference = factory.Sequence(lambda n: f"SCO-2026-{n + 500:05}")
    title = factory.Sequence(lambda n: f"Een fietskaart {n}")
    body = "Alle stallingen op één kaart."
    language = "nl"
    theme = factory.SubFactory(ThemeFactory)
    status = Idea.Status.PUBLISHED
    published_at = datetime(2026, 1, 9, 8, tzinfo=UTC)


class WorkshopFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workshop

    kind = Workshop.Kind.MULTIDISCIPLINARY
    series_no = factory.Sequence(lambda n: n + 1)
    theme = factory.SubFactory(ThemeFactory)
    title_fr = factory.Sequence(lambda n: f"Partager la rue {n}")
    title_nl = factory.Sequence(lambda n: f"De straat delen {n}")
    summary_fr = "Comment partager la rue ?"
    summary_nl = "Hoe delen we de straat?"
    venue_fr = "Salle Senne"
    venue_nl = "Zaal Zenne"
    starts_at = datetime(2026, 10, 1, 7, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=3))
    status = Workshop.Status.PUBLISHED


class AgendaIdeaFactory(factory.django.DjangoModelFactory):
    """An idea on an agenda; `with_result=True` gives it a result with its reason."""

    class Meta:
        model = AgendaIdea

    class Params:
        with_result = factory.Trait(
            result=AgendaIdea.Result.RETAINED,
            reason_fr="Le besoin est partagé.",
            reason_nl="De nood wordt gedeeld.",
        )

    workshop = factory.SubFactory(WorkshopFactory)
    idea = factory.SubFactory(PublicIdeaFactory)
