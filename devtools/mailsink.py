"""An SMTP server that delivers nothing: each message is given to a function."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope

LOOPBACK = "127.0.0.1"
KEPT_MESSAGES = 2000


class Handler:
    """What aiosmtpd calls for each message."""

    def __init__(self, deliver: Callable[[Envelope], None]) -> None:
        self.deliver = deliver

    async def handle_DATA(self, server, session, envelope):
        """Take the message of ``envelope``; the name is aiosmtpd's."""
        self.deliver(envelope)
        return "250 OK"


class MailSink:
    """A server on a free loopback port, in a thread of its own; ``deliver`` runs in that thread."""

    def __init__(self, deliver: Callable[[Envelope], None]) -> None:
        self.handler = Handler(deliver)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="smtp", daemon=True)
        self.thread.start()
        self.server = self._in_thread(self.loop.create_server(self._protocol, LOOPBACK, 0))
        self.port: int = self.server.sockets[0].getsockname()[1]

    def _in_thread(self, coroutine: Coroutine):
        """Run ``coroutine`` in the thread: the caller's may have an event loop of its own."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)

    def _protocol(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=True, loop=self.loop)

    def close(self) -> None:
        """Stop listening and end the thread."""
        self._in_thread(self._shut())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()

    async def _shut(self) -> None:
        self.server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def content_with_recipients(envelope: Envelope) -> bytes:
    """Return the message with its real recipients on top: a blind copy is in no header."""
    recipients = ", ".join(envelope.rcpt_tos)
    return f"X-Envelope-To: {recipients}\r\n".encode() + envelope.original_content


class MailFolder:
    """Writes each message as one .eml file that sorts by its arrival, and drops the oldest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()

    def __call__(self, envelope: Envelope) -> None:
        """Write the message of ``envelope``."""
        name = f"{time.time_ns()}-{next(self.numbers)}"
        draft = self.folder / f"{name}.draft"
        draft.write_bytes(content_with_recipients(envelope))
        draft.rename(self.folder / f"{name}.eml")
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT_MESSAGES]:
            old.unlink(missing_ok=True)
