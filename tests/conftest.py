"""What every test may use: users of each role, an empty cache."""

import itertools

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import Phase, settings

from accounts.models import User
from accounts.roles import Role
from devtools.mailsink import LOOPBACK
from tests.scripted_smtp import ScriptedSink

#: A counterexample is told as it is found: explaining one traces each line that runs. How long an
#: example takes says nothing about whether it is right.
settings.register_profile("suite", phases=set(Phase) - {Phase.explain}, deadline=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rate limits of one test do not reach the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _english():
    """A test begins in the source language, whatever page the one before has opened."""
    translation.activate("en")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what is still connected to the test database, a late thread say, before it is dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def make_user(db):
    """Return a maker: ``make_user("staff", "chair")`` is a new user with these roles."""
    numbers = itertools.count(1)

    def make(*roles, **fields):
        email = fields.pop("email", f"user{next(numbers)}@example.org")
        return User.objects.create_user(email, "a long password", roles=roles, **fields)

    return make


@pytest.fixture
def users(make_user):
    """One user of each role, by role code, one without a role, and a bare superuser."""
    found = {role.value: make_user(role.value) for role in Role}
    found["nobody"] = make_user()
    found["superuser"] = make_user(is_superuser=True)
    return found


@pytest.fixture
def login(client):
    """Return a function that logs a user in and gives the client."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def server(settings):
    """A real SMTP server on a free port, to which this process sends."""
    sink = ScriptedSink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, sink.port
    yield sink.script
    sink.close()


@pytest.fixture
def alone_on_the_server(monkeypatch):
    """Have marks pass by what runs in the databases of other test processes, as if alone."""
    monkeypatch.setattr(
        "core.changes.OLDEST",
        "SELECT LEAST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, ("
        "SELECT min(backend_xid::text::bigint) FROM pg_stat_activity"
        " WHERE datname = current_database()))",
    )
