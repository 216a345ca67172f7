"""How published figures were revised: what each correction replaced, why, and by whom it came."""

from decimal import Decimal

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.roles import Role
from core.templatetags.ui import translated
from core.typography import NO_BREAK, day, number

from .models import Indicator, Observation
from .tables import FLAGS

#: A page shows so many of the newest.
SHOWN = 100


def with_former(rows):
    """Return observations with ``old_value`` and ``old_flag`` of the vintage before each.

    ``old_flag`` is None where there was none before.
    """
    same = {name: OuterRef(name) for name in ("indicator", "geo", "period", "position")}
    former = Observation.objects.filter(vintage__lt=OuterRef("vintage"), **same)
    former = former.order_by("-vintage")
    return rows.annotate(
        old_value=Subquery(former.values("value")[:1]),
        old_flag=Subquery(former.values("flag")[:1]),
    )


def revisions(indicator: Indicator, until=None) -> list[dict]:
    """Return what replaced a published figure of ``indicator``, the newest first.

    Keys: period, geo, position, old, new, difference (None where one of both is missing), reason
    (in words), note (translated), released_at, flag_old, flag_new, vintage, author and approver
    (their roles in words, no names). What came after the moment ``until`` (now by default) is
    left out.
    """
    rows = Observation.objects.filter(
        indicator=indicator, vintage__gt=1, released_at__lte=until or timezone.now()
    )
    rows = (
        with_former(rows)
        .select_related("release")
        .prefetch_related("author__groups", "release__approver__groups")
    )
    rows = rows.order_by("-released_at", F("period").desc(), "geo", "position")
    return [_revision(row) for row in rows[:SHOWN]]


def _revision(row: Observation) -> dict:
    both = None not in (row.old_value, row.value)
    release = row.release
    return {
        "period": row.when,
        "geo": row.geo_id,
        "position": row.position,
        "old": row.old_value,
        "new": row.value,
        "difference": row.value - row.old_value if both else None,
        "reason": row.get_reason_display(),
        "note": translated(release or row, "note")[0],
        "released_at": row.released_at,
        "flag_old": row.old_flag,
        "flag_new": row.flag,
        "vintage": row.vintage,
        "author": role_words(row.author),
        "approver": role_words(release.approver if release else None),
    }


def revisions_table(found: list[dict], places: dict, decimals: int) -> dict | None:
    """Return `revisions` as a table for the page; None where nothing was revised.

    ``places`` is {code: `Place`}, ``decimals`` those of the indicator.
    """
    if not found:
        return None
    labels = [
        *((_("Period"), "text"), (_("Territory"), "text")),
        *((pgettext("vintage", "Before"), "number"), (pgettext("vintage", "After"), "number")),
        *((_("Difference"), "number"), (_("Released"), "text")),
        *((_("Reason"), "text"), (_("By whom"), "text")),
    ]
    return {
        "caption": _("Revised figures, the newest first"),
        "columns": [{"label": label, "kind": kind} for label, kind in labels],
        "rows": [_revision_line(each, places, decimals) for each in found],
    }


def _revision_line(each: dict, places: dict, decimals: int) -> list[str]:
    pair = [each["old"], each["new"], each["difference"]]
    # What was revised by less than is usually shown is shown to its last decimal.
    if each["difference"] and not round(each["difference"], decimals):
        decimals = 12
    shown = [in_words(value, decimals, signed=place == 2) for place, value in enumerate(pair)]
    for place, flag in enumerate((each["flag_old"], each["flag_new"])):
        words = ", ".join(str(FLAGS[letter]) for letter in flag or "")
        shown[place] = f"{shown[place]} ({words})" if words else shown[place]
    return [
        each["period"].label.replace(" ", NO_BREAK),
        str(places.get(each["geo"], each["geo"])),
        *shown,
        day(each["released_at"]).replace(" ", NO_BREAK),
        " · ".join(filter(None, (each["reason"], each["note"]))),
        _people(each),
    ]


def _people(each: dict) -> str:
    if not each["author"]:
        return _("the portal")
    if not each["approver"]:
        return each["author"]
    words = _("%(author)s; approved by: %(approver)s")
    return words % {"author": each["author"], "approver": each["approver"]}


def in_words(value: Decimal | None, decimals: int, *, signed: bool = False) -> str:
    """Return a value with at most ``decimals`` decimals, "–" where there is none."""
    if value is None:
        return "–"
    own = max(0, -value.normalize().as_tuple().exponent)
    return number(value, min(own, decimals), signed=signed)


def role_words(user) -> str:
    """Return the roles of somebody in words, "" for the portal itself."""
    if user is None:
        return ""
    names = {group.name for group in user.groups.all()}
    return ", ".join(str(role.label) for role in Role if role.value in names)
