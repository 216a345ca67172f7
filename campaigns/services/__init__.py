"""Everything that can be done with a campaign."""

from .forgetting import forget_addresses, forget_people
from .letters import letter_context, mailing_of, skeleton_of, trial_context
from .sending import (
    begin_campaign,
    cancel_campaign,
    drain,
    finish_campaign,
    miss_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    send_again,
    start_campaign,
    take_as_arrived,
    tick,
    wake,
)
from .writing import (
    approve_campaign,
    create_campaign,
    edit_campaign,
    reopen_campaign,
    send_back_campaign,
    send_test,
    submit_campaign,
)

__all__ = [
    "approve_campaign",
    "begin_campaign",
    "cancel_campaign",
    "create_campaign",
    "drain",
    "edit_campaign",
    "finish_campaign",
    "forget_addresses",
    "forget_people",
    "letter_context",
    "mailing_of",
    "miss_campaign",
    "pause_campaign",
    "reopen_campaign",
    "resume_campaign",
    "schedule_campaign",
    "send_again",
    "send_back_campaign",
    "send_test",
    "skeleton_of",
    "start_campaign",
    "submit_campaign",
    "take_as_arrived",
    "tick",
    "trial_context",
    "wake",
]
