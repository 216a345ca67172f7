"""Makers of topics, subscribers, plans and campaigns."""

import factory
from django.utils import timezone

from campaigns.models import Campaign, CampaignStatus, CommunicationPlan, PlanAction, Segment
from campaigns.selectors import content_hash
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
    class Meta:
        model = CommunicationPlan

    title_fr = factory.Sequence(lambda number: f"Plan de communication {number}")
    title_nl = factory.Sequence(lambda number: f"Communicatieplan {number}")
    objectives_fr = "- Dire ce qui change."
    objectives_nl = "- Zeggen wat verandert."
    audiences_fr = "- Habitants."
    audiences_nl = "- Bewoners."
    starts_on = "2026-01-05"
    ends_on = "2027-06-30"


class PlanActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanAction

    plan = factory.SubFactory(PlanFactory)
    title_fr = "Affiches"
    title_nl = "Affiches in de wijk"
    channel = PlanAction.Channel.PRINT
    starts_on = "2026-02-01"
    ends_on = "2026-02-28"


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
