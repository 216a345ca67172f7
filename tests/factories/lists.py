"""Every public list page, the rows that it lists, and the ways in which it is asked for.

`tests/core/test_lists.py` counts the queries of each, `tests/bench/test_lists.py` its time.
"""

from . import rows
from .chains import chains, everything

#: Route name → maker(n) of the rows that the page lists.
LISTS = {
    "stakeholders:idea-list": chains,
    "stakeholders:organisation-list": rows.organisations,
    "stakeholders:bilateral-list": rows.bilaterals,
    "programme:workstream-list": rows.workstreams,
    "workshops:workshop-list": rows.workshops,
    "projects:sheet-list": chains,
    "projects:jury": rows.sessions,
    "governance:index": rows.bodies,
    "governance:decision-list": rows.decisions,
    "roadmap:initiative-list": chains,
    "roadmap:timeline": rows.initiatives,
    "roadmap:milestone-list": rows.milestones,
    "roadmap:edition-list": rows.editions,
    "kpi:indicator-list": rows.indicators,
    "kpi:dashboard": rows.indicators,
    "kpi:index-list": rows.indices,
    "standards:standard-list": rows.standards,
    "standards:principle-list": rows.principles,
    "compliance:statement-list": rows.statements,
    "compliance:matrix": rows.statements,
    "portal:news": rows.news,
    "portal:journeys": chains,
    "portal:questions": rows.questions,
    "portal:search": everything,
    "campaigns:campaign-list": rows.campaigns,
    "campaigns:plan-list": rows.plans,
}

#: The last page, whatever its number.
LAST = "page=999999"
#: A word that all the rows have: as much is shown of many rows as of few.
WORD = "francais"

#: Route name → what is asked of the page beside its first view.
QUERIES = {
    "stakeholders:idea-list": (LAST, "search=idea", "theme=mobility", "stage=6"),
    "stakeholders:organisation-list": (LAST, f"search={WORD}", "municipality=ixelles"),
    "programme:workstream-list": (LAST, f"search={WORD}", "theme=mobility"),
    "workshops:workshop-list": (LAST, f"search={WORD}", "theme=mobility"),
    "projects:sheet-list": (LAST, f"search={WORD}", "outcome=selected"),
    "projects:jury": (LAST,),
    "governance:index": (LAST, "kind=working_group"),
    "governance:decision-list": (LAST, f"search={WORD}", "year=2026"),
    "roadmap:initiative-list": (LAST, f"search={WORD}", "pace=late"),
    "roadmap:timeline": (LAST, f"search={WORD}"),
    "roadmap:milestone-list": (LAST, f"search={WORD}", "state=missed"),
    "kpi:indicator-list": (*(LAST, f"search={WORD}", "freshness=overdue", "standing=off_track"),),
    "kpi:dashboard": (LAST,),
    "kpi:index-list": (LAST, f"search={WORD}"),
    "standards:standard-list": (LAST, f"search={WORD}", "theme=geo"),
    "standards:principle-list": (LAST,),
    "compliance:statement-list": (LAST, f"search={WORD}", "status=applicable"),
    "compliance:matrix": (LAST, "theme=mobility"),
    "portal:news": (LAST, f"search={WORD}"),
    "portal:journeys": (LAST, "search=idea", "reach=6"),
    "portal:questions": (LAST, f"search={WORD}"),
    "portal:search": (f"q={WORD}", "q=idea"),
    "campaigns:campaign-list": (LAST, f"search={WORD}"),
    "campaigns:plan-list": (LAST,),
}

#: Pages that are no lists and yet speak of all the rows: (route name, its arguments).
OVERVIEWS = {
    "portal:home": (),
    "portal:programme": (),
    "portal:journey": ("SCO-2026-00000",),
    "stakeholders:idea-detail": ("SCO-2026-00000",),
}


def addresses(name: str) -> list[str]:
    """Return what is appended to the address of the list ``name``: nothing, then each query."""
    return ["", *(f"?{query}" for query in QUERIES.get(name, ()))]
