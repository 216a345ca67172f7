"""Rows of the engine: history, tokens, documents, mails; and the abstract models of the apps."""

from .documents import (
    FIXED_DOCUMENT,
    FIXED_DOCUMENT_CODES,
    Document,
    DocumentStatus,
    DocumentVersion,
)
from .mailings import Bounce, BounceRaw, DomainBudget, MailSender, SenderBudget, Suppression
from .mails import Attachment, Message
from .rows import Demo, StatusChange, Token, TokenQuerySet, Translated, VisibleQuerySet

__all__ = [
    "FIXED_DOCUMENT",
    "FIXED_DOCUMENT_CODES",
    "Attachment",
    "Bounce",
    "BounceRaw",
    "Demo",
    "Document",
    "DocumentStatus",
    "DocumentVersion",
    "DomainBudget",
    "MailSender",
    "Message",
    "SenderBudget",
    "StatusChange",
    "Suppression",
    "Token",
    "TokenQuerySet",
    "Translated",
    "VisibleQuerySet",
]
