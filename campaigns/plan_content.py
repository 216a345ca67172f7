"""The content of a plan as plain values: what is frozen, compared, and laid out on paper.

`content_of` reads the rows; `blocks_of` turns such a content, frozen or of today, into headings,
texts, lists of facts and tables in one language, which the page of a version, the PDF and the
comparison of two contents share. Nothing internal is in it: no person, no organisation that is not
listed, no text that one of the two languages lacks.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import typography
from core.search import LANGUAGES
from core.templatetags.ui import label_end
from roadmap.services import canonical, fingerprint
from stakeholders.models import Organisation

from .models import ActionChannel, ActionStatus, CommunicationPlan, KPIReading, Metric, PlanKPI

__all__ = ["blocks_of", "canonical", "content_of", "fingerprint", "in_language", "lines_of"]

#: Of the shape of the content; a page that reads an old version knows what to expect.
SCHEMA = 1


# --- from the rows -----------------------------------------------------------------------------


def content_of(plan: CommunicationPlan) -> dict:
    """Return the public content of ``plan`` as it stands now, in a fixed order."""
    objectives = list(plan.objectives.select_related("smart_city_objective"))
    audiences = list(plan.audiences.all())
    listed = Organisation.objects.public()
    actions = list(
        plan.actions.prefetch_related(
            "audiences", Prefetch("lead", listed), Prefetch("partners", listed)
        )
    )
    kpis = list(plan.kpis.all())
    newest = _newest(kpis)
    numbers = {
        name: {row.pk: place for place, row in enumerate(rows, 1)}
        for name, rows in (("o", objectives), ("a", audiences), ("t", actions))
    }
    budget = plan.actions.exclude(status=ActionStatus.DROPPED).aggregate(sum=Sum("budget"))["sum"]
    return {
        "schema": SCHEMA,
        "title": _languages(plan, "title"),
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "is_demo": plan.is_demo,
        "budget": _decimal(budget),
        "objectives": [_objective(each) for each in objectives],
        "audiences": [
            {name: _languages(each, name) for name in ("name", "need", "message")}
            for each in audiences
        ],
        "actions": [_action(each, numbers) for each in actions],
        "kpis": [_kpi(each, numbers, newest) for each in kpis],
    }


def _objective(row) -> dict:
    goal = row.smart_city_objective
    return {"text": _languages(row, "text"), "goal": _languages(goal, "name") if goal else None}


def _action(row, numbers) -> dict:
    chosen = sorted(numbers["a"][each.pk] for each in row.audiences.all())
    return {
        "title": _languages(row, "title"),
        "text": _languages(row, "text") if row.has_public_text else None,
        "channel": row.channel,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "status": row.status,
        "done_on": row.done_on.isoformat() if row.done_on else None,
        "objective": numbers["o"].get(row.objective_id),
        "audiences": chosen,
        "lead": _languages(row.lead, "name") if row.lead else None,
        "partners": [_languages(each, "name") for each in row.partners.all()],
        "budget": _decimal(row.budget),
    }


def _kpi(row, numbers, newest) -> dict:
    reading = newest.get(row.pk)
    return {
        "name": _languages(row, "name"),
        "unit": _languages(row, "unit"),
        "objective": numbers["o"].get(row.objective_id),
        "action": numbers["t"].get(row.action_id),
        "baseline": _decimal(row.baseline),
        "target": _decimal(row.target),
        "due": row.due.isoformat(),
        "source": row.source,
        "metric": row.metric,
        "reading": reading and {"on": reading.on.isoformat(), "value": _decimal(reading.value)},
    }


def _newest(kpis) -> dict:
    return {each.kpi_id: each for each in KPIReading.objects.filter(kpi__in=kpis).newest()}


def _languages(row, field: str) -> dict:
    return {code: getattr(row, f"{field}_{code}") or "" for code in LANGUAGES}


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{Decimal(value):f}"


# --- in words ----------------------------------------------------------------------------------


def in_language(words: dict | None, language: str) -> dict:
    """Return {"text", "lang"} of frozen ``words``: in ``language``, else the first that is there.

    "lang" is empty where the words are in ``language`` or were made by this program.
    """
    for code in dict.fromkeys((language, *LANGUAGES)):
        if words and words.get(code):
            return {"text": words[code], "lang": "" if code == language else code}
    return said("")


def said(text) -> dict:
    """Return words of this program, in the language that is active."""
    return {"text": str(text), "lang": ""}


def blocks_of(content: dict, language: str) -> list[dict]:
    """Return ``content`` laid out in ``language``.

    Kinds: {"kind": "heading", "text"}, {"kind": "item", "title": words, "rows": [(label, words)]},
    {"kind": "words", "words"}, {"kind": "table", "caption", "columns", "rows": [[words]]}, where
    words are {"text", "lang"}.
    """
    with translation.override(language):
        return [
            _heading(_("Objectives")),
            *_objective_blocks(content, language),
            _heading(_("Key figures")),
            *_kpi_blocks(content, language),
            _heading(_("Audiences")),
            *_audience_blocks(content, language),
            _heading(_("Actions")),
            *_action_blocks(content, language),
            *_budget_blocks(content),
        ]


def lines_of(content: dict, language: str) -> str:
    """Return ``content`` in ``language`` as lines of text, for the comparison of two contents."""
    with translation.override(language):
        title = in_language(content["title"], language)["text"]
        lines = [title, _labelled(_("Period"), period_words(content))]
        for block in blocks_of(content, language):
            lines += ["", *_lines_of_block(block)]
    return "\n".join(lines)


def _labelled(label, words) -> str:
    return f"{label}{label_end(label)} {words}"


def period_words(content: dict) -> str:
    """Return the period in words, in the language that is active."""
    return f"{_day(content['starts_on'])} – {_day(content['ends_on'])}"


def _lines_of_block(block) -> Iterator[str]:
    if block["kind"] == "heading":
        yield block["text"]
    elif block["kind"] == "words":
        yield block["words"]["text"]
    elif block["kind"] == "item":
        yield block["title"]["text"]
        yield from (_labelled(label, words["text"]) for label, words in block["rows"])
    else:
        yield " | ".join(block["columns"])
        yield from (" | ".join(cell["text"] for cell in row) for row in block["rows"])


def _heading(text) -> dict:
    return {"kind": "heading", "text": str(text)}


def _objective_blocks(content, language) -> list[dict]:
    return [
        _item(
            _numbered(place, in_language(each["text"], language)),
            (_("Goal of the Region"), each["goal"] and in_language(each["goal"], language)),
        )
        for place, each in enumerate(content["objectives"], 1)
    ]


def _audience_blocks(content, language) -> list[dict]:
    return [
        _item(
            _numbered(place, in_language(each["name"], language)),
            (_("What they need"), in_language(each["need"], language)),
            (_("What they are told"), in_language(each["message"], language)),
        )
        for place, each in enumerate(content["audiences"], 1)
    ]


def _action_blocks(content, language) -> list[dict]:
    return [
        _item(
            _numbered(place, in_language(each["title"], language)),
            (_("When"), said(when_words(each))),
            (_("Channel"), said(ActionChannel(each["channel"]).label)),
            (_("Status"), said(status_words(each))),
            (_("Objective"), said(each["objective"] or "")),
            (_("Audiences"), said(", ".join(map(str, each["audiences"])))),
            (_("Carried by"), each["lead"] and in_language(each["lead"], language)),
            *((_("Partner"), in_language(name, language)) for name in each["partners"]),
            (_("Budget"), said(euros(each["budget"]))),
            (_("What is said"), each["text"] and in_language(each["text"], language)),
        )
        for place, each in enumerate(content["actions"], 1)
    ]


def _kpi_blocks(content, language) -> list[dict]:
    if not content["kpis"]:
        return [{"kind": "words", "words": said(_("No key figure has been chosen yet."))}]
    columns = [
        *(_("Key figure"), _("Measures"), _("At the start"), _("Target value")),
        *(_("To be reached by"), _("Last reading"), _("Counted from")),
    ]
    return [
        {
            "kind": "table",
            "caption": _("Key figures with their targets"),
            "columns": [str(each) for each in columns],
            "rows": [_kpi_cells(each, language) for each in content["kpis"]],
        }
    ]


def _kpi_cells(kpi, language) -> list[dict]:
    unit = in_language(kpi["unit"], language)["text"]
    reading = kpi["reading"]
    last = (
        _("%(value)s on %(day)s")
        % {
            "value": amount(reading["value"], unit),
            "day": _day(reading["on"]),
        }
        if reading
        else _("none yet")
    )
    return [
        in_language(kpi["name"], language),
        said(measured_words(kpi)),
        said(amount(kpi["baseline"], unit)),
        said(amount(kpi["target"], unit)),
        said(_day(kpi["due"])),
        said(last),
        said(source_words(kpi["source"], kpi["metric"])),
    ]


def measured_words(kpi: dict) -> str:
    """Return what a key figure measures: "objective 2", "action 5" or both."""
    parts = []
    if kpi["objective"]:
        parts.append(_("objective %(number)s") % {"number": kpi["objective"]})
    if kpi["action"]:
        parts.append(_("action %(number)s") % {"number": kpi["action"]})
    return ", ".join(parts)


def source_words(source: str, metric: str) -> str:
    """Return where the readings come from, in words."""
    return str(Metric(metric).label if metric else PlanKPI.Source(source).label)


def _budget_blocks(content) -> list[dict]:
    if content["budget"] is None:
        return []
    words = _("Budget of the actions, without those dropped: %(amount)s") % {
        "amount": euros(content["budget"])
    }
    return [{"kind": "words", "words": said(words)}]


def status_words(action: dict) -> str:
    """Return the status of an action, with the day on which it was done."""
    label = str(ActionStatus(action["status"]).label)
    return f"{label} ({_day(action['done_on'])})" if action["done_on"] else label


def when_words(action: dict) -> str:
    """Return the period of an action: one day, or from – until."""
    first, last = action["starts_on"], action["ends_on"]
    return _day(first) if first == last else f"{_day(first)} – {_day(last)}"


def euros(value: str | None) -> str:
    """Return an amount of money in words, "" for none."""
    return "" if value is None else typography.number(Decimal(value), 0, "€")


def amount(value: str | None, unit: str) -> str:
    """Return a figure with its unit, with two decimals only where it has some."""
    if value is None:
        return pgettext("figure", "n/a")
    exact = Decimal(value)
    decimals = 0 if exact == exact.to_integral_value() else 2
    return typography.number(exact, decimals, unit)


def _numbered(place: int, words: dict) -> dict:
    return {**words, "text": f"{place}. {words['text']}"}


def _item(title: dict, *rows) -> dict:
    kept = [(str(label), words) for label, words in rows if words and words["text"]]
    return {"kind": "item", "title": title, "rows": kept}


def _day(text: str) -> str:
    return typography.day(date.fromisoformat(text))
