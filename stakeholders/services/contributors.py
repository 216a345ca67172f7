"""What a contributor decides about their own contribution."""

from django.db import transaction

from ..models import Submission


def set_notifications(submission: Submission, *, notify: bool, language: str) -> Submission:
    """Keep whether this contributor wants mails, and in which language.

    It holds for the ideas into which theirs was merged as well: to them it is one idea.
    """
    return _keep(submission, notify=notify, language=language)


def switch_mails(submission: Submission, *, notify: bool) -> Submission:
    """Keep whether this contributor wants mails, by one click in one of them; undone by another."""
    return _keep(submission, notify=notify)


@transaction.atomic
def _keep(submission, **own) -> Submission:
    """Write the settings ``own`` to the contribution and to those that came of it by merging."""
    same_idea(submission).update(**own)
    submission.refresh_from_db()
    return submission


def same_idea(submission):
    """Return the contributions of one person that are one idea to them.

    Each that came by a merge names the idea that was merged (`via`), through however many merges.
    """
    rows = list(Submission.objects.filter(contact=submission.contact_id))
    ideas, size = {submission.idea_id}, 0
    while len(ideas) > size:
        size = len(ideas)
        for each in rows:
            if each.via_id and not ideas.isdisjoint({each.idea_id, each.via_id}):
                ideas |= {each.idea_id, each.via_id}
    return Submission.objects.filter(contact=submission.contact_id, idea__in=ideas)
