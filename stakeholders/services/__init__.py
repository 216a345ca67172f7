"""The verbs of this app, by their home: assessments, intake, moderation, subscriptions."""

from .assessments import assess_organisation
from .intake import (
    confirm_idea,
    confirm_submission,
    contact_for,
    issue_tracking,
    next_reference,
    purge_unconfirmed,
    register_idea,
    send_links,
    submit_idea,
)
from .moderation import (
    answer_idea,
    archive_idea,
    ask_question,
    hide_idea,
    merge_idea,
    publish_idea,
    refuse_idea,
    reply_to_question,
    start_review,
    withdraw_idea,
)
from .subscriptions import (
    address_hmac,
    confirm_subscription,
    purge_unconfirmed_subscriptions,
    request_subscription,
    unsubscribe,
)

__all__ = [
    "address_hmac",
    "answer_idea",
    "archive_idea",
    "ask_question",
    "assess_organisation",
    "confirm_idea",
    "confirm_submission",
    "confirm_subscription",
    "contact_for",
    "hide_idea",
    "issue_tracking",
    "merge_idea",
    "next_reference",
    "publish_idea",
    "purge_unconfirmed",
    "purge_unconfirmed_subscriptions",
    "refuse_idea",
    "register_idea",
    "reply_to_question",
    "request_subscription",
    "send_links",
    "start_review",
    "submit_idea",
    "unsubscribe",
    "withdraw_idea",
]
