"""A real SMTP server whose answers a test prescribes."""

import email
from email.policy import default as default_policy

from aiosmtpd.smtp import SMTP

from devtools.mailsink import MailSink


class ScriptedServer:
    """A real SMTP server whose answers a test prescribes."""

    def __init__(self):
        self.recipient_answers, self.data_answers, self.received = [], [], []
        self.drop_after_data = False

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
        return answer


class ScriptedSink(MailSink):
    """The sink of the suite, with answers that a test prescribes."""

    def __init__(self):
        self.script = ScriptedServer()
        super().__init__(deliver=None)

    def _protocol(self):
        return SMTP(self.script, enable_SMTPUTF8=True, loop=self.loop)
