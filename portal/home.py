"""What the home page shows; every number comes with the list behind it."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import npgettext_lazy

from core import slots
from core.selectors import first_of
from core.templatetags.ui import STAGES
from governance.models import Decision
from workshops.models import Workshop

#: What is counted at each step, after the number.
NOUNS = {
    1: npgettext_lazy("chain", "idea", "ideas", "count"),
    2: npgettext_lazy("chain", "workshop", "workshops", "count"),
    3: npgettext_lazy("chain", "sheet", "sheets", "count"),
    4: npgettext_lazy("chain", "decision", "decisions", "count"),
    5: npgettext_lazy("chain", "initiative", "initiatives", "count"),
    6: npgettext_lazy("chain", "indicator", "indicators", "count"),
}


@dataclass(frozen=True)
class ChainStep:
    """A step of the chain with its count; None where no app counts it."""

    stage: int
    name: str
    count: int | None = None
    url: str = ""
    detail: str = ""
    detail_url: str = ""

    @property
    def noun(self) -> str:
        """What the number counts, in the singular or the plural."""
        return NOUNS[self.stage] % {"count": self.count or 0}


def chain() -> list[ChainStep]:
    """Return the six steps; where several apps count one, the first to register wins."""
    answers = {}
    for answer in slots.collect("portal.chain"):
        answers.setdefault(answer["stage"], answer)
    return [_step(stage, str(name), answers) for stage, name in enumerate(STAGES, start=1)]


def _step(stage, name, answers) -> ChainStep:
    known = answers.get(stage)
    if known is None:
        return ChainStep(stage, name)
    detail = str(known.get("detail", ""))
    url, detail_url = known["url"], known.get("detail_url", "")
    return ChainStep(stage, name, known["count"], url, detail, detail_url)


def latest_decisions(user, number: int = 3):
    """Return the last decisions that ``user`` may see."""
    rows = Decision.objects.visible_to(user).exclude(decided_on=None)
    return first_of(rows.select_related("meeting__body").order_by("-decided_on", "-pk"), number)


def next_workshops(user, number: int = 3):
    """Return the workshops to come that ``user`` may see, the next one first."""
    rows = Workshop.objects.visible_to(user).upcoming(timezone.now())
    return first_of(rows.select_related("municipality", "theme"), number)
