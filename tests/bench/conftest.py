"""Two databases of different size side by side: what disturbs one measurement disturbs both."""

import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.e2e.conftest import portal  # noqa: F401  a fixture

#: Few rows and many. The last page of a list has ten lines in both.
FEW, MANY = 30, 3010
#: Each round looks once at each size, so that a slow moment of the machine meets both.
WARM_UP, ROUNDS, MOST = 2, 12, 60
#: A best time that is beaten by less than this is the best.
CLOSE = 0.98


class Sizes:
    """One copy of the test database for each size; the copies are used in turn."""

    def __init__(self, sizes: tuple[int, int] = (FEW, MANY)) -> None:
        self.copies = {}
        for size in sizes:
            connection.creation.clone_test_db(str(size), verbosity=0)
            copy = connection.copy()
            copy.settings_dict = connection.creation.get_test_db_clone_settings(str(size))
            self.copies[size] = copy

    @contextmanager
    def use(self, size: int):
        """Let everything inside speak to the copy of ``size``."""
        usual = connections["default"]
        connections["default"] = self.copies[size]
        try:
            yield
        finally:
            connections["default"] = usual

    def fill(self, maker) -> None:
        """Make the rows of each size, and let the planner know them."""
        for size, copy in self.copies.items():
            with self.use(size):
                maker(size)
            with copy.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def times(self, client, address: str) -> dict[int, float]:
        """Return {size: seconds} of the page: the best of many rounds, since noise only adds.

        It goes on until no size has become faster for as many rounds as are made at least.
        """
        for _round in range(WARM_UP):
            self._round(client, address)
        best, unbeaten, made = self._round(client, address), 0, 1
        while unbeaten < ROUNDS and made < MOST:
            took = self._round(client, address)
            beaten = any(took[size] < best[size] * CLOSE for size in best)
            unbeaten, made = 0 if beaten else unbeaten + 1, made + 1
            best = {size: min(took[size], best[size]) for size in best}
        return best

    def _round(self, client, address) -> dict[int, float]:
        took = {}
        for size in self.copies:
            with self.use(size):
                took[size] = seconds(client, address)
        return took

    def drop(self) -> None:
        """Remove the copies."""
        for size, copy in self.copies.items():
            copy.close()
            connection.creation.destroy_test_db(suffix=str(size), verbosity=0)


def seconds(client, address: str) -> float:
    """Return how long the processors work for one view of the page, in Python and in PostgreSQL."""
    clock = clock_of(connections["default"].connection)
    start = clock()
    answer = client.get(address)
    assert answer.status_code == 200
    if answer.streaming:
        for _piece in answer.streaming_content:
            pass
    return clock() - start


def clock_of(opened):
    """Return the clock of this process and of the database's process behind ``opened``.

    Time on a processor is the same however many others wait for one. Where the database's process
    cannot be seen (another machine, another system), it is the time on the wall.
    """
    used = Path(f"/proc/{opened.get_backend_pid()}/schedstat") if opened else None
    if used is None or not used.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(used.read_text().split()[0]) / 1e9


@pytest.fixture
def sizes(transactional_db):
    """Two copies of the empty database, to be filled and measured in turn."""
    made = Sizes()
    yield made
    made.drop()
