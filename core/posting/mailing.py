"""What the engine has to know of a mailing; the app that owns it says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache

from django.db import connection

from .rows import MailCopy
from .skeleton import Skeleton


@cache
def own_address(sender: str) -> str:
    """Return the bare address of "Name <address>"."""
    return parseaddr(sender)[1]


@dataclass(frozen=True)
class Condition:
    """A condition in SQL with its named parameters; ``copy`` is the row of the copy in it."""

    sql: str = "TRUE"
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Mailing:
    """One mailing.

    ``key`` names it for ever ("campaign-12"); ``group`` is the column of ``model`` that holds
    ``pk``. ``is_open`` is true while it may be sent, ``is_wanted`` while this addressee still
    wants it. ``values`` gives {field: words} for one row; ``rests`` says whether now is a
    time at which nothing is sent; ``per_minute`` None is as fast as it goes.
    """

    key: str
    model: type[MailCopy]
    group: str
    pk: int
    skeletons: Mapping[str, Skeleton]
    values: Callable[["Claimed"], Mapping[str, str]]
    is_open: Condition = field(default_factory=Condition)
    is_wanted: Condition = field(default_factory=Condition)
    person: str = "contact_id"
    per_minute: int | None = None
    sender: str = ""
    rests: Callable[[], bool] = lambda: False

    @property
    def table(self) -> str:
        """Return the quoted name of the table of its copies."""
        return connection.ops.quote_name(self.model._meta.db_table)


@dataclass(frozen=True)
class Claimed:
    """A row that a drain holds."""

    pk: int
    email: str
    name: str
    language: str
    person: int | None
    attempts: int
