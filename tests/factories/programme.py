"""Rows of the programme for tests."""

import factory

from programme.models import (
    Deliverable,
    Portfolio,
    Source,
    Theme,
    TimelineFact,
    WorkPackage,
    Workstream,
)


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"T{n:02}")
    label_fr = "Rapport annuel"
    label_nl = "Jaarverslag"
    reference = "annual report"


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    name_fr = "Mobilité"
    name_nl = "Mobiliteit"


class WorkPackageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkPackage

    number = factory.Sequence(lambda n: n + 1)
    slug = factory.LazyAttribute(lambda row: f"volet-{row.number}")
    name_fr = "Participation"
    name_nl = "Deelname"


class DeliverableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deliverable

    work_package = factory.SubFactory(WorkPackageFactory)
    code = factory.Sequence(lambda n: f"D-{n}")
    name_fr = "Rencontres avec la quadruple hélice"
    name_nl = "Gesprekken met de quadruple helix"
    short_name_fr = "Rencontres"
    short_name_nl = "Gesprekken"
    unit_fr = "rencontre"
    unit_nl = "gesprek"


class WorkstreamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workstream

    slug = factory.Sequence(lambda n: f"workstream-{n}")
    name_fr = factory.Sequence(lambda n: f"Chantier {n}")
    name_nl = factory.Sequence(lambda n: f"Werf {n}")
    summary_fr = "Ce qui vient d’abord"
    summary_nl = "Wat eerst komt"
    theme = factory.SubFactory(ThemeFactory)


class PortfolioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Portfolio

    slug = factory.Sequence(lambda n: f"portfolio-{n}")
    name_fr = factory.Sequence(lambda n: f"Compétence {n}")
    name_nl = factory.Sequence(lambda n: f"Bevoegdheid {n}")


class TimelineFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TimelineFact

    when = "2017-02"
    when_text_fr = "février 2017"
    when_text_nl = "februari 2017"
    fact_fr = factory.Sequence(lambda n: f"Fait {n}")
    fact_nl = factory.Sequence(lambda n: f"Feit {n}")
