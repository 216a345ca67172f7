"""The interface through which programs send figures: a token, a body of CSV, answers in JSON."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from ..models import ImportJob, ImportStatus
from ..permissions import may_import
from .files import MOST_BYTES, Unreadable
from .forms import ReleaseForm
from .messages import as_json, in_both
from .services import start_import
from .tables import SHOWN_FAULTS
from .token_services import token_of

#: What is wrong with a request, for programmers: the code, and a line in English.
PROBLEMS = {
    401: "Send a valid token: Authorization: Token …",
    403: "The owner of this token may not record figures.",
    404: "There is no such import of yours.",
    405: "This address takes other methods; see the header Allow.",
    413: f"A file has at most {MOST_BYTES} bytes. Split it.",
}


def problem(status: int, **headers) -> JsonResponse:
    """Return an error as JSON."""
    return JsonResponse({"error": PROBLEMS[status]}, status=status, headers=headers)


def bearer(request):
    """Return the owner of the token that came with the request, None where there is none."""
    kind, _space, raw = request.headers.get("Authorization", "").partition(" ")
    token = token_of(raw.strip()) if kind.lower() == "token" and raw.strip() else None
    return token.owner if token else None


def refusal(request, method: str) -> JsonResponse | None:
    """Return why the request is not served at all; sets ``request.user`` to the token's owner."""
    if request.method != method:
        return problem(405, Allow=method)
    owner = bearer(request)
    if owner is None:
        return problem(401, **{"WWW-Authenticate": "Token"})
    request.user = owner
    return None if may_import(owner) else problem(403)


@csrf_exempt  # no cookie proves anything here, the token does
@login_not_required
@never_cache
def imports(request):
    """Take in a file: 201 with the import, which waits for a person; 422 with what is wrong.

    ``?reason=``, ``note_fr``, ``note_nl`` and ``release_at`` say what the form of the page asks.
    """
    refused = refusal(request, "POST")
    if refused:
        return refused
    form = ReleaseForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    content = request.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return problem(413)
    try:
        job = start_import(
            content, by=request.user, origin=ImportJob.Origin.API, **form.for_service()
        )
    except Unreadable as unreadable:
        return JsonResponse({"faults": [as_json(unreadable)]}, status=422)
    told = job_json(request, job)
    if job.status == ImportStatus.REFUSED:
        return JsonResponse(told, status=422)
    return JsonResponse(told, status=201, headers={"Location": told["url"]})


@csrf_exempt
@login_not_required
@never_cache
def import_state(request, pk):
    """Tell how an import of the token's owner stands."""
    refused = refusal(request, "GET")
    if refused:
        return refused
    job = ImportJob.objects.filter(author=request.user, pk=pk).first()
    return JsonResponse(job_json(request, job)) if job else problem(404)


def job_json(request, job) -> dict:
    """Return an import as programs read it; of the faults the first thousand."""
    faults = job.faults.all()[:SHOWN_FAULTS]
    return {
        "id": job.pk,
        "state": job.status,
        "state_words": in_both(lambda: str(job.state_words)),
        "counts": {
            name: getattr(job, name)
            for name in ("new", "changed", "unchanged", "missing", "errors", "warnings")
        },
        "rows": job.rows_count,
        "url": request.build_absolute_uri(job.get_absolute_url()),
        "faults": [as_json(fault) for fault in faults],
    }
