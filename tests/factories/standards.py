"""Rows of the registry of standards."""

import factory

from standards.models import Principle, Standard, StandardTheme


class StandardThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StandardTheme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    name_fr = factory.Sequence(lambda n: f"Thème {n}")
    name_nl = factory.Sequence(lambda n: f"Onderwerp {n}")
    name_en = factory.Sequence(lambda n: f"Topic {n}")


class StandardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Standard

    slug = factory.Sequence(lambda n: f"standard-{n}")
    name = factory.Sequence(lambda n: f"STD {n}")
    owner = "Standards body"
    owner_label_fr = "Organisme de normalisation"
    owner_label_nl = "Normalisatie-instelling"
    version = "1.0"
    version_label_fr = "1.0, mars 2020"
    version_label_nl = "1.0, maart 2020"
    theme = factory.SubFactory(StandardThemeFactory)
    description_fr = factory.Sequence(lambda n: f"Échanger des données {n}.")
    description_nl = factory.Sequence(lambda n: f"Gegevens uitwisselen {n}.")


class PrincipleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Principle

    number = factory.Sequence(lambda n: n + 1)
    group = Principle.Group.CORE
    name_fr = factory.Sequence(lambda n: f"Principe {n}")
    name_nl = factory.Sequence(lambda n: f"Beginsel {n}")
    statement_fr = factory.Sequence(lambda n: f"Énoncé {n}")
    statement_nl = factory.Sequence(lambda n: f"Stelling {n}")
