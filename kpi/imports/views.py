"""Pages of imports: the list, the upload, the page of one with its buttons, tokens."""

from functools import wraps

import django_filters as filters
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.exports import XLSX_TYPE
from core.permissions import reads_everything
from core.selectors import history_of
from core.uploads import CappedUpload
from governance.moves import move, moves_of
from programme.lists import page_of

from ..models import ApiToken, ImportJob, ImportStatus, Indicator
from ..permissions import may_import, sent_import
from .files import MOST_BYTES, Unreadable
from .forms import TokenForm, UploadForm
from .messages import sentence
from .services import start_import
from .tables import (
    SHOWN_FAULTS,
    SHOWN_ROWS,
    column_help,
    failed_rows,
    faults_table,
    preview,
    template,
)
from .token_services import make_token, revoke_token

CHIPS = {
    ImportStatus.UPLOADED: "wait",
    ImportStatus.REFUSED: "stop",
    ImportStatus.VALIDATED: "info",
    ImportStatus.IN_REVIEW: "wait",
    ImportStatus.APPROVED: "wait",
    ImportStatus.RELEASED: "ok",
    ImportStatus.REJECTED: "stop",
    ImportStatus.WITHDRAWN: "stop",
}
FILES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}


def chip_of(job: ImportJob) -> str:
    """Return the kind of chip that shows where an import stands."""
    return "wait" if job.is_planned else CHIPS[job.status]


class ImportFilter(filters.FilterSet):
    """Narrow the list by state and by the way in."""

    status = filters.ChoiceFilter(
        choices=ImportStatus, label=gettext_lazy("Status"), empty_label=gettext_lazy("all states")
    )
    origin = filters.ChoiceFilter(
        choices=ImportJob.Origin,
        label=gettext_lazy("Came as"),
        empty_label=gettext_lazy("in any way"),
    )

    whose = filters.ChoiceFilter(
        choices=[("own", gettext_lazy("own ones")), ("others", gettext_lazy("those of others"))],
        method="by_author",
        label=gettext_lazy("Whose"),
        empty_label=gettext_lazy("of everybody"),
    )

    class Meta:
        model = ImportJob
        fields = ("status", "origin", "whose")

    def by_author(self, queryset, name, value):
        """Keep the own ones, or leave them out."""
        own = {"author": self.request.user.pk}
        return queryset.filter(**own) if value == "own" else queryset.exclude(**own)


class LargeUpload(CappedUpload):
    """Lets a file of figures through that is larger than what strangers may send."""

    def receive_data_chunk(self, raw_data, start):
        """Pass on what comes until the cap of this page is passed."""
        passed = self.seen > MOST_BYTES
        self.seen += len(raw_data)
        return None if passed else raw_data


def for_recorders(view):
    """Let a page open for whoever may send figures, or reads everything; keep it out of caches."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not (may_import(request.user) or reads_everything(request.user)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def trail(*more) -> list[tuple[str, str]]:
    """Return the way down to the imports."""
    return [
        (reverse("kpi:indicator-list"), _("Indicators")),
        (reverse("kpi:import-list"), _("Imports of figures")),
        *more,
    ][: 2 + len(more)]


@for_recorders
@require_safe
def import_list(request):
    """List the own imports, or for the office all of them, the newest first."""
    rows = ImportJob.objects.visible_to(request.user).select_related("author", "release")
    found = ImportFilter(request.GET, queryset=rows, request=request)
    page = page_of(request, found.qs)
    for each in page.object_list:
        each.chip = chip_of(each)
        each.is_own = each.author_id == request.user.pk
    context = {
        "page_obj": page,
        "filter": found,
        "may_import": may_import(request.user),
        "trail": trail()[:1],
    }
    return render(request, "kpi/imports/list.html", context)


@csrf_exempt  # asked by `_import_new`: reading the token would read the file with the usual limit
def import_new(request):
    """Take in a file; it may be larger than elsewhere."""
    if request.method == "POST":
        request.upload_handlers = [
            LargeUpload(request),
            MemoryFileUploadHandler(request),
            TemporaryFileUploadHandler(request),
        ]
    return _import_new(request)


@csrf_protect
@for_recorders
@require_http_methods(["GET", "POST"])
def _import_new(request):
    if not may_import(request.user):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = _taken_in(request, form)
        if job:
            return redirect(job)
    context = {"form": form, "columns": column_help(), "trail": trail()}
    return render(request, "kpi/imports/new.html", context)


def _taken_in(request, form) -> ImportJob | None:
    file = form.cleaned_data["file"]
    try:
        return start_import(file.read(), by=request.user, name=file.name, **form.for_service())
    except Unreadable as unreadable:
        words = sentence(unreadable)
        if unreadable.number:
            words = _("Line %(number)s: %(message)s") % {
                "number": unreadable.number,
                "message": words,
            }
        form.add_error("file", words)
        return None


def get_job(user, pk) -> ImportJob:
    """Return an import that ``user`` may see, or answer 404."""
    rows = ImportJob.objects.visible_to(user).select_related("author", "approver", "release")
    return get_object_or_404(rows, pk=pk)


@for_recorders
@require_safe
def import_detail(request, pk):
    """Show an import: its state, what it would change, what is wrong, what can be done now."""
    job = get_job(request.user, pk)
    errors = faults_table(job, "error")
    context = {
        "job": job,
        "chip": chip_of(job),
        "is_own": sent_import(request.user, job),
        "transitions": moves_of(job, request.user, "kpi:import-do", pk),
        "errors": errors,
        "warnings": faults_table(job, "warning"),
        "failed_url": reverse("kpi:import-failed", args=[pk]) if job.rows.exists() else "",
        "preview": preview(job) if job.to_write else None,
        "shown_faults": SHOWN_FAULTS,
        "shown_rows": SHOWN_ROWS,
        "changes": history_of(job),
        "trail": trail(),
    }
    if request.htmx and request.GET.get("part") == "state":
        return _state_part(request, job, context)
    return render(request, "kpi/imports/detail.html", context)


def _state_part(request, job, context):
    """Answer the page that looks again: its line of state, or the whole page once it is through."""
    response = render(request, "kpi/imports/_state.html", context)
    if not job.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@for_recorders
@require_safe
def import_failed(request, pk):
    """Give the rows with errors as a file, each with what is wrong."""
    job = get_job(request.user, pk)
    if not job.rows.exists():  # deleted, a month after the import came to nothing
        raise Http404
    name = f"failed-rows-{job.pk}-{get_language()}.csv"
    return StreamingHttpResponse(
        failed_rows(job, get_language()),
        content_type=FILES["csv"],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@for_recorders
@require_http_methods(["GET", "POST"])
def import_do(request, pk, name):
    """Ask for what a move of an import needs, and make it."""
    return move(request, get_job(request.user, pk), name)


@for_recorders
@require_safe
def import_template(request, kind):
    """Give a file to fill in; ``?indicator=`` puts the code of one into its examples."""
    if kind not in FILES:
        raise Http404
    rows = Indicator.objects.visible_to(request.user)
    indicator = rows.filter(code=request.GET.get("indicator", "")).first()
    name = f"figures-{get_language()}.{kind}"
    return HttpResponse(
        template(kind, indicator),
        content_type=FILES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@for_recorders
@require_http_methods(["GET", "POST"])
def token_list(request):
    """List the own tokens and make another, which is shown this once."""
    if not may_import(request.user):
        raise PermissionDenied
    form = TokenForm(request.POST or None)
    raw = ""
    if request.method == "POST" and form.is_valid():
        raw = make_token(by=request.user, name=form.cleaned_data["name"])
        form = TokenForm()
    context = {
        "form": form,
        "raw": raw,
        "tokens": ApiToken.objects.filter(owner=request.user),
        "endpoint": settings.SITE_URL + reverse("api:imports"),
        "trail": trail(),
    }
    return render(request, "kpi/imports/tokens.html", context)


@for_recorders
@require_http_methods(["GET", "POST"])
def token_revoke(request, pk):
    """Ask whether a token ends (GET), and end it (POST)."""
    token = get_object_or_404(ApiToken, owner=request.user, pk=pk)
    if request.method == "POST":
        revoke_token(token, by=request.user)
        messages.success(request, _("The token has ended: %(name)s") % {"name": token.name})
        return redirect("kpi:token-list")
    context = {
        "about": token,
        "question": _("End this token?"),
        "consequence": _("The program that uses it can send no more figures with it."),
        "action_label": _("End the token"),
        "cancel_url": reverse("kpi:token-list"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)
