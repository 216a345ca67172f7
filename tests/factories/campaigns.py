"""Makers of topics, subscribers, plans and campaigns."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from campaigns.models import (
    Block,
    BlockKind,
    Campaign,
    CampaignStatus,
    CommunicationPlan,
    Occasion,
    Picture,
    PlanAction,
    PlanAudience,
    PlanKPI,
    PlanObjective,
    PlanStatus,
    Segment,
)
from campaigns.selectors import content_hash
from campaigns.services import take_in_picture
from stakeholders.models import Contact, Subscription, SubscriptionState, Topic


class CampaignTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda number: f"topic-{number}")
    name_fr = factory.LazyAttribute(lambda row: f"Sujet {row.slug}")
    name_nl = factory.LazyAttribute(lambda row: f"Onderwerp {row.slug}")
    purpose_fr = "Ce qui a été décidé."
    purpose_nl = "Wat beslist is."


class SubscriberFactory(factory.django.DjangoModelFactory):
    """A confirmed subscription with its person."""

    class Meta:
        model = Subscription

    class Params:
        email = factory.Sequence(lambda number: f"reader{number}@example.org")

    topic = factory.SubFactory(CampaignTopicFactory)
    language = "fr"
    status = SubscriptionState.ACTIVE
    confirmed_at = factory.LazyFunction(timezone.now)
    contact = factory.LazyAttribute(
        lambda row: Contact.objects.create(email=row.email, language=row.language)
    )


class PlanFactory(factory.django.DjangoModelFactory):
    """An adopted plan without a row; ``draft=True`` is one that is being written."""

    class Meta:
        model = CommunicationPlan

    class Params:
        draft = factory.Trait(status=PlanStatus.DRAFT, adopted_at=None)

    title_fr = factory.Sequence(lambda number: f"Plan de communication {number}")
    title_nl = factory.Sequence(lambda number: f"Communicatieplan {number}")
    starts_on = date(2026, 1, 5)
    ends_on = date(2027, 6, 30)
    status = PlanStatus.ADOPTED
    adopted_at = datetime(2026, 1, 5, 9, tzinfo=UTC)


class PlanObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanObjective

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda number: number % 1000 + 1)
    text_fr = factory.Sequence(lambda number: f"Dire ce qui change {number}")
    text_nl = factory.Sequence(lambda number: f"Zeggen wat verandert {number}")


class PlanAudienceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanAudience

    plan = factory.SubFactory(PlanFactory)
    position = factory.Sequence(lambda number: number % 1000 + 1)
    name_fr = factory.Sequence(lambda number: f"Habitants {number}")
    name_nl = factory.Sequence(lambda number: f"Bewoners {number}")
    need_fr = "Savoir où aller."
    need_nl = "Weten waarheen."
    message_fr = "Venez au guichet."
    message_nl = "Kom naar het loket."


class PlanActionFactory(factory.django.DjangoModelFactory):
    """A planned action; ``done=True`` took place on its last day."""

    class Meta:
        model = PlanAction
        skip_postgeneration_save = True

    class Params:
        done = factory.Trait(status="done", done_on=factory.SelfAttribute("ends_on"))

    plan = factory.SubFactory(PlanFactory)
    title_fr = factory.Sequence(lambda number: f"Affiches {number}")
    title_nl = factory.Sequence(lambda number: f"Affiches in de wijk {number}")
    text_fr = "Proposez une idée."
    text_nl = "Stel een idee voor."
    channel = PlanAction.Channel.PRINT
    starts_on = date(2026, 2, 1)
    ends_on = date(2026, 2, 28)

    @factory.post_generation
    def audiences(self, create, chosen, **_more):
        if create and chosen:
            self.audiences.set(chosen)


class PlanKPIFactory(factory.django.DjangoModelFactory):
    """A figure that the Office reads; ``metric`` makes it one that the portal counts."""

    class Meta:
        model = PlanKPI

    plan = factory.SubFactory(PlanFactory)
    objective = factory.LazyAttribute(lambda row: PlanObjectiveFactory(plan=row.plan))
    name_fr = factory.Sequence(lambda number: f"Formulaires remis {number}")
    name_nl = factory.Sequence(lambda number: f"Formulieren afgegeven {number}")
    unit_fr = "formulaires"
    unit_nl = "formulieren"
    baseline = Decimal(0)
    target = Decimal(20)
    due = date(2027, 3, 31)
    metric = ""
    source = factory.LazyAttribute(lambda row: "record" if row.metric else "manual")


def full_plan(**fields):
    """Return a draft that can be adopted: an objective with its figure, an audience, an action."""
    plan = PlanFactory(draft=True, **fields)
    objective = PlanObjectiveFactory(plan=plan)
    audience = PlanAudienceFactory(plan=plan)
    PlanActionFactory(plan=plan, objective=objective, audiences=[audience])
    PlanKPIFactory(plan=plan, objective=objective)
    return plan


def rule_of(field, operator, *values, negated=False) -> dict:
    """Return a rule of one condition."""
    row = {"field": field, "operator": operator, "value": list(values), "negated": negated}
    return {"match": "all", "rows": [row]}


class SegmentFactory(factory.django.DjangoModelFactory):
    """Whoever reads our mails in French, unless another rule is given."""

    class Meta:
        model = Segment

    name_fr = factory.Sequence(lambda number: f"Une partie {number}")
    name_nl = factory.Sequence(lambda number: f"Een deel {number}")
    rule = factory.LazyFunction(lambda: rule_of("language", "is", "fr"))


class CampaignFactory(factory.django.DjangoModelFactory):
    """A draft; `approved` and `finished` need ``approved_by``."""

    class Meta:
        model = Campaign

    class Params:
        approved = factory.Trait(status=CampaignStatus.APPROVED)
        finished = factory.Trait(
            status=CampaignStatus.FINISHED, finished_at=factory.LazyFunction(timezone.now)
        )

    slug = factory.Sequence(lambda number: f"campaign-{number}")
    topic = factory.SubFactory(CampaignTopicFactory)
    subject_fr = factory.Sequence(lambda number: f"Cinq projets {number}")
    subject_nl = factory.Sequence(lambda number: f"Vijf projecten {number}")
    subject_en = factory.Sequence(lambda number: f"Five projects {number}")
    preheader_fr = "La feuille de route est publiée."
    preheader_nl = "De routekaart is gepubliceerd."
    preheader_en = "The roadmap is published."
    body_fr = "Bonjour,\n\nVoir **la page**."
    body_nl = "Dag,\n\nZie **de pagina**."
    body_en = "Hello,\n\nSee **the page**."

    @classmethod
    def _create(cls, model_class, *args, **fields):
        campaign = model_class(*args, **fields)
        if campaign.approved_by:
            campaign.approved_hash = content_hash(campaign)
        campaign.save()
        return campaign


def picture_file(name="canal.png", *, size=(1600, 900), colour="navy", kind="PNG"):
    """Return an upload with a picture in it."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return SimpleUploadedFile(name, made.getvalue())


class PictureFactory(factory.django.DjangoModelFactory):
    """A picture taken in as the back office takes it."""

    class Meta:
        model = Picture

    upload = factory.Sequence(lambda number: picture_file(size=(400, 200 + number % 400)))
    name = factory.Sequence(lambda number: f"Canal {number}")
    alt_fr = "Douze personnes autour d’un plan du canal"
    alt_nl = "Twaalf mensen rond een plan van het kanaal"
    credit = "CIRB, CC BY 4.0"

    @classmethod
    def _create(cls, model_class, *args, upload, **fields):
        picture = model_class(*args, **fields)
        take_in_picture(picture, upload)
        picture.save()
        return picture


class BlockFactory(factory.django.DjangoModelFactory):
    """A block with words in French and Dutch; other kinds give what they need."""

    class Meta:
        model = Block

    campaign = factory.SubFactory(CampaignFactory)
    position = factory.Sequence(lambda number: number * 10)
    kind = BlockKind.TEXT
    heading_fr = "Ce qui change"
    heading_nl = "Wat verandert"
    words_fr = "Le **compteur** est là."
    words_nl = "De **meter** is er."


def switched_on(code: str, **topic) -> Occasion:
    """Return the switch of a kind of event, on, for a topic of its own."""
    return Occasion.objects.create(code=code, is_active=True, topic=CampaignTopicFactory(**topic))
