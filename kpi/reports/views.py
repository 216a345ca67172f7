"""Reporting an error in a figure without an account, and the pages on which it is answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.permissions import is_office
from core.search import current_language
from core.selectors import history_of
from core.workflow import TransitionRefused
from programme.lists import page_of
from stakeholders.views.intake import visitor

from ..asked import get_visible
from ..models import FigureReport, Indicator
from ..selectors import facts_of
from ..workflow import REPORT
from . import services
from .forms import AnswerForm, FigureReportForm


def indicators_trail(*steps) -> list[tuple[str, str]]:
    """Return the trail of a page below the list of indicators."""
    return [(reverse("kpi:indicator-list"), _("Indicators")), *steps]


@login_not_required
@never_cache
def figure_report(request, code):
    """Take what somebody says is wrong with a public figure; what was typed stays on errors."""
    indicator = get_visible(AnonymousUser(), code)
    facts = facts_of([indicator])[indicator.pk]
    data = request.POST if request.method == "POST" else None
    form = FigureReportForm(data, visitor=visitor(request), facts=facts)
    if request.method == "POST" and form.is_valid_or_robot():
        if not form.is_robot:
            keep_report(indicator, form)
        return redirect("kpi:figure-reported")
    context = {
        "form": form,
        "indicator": indicator,
        "trail": indicators_trail((indicator.get_absolute_url(), str(indicator))),
    }
    return render(request, "kpi/figure_report.html", context)


def keep_report(indicator, form) -> None:
    """Store what a valid form holds."""
    data = form.cleaned_data
    services.report_figure(
        indicator,
        form_key=form.stamp_key,
        reason=data["reason"],
        words=data["words"],
        language=current_language(),
        email=data["email"],
        figure=data["figure"],
    )
    form.count_use()


@login_not_required
def figure_reported(request):
    """Thank whoever reported an error; the same for everybody."""
    return render(request, "kpi/figure_reported.html", {"trail": indicators_trail()})


@never_cache
def report_list(request):
    """List what readers reported: to the office all of it, to an owner their own indicators'."""
    check_reads(request.user)
    rows = FigureReport.objects.visible_to(request.user).select_related("indicator", "geo")
    waiting = rows.waiting()
    is_all = "all" in request.GET
    page = page_of(request, rows.order_by("-at", "-pk") if is_all else waiting)
    words = services.words_of_figures(page.object_list)
    for each in page.object_list:
        each.figure = words[each.pk]
    context = {
        "page_obj": page,
        "is_all": is_all,
        "waiting": waiting.count(),
        "trail": indicators_trail(),
    }
    return render(request, "kpi/report_list.html", context)


def check_reads(user) -> None:
    """Answer 403 to who is neither of the office nor the owner of an indicator."""
    if not is_office(user) and not Indicator.objects.filter(owner=user).exists():
        raise PermissionDenied


@never_cache
def report_detail(request, pk):
    """Show a report, and settle it; an answer that comes second is told so and kept."""
    rows = FigureReport.objects.visible_to(request.user)
    report = get_object_or_404(rows.select_related("indicator", "geo", "answered_by"), pk=pk)
    moves = REPORT.available(report, request.user)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, moves=moves or REPORT.table.values(), report=report)
    if form.is_valid():
        try:
            services.settle_report(report, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            report.refresh_from_db()
        else:
            messages.success(request, _("The report is settled."))
            return redirect("kpi:report-list")
    context = {
        "report": report,
        "indicator": report.indicator,
        "figure": services.figure_words(report),
        "form": form if moves or form.is_bound else None,
        "changes": history_of(report),
        "trail": indicators_trail((reverse("kpi:report-list"), _("Reported errors"))),
    }
    return render(request, "kpi/report_detail.html", context)
