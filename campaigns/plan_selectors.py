"""What pages ask about plans."""

from datetime import date

from core.permissions import reads_everything
from core.search import LANGUAGES

from .models import CommunicationPlan, PlanVersion


def plans(user=None):
    """Return the plans that the list names: every one for the Office, else those once adopted.

    The deliverable COMM counts what the list names to everybody.
    """
    rows = CommunicationPlan.objects.all()
    return rows if reads_everything(user) else rows.listed()


def as_adopted(plans) -> None:
    """Give each plan that is being amended the name and period of its last adopted version."""
    amended = [each for each in plans if each.is_open]
    newest = {
        each.plan_id: each.content for each in PlanVersion.objects.filter(plan__in=amended).newest()
    }
    for plan in amended:
        show_as_adopted(plan, newest[plan.pk])


def show_as_adopted(plan, content: dict) -> None:
    """Have ``plan`` in memory tell what ``content`` says; nothing is saved."""
    for code in LANGUAGES:
        setattr(plan, f"title_{code}", content["title"].get(code, ""))
    plan.starts_on = date.fromisoformat(content["starts_on"])
    plan.ends_on = date.fromisoformat(content["ends_on"])


def plan_of(campaign, user) -> CommunicationPlan | None:
    """Return the plan of ``campaign`` as ``user`` may see it, None where there is none."""
    found = plans(user).filter(pk=campaign.plan_id).first() if campaign.plan_id else None
    if found and found.is_open and not reads_everything(user):
        as_adopted([found])
    return found
