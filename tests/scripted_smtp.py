"""A real SMTP server whose answers a test prescribes."""

import asyncio
import email
from email.policy import default as default_policy

from aiosmtpd.smtp import SMTP

from devtools.mailsink import MailSink


class ScriptedServer:
    """A real SMTP server whose answers a test prescribes."""

    def __init__(self):
        self.recipient_answers, self.data_answers, self.received = [], [], []
        self.drop_after_data = False
        #: After how many mails the server leaves; what it says to whoever sends; called per mail.
        self.drop_after_each = None
        self.sender_answer = None
        self.on_mail = None
        self.senders = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.sender_answer:
            return self.sender_answer
        self.senders.append(address)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.recipient_answers.pop(0) if self.recipient_answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        if self.drop_after_data:
            server.transport.abort()
            return "250 never read"
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith("250"):
            self.received.append(email.message_from_bytes(envelope.content, policy=default_policy))
            await self._after_mail(server)
        return answer

    async def _after_mail(self, server):
        if self.on_mail is not None:
            await asyncio.to_thread(self.on_mail)
        if self.drop_after_each and len(self.received) % self.drop_after_each == 0:
            asyncio.get_running_loop().call_soon(server.transport.close)


class ScriptedSink(MailSink):
    """The sink of the suite, with answers that a test prescribes."""

    def __init__(self):
        self.script = ScriptedServer()
        super().__init__(deliver=None)

    def _protocol(self):
        return SMTP(self.script, enable_SMTPUTF8=True, loop=self.loop)
