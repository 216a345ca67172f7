"""What the address of a page asks for: the indicator, the place, others beside it, and the day."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date

from .facts import Facts
from .models import Indicator, Observation, Place
from .selectors import facts_of

#: As many other places stand beside the own one at first: more lines cannot be told apart.
BESIDE = 4


@dataclass(frozen=True)
class Asked:
    """An indicator as an address asks for it.

    ``as_of``: the day as known on, None for today. ``about``: the place spoken of, "" for the usual
    one. ``beside``: codes of the others. ``offered``: the places that have figures.
    """

    indicator: Indicator
    as_of: date | None
    about: str
    beside: tuple[str, ...]
    offered: tuple[Place, ...]

    @property
    def known_on(self) -> date:
        """Return the day of what is shown."""
        return self.as_of or timezone.localdate()

    @property
    def geo(self) -> str:
        """Return the code of the place spoken of."""
        return self.about or self.indicator.geo_id

    @property
    def permanent(self) -> str:
        """Return the query that shows exactly this for ever: places and day are in it."""
        query = QueryDict(mutable=True)
        query["as_of"] = self.known_on.isoformat()
        if self.about:
            query["place"] = self.about
        query.setlist("beside", self.beside)
        return query.urlencode()

    def facts(self) -> Facts:
        """Return what can be said of it."""
        options = {"everywhere": True, "about": self.about, "places": self.beside}
        return facts_of([self.indicator], self.as_of, **options)[self.indicator.pk]


def asked(request, code: str) -> Asked:
    """Return what ``request`` asks of the indicator ``code``; 404 where it is not to be seen.

    `?place=` names the place spoken of, `?beside=` (several) others, `?as_of=` a day. A place
    without figures, or that nobody knows, is 404 as well.
    """
    indicator = get_visible(request.user, code)
    offered = places_of(indicator)
    known = [place.code for place in offered]
    about = request.GET.get("place", "")
    others = [each for each in request.GET.getlist("beside") if each]
    if any(each not in known for each in [about, *others] if each):
        raise Http404
    if about == indicator.geo_id:
        about = ""
    own = about or indicator.geo_id
    if "beside" not in request.GET:
        others = [code for code in known if code != own][:BESIDE]
    beside = tuple(dict.fromkeys(each for each in others if each != own))
    return Asked(indicator, asked_day(request), about, beside, offered)


def get_visible(user, code: str) -> Indicator:
    """Return the indicator that ``user`` may see, or answer 404."""
    rows = Indicator.objects.visible_to(user).select_related(
        "framework", "theme", "orientation", "owner_organisation", "replaced_by", "geo"
    )
    return get_object_or_404(rows, code=code)


def places_of(indicator: Indicator) -> tuple[Place, ...]:
    """Return the places that have figures of ``indicator``, and its own, in their order."""
    codes = Observation.objects.filter(indicator=indicator).order_by().values("geo_id").distinct()
    return tuple(Place.objects.filter(code__in=codes) | Place.objects.filter(code=indicator.geo_id))


def asked_day(request) -> date | None:
    """Return the day of ``?as_of=``; None where none is asked, 404 where it is no day."""
    text = request.GET.get("as_of", "")
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    # The calendar of Python ends at 9999; the end of that day would be beyond it.
    if found is None or found.year > 9000:
        raise Http404
    return found
