"""The answers of the fields of the fast entry while one types: fragments for `suggest.js`.

They read what was posted and nothing else: a name that somebody types stands in no address.
"""

from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache

from ..meeting_selectors import organisations_called, organisations_for
from ..suggestions import suggested_organisations, suggested_people
from .exchanges import check_writes

TEMPLATE = "stakeholders/exchanges/_suggestions.html"


@never_cache
def organisations(request):
    """Suggest organisations for what was typed."""
    check_writes(request)
    found = suggested_organisations(request.POST.get("organisation", ""), request.user)
    return render(request, TEMPLATE, {"found": found})


@never_cache
def people(request):
    """Suggest who took part: those of the organisation first."""
    check_writes(request)
    found = suggested_people(
        request.POST.get("who", ""),
        request.user,
        organisation=organisation_meant(request),
        day=day_meant(request.POST.get("happened_at", "")),
    )
    return render(request, TEMPLATE, {"found": found})


def organisation_meant(request):
    """Return the organisation that was chosen, else the one that the words mean, else None."""
    chosen = request.POST.get("chosen", "")
    if chosen.isdecimal():
        return organisations_for(request.user).filter(pk=chosen[:9]).first()
    found = organisations_called(request.POST.get("organisation", ""), request.user)
    return found[0] if len(found) == 1 else None


def day_meant(moment: str):
    """Return the day of what stands in the field of the moment, today where that is none."""
    try:
        return parse_date(moment[:10]) or timezone.localdate()
    except ValueError:  # looks like a day, is none
        return timezone.localdate()
