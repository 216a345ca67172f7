"""Everything that can be done with a campaign."""

from .forgetting import forget_addresses, forget_people
from .letters import letter_context, mailing_of, pictures_of, skeleton_of, trial_context
from .links import ask_for_link_check, check_links, count_click, make_links
from .pictures import take_in_picture
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
    edit_blocks,
    edit_campaign,
    reopen_campaign,
    send_back_campaign,
    send_test,
    submit_campaign,
)

__all__ = [
    "approve_campaign",
    "ask_for_link_check",
    "begin_campaign",
    "cancel_campaign",
    "check_links",
    "count_click",
    "create_campaign",
    "drain",
    "edit_blocks",
    "edit_campaign",
    "finish_campaign",
    "forget_addresses",
    "forget_people",
    "letter_context",
    "mailing_of",
    "make_links",
    "miss_campaign",
    "pause_campaign",
    "pictures_of",
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
    "take_in_picture",
    "tick",
    "trial_context",
    "wake",
]
