"""Life of a composite index and of its editions: who loads one neither publishes nor releases."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.permissions import is_office
from core.publication import LANGUAGE_NAMES, missing_texts, parity_guard
from core.typography import number
from core.workflow import Transition, TransitionRefused, Workflow

from ..models import EditionStatus, IndexStatus
from ..permissions import did_not_load, may_edit_index, may_publish_index
from .arithmetic import decimals_of, wrong_sums
from .selectors import method_of, parts_of

DRAFT = IndexStatus.DRAFT
IN_REVIEW = IndexStatus.IN_REVIEW
PUBLISHED = IndexStatus.PUBLISHED
SUSPENDED = IndexStatus.SUSPENDED
RETIRED = IndexStatus.RETIRED
#: How many of the texts that are missing are named.
NAMED = 6


def ready(index) -> None:
    """Raise `TransitionRefused` with what keeps ``index`` from being shown to everybody."""
    parity_guard(index)
    nodes, inputs = parts_of(index)
    if not inputs:
        raise TransitionRefused(_("The index has no inputs yet: import a file."))
    check_sums(method_of(index, nodes, inputs))
    check_names([*nodes, *inputs])


def check_sums(method) -> None:
    """Raise `TransitionRefused` naming each sum of weights that is not 1."""
    wrong = wrong_sums(method)
    if wrong:
        raise TransitionRefused(" ".join(sum_sentence(*each) for each in wrong))


def sum_sentence(code: str, total: float) -> str:
    """Return the sentence that the weights below ``code`` ("" is the whole) do not sum to 1."""
    words = {"sum": number(total, decimals_of(total)), "code": code}
    if code:
        text = _("The weights within “%(code)s” add up to %(sum)s; they have to add up to 1.")
        return text % words
    return _("The weights of the highest level add up to %(sum)s; they have to add up to 1.") % (
        words
    )


def check_names(parts) -> None:
    """Raise `TransitionRefused` naming the parts that lack a name in French or in Dutch."""
    missing = [(each, code) for each in parts for _field, code in missing_texts(each)]
    if missing:
        shown = [f"{each.code} ({LANGUAGE_NAMES[code]})" for each, code in missing[:NAMED]]
        words = {"number": len(missing), "names": ", ".join(shown)}
        text = _("%(number)s names of dimensions and inputs are missing, first: %(names)s.")
        raise TransitionRefused(text % words)


def ready_with_scores(index) -> None:
    """Ask for what `ready` asks, and for an edition that has been released."""
    ready(index)
    if not index.editions.filter(status=EditionStatus.RELEASED).exists():
        raise TransitionRefused(
            _("No edition has been released yet: whoever did not load it releases one first.")
        )


INDEX = Workflow(
    "kpi.CompositeIndex",
    IndexStatus,
    [
        Transition(
            "submit",
            (DRAFT,),
            IN_REVIEW,
            may_edit_index,
            gettext_lazy("Submit for review"),
            guard=ready,
            style="primary",
        ),
        Transition(
            "send_back",
            (IN_REVIEW,),
            DRAFT,
            is_office,
            gettext_lazy("Send back"),
            reason=True,
        ),
        Transition(
            "publish",
            (IN_REVIEW,),
            PUBLISHED,
            may_publish_index,
            gettext_lazy("Publish"),
            guard=ready_with_scores,
            style="primary",
        ),
        Transition(
            "suspend",
            (PUBLISHED,),
            SUSPENDED,
            is_office,
            gettext_lazy("Suspend"),
            reason=True,
            style="danger",
        ),
        Transition(
            "resume",
            (SUSPENDED,),
            PUBLISHED,
            is_office,
            gettext_lazy("Publish again"),
            guard=ready_with_scores,
            style="primary",
        ),
        Transition(
            "retire",
            (PUBLISHED, SUSPENDED),
            RETIRED,
            is_office,
            gettext_lazy("Retire"),
            guard=ready_with_scores,
            reason=True,
            confirm=gettext_lazy(
                "Page and scores stay, no further edition is expected. Retire it?"
            ),
            style="danger",
        ),
    ],
)

EDITION = Workflow(
    "kpi.IndexEdition",
    EditionStatus,
    [
        Transition(
            "release",
            (EditionStatus.LOADED,),
            EditionStatus.RELEASED,
            is_office & did_not_load,
            pgettext_lazy("edition", "Release"),
            style="primary",
        ),
        Transition(
            "discard",
            (EditionStatus.LOADED,),
            EditionStatus.DISCARDED,
            is_office,
            pgettext_lazy("edition", "Discard"),
            reason=True,
            style="danger",
        ),
    ],
)
