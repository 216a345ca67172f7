"""Predicates that every app may use; those about a model are in that app's `permissions.py`.

Predicates are called directly (not through `user.has_perm`), so that a superuser gets no vote and
no look into a ballot merely by being one.
"""

from functools import cache

import rules

from accounts.roles import Role


class System:
    """Stands for the portal itself where no person acts: a confirmed link, a clock."""

    is_authenticated = False
    is_active = True
    pk = None
    roles = frozenset()

    def has_role(self, *roles):
        """The portal holds no role."""
        return False

    def __str__(self):
        return "system"


SYSTEM = System()


@cache
def has_role(*roles: Role):
    """Return the predicate "this user holds one of ``roles``", made once: pages ask it often."""
    name = "has_role:" + ",".join(roles)

    def check(user, obj=None):
        return user is not None and getattr(user, "has_role", lambda *r: False)(*roles)

    return rules.predicate(check, name=name)


@rules.predicate
def is_system(user, obj=None):
    """Tell whether the portal itself acts."""
    return user is SYSTEM


@rules.predicate
def anyone(user, obj=None):
    """Always true: for what needs no role."""
    return True


is_staff = has_role(Role.STAFF)
is_secretary = has_role(Role.SECRETARY)
is_chair = has_role(Role.CHAIR)
is_juror = has_role(Role.JUROR)
is_government = has_role(Role.GOVERNMENT)
is_board = has_role(Role.BOARD)
is_auditor = has_role(Role.AUDITOR)
is_administrator = has_role(Role.ADMINISTRATOR)
is_translator = has_role(Role.TRANSLATOR)
is_office = has_role(Role.STAFF, Role.SECRETARY)
#: Whoever may read unpublished rows in the back office.
reads_everything = has_role(Role.STAFF, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR)
