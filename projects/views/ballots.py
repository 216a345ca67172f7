"""A juror's own pages: what there is to score, the declaration, the ballot. Phone first."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import typography
from core.workflow import PermissionRefused, TransitionRefused

from .. import permissions, results, sealing, selectors, services, words
from ..forms import BallotForm, DeclarationForm, RulingForm
from ..models import Assignment, ConflictDeclaration

CONFLICT = 409


@never_cache
def ballot_list(request):
    """Show a juror what there is to score, in an order of their own, with one button: continue."""
    tasks = selectors.tasks_of(request.user)
    context = {
        "tasks": [(task, words.TASK_STATES[task.state]) for task in tasks],
        "next_task": selectors.next_task(tasks),
        "done": sum(task.state in ("sealed", "recused") for task in tasks if task.is_open),
        "open": sum(task.is_open for task in tasks),
    }
    return render(request, "projects/ballot_list.html", context)


@never_cache
def ballot(request, pk):
    """Show the juror's own ballot as its state allows; take a save, a seal or a change of mind."""
    assignment = own_assignment(request.user, pk)
    if request.method == "POST":
        return take_ballot(request, assignment)
    return show_ballot(request, assignment)


def own_assignment(user, pk) -> Assignment:
    """Return the user's own assignment; somebody else's does not exist for them."""
    return get_object_or_404(Assignment.objects.of(user).for_ballots(), pk=pk)


def show_ballot(request, assignment):
    """Show declaration, form, receipt or the closed ballot, whichever its state asks for."""
    declared = getattr(assignment, "declaration", None)
    if declared is None and assignment.session.is_scoring_at(timezone.now()):
        return render_declaration(request, assignment, DeclarationForm())
    answers, receipt, damaged = own_answers(assignment, request.user)
    if selectors.scoring_refusal(assignment) or receipt or damaged:
        return render_closed(request, assignment, answers, receipt=receipt, damaged=damaged)
    version = version_of(assignment)
    form = BallotForm(criteria=criteria_of(assignment), answers=answers, row_version=version)
    return render_form(request, assignment, form, saved=answers if version else None)


def own_answers(assignment, user):
    """Return (answers, receipt, whether the stored ballot is damaged)."""
    try:
        return *services.read_own_ballot(assignment, by=user), False
    except sealing.Unreadable:
        return services.Answers(), None, True


def take_ballot(request, assignment):
    """Save, seal or take back; a refusal changes nothing and keeps what was typed on the page."""
    form = BallotForm(request.POST, criteria=criteria_of(assignment))
    if not form.is_valid():
        return answer_problem(request, assignment, form, _("Some answers cannot be read."))
    try:
        done = ACTIONS[request.POST.get("action", "save")](request, assignment, form)
    except KeyError:
        return answer_problem(request, assignment, form, _("This action does not exist."))
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.StaleBallot as refusal:
        return answer_stale(request, assignment, form, refusal)
    except services.IncompleteBallot as refusal:
        return answer_incomplete(request, assignment, form, refusal)
    except TransitionRefused as refusal:
        return answer_problem(request, assignment, form, str(refusal))
    if wants_json(request):
        return JsonResponse(saved_json(assignment, done))
    return redirect("projects:ballot", assignment.pk)


def save(request, assignment, form):
    """Save the draft."""
    version = form.cleaned_data["row_version"]
    saved = services.save_ballot(assignment, form.answers(), by=request.user, row_version=version)
    if not wants_json(request):
        messages.success(request, _("The draft is saved. It counts once you seal it."))
    return saved


def seal(request, assignment, form):
    """Seal the ballot."""
    version = form.cleaned_data["row_version"]
    services.seal_ballot(assignment, form.answers(), by=request.user, row_version=version)
    messages.success(request, _("Your ballot is sealed. Keep the receipt below."))


def reopen(request, assignment, form):
    """Take the sealed ballot back."""
    version = form.cleaned_data["row_version"]
    services.reopen_ballot(assignment, by=request.user, row_version=version)
    messages.info(request, _("The ballot is a draft again. Do not forget to seal it."))


ACTIONS = {"save": save, "seal": seal, "reopen": reopen}


def answer_stale(request, assignment, form, refusal):
    """Tell that another device saved first; nothing is lost, both versions are on the page."""
    if wants_json(request):
        return JsonResponse({"error": str(refusal)}, status=CONFLICT)
    fresh = own_assignment(request.user, assignment.pk)
    answers, receipt, damaged = own_answers(fresh, request.user)
    if receipt or damaged:
        return render_closed(
            request,
            fresh,
            answers,
            receipt=receipt,
            damaged=damaged,
            typed=form,
            error=_(
                "This ballot was sealed elsewhere in the meantime. What you typed is below: to use "
                "it, take the sealed ballot back first."
            ),
        )
    data = request.POST.copy()
    data["row_version"] = version_of(fresh)
    again = BallotForm(data, criteria=criteria_of(fresh))
    again.add_error(None, str(refusal))
    return render_form(request, fresh, again, saved=answers, compare=True, status=CONFLICT)


def answer_incomplete(request, assignment, form, refusal):
    """Tell beside each field what the seal still asks; the summary leads there."""
    for code in refusal.lacks:
        form.add_error(f"score_{code}", _("Choose a level."))
    if not refusal.lacks:
        form.add_error("reason", str(refusal))
    answers, _receipt, _damaged = own_answers(assignment, request.user)
    return render_form(request, assignment, form, saved=answers, status=CONFLICT)


def answer_problem(request, assignment, form, sentence):
    """Tell why nothing was written, with what was typed still there."""
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=CONFLICT)
    answers, receipt, damaged = own_answers(assignment, request.user)
    if selectors.scoring_refusal(assignment) or receipt or damaged:
        return render_closed(
            request,
            assignment,
            answers,
            receipt=receipt,
            damaged=damaged,
            typed=form,
            error=sentence,
        )
    form.add_error(None, sentence)
    return render_form(request, assignment, form, saved=answers, status=CONFLICT)


def render_form(request, assignment, form, *, saved, compare=False, status=200):
    """Render the ballot as a form, with the total so far computed here for pages without script."""
    context = {
        **about(request, assignment),
        "form": form,
        "total": total_of(assignment, saved) if saved else None,
        "saved_rows": readable(assignment, saved) if compare else [],
    }
    return render(request, "projects/ballot.html", context, status=status)


def render_closed(request, assignment, answers, *, receipt, damaged, typed=None, error=""):
    """Render the ballot to read: sealed, closed, recused or waiting, with the reason in words."""
    unsaved = typed.answers() if typed is not None and typed.is_valid() else None
    context = {
        **about(request, assignment),
        "refusal": selectors.scoring_refusal(assignment),
        "rows": readable(assignment, answers),
        "answers": answers,
        "receipt": receipt,
        "damaged": damaged,
        "total": total_of(assignment, answers),
        "row_version": version_of(assignment),
        "typed_rows": readable(assignment, unsaved) if unsaved else [],
        "error": str(error),
    }
    return render(
        request, "projects/ballot_closed.html", context, status=CONFLICT if error else 200
    )


def about(request, assignment) -> dict:
    """Return what heads every ballot page: the sheet, its place in the juror's own order."""
    own = [
        task.assignment.pk
        for task in selectors.tasks_of(request.user)
        if task.assignment.session_id == assignment.session_id
    ]
    state, kind = selectors.ballot_state(assignment)
    return {
        "assignment": assignment,
        "sheet": assignment.sheet,
        "session": assignment.session,
        "ballot": getattr(assignment, "ballot", None),
        "declaration": getattr(assignment, "declaration", None),
        "position": own.index(assignment.pk) + 1 if assignment.pk in own else None,
        "count": len(own),
        "state": words.TASK_STATES[state],
        "state_kind": kind,
    }


def criteria_of(assignment) -> list:
    """Return the criteria of the session's grid with their levels."""
    return list(assignment.session.rubric.criteria.prefetch_related("levels"))


def version_of(assignment) -> int:
    """Return the version of the ballot that the page shows; 0 before the first save."""
    known = getattr(assignment, "ballot", None)
    return known.row_version if known else 0


def total_of(assignment, answers):
    """Return the weighted mean of the scores given so far, or None."""
    weights = {each.code: each.weight for each in criteria_of(assignment)}
    values = {
        code: score["value"]
        for code, score in answers.scores.items()
        if score["value"] is not None and code in weights
    }
    return results.shown(results.weighted_mean(values, weights))


def readable(assignment, answers) -> list[dict]:
    """Return the answers as lines to read: criterion, level with its meaning, comment."""
    lines = []
    for criterion in criteria_of(assignment):
        score = answers.scores.get(criterion.code, {"value": None, "comment": ""})
        level = next(
            (each for each in criterion.levels.all() if each.value == score["value"]), None
        )
        lines.append({"criterion": criterion, "level": level, "comment": score["comment"]})
    return lines


def wants_json(request) -> bool:
    """Tell whether the script saves in the background."""
    return "application/json" in request.headers.get("Accept", "")


def saved_json(assignment, saved) -> dict:
    """Return what the script shows after a background save."""
    if saved is None:
        return {}
    words_ = _("saved at %(time)s") % {"time": typography.clock(saved.saved_at)}
    return {"row_version": saved.row_version, "saved": words_}


def render_declaration(request, assignment, form, status=200):
    """Ask about conflicts of interest; title, owner, partners and amount are all that is shown."""
    context = {**about(request, assignment), "form": form}
    return render(request, "projects/declaration.html", context, status=status)


@never_cache
def declaration(request, pk):
    """Ask again (GET) or take (POST) the juror's answer on conflicts of interest."""
    assignment = own_assignment(request.user, pk)
    form = DeclarationForm(request.POST or None)
    if not form.is_valid():
        return render_declaration(request, assignment, form)
    data = form.cleaned_data
    try:
        services.declare(
            assignment, data["answer"], by=request.user, kind=data["kind"], text=data["text"]
        )
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return render_declaration(request, assignment, form, status=CONFLICT)
    return redirect("projects:ballot", assignment.pk)


def ruling(request, pk):
    """Let the chair rule on a conflict that a juror declared or doubts."""
    rows = ConflictDeclaration.objects.select_related("assignment__mandate__contact")
    rows = rows.select_related(
        "assignment__session", "assignment__sheet", "assignment__mandate__contact"
    )
    declared = get_object_or_404(
        rows, pk=pk, assignment__in=Assignment.objects.visible_to(request.user)
    )
    if not permissions.rules_on_conflict(request.user, declared):
        raise PermissionDenied
    session = declared.assignment.session
    if request.method != "POST" and not session.is_scoring_at(timezone.now()):
        messages.warning(request, selectors.scoring_refusal(declared.assignment))
        return redirect(session.get_absolute_url())
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.rule_on_conflict(declared, by=request.user, **form.cleaned_data)
            return redirect(session.get_absolute_url())
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "projects/ruling.html", {"form": form, "declaration": declared})
