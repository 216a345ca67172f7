"""Who may do what with an idea, as predicates (user, idea) → bool."""

import rules

from core.permissions import is_staff, is_system

from .models import KNOW_PEOPLE


@rules.predicate
def is_contributor(user, idea):
    """Tell whether ``user`` is among those who sent ``idea``."""
    if not getattr(user, "pk", None) or idea is None or idea.pk is None:
        return False
    return idea.submissions.filter(contact__user_id=user.pk).exists()


@rules.predicate
def is_own_edit(user, edit):
    """Tell whether ``edit`` corrects an idea that ``user`` sent."""
    return edit is not None and edit.pk is not None and is_contributor(user, edit.idea)


@rules.predicate
def came_off_line(user, idea):
    """Tell whether somebody of the Office wrote the idea down: nothing came through the web."""
    if idea is None or idea.pk is None:
        return True
    return not idea.submissions.filter(channel="web").exists()


@rules.predicate
def is_contributors_file(user, attachment):
    """Tell whether ``user`` is among those who sent the idea of ``attachment``."""
    if attachment is None or attachment.idea_id is None:
        return False
    return is_contributor(user, attachment.idea)


@rules.predicate
def is_part(user, idea):
    """Tell whether ``idea`` was separated from another one."""
    return idea is None or idea.pk is None or idea.split_from_id is not None


def merged_while(status: str):
    """Return the predicate "the idea was ``status`` when it was merged, and still is merged"."""

    def check(user, idea):
        if idea is None or idea.pk is None:
            return True
        return idea.merges.filter(undone_at=None, was_status=status).exists()

    return rules.predicate(check, name=f"merged_while:{status}")


@rules.predicate
def is_about_own_idea(user, row):
    """Tell whether ``row``, a statement or a reaction to one, is about an idea of ``user``."""
    return row is not None and row.pk is not None and is_contributor(user, idea_of(row))


def idea_of(row):
    """Return the idea of a statement or of a reaction to one."""
    return row.idea if hasattr(row, "idea_id") else row.statement.idea


@rules.predicate
def is_own_proposal(user, statement):
    """Tell whether ``user`` proposed ``statement``: a second person publishes it."""
    return statement is not None and statement.proposed_by_id == getattr(user, "pk", None)


@rules.predicate
def has_anothers_proposal(user, idea):
    """Tell whether an answer to ``idea`` waits that somebody else than ``user`` proposed."""
    if idea is None or idea.pk is None:
        return True
    proposed = idea.statements.proposed().answers()
    return proposed.exclude(proposed_by=getattr(user, "pk", None)).exists()


def asked_while(status: str):
    """Return the predicate "the open question was asked while the idea was ``status``"."""

    def check(user, idea):
        if idea is None or idea.pk is None:
            return True
        return idea.questions.filter(replied_at=None, asked_from=status).exists()

    return rules.predicate(check, name=f"asked_while:{status}")


#: Nobody moderates or answers an idea of their own.
moderates = is_staff & ~is_contributor
#: What one person has decided and written, a second one publishes.
publishes_answer = moderates & has_anothers_proposal
moderates_files = is_staff & ~is_contributors_file
#: From a secret tracking link it is the portal that acts for the contributor.
takes_back = is_system | is_staff | is_contributor
hears_the_reply = is_system | moderates
#: What the Office thinks of stakeholders: read by those who may know people, written by its staff.
reads_register = KNOW_PEOPLE
assesses = is_staff
