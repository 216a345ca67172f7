"""The triggers by which the database keeps `Standing`: on each table from which it is computed."""

import pgtrigger

#: The organisations of the rows {rows} that were written, for the tables that name one.
NAMED = "SELECT organisation_id FROM {rows}"
#: An organisation itself.
ITSELF = "SELECT id FROM {rows}"
#: Those who took part in an exchange.
TOOK_PART = """
    SELECT part.organisation_id FROM {rows} AS changed
    JOIN stakeholders_participation AS part ON part.interaction_id = changed.id"""
#: With whom a meeting is, and who took part in the exchange that it led to.
MET = """
    SELECT organisation_id FROM {rows}
    UNION ALL
    SELECT part.organisation_id FROM {rows} AS changed
    JOIN stakeholders_participation AS part ON part.interaction_id = changed.interaction_id"""
#: What a statement wrote, as a trigger names it: the rows before, the rows after.
BEFORE, AFTER = "rows_before", "rows_after"
WRITES = {
    "insert": (pgtrigger.Insert, {"new": AFTER}),
    "update": (pgtrigger.Update, {"old": BEFORE, "new": AFTER}),
    "delete": (pgtrigger.Delete, {"old": BEFORE}),
}


def keeps_standing(concerned: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of a table; ``concerned`` selects the organisations of written rows.

    One call for a statement, however many rows it wrote: tables are imported and filled in bulk.
    """
    return [
        pgtrigger.Trigger(
            name=f"standing_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**rows),
            func=call(" UNION ALL ".join(concerned.format(rows=each) for each in rows.values())),
        )
        for name, (operation, rows) in WRITES.items()
    ]


def call(concerned: str) -> str:
    """Return the body that computes the standing of the organisations selected anew."""
    return f"""
    PERFORM refresh_standings(ARRAY(SELECT DISTINCT each.* FROM ({concerned}) AS each));
    RETURN NULL;
    """
