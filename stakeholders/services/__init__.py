"""The verbs of this app, by their home: intake, moderation, subscriptions, the register."""

from .affiliations import change_job, close_affiliation, open_affiliation
from .erasing import erase_contact
from .importing import confirm_import, purge_imports, start_import
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
from .merging import merge_contacts, merge_organisations, undo_merge
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
from .organisations import (
    close_organisation,
    mark_active,
    mark_dormant,
    reopen_organisation,
)
from .retention import run_retention
from .subscriptions import (
    address_hmac,
    confirm_subscription,
    purge_unconfirmed_subscriptions,
    request_subscription,
    unsubscribe,
)
from .verdicts import mark_distinct, reset_distinct

__all__ = [
    "address_hmac",
    "answer_idea",
    "archive_idea",
    "ask_question",
    "change_job",
    "close_affiliation",
    "close_organisation",
    "confirm_idea",
    "confirm_import",
    "confirm_submission",
    "confirm_subscription",
    "contact_for",
    "erase_contact",
    "hide_idea",
    "issue_tracking",
    "mark_active",
    "mark_distinct",
    "mark_dormant",
    "merge_contacts",
    "merge_idea",
    "merge_organisations",
    "next_reference",
    "open_affiliation",
    "publish_idea",
    "purge_imports",
    "purge_unconfirmed",
    "purge_unconfirmed_subscriptions",
    "refuse_idea",
    "register_idea",
    "reopen_organisation",
    "reply_to_question",
    "request_subscription",
    "reset_distinct",
    "run_retention",
    "send_links",
    "start_import",
    "start_review",
    "submit_idea",
    "undo_merge",
    "unsubscribe",
    "withdraw_idea",
]
