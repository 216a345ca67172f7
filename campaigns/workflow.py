"""The states of a campaign."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import is_system
from core.posting.rows import CopyState
from core.publication import parity_guard
from core.templatetags.ui import in_language
from core.workflow import Transition, TransitionRefused, Workflow

from .audience import REOPENED, audience_rows, is_approved_audience
from .findings import findings_of
from .models import CampaignStatus as Status
from .permissions import approves_campaign, writes_campaigns
from .selectors import content_hash, unfinished_deliveries


def sendable(campaign) -> None:
    """Refuse to start what is not word for word what was approved, or what nobody would get."""
    if campaign.approved_hash != content_hash(campaign):
        raise TransitionRefused(_("The text is not the one that was approved."))
    if not is_approved_audience(campaign):
        raise TransitionRefused(_("The audience is not the one that was approved."))
    reaches_somebody(campaign)


def reaches_somebody(campaign) -> None:
    """Refuse what nobody would get."""
    if audience_rows(campaign).exclude(contact__email="").exists():
        return
    if campaign.segments.exists() or campaign.excluded_segments.exists():
        raise TransitionRefused(
            _("No confirmed subscriber of this topic is left by the segments. Choose others.")
        )
    raise TransitionRefused(_("Nobody has a confirmed subscription to this topic."))


def fit_to_be_read(campaign) -> None:
    """Refuse to ask for approval of what lacks a language or has something to mend."""
    parity_guard(campaign)
    errors = [
        f"{capfirst(in_language(each.language))}: {each.words}"
        for each in findings_of(campaign)
        if each.is_error
    ]
    if errors:
        raise TransitionRefused(_("Mend this first: %(errors)s") % {"errors": " ".join(errors)})


def approvable(campaign) -> None:
    """Refuse to approve what is not fit to be read, or what nobody would get."""
    fit_to_be_read(campaign)
    reaches_somebody(campaign)


def has_uncertain(campaign) -> None:
    """Refuse to send again where nothing is uncertain."""
    if not campaign.deliveries.filter(state=CopyState.UNCERTAIN).exists():
        raise TransitionRefused(_("No mail of this campaign is uncertain."))


def everybody_served(campaign) -> None:
    """Refuse to finish while a mail is on its way."""
    if unfinished_deliveries(campaign).exists():
        raise TransitionRefused(_("Some mails are still on their way."))


CAMPAIGN = Workflow(
    "campaigns.Campaign",
    Status,
    [
        Transition(
            "submit",
            (Status.DRAFT,),
            Status.IN_REVIEW,
            writes_campaigns,
            gettext_lazy("Ask for approval"),
            guard=fit_to_be_read,
            style="primary",
        ),
        Transition(
            "approve",
            (Status.IN_REVIEW,),
            Status.APPROVED,
            approves_campaign,
            gettext_lazy("Approve"),
            guard=approvable,
            form="campaigns.forms.ApproveForm",
            style="primary",
        ),
        Transition(
            "send_back",
            (Status.IN_REVIEW,),
            Status.DRAFT,
            writes_campaigns,
            gettext_lazy("Send back"),
            reason=True,
        ),
        Transition(
            "reopen",
            REOPENED,
            Status.DRAFT,
            writes_campaigns,
            gettext_lazy("Take back to draft"),
        ),
        Transition(
            "schedule",
            (Status.APPROVED, Status.MISSED),
            Status.SCHEDULED,
            writes_campaigns,
            gettext_lazy("Plan the sending"),
            guard=sendable,
            form="campaigns.forms.ScheduleForm",
        ),
        Transition(
            "start",
            (Status.APPROVED, Status.SCHEDULED, Status.MISSED),
            Status.FREEZING,
            writes_campaigns | is_system,
            gettext_lazy("Send now"),
            guard=sendable,
            confirm=gettext_lazy("Send this campaign to every confirmed subscriber now?"),
            style="primary",
        ),
        Transition(
            "begin",
            (Status.FREEZING,),
            Status.SENDING,
            is_system,
            gettext_lazy("Freeze the list"),
        ),
        Transition(
            "hold",
            (Status.FREEZING,),
            Status.HELD,
            is_system,
            gettext_lazy("Wait for a person"),
        ),
        Transition(
            "confirm_audience",
            (Status.HELD,),
            Status.FREEZING,
            approves_campaign,
            gettext_lazy("Confirm the changed audience"),
            guard=sendable,
            form="campaigns.forms.ConfirmAudienceForm",
            confirm=gettext_lazy(
                "The audience has changed since it was approved. The sending begins at once when "
                "you confirm."
            ),
            style="primary",
        ),
        Transition(
            "pause",
            (Status.SENDING,),
            Status.PAUSED,
            writes_campaigns | is_system,
            gettext_lazy("Pause"),
        ),
        Transition(
            "change_rate",
            (Status.PAUSED,),
            Status.PAUSED,
            writes_campaigns,
            gettext_lazy("Change the rate"),
            form="campaigns.forms.RateForm",
        ),
        Transition(
            "resume",
            (Status.PAUSED,),
            Status.SENDING,
            writes_campaigns,
            gettext_lazy("Go on sending"),
            style="primary",
        ),
        Transition(
            "miss",
            (Status.SCHEDULED,),
            Status.MISSED,
            is_system,
            gettext_lazy("Not sent in time"),
        ),
        Transition(
            "send_again",
            (Status.FINISHED,),
            Status.SENDING,
            writes_campaigns,
            gettext_lazy("Send the uncertain mails again"),
            guard=has_uncertain,
            confirm=gettext_lazy(
                "Send exactly these mails again? Whoever received the first one gets a second."
            ),
        ),
        Transition(
            "finish",
            (Status.SENDING,),
            Status.FINISHED,
            is_system,
            gettext_lazy("Finish"),
            guard=everybody_served,
        ),
        Transition(
            "cancel",
            (
                *(Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED),
                *(Status.FREEZING, Status.HELD, Status.SENDING, Status.PAUSED, Status.MISSED),
            ),
            Status.CANCELLED,
            writes_campaigns,
            gettext_lazy("Cancel the campaign"),
            reason=True,
            confirm=gettext_lazy("Cancel this campaign? It cannot be started again."),
            style="danger",
        ),
    ],
)
