"""One idea goes on in another, for as long as nobody undoes it; and one idea becomes two."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import is_staff
from core.publication import LANGUAGE_NAMES
from core.workflow import PermissionRefused, TransitionRefused, record_change

from .. import mails
from ..models import Idea, IdeaMerge, SimilarityPair, Submission, Verdict
from ..permissions import moderates
from ..workflow import IDEA, SPLITTABLE, is_passage
from .intake import receive
from .moderation import contributors

#: What a part of a split idea keeps of the whole.
FILED_UNDER = (
    *("language", "theme", "workstream", "municipality", "submitter_type", "helix"),
    *("organisation_claimed", "organisation", "display", "display_text", "raised_in", "is_demo"),
)
#: Why two ideas go on as one, told on the page of the merged one.
EXPLANATION = tuple(f"public_note_{code}" for code in (*LANGUAGE_NAMES, "en"))
#: What of a contribution holds for another idea of the same person as well.
SAME_PERSON = ("channel", "language", "notify", "consent_version", "email_verified_at")


@IDEA.verb("merge")
@transaction.atomic
def merge_idea(idea, *, by, into, note="", **explanation):
    """Merge ``idea`` into ``into``: its page stays and points there, its contributors follow.

    No answer is copied. A merge is a moderation too: the page of an idea that was not published
    before exists from now on. The contributors of both are told. ``explanation`` (the columns of
    `EXPLANATION`, optional, in both languages) stands on the page and goes to its contributors.
    """
    explained = _explained(explanation)
    was_status, was_published_at = idea.status, idea.published_at
    was_explained = {name: getattr(idea, name) for name in explained} or None
    told = list(contributors(into))
    change = IDEA.apply(
        idea,
        "merge",
        by=by,
        note=note,
        duplicate_of=into,
        published_at=idea.published_at or timezone.now(),
        **explained,
    )
    IdeaMerge.objects.create(
        survivor=into,
        merged=idea,
        was_status=was_status,
        was_published_at=was_published_at,
        was_explained=was_explained,
        by=change.by,
        at=change.at,
    )
    _bring_contributors(idea, into)

    def context(submission):
        page = mails.address("idea-detail", into.reference, language=submission.language)
        reasons = mails.passages(idea, "public_note", submission.language) if explained else []
        return {"into": into, "into_page": page, "reasons": reasons}

    mails.tell_contributors(change, "idea_merged", contributors(idea), context, lambda _one: into)
    mails.tell_contributors(
        change, "idea_took_in", told, lambda _one: {"other": idea}, lambda _one: idea
    )
    return change


def _explained(explanation) -> dict:
    """Return every column of an explanation, {} where none is given; refuse one language alone."""
    words = {name: explanation.get(name, "").strip() for name in EXPLANATION}
    if not any(words.values()):
        return {}
    if not all(words[f"public_note_{code}"] for code in LANGUAGE_NAMES):
        raise TransitionRefused(_("Give the explanation in French and in Dutch, or leave it out."))
    return words


def _bring_contributors(idea, into) -> None:
    """Let whoever contributed to ``idea`` contribute to ``into``, once each."""
    for submission in contributors(idea, willing=False):
        kept = {name: getattr(submission, name) for name in SAME_PERSON}
        Submission.objects.get_or_create(
            idea=into, contact=submission.contact, defaults={"via": idea, **kept}
        )


@IDEA.verb("undo_merge_received")
def undo_merge_received(idea, *, by, note=""):
    """Undo the merge of an idea that was in moderation."""
    return _undo(idea, "undo_merge_received", by, note)


@IDEA.verb("undo_merge_published")
def undo_merge_published(idea, *, by, note=""):
    """Undo the merge of an idea that was public."""
    return _undo(idea, "undo_merge_published", by, note)


@IDEA.verb("undo_merge_review")
def undo_merge_review(idea, *, by, note=""):
    """Undo the merge of an idea that was under review."""
    return _undo(idea, "undo_merge_review", by, note)


@IDEA.verb("undo_merge_answered")
def undo_merge_answered(idea, *, by, note=""):
    """Undo the merge of an idea that had its answer."""
    return _undo(idea, "undo_merge_answered", by, note)


@transaction.atomic
def _undo(idea, name, by, note):
    """Bring both ideas back to what they were; whoever came along by the merge goes back.

    Their pair is to be decided again. Refused thirty days after the merge, and where the survivor
    was merged on since: then that merge is undone first.
    """
    # The survivor before the merge: two undos of one chain wait for each other.
    Idea._base_manager.select_for_update().filter(pk=idea.duplicate_of_id).first()
    merge = IdeaMerge.objects.select_for_update().filter(merged=idea, undone_at=None).first()
    if merge is None:
        raise TransitionRefused(_("This merge was undone already."))
    survivor = merge.survivor
    before = {"published_at": merge.was_published_at, **(merge.was_explained or {})}
    change = IDEA.apply(idea, name, by=by, note=note, duplicate_of=None, **before)
    merge.undone_at, merge.undone_by = change.at, change.by
    merge.save(update_fields=["undone_at", "undone_by"])
    Submission.objects.filter(idea=survivor, via=idea).delete()
    _ask_again(idea, survivor)
    _tell_undone(change, idea, survivor)
    return change


def _ask_again(one, other) -> None:
    both = Q(a=one, b=other) | Q(a=other, b=one)
    rows = SimilarityPair.objects.filter(both, verdict=Verdict.DUPLICATE)
    rows.update(verdict=Verdict.OPEN, by=None, at=None)


def _tell_undone(change, idea, survivor) -> None:
    others = {idea.pk: survivor, survivor.pk: idea}
    told = [*contributors(idea), *contributors(survivor)]

    def other(submission):
        return others[submission.idea_id]

    mails.tell_contributors(
        change, "idea_unmerged", told, lambda submission: {"other": other(submission)}, other
    )


@transaction.atomic
def split_idea(idea, *, by, title: str, body: str) -> Idea:
    """Make a part of ``idea`` an idea of its own and return it; its contributors go with it.

    ``body`` are words of the idea itself (`is_passage`); ``title`` is the Office's. The part waits
    in moderation under its own reference; both pages name each other once it is public. Raises
    `PermissionRefused` or `TransitionRefused`.
    """
    whole = Idea._base_manager.select_for_update().get(pk=idea.pk)
    _check_split(whole, by, body)
    known = whole.parts.filter(body=body.strip()).first()
    if known is not None:
        return known
    part = Idea(title=title, body=body.strip(), split_from=whole)
    for name in FILED_UNDER:
        setattr(part, name, getattr(whole, name))
    part.save()
    for submission in contributors(whole, willing=False):
        kept = {name: getattr(submission, name) for name in SAME_PERSON}
        Submission.objects.create(idea=part, contact=submission.contact, **kept)
    record_change(part, "submit", "", part.status, by=by)
    _note_related(whole, part, by)
    change = split_off(part, by=by)
    mails.tell_contributors(
        change, "idea_split", contributors(part), lambda submission: {"whole": whole}
    )
    return part


def _note_related(whole, part, by) -> None:
    """Write down that the two are two ideas, so that nobody is asked whether they are one."""
    SimilarityPair.objects.create(
        a=whole,
        b=part,
        score=100,
        method=SimilarityPair.Method.WORDS,
        verdict=Verdict.RELATED,
        by=by,
        at=timezone.now(),
    )


@IDEA.verb("split_off")
@transaction.atomic
def split_off(part, *, by, note=""):
    """Bring a part of an idea into moderation and give it a reference of its own."""
    return receive(part, "split_off", by, note)


def _check_split(whole, by, body) -> None:
    if not (is_staff(by) and moderates(by, whole)):
        raise PermissionRefused(_("You may not do this."))
    if whole.status not in SPLITTABLE:
        raise TransitionRefused(
            _("This idea is not in moderation, published or under review: it cannot be split.")
        )
    if not is_passage(body, whole.body):
        raise TransitionRefused(
            _("The part is in the words of its author: copy it from the idea as it stands.")
        )
