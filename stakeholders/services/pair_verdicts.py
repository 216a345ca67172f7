"""What people decide about a pair of ideas: the same, related, not the same; and the merge."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import SimilarityPair, Verdict
from ..permissions import moderates
from .idea_merging import merge_idea
from .verdicts import VerdictRefused


@transaction.atomic
def judge_pair(pair, verdict: str, *, by) -> SimilarityPair:
    """Write down what ``by`` decided about a pair; it is not asked again."""
    if verdict not in set(Verdict.values) - {Verdict.OPEN}:
        raise VerdictRefused(_("Choose one of the decisions."))
    pair = _locked(pair, by)
    if pair.verdict != Verdict.OPEN:
        raise VerdictRefused(_("Somebody has decided on this pair meanwhile."))
    pair.verdict, pair.by, pair.at = verdict, by, timezone.now()
    pair.save(update_fields=["verdict", "by", "at"])
    return pair


@transaction.atomic
def reset_pair(pair, *, by) -> SimilarityPair:
    """Forget what was decided about a pair: it is asked again."""
    pair = _locked(pair, by)
    pair.verdict, pair.by, pair.at = Verdict.OPEN, None, None
    pair.save(update_fields=["verdict", "by", "at"])
    return pair


@transaction.atomic
def merge_pair(pair, survivor, *, by):
    """Merge the other idea of ``pair`` into ``survivor``, which decides the pair."""
    pair = judge_pair(pair, Verdict.DUPLICATE, by=by)
    merged = pair.b if survivor.pk == pair.a_id else pair.a
    return merge_idea(merged, by=by, into=survivor)


def _locked(pair, by):
    rows = SimilarityPair.objects.select_related("a", "b").select_for_update(of=("self",))
    pair = rows.get(pk=pair.pk)
    if not (moderates(by, pair.a) and moderates(by, pair.b)):
        raise VerdictRefused(_("You may not decide on an idea of your own."))
    return pair
