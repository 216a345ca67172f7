"""The verbs of this app, by their home: register, log and meetings, ideas, subscriptions."""

from .affiliations import change_job, close_affiliation, open_affiliation
from .assessments import assess_organisation
from .attachments import (
    attach_files,
    clear_attachment,
    give_up_scanning,
    infect_attachment,
    refuse_attachment,
    release_attachment,
    remove_attachments,
    scan_attachments,
    sweep_files,
)
from .bulk import obstacles, run_on_many
from .commitments import drop_commitment, keep_commitment, note_commitment, start_commitment
from .contributors import set_notifications, switch_mails
from .desk import add_note, assign_idea, end_assignment
from .digests import send_digests
from .downloads import download_contributors
from .edits import apply_edit, approve_edit, correct_idea, refuse_edit, replace_edit
from .entries import add_people, log_entry
from .erasing import erase_contact
from .exchanges import log_exchange, move_exchange, once
from .feedback import ask_whether_helped, close_review, reply_feedback
from .figures import keep_figures
from .idea_merging import merge_idea, split_idea
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
from .letters import give_letter
from .meetings import (
    addressees,
    agree,
    cancel_meeting,
    correct_minutes,
    follow_up,
    hold,
    invite,
    log_meeting,
    miss_meeting,
    propose_meeting,
    reschedule,
    rewrite_minutes,
    send_agenda,
    set_results,
    share_minutes,
    validate_meeting,
    write_minutes,
)
from .merging import merge_contacts, merge_organisations, undo_merge
from .moderation import (
    archive_idea,
    ask_question,
    hide_idea,
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
from .pair_verdicts import judge_pair, merge_pair, reset_pair
from .pairs import find_pairs, look_again
from .reminders import tell_staff
from .reports import forget_devices, forget_old_reporters, report_idea, settle_reports
from .retention import run_retention
from .statements import (
    answer_idea,
    draft_statement,
    drop_statement,
    obstacle,
    propose_statement,
    publish_batch,
    publish_statement,
    save_draft,
    send_back_statement,
)
from .steps import tell_steps
from .subscriptions import (
    address_hmac,
    confirm_subscription,
    purge_unconfirmed_subscriptions,
    request_subscription,
    send_subscription_links,
    unsubscribe,
)
from .verdicts import mark_distinct, reset_distinct

__all__ = [
    "add_note",
    "add_people",
    "address_hmac",
    "addressees",
    "agree",
    "answer_idea",
    "apply_edit",
    "approve_edit",
    "archive_idea",
    "ask_question",
    "ask_whether_helped",
    "assess_organisation",
    "assign_idea",
    "attach_files",
    "cancel_meeting",
    "change_job",
    "clear_attachment",
    "close_affiliation",
    "close_organisation",
    "close_review",
    "confirm_idea",
    "confirm_import",
    "confirm_submission",
    "confirm_subscription",
    "contact_for",
    "correct_idea",
    "correct_minutes",
    "download_contributors",
    "draft_statement",
    "drop_commitment",
    "drop_statement",
    "end_assignment",
    "erase_contact",
    "find_pairs",
    "follow_up",
    "forget_devices",
    "forget_old_reporters",
    "give_letter",
    "give_up_scanning",
    "hide_idea",
    "hold",
    "infect_attachment",
    "invite",
    "issue_tracking",
    "judge_pair",
    "keep_commitment",
    "keep_figures",
    "log_entry",
    "log_exchange",
    "log_meeting",
    "look_again",
    "mark_active",
    "mark_distinct",
    "mark_dormant",
    "merge_contacts",
    "merge_idea",
    "merge_organisations",
    "merge_pair",
    "miss_meeting",
    "move_exchange",
    "next_reference",
    "note_commitment",
    "obstacle",
    "obstacles",
    "once",
    "open_affiliation",
    "propose_meeting",
    "propose_statement",
    "publish_batch",
    "publish_idea",
    "publish_statement",
    "purge_imports",
    "purge_unconfirmed",
    "purge_unconfirmed_subscriptions",
    "refuse_attachment",
    "refuse_edit",
    "refuse_idea",
    "register_idea",
    "release_attachment",
    "remove_attachments",
    "reopen_organisation",
    "replace_edit",
    "reply_feedback",
    "reply_to_question",
    "report_idea",
    "request_subscription",
    "reschedule",
    "reset_distinct",
    "reset_pair",
    "rewrite_minutes",
    "run_on_many",
    "run_retention",
    "save_draft",
    "scan_attachments",
    "send_agenda",
    "send_back_statement",
    "send_digests",
    "send_links",
    "send_subscription_links",
    "set_notifications",
    "set_results",
    "settle_reports",
    "share_minutes",
    "split_idea",
    "start_commitment",
    "start_import",
    "start_review",
    "submit_idea",
    "sweep_files",
    "switch_mails",
    "tell_staff",
    "tell_steps",
    "undo_merge",
    "unsubscribe",
    "validate_meeting",
    "withdraw_idea",
    "write_minutes",
]
