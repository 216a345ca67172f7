"""Hand over the copies of a mailing, ten at a time, for some seconds."""

import time
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db.models.functions import Now

from ..models import MailSender
from . import budget
from .domains import DomainLimits
from .envelopes import envelope, message_id
from .journal import IN_DOUBT, NOT_TAKEN, Journal, machine
from .line import Answered, Line, LineLost, Unreachable
from .mailing import Claimed, Mailing
from .rows import CopyState
from .rows_sql import Rows, Taken
from .skeleton import address_of, own_headers, seven_bits

CHUNK = 10
#: Seconds between two notes that a drain lives.
HEARD_EVERY = 60.0
#: Short, so that a worker that is asked to stop need not be killed.
RUN_SECONDS = 10.0
#: Seconds before another try after a refusal that may pass; after the last one it is refused.
RETRY_AFTER = (60, 300, 900, 3600)
#: How many connections may break one after another before the drain leaves it to the next.
BROKEN_IN_A_ROW = 3


class End(StrEnum):
    """Why a drain came to its end."""

    EMPTY = "empty"  # nothing waits that could be sent now
    STOPPED = "stopped"  # somebody paused or cancelled it, or it is the hour of rest
    TIME = "time"  # the time of this drain is over
    UNREACHABLE = "unreachable"  # no connection to the mail server
    REFUSED = "refused"  # the mail server does not take our mail at all


@dataclass(frozen=True)
class Drained:
    """What a drain did: how many copies were taken, and why it ended, with the server's words."""

    taken: int
    end: End
    words: str = ""


class Stop(Exception):
    """Ends a drain, from wherever."""

    def __init__(self, end: End, words: str = ""):
        super().__init__(words)
        self.end, self.words = end, words


class Drain:
    """One sender of one mailing, with a connection and a journal of its own."""

    def __init__(self, mailing: Mailing, *, seconds: float = RUN_SECONDS, chunk: int = CHUNK):
        self.mailing, self.until = mailing, time.monotonic() + seconds
        self.owner = uuid.uuid4()
        self.rows, self.line = Rows(mailing, self.owner), Line()
        self.rate = mailing.per_minute
        self.limits = DomainLimits()
        self.chunk = min(chunk, budget.capacity(self.rate)) if self.rate else chunk
        #: Copies that the mail server took and that no row says yet.
        self.taken: list[int] = []
        #: Copies that are marked as being sent and were not begun.
        self.marked: set[int] = set()
        #: The last key that was taken up.
        self.after = 0
        self.heard = time.monotonic()
        self.count = 0
        self.broken = 0

    def run(self) -> Drained:
        """Send what waits until the time is up; return what was done.

        May be called several times at once for one mailing: each takes other rows.
        """
        self.journal = Journal(self.owner)
        MailSender.objects.create(owner=self.owner, machine=machine())
        settled = False
        try:
            end, words = self._send_until_stopped()
            self._acknowledge()
            self.rows.release(sorted(self.marked))
            settled = True
        finally:
            self.line.close()
            self.journal.close(settled=settled)
            if settled:
                MailSender.objects.filter(owner=self.owner).delete()
        return Drained(self.count, end, words)

    def _send_until_stopped(self) -> tuple[End, str]:
        if self.rate:
            budget.open_budget(self.mailing.sender)
        try:
            while self._send_chunk():
                self._say_alive()
        except Stop as stop:
            return stop.end, stop.words
        return End.EMPTY, ""

    def _say_alive(self) -> None:
        """Note now and then that this drain lives, for machines that cannot see its journal."""
        if time.monotonic() > self.heard + HEARD_EVERY:
            self.heard = time.monotonic()
            MailSender.objects.filter(owner=self.owner).update(heard_at=Now())

    def _send_chunk(self) -> bool:
        """Send up to ten copies; return whether there may be more."""
        if time.monotonic() > self.until:
            raise Stop(End.TIME)
        if self.mailing.rests():
            raise Stop(End.STOPPED)
        found = self._take(self._allowed())
        if not found:
            if not self._is_open():
                raise Stop(End.STOPPED)
            return False
        chunk = [each.row for each in found if not each.why]
        self.marked = {row.pk for row in chunk}
        for row in self._within_limits(chunk) if self.limits else chunk:
            self._send(row)
        return True

    def _within_limits(self, chunk: list[Claimed]) -> list[Claimed]:
        """Send back what its domain does not take yet; return the rest."""
        going, waiting = self.limits.sort(chunk)
        if waiting:
            self.rows.postpone(waiting)
            self.marked -= waiting.keys()
        return going

    def _take(self, many: int) -> list[Taken]:
        """Acknowledge what was taken and take up the next rows.

        They are looked for behind the last ones, which spares reading over what is done, and from
        the beginning where nothing is behind them.
        """
        found = self.rows.take(self.taken, many, after=self.after)
        self.taken = []
        if not found and self.after:
            found = self.rows.take([], many)
        self.after = found[-1].row.pk if found else 0
        return found

    def _allowed(self) -> int:
        """Return how many copies may go now; waits for it where there is a limit a minute."""
        if self.rate is None:
            return self.chunk
        many = self.rows.due(self.chunk)
        while many and not budget.take(self.mailing.sender, many, self.rate):
            self._acknowledge()
            if time.monotonic() > self.until:
                raise Stop(End.TIME)
            if not self._is_open():
                raise Stop(End.STOPPED)
            time.sleep(min(1.0, many / budget.refill(self.rate)))
        return many

    def _acknowledge(self) -> None:
        if self.taken:
            self.rows.acknowledge(self.taken)
            self.taken = []

    def _is_open(self) -> bool:
        return self.rows.ask(self.mailing.is_open)

    def _send(self, row: Claimed) -> None:
        """Hand one copy over, and write down how it ended."""
        self.marked.discard(row.pk)
        try:
            content, address = self._content(row), address_of(row.email)
        except (ValueError, KeyError) as error:  # an address that no mail can carry
            self.rows.settle(row.pk, CopyState.FAILED, words=str(error))
            return
        try:
            self._hand_over(row.pk, address, content)
        except Unreachable as error:
            self.rows.settle(row.pk, CopyState.QUEUED, words=str(error), tries=0)
            raise Stop(End.UNREACHABLE, str(error)) from error
        except Answered as answer:
            self._refused(row, answer)
        except LineLost as lost:
            self._lost(row, lost)
        else:
            self.taken.append(row.pk)
            self.count += 1
            self.broken = 0

    def _hand_over(self, pk: int, address: str, content: bytes) -> None:
        """Send the bytes; a connection that broke before they were gone is opened once more."""
        again = True
        while True:
            if not self.line.takes_eight_bits():
                content = seven_bits(content)
            self.journal.begun(pk)
            try:
                self.line.send(envelope(self.mailing.key, pk), address, content)
            except Answered:
                self.journal.ended(pk, NOT_TAKEN)
                raise
            except LineLost as lost:
                self.journal.ended(pk, IN_DOUBT if lost.in_doubt else NOT_TAKEN)
                if lost.in_doubt or not again:
                    raise
                again = False
                continue
            self.journal.ended(pk)
            return

    def _refused(self, row: Claimed, answer: Answered) -> None:
        """Write what the server said: a refusal for good, for now, or of our mail altogether."""
        told = {"code": answer.code, "words": answer.words}
        if answer.of_sender and answer.code >= 500:
            self.rows.settle(row.pk, CopyState.QUEUED, tries=0, **told)
            raise Stop(End.REFUSED, str(answer))
        if answer.code >= 500 or row.attempts >= len(RETRY_AFTER):
            self.rows.settle(row.pk, CopyState.FAILED, **told)
        else:
            wait = RETRY_AFTER[row.attempts]
            self.rows.settle(row.pk, CopyState.QUEUED, wait=wait, **told)

    def _lost(self, row: Claimed, lost: LineLost) -> None:
        if lost.in_doubt:
            self.rows.settle(row.pk, CopyState.UNCERTAIN, words=str(lost))
        elif row.attempts >= len(RETRY_AFTER):
            self.rows.settle(row.pk, CopyState.FAILED, words=str(lost))
        else:
            self.rows.settle(row.pk, CopyState.QUEUED, words=str(lost), wait=5)
        self.broken += 1
        if self.broken >= BROKEN_IN_A_ROW:
            raise Stop(End.UNREACHABLE, str(lost))

    def _content(self, row: Claimed) -> bytes:
        skeleton = self.mailing.skeletons[row.language]
        own = own_headers(
            to=address_of(row.email),
            message_id=message_id(self.mailing.key, row.pk),
            at=time.time(),
        )
        return skeleton.merge(self.mailing.values(row), own)
