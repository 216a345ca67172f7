"""What can be followed beside topics: how a target is named, shown and found again.

A subscription keeps a kind and a target. A saved search is the query string of the public list of
ideas in one canonical form, read through the filters of that list.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import slots
from programme.lists import filter_words

from . import selectors
from .models import LONGEST_TARGET, Followed, Idea

#: By its path, as a workflow names its forms: services stand below filters.
FILTERS = "stakeholders.filters.IdeaFilter"
#: Parameters of the list that choose nothing: the page, the kind of file.
NO_CRITERIA = frozenset({"page", "format"})
#: Whoever follows sees what anybody sees, whatever their role.
ANYBODY = SimpleNamespace(user=AnonymousUser())


@dataclass(frozen=True)
class Aim:
    """One thing that is followed; ``title`` and its ``language`` are the words of a person.

    What nobody else may see has no ``path``.
    """

    label: str
    path: str
    title: str = ""
    language: str = ""

    def __str__(self):
        return f"{self.label} {self.title}".strip()


@dataclass(frozen=True)
class SavedSearch:
    """The criteria that were understood, as a query string, and the names of the others."""

    query: str
    dropped: tuple[str, ...] = ()

    @property
    def filter(self):
        """Return the filters of the list with these criteria, as anybody sees them."""
        return public_filter(QueryDict(self.query))

    @property
    def words(self) -> str:
        """Return the criteria in the language of the page, "" for all ideas."""
        return filter_words(self.filter)

    def ideas(self):
        """Return what it finds, nothing where a criterion does not exist any more."""
        found = self.filter
        return found.qs if found.form.is_valid() else Idea.objects.none()


def public_filter(data: Mapping):
    """Return the filters of the public list over what anybody sees, the newest first."""
    rows = selectors.public_ideas(ANYBODY.user).newest_first(data.get("search", ""))
    return import_string(FILTERS)(data, queryset=rows, request=ANYBODY)


def saved_search(data: Mapping) -> SavedSearch:
    """Read a query string: each criterion once, in the order of the form, without what is unknown.

    What does not fit into a subscription (a search of many hundred letters) is dropped as well.
    """
    form = public_filter(data).form
    form.is_valid()
    given = {name: " ".join(data.get(name, "").split()) for name in form.fields}
    kept = {name: text for name, text in given.items() if text and name not in form.errors}
    if len(urlencode(kept)) > LONGEST_TARGET:
        kept.pop("search", None)
    asked = [name for name in data if name not in NO_CRITERIA and str(data.get(name)).strip()]
    return SavedSearch(urlencode(kept), tuple(name for name in asked if name not in kept))


def aims_of(row) -> list[Aim]:
    """Return what a subscription or a request is about, in the language that is active."""
    if row.kind == Followed.IDEA:
        return [_idea_aim(row.target)]
    if row.kind == Followed.SEARCH:
        return [_search_aim(row.target)]
    if row.kind == Followed.INDICATOR:
        # An upper app knows it; what none of them knows keeps the name that it is stored under.
        known = slots.collect("stakeholders.followed", row.kind, row.target)
        return known or [Aim(row.target, "")]
    topics = row.topics.all() if hasattr(row, "topics") else [row.topic]
    return [Aim(str(topic), reverse("stakeholders:subscribe")) for topic in topics]


def _idea_aim(reference: str) -> Aim:
    """Return an idea as its page names it; the title only where anybody may read it."""
    idea = selectors.public_ideas(ANYBODY.user).filter(reference=reference).first()
    label = _("the idea %(reference)s") % {"reference": reference}
    path = reverse("stakeholders:idea-detail", args=[reference])
    return Aim(label, path, idea.title, idea.language) if idea else Aim(label, path)


def own_aim(idea) -> Aim:
    """Return an idea of one's own, with title and page only where anybody may see them."""
    label = _("your idea %(reference)s") % {"reference": idea.reference}
    if not idea.is_public:
        return Aim(label, "")
    return Aim(label, idea.get_absolute_url(), idea.title, idea.language)


def _search_aim(query: str) -> Aim:
    words = SavedSearch(query).words
    path = reverse("stakeholders:idea-list")
    if not query:
        return Aim(_("every new idea"), path)
    return Aim(_("new ideas: %(criteria)s") % {"criteria": words or query}, f"{path}?{query}")


def in_the_ledger(kind: str, target: str) -> str:
    """Return how the ledger of consent names a target: a search by its fingerprint alone."""
    if kind == Followed.SEARCH:
        return hashlib.sha256(target.encode()).hexdigest()
    return target
