"""Pages of the indicators."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import exports, trace
from core.selectors import history_of
from core.templatetags.ui import translated
from core.typography import number
from core.workflow import TransitionRefused
from programme.lists import page_of

from .asked import asked, get_visible
from .charts import chart_of
from .described import citation, described, past_targets
from .facts import Facts
from .filters import IndicatorFilter
from .forms import ObservationForm
from .imports.services import FaultsFound, record_by_hand
from .lines import line_of
from .models import PUBLIC_INDICATOR, Indicator
from .open_data.downloads import Download, indicator_downloads
from .periods import Period
from .permissions import may_record
from .revisions import revisions, revisions_table
from .selectors import end_of, facts_of, listed
from .sentences import chips, goal, headline, outlook, position, share
from .tables import as_table, list_export, series_export

FORMATS = tuple(exports.WRITERS)


@login_not_required
def indicator_list(request):
    """List what is measured; ``?format=`` downloads what the filters leave."""
    found = IndicatorFilter(request.GET, queryset=listed(request.user))
    kind = request.GET.get("format")
    if kind in FORMATS:
        rows = list(facts_of(found.qs).values())
        return exports.response(list_export(rows, filter_words(found)), kind)
    page = page_of(request, found.qs)
    facts = facts_of(page.object_list)
    for each in page.object_list:
        each.line = line_of(facts[each.pk])
    context = {"filter": found, "page_obj": page, "exports": export_links(request)}
    return render(request, "kpi/indicator_list.html", context)


def filter_words(found: IndicatorFilter) -> str:
    """Return the filters in use as "label: value", for the end of a file."""
    form = found.form
    used = form.cleaned_data if form.is_valid() else {}
    return "; ".join(f"{form.fields[name].label}: {used[name]}" for name in used if used[name])


def export_links(request) -> list[tuple[str, str]]:
    """Return the address of this page as a file of each format."""
    query = request.GET.copy()
    query.pop("page", None)
    links = []
    for kind in FORMATS:
        query["format"] = kind
        links.append((f"{request.path}?{query.urlencode()}", kind.upper()))
    return links


@login_not_required
def indicator_detail(request, code):
    """Show an indicator as known today or on a day, of its place or another, beside others."""
    wanted = asked(request, code)
    indicator = wanted.indicator
    kind = request.GET.get("format")
    if kind in FORMATS:
        words = _("as known on %(day)s") % {"day": wanted.known_on.isoformat()}
        everything = facts_of([indicator], wanted.as_of, everywhere=True)[indicator.pk]
        return exports.response(series_export(everything, words), kind)
    facts = wanted.facts()
    context = context_of(facts) | {
        "trail": [(reverse("kpi:indicator-list"), _("Indicators"))],
        "asked": wanted,
        "place_name": facts.place_name(wanted.geo),
        "as_of": wanted.as_of,
        "known_on": wanted.known_on,
        "citation": citation(request, wanted, facts),
        "drawing": f"{reverse('kpi:indicator-svg', args=[code])}?{wanted.permanent}",
        "embed": request.build_absolute_uri(
            f"{reverse('kpi:indicator-embed', args=[code])}?{wanted.permanent}"
        ),
        "past_targets": past_targets(facts),
        "described": described(indicator, facts, request.user),
        "exports": export_links(request),
        "downloads": downloads(indicator, wanted.as_of),
        "neighbours": trace.neighbours(indicator, request.user),
        "changes": history_of(indicator),
        "revisions": revisions_of(facts, wanted.as_of),
        "may_record": may_record(request.user, indicator),
    }
    return render(request, "kpi/indicator_detail.html", context)


def downloads(indicator: Indicator, as_of: date | None) -> list[Download]:
    """Return the files of the indicator; of one that is not public there are none."""
    if indicator.status not in PUBLIC_INDICATOR:
        return []
    has_come = as_of is not None and as_of <= timezone.localdate()
    return indicator_downloads(indicator.code, as_of if has_come else None)


def revisions_of(facts: Facts, as_of) -> dict | None:
    """Return the table of what was revised by the day that is asked about."""
    found = revisions(facts.indicator, end_of(as_of) if as_of else None)
    return revisions_table(found, facts.places, facts.indicator.decimals)


def context_of(facts: Facts) -> dict:
    """Return the part of the page that the figures make."""
    chart = chart_of(facts)
    return {
        "facts": facts,
        "indicator": facts.indicator,
        "headline": headline(facts),
        "position": position(facts),
        "chips": chips(facts),
        "chart": chart,
        "table": None if chart else as_table(facts),
        "outlook": outlook(facts),
        "figures": progress_fields(facts),
        "targets": [target_line(each, facts) for each in facts.targets],
    }


def progress_fields(facts: Facts) -> list[tuple[str, str]]:
    """Return what has been computed from value, baseline and target, each with its own name."""
    if facts.target is None or facts.latest is None:
        return []
    growth = facts.growth
    fields = [
        (_("Share of the target reached (value ÷ target)"), facts.attainment),
        (_("Way covered from the starting value to the target"), facts.progress),
        (_("Pace (way covered ÷ way that the path asks for)"), facts.pace),
    ]
    shown = [(label, share(value)) for label, value in fields if value is not None]
    if growth:
        rates = tuple(percent_growth(rate) for rate in growth)
        words = _("%(actual)s; needed: %(needed)s") % {"actual": rates[0], "needed": rates[1]}
        shown.append((_("Growth a year since the start"), words))
    return shown


def percent_growth(rate) -> str:
    """Return a yearly rate as a percentage with one decimal."""
    return number(rate * 100, 1, "%", signed=True)


def aim_words(target, indicator) -> str:
    """Return what is aimed at: a value, or a range."""
    words = goal(target.value, indicator)
    if target.upper is None:
        return words
    return _("%(low)s to %(high)s") % {"low": words, "high": goal(target.upper, indicator)}


def target_line(target, facts: Facts) -> dict:
    """Return a target in words: how much, when, for whom, and what binds."""
    return {
        "amount": aim_words(target, facts.indicator),
        "due": target.when.label,
        "kind": target.get_kind_display(),
        "geo": facts.place_name(target.geo_id) if target.geo_id != facts.geo else "",
        "basis": translated(target, "basis")[0],
        "decided_on": target.decided_on,
        "is_current": target == facts.target,
    }


def indicator_record(request, code):
    """Let the office or the owner append a figure; what was typed stays until it is right."""
    indicator = get_recordable(request.user, code)
    unit = translated(indicator, "unit")[0]
    form = ObservationForm(request.POST or None, indicator=indicator, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            job = record_by_hand(indicator, by=request.user, **form.for_service())
        except FaultsFound as found:
            form.add_faults(found.faults)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"period": Period.parse(form.cleaned_data["period"]).label}
            text = _("The figure for %(period)s waits for the approval of somebody else.")
            messages.success(request, text % words)
            return redirect(job)
    trail = [(reverse("kpi:indicator-list"), _("Indicators"))]
    context = {"form": form, "indicator": indicator, "trail": trail}
    return render(request, "kpi/indicator_record.html", context)


def get_recordable(user, code: str) -> Indicator:
    """Return an indicator whose figures ``user`` may record; 404 where it is not theirs to see."""
    indicator = get_object_or_404(Indicator, code=code)
    if may_record(user, indicator):
        return indicator
    get_visible(user, code)
    raise PermissionDenied
