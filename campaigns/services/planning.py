"""Write a communication plan, adopt it as a version, say what became of its actions."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workflow import TransitionRefused

from ..models import CommunicationPlan, PlanAction, PlanStatus, PlanVersion
from ..permissions import check_planner
from ..plan_content import content_of, fingerprint
from ..plan_workflow import ACTION, PLAN

#: What may still be written in an action while its plan is adopted: who looks after it, and the
#: words that it uses, which are written as its day comes near.
WORKING_FIELDS = frozenset({"owner", "text_fr", "text_nl", "text_en", "not_proofread"})


@transaction.atomic
def save_plan(plan: CommunicationPlan, *, by, changed=()) -> CommunicationPlan:
    """Save the name and period of ``plan``; refused once it is adopted."""
    check_planner(by, changed)
    if plan.pk:
        open_plan(plan.pk)
    plan.save()
    return plan


@transaction.atomic
def save_row(row, *, by, changed=()):
    """Save an objective, audience, action or key figure of a plan that is being written.

    While the plan is adopted, an action takes changes of `WORKING_FIELDS` only, which ``changed``
    names; anything else raises `TransitionRefused`.
    """
    check_planner(by, changed)
    if row.pk and isinstance(row, PlanAction) and changed and set(changed) <= WORKING_FIELDS:
        plan = locked_plan(row.plan_id)
        refuse_closed(plan)
        row.save(update_fields=list(changed))
    else:
        for pk in plans_of(row):
            open_plan(pk)
        row.save()
    return row


def plans_of(row) -> list[int]:
    """Return the plan of ``row``, and the one that it had before where somebody moves it."""
    before = type(row)._base_manager.filter(pk=row.pk).values_list("plan", flat=True)
    return sorted({row.plan_id, *before})


@transaction.atomic
def remove_row(row, *, by) -> None:
    """Take a row out of a plan that is being written."""
    check_planner(by)
    open_plan(row.plan_id)
    row.delete()


def open_plan(pk: int) -> CommunicationPlan:
    """Return the plan, locked; raise `TransitionRefused` unless it is being written."""
    plan = locked_plan(pk)
    refuse_closed(plan)
    if not plan.is_open:
        raise TransitionRefused(
            _("The plan is adopted and is not changed as it is. Amend it first.")
        )
    return plan


def locked_plan(pk: int) -> CommunicationPlan:
    """Return the plan with this key; nobody adopts it before this transaction ends."""
    return CommunicationPlan._base_manager.select_for_update().get(pk=pk)


def refuse_closed(plan) -> None:
    """Raise `TransitionRefused` for a plan that is closed."""
    if plan.status == PlanStatus.CLOSED:
        raise TransitionRefused(_("The plan is closed and is not changed any more."))


@PLAN.verb("adopt")
@transaction.atomic
def adopt_plan(plan, *, by, note=""):
    """Adopt the plan as it stands; its content is kept as the next version, for good."""
    now = timezone.now()
    change = PLAN.apply(plan, "adopt", by=by, note=note, adopted_at=now)
    freeze_plan(plan, by=by, at=now)
    return change


@PLAN.verb("amend")
def amend_plan(plan, *, by, note):
    """Open an adopted plan for changes, with the reason; its last version stays public."""
    return PLAN.apply(plan, "amend", by=by, note=note)


@PLAN.verb("close")
def close_plan(plan, *, by, note):
    """Close a plan for good, with the reason; it stays public."""
    return PLAN.apply(plan, "close", by=by, note=note, closed_at=timezone.now())


def freeze_plan(plan: CommunicationPlan, *, by, at) -> PlanVersion:
    """Keep the content of ``plan`` as its next version, with its fingerprint."""
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    content = content_of(plan)
    return PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        content=content,
        sha256=fingerprint(content),
        adopted_at=at,
        adopted_by=by,
    )


@ACTION.verb("complete")
def complete_action(action, *, by, done_on, note=""):
    """Note that an action has taken place, and on which day."""
    if done_on > timezone.localdate():
        raise TransitionRefused(_("This day has not come yet."))
    return ACTION.apply(action, "complete", by=by, note=note, done_on=done_on)


@ACTION.verb("drop")
def drop_action(action, *, by, note):
    """Note that an action will not take place, with the reason."""
    return ACTION.apply(action, "drop", by=by, note=note)


@ACTION.verb("reopen")
def reopen_action(action, *, by, note):
    """Plan an action again that was done or dropped, with the reason."""
    return ACTION.apply(action, "reopen", by=by, note=note, done_on=None)
