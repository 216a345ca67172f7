"""Pairs of ideas that may be the same, as the portal finds them; people decide on them."""

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from ..concepts import concepts_of
from ..duplicates import digits
from ..models import PENDING_IDEA, Idea, IdeaKey, SimilarityPair
from ..similar import PER_KEY, newest_of, ranked, rarest_keys

#: Titles this alike (of 100) are asked about.
ALIKE = 70
#: Ideas in two languages that share at least this much (of 100) of what they speak of.
SHARED = 50
#: What resembles more ideas than this resembles them in form only: the most alike are asked about.
PAIRS_OF_ONE = 20
METHOD = SimilarityPair.Method
CONCEPT = "#"
#: What two ideas are compared by: fields and columns of an idea.
COMPARED = frozenset({"title", "body", "theme", "theme_id", "municipality", "municipality_id"})


def find_pairs_soon(idea) -> None:
    """Ask a worker, after the commit, to look for ideas like ``idea``."""
    transaction.on_commit(lambda: _wake(idea.pk))


def look_again(idea, changed) -> None:
    """Look anew for ideas like ``idea`` where one of the fields ``changed`` is compared."""
    if not COMPARED.isdisjoint(changed):
        find_pairs_soon(idea)


def _wake(pk: int) -> None:
    try:
        current_app.send_task("stakeholders.find_idea_pairs", args=[pk], retry=False)
    except OperationalError:
        return  # `manage.py idea_pairs` finds what was missed


def find_pairs(idea) -> int:
    """Propose the ideas that may be the same as ``idea``; return how many pairs are new.

    Running it again proposes nothing twice, and nothing that somebody has decided on.
    """
    if idea.status not in PENDING_IDEA:
        return 0
    found = {**across_languages(idea, keep_concepts(idea)), **in_its_language(idea)}
    best = sorted(found.items(), key=lambda each: (-each[1][0], -each[0]))[:PAIRS_OF_ONE]
    pairs = [pair_of(idea.pk, pk, *how) for pk, how in best]
    before = SimilarityPair.objects.count()
    SimilarityPair.objects.bulk_create(pairs, ignore_conflicts=True)
    return SimilarityPair.objects.count() - before


def pair_of(one: int, other: int, score: int, method: str) -> SimilarityPair:
    """Return the unsaved pair of two ideas, whichever came first."""
    first, second = sorted((one, other))
    return SimilarityPair(a_id=first, b_id=second, score=score, method=method)


def in_its_language(idea) -> dict[int, tuple]:
    """Return {pk: (score, method)} of the ideas in the same language with a title like this one.

    The stems of the words are compared, without those that say nothing. A number has to be the
    same: what is asked for school 7 is not asked for school 8.
    """
    keys, _more = rarest_keys(idea.title, (idea.language,))
    whole = f"{idea.language}="
    mine = "".join(key for key in keys if key.startswith(whole))
    near = others(idea).filter(pk__in=newest_of(keys), language=idea.language)
    rows = IdeaKey.objects.filter(idea__in=near, key__startswith=whole)
    numbers = digits(idea.title)
    titles = rows.values_list("idea", "key", "idea__title")
    theirs = {pk: key for pk, key, title in titles if digits(title) == numbers}
    best = ranked(mine, theirs, limit=PAIRS_OF_ONE, at_least=ALIKE)
    return {pk: (int(score), METHOD.WORDS) for _key, score, pk in best}


def across_languages(idea, codes: set[str]) -> dict[int, tuple]:
    """Return {pk: (score, method)} of the ideas in other languages about the same, there.

    Same theme and same place (or none), and what they speak of is the same for half at least.
    """
    near = others(idea).filter(theme=idea.theme_id, municipality=idea.municipality_id)
    if not idea.municipality_id:
        near = others(idea).filter(theme=idea.theme_id, municipality=None)
    keys = [f"{CONCEPT}{code}" for code in codes]
    near = near.exclude(language=idea.language).filter(keys__key__in=keys)
    newest = list(near.order_by("-pk").values_list("pk", flat=True).distinct()[:PER_KEY])
    scores = {pk: likeness(codes, theirs) for pk, theirs in concepts_by_idea(newest).items()}
    return {pk: (score, METHOD.CONCEPTS) for pk, score in scores.items() if score >= SHARED}


def others(idea):
    """Return the ideas that ``idea`` may be the same as: those that go on."""
    return Idea.objects.filter(status__in=PENDING_IDEA).exclude(pk=idea.pk)


def likeness(one: set, other: set) -> int:
    """Return how much two sets share, from 0 to 100."""
    return round(200 * len(one & other) / (len(one) + len(other))) if one or other else 0


def concepts_by_idea(pks) -> dict[int, set[str]]:
    """Return {pk: codes of what the idea speaks of}."""
    found = {}
    rows = IdeaKey.objects.filter(idea__in=pks, key__startswith=CONCEPT)
    for pk, key in rows.values_list("idea_id", "key"):
        found.setdefault(pk, set()).add(key.removeprefix(CONCEPT))
    return found


@transaction.atomic
def keep_concepts(idea) -> set[str]:
    """Write down what ``idea`` speaks of today, and return it."""
    codes = concepts_of(f"{idea.title}\n{idea.body}", idea.language)
    keys = [f"{CONCEPT}{code}" for code in sorted(codes)]
    idea.keys.filter(key__startswith=CONCEPT).exclude(key__in=keys).delete()
    rows = [IdeaKey(idea=idea, key=key) for key in keys]
    IdeaKey.objects.bulk_create(rows, ignore_conflicts=True)
    return codes
