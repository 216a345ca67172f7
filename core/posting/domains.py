"""Limits of the domains that the mails of a mailing go to.

A row whose domain takes no more for now goes back to the queue and waits for its turn there, so
that the drain goes on with the other domains.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from ..models import DomainBudget
from . import budget
from .addresses import normal
from .mailing import Claimed


def domain_of(email: str) -> str:
    """Return the domain of an address as `DomainBudget` has it; a subdomain is one of its own."""
    return over_the_line(normal(email).rpartition("@")[2])


def over_the_line(domain: str) -> str:
    """Return a domain in the letters of the DNS; one that has none there is left as it is."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def bucket(domain: str) -> str:
    """Return the name under which the tokens of ``domain`` are kept."""
    return f"domain:{domain}"


class DomainLimits:
    """What one drain knows of limited domains, read once when it begins.

    A limit that is set or changed meanwhile is obeyed by the next drain, some seconds later.
    """

    def __init__(self):
        self.per_minute: dict[str, int] = dict(
            DomainBudget.objects.order_by().values_list("domain", "per_minute")
        )
        #: How many rows of each domain were sent back to wait.
        self.refused: Counter[str] = Counter()
        self.opened: set[str] = set()

    def __bool__(self):
        return bool(self.per_minute)

    def sort(self, rows: Iterable[Claimed]) -> tuple[list[Claimed], dict[int, float]]:
        """Return the rows that may go now, and {key: seconds} of those that wait so long.

        The n-th row that waits for a domain waits until the n-th token comes: all of them together
        would be refused again and again.
        """
        going: list[Claimed] = []
        waiting: dict[int, float] = {}
        by_domain = sorted(rows, key=lambda row: (domain_of(row.email), row.pk))
        for domain, group in groupby(by_domain, key=lambda row: domain_of(row.email)):
            found = list(group)
            granted = self._granted(domain, len(found))
            going += found[:granted]
            waiting |= {row.pk: self._turn(domain) for row in found[granted:]}
        return sorted(going, key=lambda row: row.pk), waiting

    def _granted(self, domain: str, wanted: int) -> int:
        per_minute = self.per_minute.get(domain)
        if per_minute is None:
            return wanted
        if domain not in self.opened:
            budget.open_budget(bucket(domain))
            self.opened.add(domain)
        return budget.take_some(bucket(domain), wanted, per_minute)

    def _turn(self, domain: str) -> float:
        self.refused[domain] += 1
        return self.refused[domain] / budget.refill(self.per_minute[domain])
