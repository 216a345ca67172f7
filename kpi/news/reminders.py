"""Reminding the owners of indicators of the figures that are due, late or out of date."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core import mail
from core.models import Message
from core.typography import day as day_words

from ..models import IndicatorStatus, Notice
from ..selectors import facts_of

PREFIX = "figure-duty:"
Kind = Notice.Kind
DUTIES = frozenset({Kind.SOON, Kind.LATE, Kind.STALE})


def remind(owner, notices: list[Notice]) -> None:
    """Queue one mail to the owner about those of ``notices`` that ask for a figure, if any do.

    An account that is closed is not written to, nor one of the demonstration, unless its logins are
    open: then the mails are caught and shown. Who has chosen no language gets both.
    """
    notices = [each for each in notices if each.kind in DUTIES]
    if not notices or not may_be_written_to(owner):
        return
    mail.enqueue(
        key=f"{PREFIX}{notices[0].pk}:{owner.pk}",
        template="figure_due",
        to=owner.email,
        language=owner.language or mail.BOTH,
        context=lambda: context_of(notices),
        facts={"notices": [each.pk for each in notices], "owner": owner.pk},
    )


def may_be_written_to(owner) -> bool:
    """Tell whether an owner, if there is one, gets mails about indicators."""
    if owner is None or not owner.is_active:
        return False
    return settings.DEMO_LOGINS or not owner.is_demo


def context_of(notices: list[Notice]) -> dict:
    """Return what the template needs, in the language that is active."""
    return {
        "rows": [
            {
                "indicator": each.indicator,
                "words": words_of(each),
                "link": settings.SITE_URL
                + reverse("kpi:indicator-record", args=[each.indicator.code]),
            }
            for each in notices
        ]
    }


def words_of(notice: Notice) -> str:
    """Return by when a figure is or was expected."""
    words = {
        Kind.SOON: _("the next figure is expected by %(day)s"),
        Kind.LATE: _("late: the figure was expected by %(day)s"),
        Kind.STALE: _("outdated: the figure was expected by %(day)s"),
    }[notice.kind]
    return words % {"day": day_words(notice.day)}


def still_asked(notices: list[Notice], owner: int) -> list[Notice]:
    """Return those of ``notices`` whose figure is still missing, and still theirs to record."""
    facts = facts_of({each.indicator for each in notices})
    return [
        each
        for each in notices
        if each.indicator.status == IndicatorStatus.PUBLISHED
        and each.indicator.owner_id == owner
        and facts[each.indicator_id].due_on == each.day
    ]


def made_anew(message: Message):
    """Return what a reminder asks for when it is handed over, None for any other mail.

    Slot `mail.context`; raises `mail.Refused` where all of it is on record by now.
    """
    if not message.key.startswith(PREFIX):
        return None
    rows = Notice.objects.filter(pk__in=message.facts["notices"]).select_related("indicator")
    left = still_asked(list(rows.order_by("pk")), message.facts["owner"])
    if not left:
        raise mail.Refused(str(_("Nothing of it is asked for any more.")), final=True)
    return lambda: context_of(left)
