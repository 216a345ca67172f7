"""Bodies, meetings and decisions for tests."""

from datetime import UTC, date, datetime

import factory

from governance.models import ActionItem, AgendaItem, Body, Decision, Mandate, Meeting
from stakeholders.models import Contact


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Body

    slug = factory.Sequence(lambda n: f"body-{n}")
    code = factory.Sequence(lambda n: f"B{n}")
    kind = Body.Kind.BOARD
    name_fr = "Conseil de gouvernance"
    name_nl = "Governance Board"


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    body = factory.SubFactory(BodyFactory)
    title_fr = "Représentation de la recherche"
    title_nl = "Vertegenwoordiging van het onderzoek"
    starts_on = date(2026, 1, 1)

    @factory.lazy_attribute_sequence
    def contact(self, n):
        return Contact.objects.create(
            name="Jeanne Secret", email=f"member{n}@example.org", language="fr"
        )


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    body = factory.SubFactory(BodyFactory)
    number = factory.Sequence(lambda n: f"GB-2026-{n:02}")
    title_fr = "Avis sur les fiches"
    title_nl = "Advies over de fiches"
    starts_at = datetime(2026, 3, 31, 12, tzinfo=UTC)
    status = Meeting.Status.CLOSED


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.Sequence(lambda n: n + 1)
    kind = AgendaItem.Kind.DECISION
    title_fr = "Point de l’ordre du jour"
    title_nl = "Punt van de agenda"


class DecisionFactory(factory.django.DjangoModelFactory):
    """A proposal; `taken=True` makes it an adopted decision."""

    class Meta:
        model = Decision

    class Params:
        taken = factory.Trait(status=Decision.Status.ADOPTED, decided_on=date(2026, 3, 31))

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttributeSequence(lambda row, n: f"{row.meeting.number}/D{n}")
    title_fr = "Règles de l’appel"
    title_nl = "Regels van de oproep"
    text_fr = "Le conseil adopte les règles."
    text_nl = "De raad keurt de regels goed."
    reasons_fr = "En fait et en droit."
    reasons_nl = "In feite en in rechte."


class ActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionItem

    decision = factory.SubFactory(DecisionFactory, taken=True)
    title_fr = "Publier les règles"
    title_nl = "De regels publiceren"
    owner_role_fr = "Secrétariat"
    owner_role_nl = "Secretariaat"
