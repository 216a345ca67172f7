"""How far things came on the chain, as one SQL expression: lists sort and filter by it.

`core.trace.stages` tells the same for the rows at hand by walking; a list of thousands needs it
inside the query. Both read the same registry of edges.
"""

from django.apps import apps
from django.db.models import Case, IntegerField, Q, Value, When

from . import trace

LAST_STAGE = 6


def with_reach(rows, user):
    """Annotate ``rows`` of a model on the chain with ``reach``, 1 to 6, as ``user`` may see it."""
    model = rows.model
    whens = []
    for stage in range(LAST_STAGE, model.chain_stage, -1):
        condition = reaching(model, stage, user)
        if condition is not None:
            whens.append(When(condition, then=Value(stage)))
    return rows.annotate(
        reach=Case(*whens, default=Value(model.chain_stage), output_field=IntegerField())
    )


def having_reached(rows, stage: int, user):
    """Keep the ``rows`` that came exactly as far as ``stage``, as ``user`` may see it.

    Two conditions instead of the whole expression of `with_reach`: half the work for a filter.
    """
    model = rows.model
    if stage > model.chain_stage:
        arrived = reaching(model, stage, user)
        rows = rows.none() if arrived is None else rows.filter(arrived)
    beyond = reaching(model, stage + 1, user)
    return rows if beyond is None else rows.exclude(beyond)


def reaching(model, stage: int, user, followed: tuple = ()) -> Q | None:
    """Return the condition "a row of ``model`` leads on to something at ``stage`` or beyond".

    None where no path of edges leads that far. An edge is followed once on a path, so that a loop
    in the registry ends.
    """
    condition = None
    for edge in trace.EDGES:
        if edge.up != model._meta.label or edge in followed:
            continue
        far = _far_rows(edge, stage, user, followed)
        if far is None:
            continue
        # "Not null" says nothing new, but lets the planner know how few there are.
        links = apps.get_model(edge.through)._base_manager.filter(
            **{
                f"{edge.up_path}__isnull": False,
                f"{edge.down_path}__isnull": False,
                f"{edge.down_path}__in": far.order_by().values("pk"),
            }
        )
        if edge.visible:
            links = links.filter(edge.visible(user))
        leads = Q(pk__in=links.order_by().values(edge.up_path))
        condition = leads if condition is None else condition | leads
    return condition


def _far_rows(edge, stage, user, followed):
    """Return the visible rows at the far end that stand at ``stage`` or lead there, or None."""
    model = apps.get_model(edge.down)
    rows = model.objects.visible_to(user)
    if getattr(model, "chain_stage", 0) >= stage:
        return rows
    if edge.gathers:
        return None
    beyond = reaching(model, stage, user, (*followed, edge))
    return None if beyond is None else rows.filter(beyond)
