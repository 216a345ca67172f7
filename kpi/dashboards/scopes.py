"""The dashboards: the whole strategy, a volet, a priority, a theme, an orientation, a municipality.

Each is a condition on `Indicator` with a title, an address and, where it is about a place, the code
of that place.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.ui import translated
from programme.models import Orientation, Theme, WorkPackage, Workstream

from ..models import Indicator, Observation, Place


@dataclass(frozen=True)
class Scope:
    """One dashboard: what it is about, and which indicators are on it."""

    kind: str
    slug: str
    title: str
    condition: Q
    place: str = ""

    @property
    def url(self) -> str:
        """Return its address."""
        if not self.slug:
            return reverse("kpi:dashboard")
        return reverse("kpi:dashboard-of", args=[self.kind, self.slug])

    def rows(self, user):
        """Return its indicators that ``user`` may see."""
        visible = Indicator.objects.visible_to(user)
        # By key: a condition over many-to-many tables must not show an indicator twice.
        keys = Indicator.objects.filter(self.condition).order_by().values("pk")
        return visible.filter(pk__in=keys) if self.slug else visible


@dataclass(frozen=True)
class Kind:
    """One kind of dashboard: its name, and how one of them is made from its subject."""

    name: str
    subjects: Callable
    key: str
    condition: Callable
    title: Callable = str

    def scope(self, kind: str, subject) -> Scope:
        """Return the dashboard of ``subject``."""
        place = subject.code if isinstance(subject, Place) else ""
        slug = str(getattr(subject, self.key))
        return Scope(kind, slug, self.title(subject), self.condition(subject), place)


def _named(subject) -> str:
    return translated(subject, "name")[0]


def _volet(subject) -> str:
    words = {"number": subject.number, "name": _named(subject)}
    return _("Volet %(number)s: %(name)s") % words


def _of_volet(subject) -> Q:
    return Q(deliverables__work_package=subject) | Q(
        deliverables__listed_under__contains=[subject.number]
    )


def _of_priority(subject) -> Q:
    return Q(workstreams=subject) | Q(initiatives__workstream=subject)


def _of_place(subject) -> Q:
    figures = Observation.objects.filter(indicator=OuterRef("pk"), geo_id=subject.code)
    return Q(geo_id=subject.code) | Q(Exists(figures))


KINDS = {
    "volets": Kind(
        gettext_lazy("Volets of the contract"),
        lambda: WorkPackage.objects.order_by("number"),
        "number",
        _of_volet,
        _volet,
    ),
    "priorities": Kind(
        gettext_lazy("Priority workstreams"),
        lambda: Workstream.objects.order_by("position"),
        "slug",
        _of_priority,
        _named,
    ),
    "themes": Kind(
        gettext_lazy("Themes"),
        lambda: Theme.objects.order_by("position"),
        "slug",
        lambda subject: Q(theme=subject),
        _named,
    ),
    "orientations": Kind(
        gettext_lazy("Orientations"),
        lambda: Orientation.objects.order_by("position"),
        "slug",
        lambda subject: Q(orientation=subject),
        _named,
    ),
    "municipalities": Kind(
        gettext_lazy("Municipalities"),
        lambda: Place.objects.filter(kind=Place.Kind.MUNICIPALITY).order_by("code"),
        "code",
        _of_place,
        _named,
    ),
}


def whole() -> Scope:
    """Return the dashboard of the whole strategy."""
    return Scope("strategy", "", _("The whole strategy"), Q())


def scope_of(kind: str, slug: str) -> Scope | None:
    """Return a dashboard by its address, None where there is none."""
    known = KINDS.get(kind)
    if known is None:
        return None
    found = known.subjects().filter(**{known.key: slug}) if _fits(known, slug) else None
    subject = found.first() if found is not None else None
    return known.scope(kind, subject) if subject else None


def _fits(kind: Kind, slug: str) -> bool:
    return kind.key != "number" or (slug.isascii() and slug.isdigit() and len(slug) < 4)


def families() -> list[tuple[str, list[Scope]]]:
    """Return the name of each kind with its dashboards."""
    return [
        (known.name, [known.scope(kind, subject) for subject in known.subjects()])
        for kind, known in KINDS.items()
    ]
