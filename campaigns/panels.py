"""What campaigns show elsewhere: office queue, progress of the plan, search, timelines."""

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from core import slots
from core.permissions import is_office, reads_everything
from core.posting import bounces, wishes
from core.queues import Queue, Waiting
from core.search import answer
from core.selectors import history_of
from stakeholders.timeline import Entry, rows_before

from . import plan_selectors, selectors, services
from .models import Campaign, Delivery

SHOWN = 10


def campaigns_to_approve(user):
    """Return the queue of what waits for a second pair of eyes, for those who may give them."""
    if not is_office(user):
        return None
    waiting = selectors.to_approve(user)
    url = reverse("admin:campaigns_campaign_changelist") + "?status__in=in_review,held"
    rows = [to_approve(campaign) for campaign in waiting[:SHOWN]]
    return Queue(_("Campaigns to approve"), 1, rows, waiting.count(), url)


def to_approve(campaign) -> Waiting:
    """Return one line of the queue: it waits since it was submitted, or since it was held."""
    asked = history_of(campaign).filter(target=campaign.status).first()
    url = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    text = str(campaign)
    if campaign.status == Campaign.Status.HELD:
        text = f"{campaign} ({campaign.get_status_display()})"
    return Waiting(text, url, asked.at, whom=_("somebody who wrote none of it"))


def drafts_to_look_at(user):
    """Return the queue of what the portal has put together and nobody has read, for writers."""
    if not is_office(user):
        return None
    waiting = selectors.drafts_to_look_at()
    rows = [
        Waiting(
            str(each),
            reverse("campaigns:preview", args=[each.slug]),
            since=each.noted_at,
            whom=_("Staff"),
        )
        for each in waiting.annotate(noted_at=Max("events__noted_at"))[:SHOWN]
    ]
    url = reverse("admin:campaigns_occasionevent_changelist") + "?outcome__exact=drafted"
    return Queue(_("Drafts to look at"), 1, rows, waiting.count(), url)


def plan_progress() -> dict:
    """Return how many communication plans there are, with the list of exactly these."""
    url = reverse("campaigns:plan-list")
    return {"COMM": {"count": plan_selectors.plans().count(), "url": url, "as_of": None}}


def found_campaigns(query, user) -> dict:
    """Return the campaigns of the archive that answer ``query``."""
    found = Campaign.objects.visible_to(user).archive().search(query)
    return answer(_("Campaigns"), reverse("campaigns:campaign-list"), query, found)


def timeline_entries(*, user, before, limit, organisation=None, contact=None) -> list[Entry]:
    """Tell the timeline of a person which campaigns were sent to them, by its beginning."""
    if contact is None:
        return []
    rows = Campaign.objects.visible_to(user).filter(
        deliveries__contact=contact, deliveries__handed_at__isnull=False
    )
    return [
        Entry(
            at=each.started_at,
            kind=_("campaign"),
            text=str(each),
            url=reverse("admin:campaigns_campaign_change", args=[each.pk]),
            source="campaign",
            pk=each.pk,
            is_demo=each.is_demo,
        )
        for each in rows_before(rows, "started_at", "campaign", before, limit)
    ]


def pictures_of_mail(message):
    """Return the pictures of a mail that tries a campaign out; None for any other mail."""
    key = message.facts.get("campaign") if message.template == "campaign" else None
    campaign = Campaign.objects.filter(pk=key).first() if key else None
    return services.pictures_of(campaign) if campaign else None


slots.register("mail.pictures", pictures_of_mail)


def menu(user) -> dict | None:
    """Entry of the back office's menu: the page where segments are made."""
    if not reads_everything(user):
        return None
    pages = [(str(_("Segments")), reverse("campaigns:segment-list"))]
    return {"app": "campaigns", "pages": pages}


slots.register("office.pages", menu)
slots.register("stakeholders.timeline", timeline_entries)
slots.register("office.queues", campaigns_to_approve)
slots.register("office.queues", drafts_to_look_at)
slots.register("programme.progress", plan_progress)
slots.register("portal.search", found_campaigns)
slots.register("stakeholders.erase", services.forget_people)
bounces.register("campaign", Delivery)
wishes.register(services.LEAVE, services.leave_by_mail)
