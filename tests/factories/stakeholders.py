"""Ideas, people, organisations and topics for tests."""

from datetime import UTC, datetime

import factory

from programme.models import Municipality
from stakeholders.models import (
    Contact,
    Idea,
    IdeaReport,
    MessageTemplate,
    OfficialStatement,
    Organisation,
    Submission,
    Topic,
)
from tests.factories.programme import ThemeFactory

RECEIVED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PUBLISHED_AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    language = "fr"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    helix = "civil_society"
    name_fr = factory.Sequence(lambda n: f"Atelier {n}")
    name_nl = factory.Sequence(lambda n: f"Werkplaats {n}")
    is_listed = True


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ("slug",)

    slug = "jette"
    nis = "21010"
    name_fr = "Jette"
    name_nl = "Jette (NL)"
    postcodes = "1090"
    lat = "50.878"
    lon = "4.325"


class IdeaFactory(factory.django.DjangoModelFactory):
    """A received idea; `published=True`, `answered=True` for those further on."""

    class Meta:
        model = Idea
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(status="published", published_at=PUBLISHED_AT)
        answered = factory.Trait(
            status="answered",
            published_at=PUBLISHED_AT,
            answered_at=PUBLISHED_AT,
            outcome="accepted",
            answer_fr="Oui, parce que.",
            answer_nl="Ja, omdat.",
        )

    reference = factory.Sequence(lambda n: f"SCO-2026-{n + 100:05}")
    title = factory.Sequence(lambda n: f"Des bancs aux arrêts {n}")
    body = "Un banc à chaque deuxième arrêt, pour souffler en chemin."
    language = "fr"
    theme = factory.SubFactory(ThemeFactory)
    status = "received"
    received_at = RECEIVED_AT

    @factory.post_generation
    def statement(self, create, extracted, **kwargs):
        """Publish what an answered idea was answered, as one taken over from before."""
        if create and self.answered_at is not None and extracted is not False:
            StatementFactory(idea=self, outcome=self.outcome, published_at=self.answered_at)


class StatementFactory(factory.django.DjangoModelFactory):
    """A published answer without persons; `proposed=True` for one that somebody proposed."""

    class Meta:
        model = OfficialStatement

    class Params:
        proposed = factory.Trait(status="proposed", published_at=None, proposed_at=PUBLISHED_AT)

    idea = factory.SubFactory(IdeaFactory, published=True)
    kind = "answer"
    status = "published"
    outcome = "accepted"
    signatory_fr = signatory_nl = "Smart City Office"
    body_fr = "Oui, parce que."
    body_nl = "Ja, omdat."
    published_at = PUBLISHED_AT


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    idea = factory.SubFactory(IdeaFactory)
    contact = factory.SubFactory(ContactFactory)
    language = "fr"


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name_fr = factory.Sequence(lambda n: f"Lettre {n}")
    name_nl = factory.Sequence(lambda n: f"Brief {n}")
    purpose_fr = "Ce qui est décidé."
    purpose_nl = "Wat beslist is."


class ReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IdeaReport

    idea = factory.SubFactory(IdeaFactory, published=True)
    reason = "offensive"
    details = "Le deuxième paragraphe."
    locale = "fr"
    reporter_hash = factory.Sequence(lambda n: f"{n:064}")


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MessageTemplate

    slug = factory.Sequence(lambda n: f"template-{n}")
    use = "refusal"
    reason = "unclear"
    name_fr = "Peu clair"
    name_nl = "Onduidelijk"
    text_fr = "Nous ne comprenons pas."
    text_nl = "Wij begrijpen het niet."
    text_en = "We do not understand."
    instead_fr = "Venez au guichet."
    instead_nl = "Kom naar het loket."
