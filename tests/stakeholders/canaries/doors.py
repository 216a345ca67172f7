"""Every door through which a row of the register could leave the portal, read from its URLconf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from tests.e2e.routes import Route, routes
from tests.factories.internal import internal_fields, watched_models

#: The beginning of every canary: searched for, it may find nothing.
SEARCH = "kanarie"
PAGE, LIST, FIND, SORT, FILTER = "page", "list", "search", "sort", "filter"
EXPORT, API, PDF, OFFICE = "export", "api", "pdf", "office"
KINDS = (PAGE, LIST, FIND, SORT, FILTER, EXPORT, API, PDF, OFFICE)
FILES = {"csv": EXPORT, "xlsx": EXPORT, "ods": EXPORT, "json": API}
#: Lists that are narrowed by `?search=`, `?kind=` and the like, not by words in the address.
LISTS = re.compile(r"(list|log|meetings|grid|matrix|silence|balance|journeys|news|search)$")
#: How one could ask a list of public rows by what is internal.
LOOKUPS = (
    "assessments__influence",
    "influence",
    "retention_review_on",
    "assessments__rationale__contains",
    "commitments__status",
    "bilaterals__outcomes",
    "contact",
    "raised_in",
    "organisation__assessments__influence",
)
#: Each list asked in the three ways besides its first page.
QUESTIONS = {
    FIND: "&".join(f"{name}={SEARCH}" for name in ("search", "q", "query", "organisation")),
    SORT: "ordering=-assessments__influence&sort=-assessments__influence&o=-1",
    FILTER: "&".join(f"{lookup}=5" for lookup in LOOKUPS),
}
#: Routes that show rows of the register: everybody opens them all and asks their lists everything.
OF_THE_REGISTER = re.compile(r"stakeholders:|portal:(home|search|journey|desk)|account_my")
WATCHED = frozenset(watched_models())


@dataclass(frozen=True)
class Door:
    """One address to ask for, and what sort of door it is."""

    kind: str
    path: str
    #: (how many stand beside each other, which of them this is): some visitors take one of them.
    turn: tuple[int, int] = (1, 0)

    @property
    def list_path(self) -> str:
        """The address of the list that is asked here, without the question."""
        return self.path.split("?")[0]

    @property
    def is_question(self) -> bool:
        """Tell whether it asks a list for something."""
        return "?" in self.path

    @property
    def is_office(self) -> bool:
        """Tell whether it is a door of the back office."""
        return self.path.startswith("/admin/")


def doors(known, screens) -> list[Door]:
    """Return every door of the portal, the pages first."""
    return list(dict.fromkeys((*page_doors(known), *office_doors(screens))))


# --- pages ---------------------------------------------------------------------------------------


def has_address(route: Route, known: dict) -> bool:
    """Tell whether an address of ``route`` can be written down."""
    return not takes_arguments(route) or bool(known.get(route.name))


def takes_arguments(route: Route) -> bool:
    """Tell whether the address of ``route`` has a variable part, written in either way."""
    return route.needs_arguments or "(?P" in route.pattern


def page_doors(known) -> Iterator[Door]:
    """Yield the pages, and for each list its searches, orders, filters and files."""
    with translation.override("fr"):
        for route in routes():
            if not takes_arguments(route):
                yield from _doors_of(route, reverse(route.name))
            for args in known.get(route.name, ()):
                kind = PDF if route.name.endswith("minutes") else PAGE
                yield Door(kind, reverse(route.name, args=args), turn_of(route, len(route.name)))


def turn_of(route: Route, place: int, size: int = 4) -> tuple[int, int]:
    """Return by how many visitors a door is shared: what is public and not of the register is."""
    apart = not route.is_public or OF_THE_REGISTER.match(route.name)
    return (1, 0) if apart else (size, place % size)


def _doors_of(route, path):
    if not LISTS.search(route.name):
        yield Door(PAGE, path, turn_of(route, len(path)))
        return
    yield Door(LIST, path, turn_of(route, len(path)))
    asked = [(kind, f"{path}?{question}") for kind, question in QUESTIONS.items()]
    files = [(kind, f"{path}?format={ending}") for ending, kind in FILES.items()]
    for group in (asked, files):
        for place, door in enumerate(group):
            yield Door(*door, turn_of(route, place, len(group)))


# --- the back office -----------------------------------------------------------------------------


def office_doors(screens) -> Iterator[Door]:
    """Yield each page of the back office, its search, its filters and its choices."""
    yield Door(OFFICE, reverse("admin:index"))
    for app in apps.get_app_configs():
        try:
            yield Door(OFFICE, reverse("admin:app_list", args=[app.label]))
        except NoReverseMatch:
            continue
    for name, calls in screens.items():
        yield from (Door(OFFICE, reverse(f"admin:{name}", args=args)) for args in calls)
    for model, keeper in admin.site._registry.items():
        yield from _lists_of(model, keeper)
        yield from _rows_of(model)
    yield from choices()


def turn_of_office(model) -> tuple[int, int]:
    """Return by how many visitors the doors of ``model`` are shared: two, far from the register."""
    near = {model, *(each.related_model for each in model._meta.get_fields() if each.is_relation)}
    return (1, 0) if near & WATCHED else (2, len(model._meta.model_name) % 2)


def _lists_of(model, keeper):
    listing = reverse(f"{_name(model)}_changelist")
    yield Door(LIST, listing, turn_of_office(model))
    yield Door(FIND, f"{listing}?q={SEARCH}", turn_of_office(model))
    lookups = internal_lookups(model)
    if lookups:
        yield Door(SORT, f"{listing}?o=-{len(keeper.list_display)}.-1")
    yield from (Door(FILTER, f"{listing}?{lookup}") for lookup in lookups)


def _rows_of(model):
    """Yield the forms: of the register the first rows and the last, of the others one."""
    rows = model._base_manager.order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    kept = {*keys[:2], *keys[-3:]} if model in WATCHED else keys[:1]
    if not kept:
        yield Door(OFFICE, reverse(f"{_name(model)}_add"))
    kind = ContentType.objects.get_for_model(model).pk
    for key in sorted(kept):
        yield Door(OFFICE, reverse(f"{_name(model)}_change", args=[key]), turn_of_office(model))
        if model in WATCHED:
            yield Door(OFFICE, reverse(f"{_name(model)}_history", args=[key]))
            yield Door(OFFICE, reverse("admin:view_on_site", args=[kind, key]))


def choices() -> list[Door]:
    """Return the searches behind the choices of forms: one for each model that is offered."""
    asked = {
        model._meta.get_field(name).related_model: (model._meta, name)
        for model, name in _searched_choices()
    }
    where = "?app_label={0.app_label}&model_name={0.model_name}&field_name={1}&term={2}"
    start = reverse("admin:autocomplete")
    return [
        Door(FIND, start + where.format(meta, name, term))
        for meta, name in asked.values()
        for term in ("", SEARCH)
    ]


def _searched_choices():
    for model, keeper in admin.site._registry.items():
        for each in (keeper, *keeper.inlines):
            yield from ((getattr(each, "model", model), name) for name in each.autocomplete_fields)


def _name(model):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def internal_lookups(model) -> list[str]:
    """Return how a list of ``model`` could be narrowed by what is internal of it or hangs there."""
    internal = {}
    for owner, field in internal_fields():
        internal.setdefault(owner, []).append(field.name)
    own = [f"{name}__isnull=1" for name in internal.get(model, ())[:3]]
    hanging = [
        f"{each.name}__{internal[each.related_model][-1]}__isnull=0"
        for each in model._meta.get_fields()
        if each.is_relation and each.related_model in internal and each.auto_created
    ]
    return own + hanging


def screen_names() -> set[str]:
    """Return the names of the screens of the back office beside those of every model."""
    usual = ("add", "change", "changelist", "delete", "history", "transition")
    own = {"index", "app_list", "autocomplete", "view_on_site"}
    stock = {"login", "logout", "password_change", "password_change_done", "jsi18n"}
    names = {name for name in _admin_names() if name.rpartition("_")[2] not in usual}
    return names - own - stock


def _admin_names():
    entries = get_resolver().url_patterns
    named = (each for each in entries if isinstance(each, URLResolver))
    return _names(next(each for each in named if each.namespace == "admin"))


def _names(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name
