"""Where each role goes after login, and what it does next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.context import url_or_none

BALLOTS = ("projects:ballot-list", _("My ballots"))
JURY = ("projects:jury", _("Jury sessions"))
MEETINGS = ("governance:index", _("Meetings and decisions"))
SHEETS = ("projects:sheet-list", _("Project sheets"))
ROADMAP = ("roadmap:initiative-list", _("Roadmap"))
BACK_OFFICE = ("admin:index", _("Back office"))

#: What a role does, and the pages for it. Who enters the back office does the work there.
TASKS = {
    Role.STAFF: (_("You moderate, prepare and publish in the back office."), (BACK_OFFICE,)),
    Role.FACILITATOR: (
        _("You prepare workshops and enter their results in the back office."),
        (BACK_OFFICE, ("workshops:workshop-list", _("Workshops"))),
    ),
    Role.JUROR: (_("You score the sheets that the session gives you."), (BALLOTS, JURY)),
    Role.CHAIR: (_("You open the ballots and lead the deliberation."), (JURY, MEETINGS)),
    Role.SECRETARY: (
        _("You prepare sessions, minutes and decisions in the back office."),
        (BACK_OFFICE, JURY),
    ),
    Role.GOVERNMENT: (
        _("You read the proposals of the jury and record the decisions."),
        (JURY, MEETINGS, ROADMAP),
    ),
    Role.BOARD: (_("You read the papers of the meetings."), (MEETINGS, ROADMAP)),
    Role.LEAD: (
        _("You complete the project sheets to which you were invited."),
        (SHEETS,),
    ),
    Role.OWNER: (
        _("You report on initiatives and indicators."),
        (ROADMAP, ("kpi:indicator-list", _("Indicators"))),
    ),
    Role.TRANSLATOR: (_("You complete French and Dutch in the back office."), (BACK_OFFICE,)),
    Role.AUDITOR: (_("You read everything, also the history, in the back office."), (BACK_OFFICE,)),
    Role.ADMINISTRATOR: (_("You invite people and give roles in the back office."), (BACK_OFFICE,)),
}


@dataclass(frozen=True)
class Task:
    """What one role does next: a sentence and links (address, label)."""

    role: str
    sentence: str
    links: list[tuple[str, str]]


def tasks_of(user) -> list[Task]:
    """Return the tasks of ``user``, one for each role held, in the order of the roles."""
    return [_task(role) for role in Role if role.value in user.roles]


def _task(role: Role) -> Task:
    sentence, pages = TASKS[role]
    links = [(url_or_none(name), label) for name, label in pages]
    return Task(role.label, sentence, [(url, label) for url, label in links if url])


#: Where somebody starts who holds this role and no other, when a list is all the work.
START = {
    Role.JUROR: "projects:ballot-list",
    Role.AUDITOR: "admin:core_statuschange_changelist",
    Role.ADMINISTRATOR: "admin:accounts_user_changelist",
}


def landing(user) -> str | None:
    """Return the address where the work of ``user`` is, or None where a choice is to be made."""
    only = next(iter(user.roles)) if len(user.roles) == 1 else None
    if only in START:
        return url_or_none(START[only])
    return url_or_none("admin:index") if user.is_staff else None
