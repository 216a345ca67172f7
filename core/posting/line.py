"""A connection to the mail server that knows whether a mail was handed over when it broke."""

import re
import smtplib
import socket
import ssl

from django.conf import settings

DOT = re.compile(rb"(?m)^\.")
OK = 250


class LineLost(Exception):
    """The connection broke. ``in_doubt``: after the mail was handed over, before the answer."""

    def __init__(self, words: str, *, in_doubt: bool):
        super().__init__(words)
        self.in_doubt = in_doubt


class Answered(Exception):
    """The mail server refused: ``code``, ``words``; ``of_sender`` where it refuses us, not them."""

    def __init__(self, code: int, words: bytes, *, of_sender: bool = False):
        self.code, self.words = code, words.decode("utf-8", "replace")
        self.of_sender = of_sender
        super().__init__(f"{code} {self.words}")


class Unreachable(Exception):
    """No connection could be opened: nothing was begun."""


class Line:
    """One connection, opened when it is needed and again after ``uses`` mails."""

    def __init__(self, *, uses: int = 100):
        self.uses, self.used = uses, 0
        self.smtp: smtplib.SMTP | None = None

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand ``content`` (CRLF lines, 8 bit) over; return when the server has taken it.

        Raises `Unreachable`, `Answered` (certainly not taken) or `LineLost`.
        """
        smtp = self._ready()
        self.used += 1
        handed = False
        try:
            self._introduce(smtp, sender, recipient)
            smtp.send(_finished(content))
            handed = True  # the final dot is the last that is given away
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.drop()
            raise LineLost(str(error) or type(error).__name__, in_doubt=handed) from error
        if code != OK:
            self._after_refusal(code)
            raise Answered(code, words)

    def _introduce(self, smtp, sender, recipient):
        """Say from whom and to whom, in one packet where the server takes it so (RFC 2920)."""
        eight = " body=8bitmime" if smtp.does_esmtp and smtp.has_extn("8bitmime") else ""
        commands = (f"MAIL FROM:<{sender}>{eight}", f"RCPT TO:<{recipient}>", "DATA")
        together = smtp.does_esmtp and smtp.has_extn("pipelining")
        if together:
            smtp.send("".join(f"{each}\r\n" for each in commands))
        refusal = None
        for number, command in enumerate(commands):
            if not together:
                smtp.send(f"{command}\r\n")
            code, words = smtp.getreply()
            expected = (250, 251, 252) if number < 2 else (354,)
            if code not in expected and refusal is None:
                refusal = Answered(code, words, of_sender=number == 0)
                if not together:
                    break
            elif refusal is not None and code == 354:
                smtp.send(b".\r\n")  # it takes a mail for nobody: an empty one
                smtp.getreply()
        if refusal is not None:
            self._after_refusal(refusal.code)
            raise refusal

    def _after_refusal(self, code):
        """Make the connection good for another mail, or give it up."""
        if code == 421 or self.smtp is None:
            self.drop()
            return
        try:
            self.smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def _ready(self) -> smtplib.SMTP:
        if self.smtp is not None and self.used >= self.uses:
            self.close()
        if self.smtp is None:
            self.smtp, self.used = connect(), 0
        return self.smtp

    def takes_eight_bits(self) -> bool:
        """Tell whether the server takes UTF-8 as it is (8BITMIME)."""
        return self._ready().has_extn("8bitmime")

    def close(self) -> None:
        """Take leave."""
        if self.smtp is not None:
            try:
                self.smtp.quit()
            except (OSError, smtplib.SMTPException):
                self.drop()
        self.smtp = None

    def drop(self) -> None:
        """Forget a connection that broke."""
        if self.smtp is not None:
            self.smtp.close()
        self.smtp = None


def _finished(content: bytes) -> bytes:
    """Return ``content`` as it goes over the line: dots doubled, ended by the final dot."""
    has_dots = b"\n." in content or content.startswith(b".")
    quoted = DOT.sub(b"..", content) if has_dots else content
    return quoted + (b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n")


def connect() -> smtplib.SMTP:
    """Return an open connection to the mail server of the settings; raise `Unreachable`."""
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        smtp = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT or 60)
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(str(error)) from error
    return smtp
