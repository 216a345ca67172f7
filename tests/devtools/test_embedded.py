"""The embedded servers start anywhere, for anyone, and again after a crash."""

import contextlib
import os
import stat

import psycopg2
import pytest
import redis

from devtools import embedded
from devtools.checkout import Refused, make_private_folder, make_state_folder, socket_folder
from devtools.processes import Guard, Supervised, stop_all


@pytest.fixture
def places(state):
    make_state_folder()
    sockets = socket_folder(state)
    make_private_folder(sockets, embedded.server_account(state / "pg")[0])
    yield embedded.Places(data=state, logs=state / "logs", sockets=sockets)
    for left in sockets.iterdir():
        left.unlink()
    sockets.rmdir()


@contextlib.contextmanager
def running(command, is_ready):
    guard = Guard()
    server = Supervised(command, guard)
    server.start()
    try:
        embedded.wait_for(server, is_ready)
        yield server
    finally:
        stop_all([server])
        guard.close()


def postgres(places, *, durable=False):
    command = embedded.postgres_command(places, durable=durable)
    return running(command, lambda: embedded.accepts_postgres(places))


def query(places, text):
    connection = psycopg2.connect(host=str(places.sockets), user="postgres", dbname="smartcity")
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone() if cursor.description else None


def test_postgres_in_a_path_with_spaces_and_quotes_keeps_its_data_after_a_crash(places):
    with postgres(places, durable=True) as server:
        embedded.create_database(places)
        embedded.create_database(places)
        query(places, "CREATE TABLE kept AS SELECT 'à garder' AS word")
        os.killpg(server.process.pid, 9)
        server.process.wait()
    with postgres(places):
        assert query(places, "SELECT word FROM kept") == ("à garder",)
        assert query(places, "SHOW listen_addresses") == ("",)


def test_a_creation_that_was_cut_off_is_done_again(places):
    half_done = places.data / "pg.draft"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18")
    with postgres(places):
        assert embedded.accepts_postgres(places)
    assert not half_done.exists()


def test_valkey_keeps_its_queue_over_a_restart(places):
    command = embedded.valkey_command(places, durable=True)
    for expected in (1, 2):
        server = running(command, lambda: embedded.accepts_valkey(places))
        with server, redis.Redis.from_url(places.redis_url) as client:
            assert client.rpush("queue", "task") == expected


def test_a_server_that_dies_is_reported_with_its_log(places):
    command = embedded.valkey_command(places, durable=False)
    broken = type(command)(**vars(command) | {"arguments": (*command.arguments, "--nonsense")})
    guard = Guard()
    server = Supervised(broken, guard)
    server.start()
    try:
        with pytest.raises(Refused, match=r"(?s)valkey did not start .*nonsense"):
            embedded.wait_for(server, lambda: embedded.accepts_valkey(places))
    finally:
        stop_all([server])
        guard.close()


def test_a_cluster_of_another_version_is_refused(places):
    (places.data / "pg").mkdir()
    (places.data / "pg" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Refused, match=r"one of PostgreSQL 9 .*make reset starts afresh"):
        embedded.refuse_other_version(places.data / "pg")


def test_the_sockets_stand_in_a_short_private_folder(places):
    assert stat.S_IMODE(places.sockets.stat().st_mode) == 0o700
    assert len(os.fsencode(places.sockets / ".s.PGSQL.5432")) < 104


def test_a_socket_folder_planted_as_a_link_is_refused(tmp_path):
    (tmp_path / "planted").symlink_to(tmp_path)
    with pytest.raises(Refused, match="belongs to another user"):
        make_private_folder(tmp_path / "planted", os.getuid())
