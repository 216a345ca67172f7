"""Two small real servers of a mailbox on loopback: POP3 and IMAP, as far as fetching needs."""

import re
import socketserver
import threading


class _Box(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler, mails):
        self.mails, self.deleted = dict(enumerate(mails, 1)), set()
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def expunge(self):
        self.mails = {n: mail for n, mail in self.mails.items() if n not in self.deleted}
        self.deleted = set()

    def close(self):
        self.shutdown()
        self.server_close()


class _Pop(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        self.say("+OK")
        for line in self.rfile:
            verb, _blank, rest = line.decode().strip().partition(" ")
            box = self.server
            if verb == "STAT":
                self.say(f"+OK {len(box.mails)} {sum(map(len, box.mails.values()))}")
            elif verb == "RETR":
                content = re.sub(rb"(?m)^\.", b"..", box.mails[int(rest)])
                self.wfile.write(b"+OK\r\n" + content + b"\r\n.\r\n")
            elif verb == "DELE":
                box.deleted.add(int(rest))
                self.say("+OK")
            elif verb == "QUIT":
                box.expunge()
                self.say("+OK")
                return
            else:
                self.say("+OK")


class _Imap(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        self.say("* OK")
        for line in self.rfile:
            tag, verb, *rest = line.decode().split()
            self.answer(tag, verb.upper(), rest)
            if verb.upper() == "LOGOUT":
                return

    def answer(self, tag, verb, rest):
        box = self.server
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "SELECT":
            self.say(f"* {len(box.mails)} EXISTS")
        elif verb == "SEARCH":
            self.say("* SEARCH " + " ".join(map(str, box.mails)))
        elif verb == "FETCH":
            content = box.mails[int(rest[0])]
            self.wfile.write(f"* {rest[0]} FETCH (RFC822 {{{len(content)}}}\r\n".encode())
            self.wfile.write(content + b")\r\n")
        elif verb == "STORE":
            box.deleted.add(int(rest[0]))
        elif verb == "EXPUNGE":
            box.expunge()
        elif verb == "LOGOUT":
            self.say("* BYE")
        self.say(f"{tag} OK done")


def pop3(mails):
    """Return a running POP3 server that holds ``mails``."""
    return _Box(_Pop, mails)


def imap(mails):
    """Return a running IMAP server that holds ``mails``."""
    return _Box(_Imap, mails)
