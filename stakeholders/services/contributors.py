"""What a contributor decides about their own contribution."""

from django.db import transaction

from ..models import Submission


@transaction.atomic
def set_notifications(submission: Submission, *, notify: bool, language: str) -> Submission:
    """Keep whether this contributor wants mails, and in which language.

    It holds for the ideas into which theirs was merged as well: to them it is one idea.
    """
    own = {"notify": notify, "language": language}
    Submission.objects.filter(pk=submission.pk).update(**own)
    followed = Submission.objects.filter(contact=submission.contact_id, via=submission.idea_id)
    followed.update(**own)
    submission.refresh_from_db()
    return submission
