"""The dialogue with a mail server that takes several commands in one packet (RFC 2920)."""

import socketserver
import threading

import pytest

from core.posting.line import Answered, Line


class Server(socketserver.StreamRequestHandler):
    """Refuses recipients that begin with "no", and senders that begin with "spam"."""

    def handle(self):
        self._say("220 here")
        recipients = 0
        while line := self.rfile.readline().decode().strip():
            self.server.commands.append(line.split(":")[0])
            verb = line[:4].upper()
            if verb == "EHLO":
                self._say("250-here", "250-8BITMIME", "250 PIPELINING")
            elif verb in ("MAIL", "RCPT"):
                is_refused = "<no" in line or "<spam" in line
                recipients = 0 if verb == "MAIL" else recipients + (not is_refused)
                self._say("550 not here" if is_refused else "250 ok")
            elif verb == "DATA":
                self._take(recipients)
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _take(self, recipients):
        if not recipients and not self.server.asks_for_text_all_the_same:
            self._say("503 nobody to send it to")
            return
        self._say("354 go on")
        text = b""
        while not text.endswith(b"\r\n.\r\n") and text != b".\r\n":
            text += self.rfile.readline()
        if recipients:
            self.server.mails.append(text)
        self._say("250 ok" if recipients else "554 nobody to send it to")

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@pytest.fixture(params=[False, True], ids=["stops it", "asks for the text all the same"])
def peer(request, settings):
    """A server that runs; what it does after DATA without a recipient is up to it."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    server.asks_for_text_all_the_same = request.param
    server.commands, server.mails = [], []
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def mail(words: str) -> bytes:
    return f"Subject: {words}\r\n\r\n.{words}\r\n".encode()


def test_a_refused_recipient_leaves_the_line_good_for_the_next_mail(peer):
    line = Line()
    line.send("a@example.org", "zoe@example.org", mail("one"))
    with pytest.raises(Answered) as refusal:
        line.send("a@example.org", "nobody@example.org", mail("two"))
    assert (refusal.value.code, refusal.value.of_sender) == (550, False)
    line.send("a@example.org", "an@example.org", mail("three"))
    line.close()
    assert [text.split(b"\r\n")[0] for text in peer.mails] == [b"Subject: one", b"Subject: three"]
    assert all(b"\r\n.." in text for text in peer.mails)  # a dot that begins a line is doubled
    assert sum(each.lower().startswith("ehlo") for each in peer.commands) == 1  # one connection


def test_a_refused_sender_is_told_from_a_refused_recipient(peer):
    line = Line()
    with pytest.raises(Answered) as refusal:
        line.send("spam@example.org", "nobody@example.org", mail("one"))
    assert (refusal.value.code, refusal.value.of_sender) == (550, True)
    line.send("a@example.org", "an@example.org", mail("two"))
    line.close()
    assert len(peer.mails) == 1
