"""The demonstration topics, subscribers and campaigns. No published fact stands here."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.roles import Role
from core.seeding import ensure, read, texts
from core.workflow import record_change
from stakeholders.models import Contact, Subscription, SubscriptionState, Topic

from . import selectors, services
from .audience import audience_hash
from .models import Campaign, CampaignStatus
from .seed_occasions import load_occasions
from .seed_plan import load_plan
from .seed_segments import load_segments

#: Two invented persons who cannot log in: one writes, the other approves.
AUTHOR = ("redaction.demo@example.org", "Louise Peeters")
REVIEWER = ("nalezing.demo@example.org", "Karim Lambrechts")

#: How a campaign came where it is: transition, from, to, who, and when beside its sending.
STEPS = (
    ("submit", CampaignStatus.DRAFT, CampaignStatus.IN_REVIEW, "author", timedelta(days=-5)),
    ("approve", CampaignStatus.IN_REVIEW, CampaignStatus.APPROVED, "reviewer", timedelta(days=-3)),
    ("start", CampaignStatus.APPROVED, CampaignStatus.SENDING, "author", timedelta()),
    ("finish", CampaignStatus.SENDING, CampaignStatus.FINISHED, None, timedelta(minutes=4)),
)
#: How many of these steps lie behind a campaign of each state.
STEPS_TO = {CampaignStatus.DRAFT: 0, CampaignStatus.APPROVED: 2, CampaignStatus.FINISHED: 4}


def load(facts: bool = True, demo: bool = True) -> None:
    """Load the demonstration content; running it again changes nothing."""
    if not demo:
        return
    content = read("demo", "campaigns")
    load_subscribers(content)
    author, reviewer = (person(*each) for each in (AUTHOR, REVIEWER))
    plan, is_new = load_plan({"author": author, "reviewer": reviewer})
    for entry in content["campaigns"]:
        load_campaign(entry, plan, author, reviewer)
    load_segments(author)
    load_occasions()
    if is_new:
        services.keep_plan_figures()


def load_subscribers(content) -> None:
    """Make the topics and the confirmed subscriptions that are not there yet."""
    for entry in content["topics"]:
        words = texts(name=entry["name"], purpose=entry["purpose"])
        ensure(Topic, {"slug": entry["slug"]}, is_demo=True, **words)
    for entry in content["subscribers"]:
        values = {"language": entry["language"], "is_demo": True}
        contact, _made = ensure(Contact, {"email": entry["email"]}, **values)
        for slug in entry["topics"]:
            subscribe(contact, Topic.objects.get(slug=slug), entry["language"])


def subscribe(contact, topic, language) -> None:
    """Give ``contact`` a confirmed subscription, unless there is one in whatever state."""
    ensure(
        Subscription,
        {"contact": contact, "topic": topic},
        status=SubscriptionState.ACTIVE,
        language=language,
        confirmed_at=contact.created_at,
    )


def person(email: str, name: str) -> User:
    """Return an invented member of the staff, without password and not active."""
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(
        email, roles=[Role.STAFF], name=name, is_active=False, is_demo=True
    )


def load_campaign(entry, plan, author, reviewer) -> None:
    """Make a campaign in its state, with the moves that led there."""
    if Campaign.objects.filter(slug=entry["slug"]).exists():
        return
    words = texts(**{field: entry[field] for field in ("subject", "preheader", "body")})
    campaign = Campaign(
        slug=entry["slug"],
        topic=Topic.objects.get(slug=entry["topic"]),
        plan=plan,
        created_by=author,
        is_demo=True,
        status=entry["status"],
        **words,
    )
    if entry["status"] != CampaignStatus.DRAFT:
        campaign.approved_by = reviewer
        campaign.approved_hash = selectors.content_hash(campaign)
    steps = STEPS[: STEPS_TO[entry["status"]]]
    sent_at = datetime.fromisoformat(entry["send_at"]) if steps else None
    if entry["status"] == CampaignStatus.FINISHED:
        campaign.started_at, campaign.finished_at = sent_at, sent_at + STEPS[-1][-1]
    campaign.save()
    if entry["status"] == CampaignStatus.APPROVED:
        campaign.approved_audience_hash = audience_hash(campaign)
        campaign.approved_count = selectors.audience(campaign).count()
        campaign.save(update_fields=["approved_audience_hash", "approved_count"])
    people = {"author": author, "reviewer": reviewer, None: None}
    for name, source, target, who, when in steps:
        record_change(campaign, name, source, target, by=people[who], at=sent_at + when)
    if not steps:
        record_change(campaign, "seed", "", campaign.status, by=None)
