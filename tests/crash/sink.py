"""A bare SMTP server: logs "ADDRESS MESSAGE-ID" for each mail it takes, and kills on request.

Arguments: PORT LOG TRAPS [SECONDS each mail takes]. TRAPS is a folder: the file "N WHEN" in it
lets the server kill (SIGKILL) whoever sends mail number N of this log, at WHEN: "before" its text
is asked for, "after" the text has come, or right "behind" the answer. The file is removed then.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import psutil

GREETING = b"220 sink\r\n"
#: As the servers of the world do it: several commands may come in one packet (RFC 2920).
EHLO = b"250-sink\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n"
OK, TEXT, BYE = b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n"


class Traps:
    """Whom to kill, and when."""

    def __init__(self, folder: Path | None):
        self.folder = folder

    def spring(self, number: int, when: str, writer) -> None:
        """Kill the sender of mail ``number`` if somebody asked for it."""
        if self.folder is None:
            return
        wanted = [path for path in self.folder.iterdir() if path.suffix == f".{when}"]
        for path in wanted:
            if number >= int(path.stem):
                path.unlink()
                kill_peer(writer.get_extra_info("peername")[1])


def kill_peer(port: int) -> None:
    """Kill the process at the other end of a connection, which has ``port``."""
    for each in psutil.net_connections("tcp"):
        if each.laddr.port == port and each.pid not in (None, os.getpid()):
            os.kill(each.pid, signal.SIGKILL)


class Sink:
    """What all connections share: the log, the traps, and the pace."""

    def __init__(self, log: Path, traps: Path | None, seconds: float):
        self.log = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.count = log.read_bytes().count(b"\n")
        self.traps, self.seconds = Traps(traps), seconds

    async def serve(self, reader, writer):
        """Answer one connection."""
        writer.write(GREETING)
        recipient = b""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(EHLO)
            elif verb == b"RCPT":
                recipient = line[line.index(b"<") + 1 : line.rindex(b">")]
                writer.write(OK)
            elif verb == b"DATA":
                await self._take(reader, writer, recipient)
            elif verb == b"QUIT":
                writer.write(BYE)
                break
            else:
                writer.write(OK)
            await writer.drain()
        writer.close()

    async def _take(self, reader, writer, recipient):
        self.traps.spring(self.count + 1, "before", writer)
        writer.write(TEXT)
        text = await reader.readuntil(b"\r\n.\r\n")
        if self.seconds:
            await asyncio.sleep(self.seconds)
        key = next(line for line in text.split(b"\r\n") if line.lower().startswith(b"message-id:"))
        os.write(self.log, recipient + b" " + key.partition(b":")[2].strip() + b"\n")
        self.count += 1
        self.traps.spring(self.count, "after", writer)
        writer.write(OK)
        await writer.drain()
        self.traps.spring(self.count, "behind", writer)


async def main(port: int, log: Path, traps: Path | None, seconds: float) -> None:
    """Serve until killed."""
    sink = Sink(log, traps, seconds)

    async def serve(reader, writer):
        try:
            await sink.serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()  # whoever sent is gone

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=2**22)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    where, log, traps, *pace = sys.argv[1:]
    folder = Path(traps) if traps != "-" else None
    for _try in range(50):  # the port of one that was killed may still be held for a moment
        try:
            asyncio.run(main(int(where), Path(log), folder, float(pace[0]) if pace else 0.0))
        except OSError:
            time.sleep(0.1)
