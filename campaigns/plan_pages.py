"""Pages of the communication plan: the list, one plan, its versions, its PDF, what is done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import exports
from core.context import url_or_none
from core.differences import differences
from core.permissions import reads_everything
from core.search import current_language
from core.selectors import history_of
from core.workflow import TransitionRefused
from governance.moves import move, moves_of
from programme.lists import filter_words, page_of

from . import plan_calendar, plan_paper, plan_selectors, services
from .models import CommunicationPlan, PlanAction, PlanKPI, PlanVersion
from .permissions import writes_plans
from .plan_content import blocks_of, canonical, content_of, in_language, lines_of, period_words
from .plan_filters import ActionFilter
from .plan_forms import ReadingForm
from .plan_gaps import gaps_of
from .plan_metrics import page_of_metric
from .plan_rows import rows_of
from .plan_tables import action_table, kpi_table

#: The two tables of a plan that are offered as files.
TABLES = ("actions", "kpis")


def trail() -> list[tuple[str, str]]:
    """Return the way from the home page down to the plans."""
    news = url_or_none("portal:news")
    return [*([(news, _("News"))] if news else []), (plans_url(), _("Communication plan"))]


def plans_url() -> str:
    """Return the address of the list."""
    return reverse("campaigns:plan-list")


@login_not_required
@require_safe
def plan_list(request):
    """List the communication plans; the Office sees those in preparation as well."""
    page = page_of(request, plan_selectors.plans(request.user))
    if not reads_everything(request.user):
        plan_selectors.as_adopted(page.object_list)
    context = {"page_obj": page, "trail": trail()[:-1]}
    return render(request, "campaigns/plan_list.html", context)


@login_not_required
@require_safe
def plan_detail(request, pk):
    """Show a plan with its figures, audiences, calendar and actions, or give a table as a file.

    While a plan is being amended, everybody else is led to its last adopted version.
    """
    plan = get_object_or_404(plan_selectors.plans(request.user), pk=pk)
    inside = reads_everything(request.user)
    if plan.is_open and not inside:
        return redirect(plan.versions.first())
    rows = rows_of(plan, request.user)
    found = ActionFilter(request.GET, queryset=plan.actions.all(), request=request)
    chosen = set(found.qs.values_list("pk", flat=True))
    actions = [each for each in rows.actions if each.pk in chosen]
    if request.GET.get("format"):
        return table_file(request, rows, actions, filter_words(found))
    sent = plan.campaigns.all().visible_to(request.user).archive()
    today = timezone.localdate()
    context = {
        "plan": plan,
        "rows": rows,
        "objectives": shown_objectives(rows, today, inside),
        "other_figures": shown(unattached(rows), today, inside),
        "filter": found,
        "actions": shown_actions(rows, actions, request.user, today),
        "calendar": calendar(rows, actions, found),
        "gaps": gaps_of(rows, today) if inside else None,
        "campaigns": list(sent),
        "versions": list(plan.versions.all()),
        "transitions": moves_of(plan, request.user, "campaigns:plan-do", pk),
        "writes": writes_plans(request.user),
        "inside": inside,
        "files": table_links(request),
        "changes": history_of(plan),
        "trail": trail(),
    }
    return render(request, "campaigns/plan_detail.html", context)


def calendar(rows, actions, found) -> dict:
    """Return the channels and months of the calendar; a filter leaves empty months out."""
    channels = plan_calendar.channels_of(rows.actions)
    whole = not any(found.form.cleaned_data.values()) if found.form.is_valid() else True
    months = plan_calendar.calendar_of(rows.plan, actions, channels=channels, whole=whole)
    return {"channels": channels, "months": months}


def shown_objectives(rows, today, inside) -> list[dict]:
    """Return the objectives with their key figures and with how many actions serve each."""
    return [
        {
            "row": each,
            "figures": shown(rows.figures_for(objective=each), today, inside),
            "actions": sum(action.objective_id == each.pk for action in rows.kept),
        }
        for each in rows.objectives
    ]


def unattached(rows) -> list:
    """Return the figures that measure an action and no objective."""
    return [each for each in rows.figures if each.kpi.objective_id is None]


def shown(figures, today, inside) -> list[dict]:
    """Return figures as the page shows them: with their state, records and decimals."""
    return [
        {
            "figure": each,
            "kpi": each.kpi,
            "decimals": decimals_of(each),
            "is_behind": each.is_behind(today),
            "records": page_of_metric(each.kpi.metric),
            "note": each.reading.note if inside and each.reading else "",
        }
        for each in figures
    ]


def decimals_of(figure) -> int:
    """Return 0 where all numbers of a figure are whole, else 1."""
    values = [figure.kpi.target, figure.kpi.baseline, figure.reading and figure.reading.value]
    return int(any(value is not None and value != value.to_integral_value() for value in values))


def shown_actions(rows, actions, user, today) -> list[PlanAction]:
    """Return the actions with their chip, the number of their objective, and their moves."""
    numbers = {each.pk: place for place, each in enumerate(rows.objectives, 1)}
    for action in actions:
        action.plan = rows.plan
        action.chip = plan_calendar.chip_of(action, today)
        action.is_overdue = plan_calendar.is_overdue(action, today)
        action.objective_number = numbers.get(action.objective_id)
        action.moves = moves_of(action, user, "campaigns:action-do", action.pk)
    return actions


def table_links(request) -> list[dict]:
    """Return the files of the two tables as the page is filtered now."""
    links = []
    for name, label in zip(TABLES, (_("Actions"), _("Key figures")), strict=True):
        for kind in exports.WRITERS:
            query = request.GET.copy()
            query["table"], query["format"] = name, kind
            links.append({"table": label, "url": f"?{query.urlencode()}", "kind": kind.upper()})
    return links


def table_file(request, rows, actions, filter_in_words) -> HttpResponse:
    """Return the table that is asked for as a file; 404 for another."""
    kind, name = request.GET["format"], request.GET.get("table", TABLES[0])
    if kind not in exports.WRITERS or name not in TABLES:
        raise Http404
    if name == "kpis":
        return exports.response(kpi_table(rows), kind)
    inside = reads_everything(request.user)
    table = action_table(rows, actions, inside=inside, filter_in_words=filter_in_words)
    return exports.response(table, kind)


@login_not_required
@require_safe
def plan_pdf(request, pk):
    """Give a plan as it stands today as a PDF in the language of the page."""
    plan = get_object_or_404(CommunicationPlan.objects.visible_to(request.user), pk=pk)
    language = current_language()
    name = plan_paper.file_name(str(plan), language)
    return pdf_file(plan_paper.live_pdf(plan, language), name)


@login_not_required
@require_safe
def plan_version(request, pk, number):
    """Show a version exactly as it was adopted and what has changed since (`?format=json`)."""
    version = version_or_404(request, pk, number)
    if "format" in request.GET:
        return frozen_file(version, request.GET["format"])
    language = current_language()
    since, newer = what_came_since(version, request.user)
    rows = since and differences(lines_of(version.content, language), lines_of(since, language))
    context = {
        "version": version,
        "plan": version.plan,
        "title": in_language(version.content["title"], language),
        "period": period_words(version.content),
        "blocks": blocks_of(version.content, language),
        "is_compared": since is not None,
        "newer": newer,
        "rows": rows or [],
        "language": language,
        "trail": version_trail(version, request.user),
    }
    return render(request, "campaigns/plan_version.html", context)


def version_or_404(request, pk, number) -> PlanVersion:
    """Return an adopted version; these are public for good."""
    rows = PlanVersion.objects.visible_to(request.user).select_related("plan")
    return get_object_or_404(rows, plan=pk, number=number)


def version_trail(version, user) -> list[tuple[str, str]]:
    """Return the way to a version: over the plan, where its rows can be seen."""
    plan = version.plan
    if plan.is_open and not reads_everything(user):
        return trail()
    return [*trail(), (plan.get_absolute_url(), str(plan))]


def what_came_since(version, user) -> tuple[dict | None, PlanVersion | None]:
    """Return what a version is compared with: the next one, else the rows of today, else nothing.

    Rows that are being amended are for the Office alone.
    """
    newer = version.plan.versions.filter(number=version.number + 1).first()
    if newer:
        return newer.content, newer
    if version.plan.is_open and not reads_everything(user):
        return None, None
    return content_of(version.plan), None


def frozen_file(version, kind: str) -> HttpResponse:
    """Return the frozen content, byte for byte what was hashed; 404 for any format but JSON."""
    if kind != "json":
        raise Http404
    name = f"communication-plan-{version.plan_id}-v{version.number}.json"
    return HttpResponse(
        canonical(version.content),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_not_required
@require_safe
def plan_version_pdf(request, pk, number):
    """Give a version as a PDF in the language of the page."""
    version, language = version_or_404(request, pk, number), current_language()
    title = in_language(version.content["title"], language)["text"]
    name = plan_paper.file_name(title, language, version.number)
    return pdf_file(plan_paper.version_pdf(version, language), name)


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser shows, named for whoever saves it."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def plan_do(request, pk, name):
    """Ask for what a move of a plan needs, and make it."""
    plan = get_object_or_404(CommunicationPlan.objects.visible_to(request.user), pk=pk)
    return move(request, plan, name)


def action_do(request, pk, name):
    """Ask for what a move of an action needs, and make it."""
    rows = PlanAction.objects.visible_to(request.user).select_related("plan")
    return move(request, get_object_or_404(rows, pk=pk), name)


@require_http_methods(["GET", "POST"])
def plan_reading(request, pk):
    """Write down what a manual key figure was on a day."""
    rows = PlanKPI.objects.visible_to(request.user).select_related("plan")
    kpi = get_object_or_404(rows, pk=pk, source=PlanKPI.Source.MANUAL)
    if not writes_plans(request.user):
        raise PermissionDenied
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and recorded(request, kpi, form):
        return redirect(kpi.get_absolute_url())
    context = {
        "kpi": kpi,
        "form": form,
        "readings": kpi.readings.select_related("by")[:20],
        "trail": [*trail(), (kpi.plan.get_absolute_url(), str(kpi.plan))],
    }
    return render(request, "campaigns/plan_reading.html", context)


def recorded(request, kpi, form) -> bool:
    """Keep the reading and say so; a refusal is told above the form, which keeps what was typed."""
    try:
        services.record_reading(kpi, by=request.user, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The reading is written down."))
    return True
