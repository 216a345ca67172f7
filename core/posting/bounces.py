"""Read the mails that come back (RFC 3464, RFC 5965) and stop writing where nobody is.

Nothing here ever sends a mail: two mailboxes that answer each other would never end.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string
from email.message import Message as Mail

from django.db import transaction
from django.utils import timezone

from ..models import Bounce, BounceRaw, Suppression
from . import wishes
from .envelopes import Trace, trace_in
from .rows import CopyState, MailCopy
from .suppression import suppress

#: Soft bounces: one a day counts, forgotten after thirty days without any; so many suppress.
SOFT_DAYS, SOFT_LIMIT = timedelta(days=30), 4
#: What is said of an address that exists: its mailbox is full, its server has a policy.
SOFT_THOUGH_FIVE = re.compile(r"5\.2\.2|5\.7\.\d+")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
TRACED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "Message-ID", "References")
Kind = Bounce.Kind

_TABLES: dict[str, type[MailCopy]] = {}


def register(prefix: str, model: type[MailCopy]) -> None:
    """Say in which table the copies of mailings are whose key begins with ``prefix``."""
    _TABLES[prefix] = model


@dataclass(frozen=True)
class Verdict:
    """What a mail that came back says."""

    kind: str
    trace: Trace | None
    status: str = ""
    diagnosis: str = ""


def keep(content: bytes) -> BounceRaw:
    """Store a mail as it came, once; the caller deletes it from the mailbox after the commit."""
    digest = hashlib.sha256(content).hexdigest()
    text = content.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return BounceRaw.objects.get_or_create(sha256=digest, defaults={"text": text})[0]


@transaction.atomic
def read(raw: BounceRaw) -> Bounce | None:
    """Read a stored mail and do what follows from it, once; what cannot be read is kept.

    A mail by which somebody wishes something (`wishes`) is no bounce, and its words are not kept.
    """
    raw = BounceRaw.objects.select_for_update().get(pk=raw.pk)
    if raw.state != BounceRaw.State.NEW:
        return raw.bounces.first()
    mail = message_from_string(raw.text)
    wish = None if _comes_by_itself(mail) else wishes.wish_in(mail)
    if wish is not None:
        wishes.grant(wish)
        raw.state, raw.text = BounceRaw.State.READ, ""
        raw.save(update_fields=["state", "text"])
        return None
    verdict = verdict_on(raw.text)
    raw.state = BounceRaw.State.UNREADABLE if verdict is None else BounceRaw.State.READ
    raw.save(update_fields=["state"])
    return None if verdict is None else _follow(raw, verdict)


def verdict_on(text: str) -> Verdict | None:
    """Return what a mail says, None where it is neither a report nor an automatic reply."""
    mail = message_from_string(text)
    trace = trace_in(_headers(mail)) or trace_in(text)
    kind = mail.get_content_type()
    report = str(mail.get_param("report-type", "") or "").lower()
    if kind == "multipart/report" and report == "delivery-status":
        return _on_status(mail, trace)
    if kind == "multipart/report" and report == "feedback-report":
        return Verdict(Kind.COMPLAINT, trace)
    if _is_automatic(mail):
        return Verdict(Kind.AUTO_REPLY, trace)
    return None


def _comes_by_itself(mail: Mail) -> bool:
    """Tell whether a mail is a report or an automatic answer: nobody wishes anything by it."""
    is_answer = str(mail.get("Auto-Submitted", "")).lower().startswith("auto-replied")
    return is_answer or mail.get_content_type() == "multipart/report"


def _headers(mail: Mail) -> str:
    return "\n".join(str(mail.get(name, "")) for name in TRACED)


def _is_automatic(mail: Mail) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).lower()
    precedence = str(mail.get("Precedence", "")).lower()
    return not submitted.startswith("no") or precedence in ("auto_reply", "auto-reply")


def _on_status(mail: Mail, trace: Trace | None) -> Verdict | None:
    """Read the fields of a delivery status: only "failed" counts, "delayed" is noted."""
    for fields in _recipients(mail):
        action = str(fields.get("Action", "")).strip().lower()
        status = _status_of(fields)
        diagnosis = " ".join(str(fields.get("Diagnostic-Code", "")).split())[:500]
        if action == "delayed":
            return Verdict(Kind.DELAYED, trace, status, diagnosis)
        if action == "failed":
            return Verdict(_seriousness(status), trace, status, diagnosis)
    return None


def _recipients(mail: Mail):
    """Yield the groups of fields about one addressee each."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            yield from (group for group in groups if isinstance(group, Mail) and group["Action"])


def _status_of(fields: Mail) -> str:
    found = STATUS.search(str(fields.get("Status", "")))
    return found[0] if found else ""


def _seriousness(status: str) -> str:
    """Tell hard from soft by the enhanced status code (RFC 3463); no code is never hard."""
    is_hard = status.startswith("5.") and not SOFT_THOUGH_FIVE.fullmatch(status)
    return Kind.HARD if is_hard else Kind.SOFT


def _follow(raw: BounceRaw, verdict: Verdict) -> Bounce:
    row = _row_of(verdict.trace)
    bounce = Bounce.objects.create(
        raw=raw,
        mailing=verdict.trace.mailing if verdict.trace else "",
        copy=verdict.trace.copy if verdict.trace else None,
        email_hmac=row.email_hmac if row else "",
        kind=verdict.kind,
        status=verdict.status,
        diagnosis=verdict.diagnosis,
        at=raw.received_at,
    )
    if row is not None and verdict.kind in _DEEDS:
        _DEEDS[verdict.kind](row, bounce)
    return bounce


def _row_of(trace: Trace | None) -> MailCopy | None:
    model = _TABLES.get(trace.mailing.partition("-")[0]) if trace else None
    return model.objects.filter(pk=trace.copy).first() if model else None


def _came_back(row: MailCopy, bounce: Bounce) -> None:
    """Note it at the copy; one of which nobody knew whether it arrived was taken after all."""
    model = type(row)
    model.objects.filter(pk=row.pk).update(bounced_at=bounce.at)
    model.objects.filter(pk=row.pk, state=CopyState.UNCERTAIN).update(
        state=CopyState.SENT, handed_at=row.handed_at or bounce.at
    )


def _hard(row, bounce) -> None:
    _came_back(row, bounce)
    suppress(row.email_hmac, Suppression.Reason.HARD_BOUNCE)


def _complaint(row, bounce) -> None:
    suppress(row.email_hmac, Suppression.Reason.COMPLAINT)


def _soft(row, bounce) -> None:
    _came_back(row, bounce)
    if soft_score(row.email_hmac, bounce.at) >= SOFT_LIMIT:
        suppress(row.email_hmac, Suppression.Reason.SOFT_BOUNCES)


_DEEDS: dict[str, Callable[[MailCopy, Bounce], None]] = {
    Kind.HARD: _hard,
    Kind.SOFT: _soft,
    Kind.COMPLAINT: _complaint,
}


def soft_score(email_hmac: str, at) -> int:
    """Return on how many days mail came back softly, up to ``at``, with no gap of thirty days."""
    rows = Bounce.objects.filter(email_hmac=email_hmac, kind=Kind.SOFT, at__lte=at)
    days = sorted({timezone.localdate(moment) for moment in rows.values_list("at", flat=True)})
    score, later = 0, timezone.localdate(at)
    for day in reversed(days):
        if later - day > SOFT_DAYS:
            break
        score, later = score + 1, day
    return score
