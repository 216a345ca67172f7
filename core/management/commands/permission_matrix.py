"""`manage.py permission_matrix`: who may do what from which state."""

from django.apps import apps
from django.core.management.base import BaseCommand

from accounts.roles import Role
from core.permissions import SYSTEM
from core.workflow import REGISTRY

INTRODUCTION = """# Who may do what

Made by `manage.py permission_matrix --write`; a test compares it with the state machines. Every
cell is asked of the same table that draws the buttons and that the server obeys. ● yes, · no.
Rights on something of one's own (an idea, a ballot) cannot be shown here: they are tried by the
tests of their app. A superuser has no right here that a role does not give.
"""


class Somebody:
    """A user who is nothing but one role."""

    is_authenticated = is_active = True
    is_superuser = False
    pk = 0

    def __init__(self, role):
        self.roles = frozenset({role} if role else ())

    def has_role(self, *roles):
        """Tell whether the role is one of ``roles``."""
        return not self.roles.isdisjoint(roles)


def matrix() -> str:
    """Return the page: one table per state machine, one line per transition."""
    parts = [INTRODUCTION]
    for label in sorted(REGISTRY):
        parts.append(table(REGISTRY[label]))
    return "\n".join(parts)


def table(flow) -> str:
    """Return the Markdown table of one state machine."""
    who = [*Role.values, "superuser", "system"]
    lines = [
        f"\n## {flow.model}\n",
        f"| action | from | to | {' | '.join(who)} |",
        f"|---|---|---|{'---|' * len(who)}",
    ]
    obj = apps.get_model(flow.model)()
    for step in flow.table.values():
        cells = ["●" if allows(step, name, obj) else "·" for name in who]
        sources = ", ".join(step.sources)
        lines.append(f"| {step.name} | {sources} | {step.target} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def allows(step, name, obj) -> bool:
    """Tell whether a user who is only ``name`` passes the predicate of ``step``."""
    if name == "system":
        return bool(step.permission(SYSTEM, obj))
    user = Somebody(None if name == "superuser" else name)
    user.is_superuser = name == "superuser"
    return bool(step.permission(user, obj))


class Command(BaseCommand):
    """Print the matrix, or write it to docs/permissions.md."""

    help = "Who may do what from which state."

    def add_arguments(self, parser):
        """Take --write."""
        parser.add_argument("--write", action="store_true")

    def handle(self, *args, **options):
        """Run the command."""
        from django.conf import settings

        if options["write"]:
            (settings.BASE_DIR / "docs" / "permissions.md").write_text(matrix(), encoding="utf-8")
        else:
            self.stdout.write(matrix())
