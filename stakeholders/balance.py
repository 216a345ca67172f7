"""How balanced the four helix groups are at each step of the chain.

A step is {"stage", "label", "counts": {helix: n}}. The steps of this app are here; upper apps add
theirs through the slot `stakeholders.helix.counts`, called with user=, in their `panels.py`.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, When
from django.utils.translation import gettext_lazy as _

from core import slots
from core.disclosure import ALL, protect_row

from . import selectors
from .models import TOOK_PLACE, BilateralMeeting, Helix, Participation
from .radar import NO_VOICE

SLOT = "stakeholders.helix.counts"
GROUPS = tuple(Helix)
#: A group below this share of a step is a gap: half of the quarter that an equal share would be.
#: No text prescribes it; it is the Office's own working value.
TARGET_SHARE = Fraction(1, 8)


def evenness(counts: Mapping[str, int]) -> float | None:
    """Return Pielou's J = −Σ p·ln p / ln 4: 1 for four equal groups, 0 for one, None for nobody."""
    known = [counts.get(group, 0) for group in GROUPS]
    total = sum(known)
    if not total:
        return None
    shares = [count / total for count in known if count]
    # One share of 1 gives −0.0.
    return abs(math.fsum(share * math.log(share) for share in shares)) / math.log(len(GROUPS))


@dataclass(frozen=True)
class Balance:
    """The helix groups at one step of the chain; None stands for a figure that is withheld."""

    stage: int
    label: str
    counts: dict[str, int | None]
    total: int | None
    evenness: float | None
    #: How many could not be put into a group; they are in no share.
    unknown: int = 0

    def share(self, group: str) -> Fraction | None:
        """Return the share of ``group``, None for an empty step or a withheld figure."""
        count = self.counts[group]
        return Fraction(count, self.total) if self.total and count is not None else None

    def gaps(self, target: Fraction = TARGET_SHARE) -> list[Helix]:
        """Return the groups below the ``target`` share; none at an empty step."""
        shares = {group: self.share(group) for group in GROUPS}
        return [group for group, share in shares.items() if share is not None and share < target]


def balance(user) -> list[Balance]:
    """Return the balance at each step of the chain, as the Office sees it, in the chain's order."""
    return [exact(entry) for entry in entries(user)]


def exact(entry: dict) -> Balance:
    """Return the balance of one step with all its figures."""
    counts = {group: entry["counts"].get(group, 0) for group in GROUPS}
    unknown = sum(entry["counts"].values()) - sum(counts.values())
    total = sum(counts.values())
    return Balance(entry["stage"], entry["label"], counts, total, evenness(counts), unknown)


def balance_public() -> list[Balance]:
    """Return the balance that everybody may read: no figure below five, none that gives one away.

    Where a group is withheld, so is the evenness: it could be solved for it. Each step stands for
    itself, and there is no filter: a filter has to be a dimension of `core.disclosure.protect`.
    """
    return [withheld(exact(entry)) for entry in entries(AnonymousUser(), internal=False)]


def withheld(step: Balance) -> Balance:
    """Return ``step`` without what small numbers would give away."""
    safe = protect_row(step.counts)
    total = safe.pop(ALL)
    whole = None not in safe.values()
    return Balance(step.stage, step.label, safe, total, step.evenness if whole else None)


def entries(user, *, internal: bool = True) -> list[dict]:
    """Return the raw counts of every step, those of upper apps too, by stage."""
    found = [ideas(user), exchanges(), bilaterals()] if internal else [ideas(user), bilaterals()]
    found += slots.collect(SLOT, user=user)
    return sorted(found, key=lambda entry: entry["stage"])


def ideas(user) -> dict:
    """Count the ideas by the group of their author, or else of the organisation behind them."""
    rows = selectors.visible_ideas(user).exclude(status__in=NO_VOICE).select_related(None)
    rows = rows.annotate(group=group_of_idea())
    return {"stage": 1, "label": _("Ideas"), "counts": tally(rows, "group")}


def group_of_idea(path: str = "") -> Case:
    """Return the group of the idea at ``path`` ("idea__"): as filed, else its organisation's."""
    own = f"{path}helix"
    return Case(When(**{own: ""}, then=F(f"{path}organisation__helix")), default=F(own))


def exchanges() -> dict:
    """Count the exchanges by the groups that took part; one with two groups counts for each."""
    rows = Participation.objects.filter(side=Participation.Side.THEIRS)
    counts = tally(rows, "organisation__helix", "interaction")
    return {"stage": 1, "label": _("Exchanges"), "counts": counts}


def bilaterals() -> dict:
    """Count the bilateral meetings that took place by the group of the partner."""
    rows = BilateralMeeting.objects.filter(status__in=sorted(TOOK_PLACE))
    return {
        "stage": 1,
        "label": _("Bilateral meetings"),
        "counts": tally(rows, "organisation__helix"),
    }


def tally(rows, path: str, what: str = "pk") -> Counter:
    """Return how many different ``what`` there are for each value of ``path``; None becomes ""."""
    found = rows.order_by().values_list(path).annotate(n=Count(what, distinct=True))
    counts = Counter()
    for group, count in found:
        counts[group or ""] += count
    return counts
