"""Buttons of the moves that may be made, and the page that asks for what a move needs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string

from core.forms import TransitionForm
from core.workflow import PermissionRefused, TransitionRefused, workflow_of


def moves_of(obj, user, url_name: str, key) -> list[dict]:
    """Return the moves that ``user`` may make, as `ui/transition_buttons.html` draws them."""
    return [
        {
            "name": step.name,
            "label": step.label,
            "style": step.style,
            "opens": True,
            "url": reverse(url_name, args=[key, step.name]),
        }
        for step in workflow_of(obj).available(obj, user)
    ]


def move(request, obj, name: str):
    """Show the form of transition ``name`` of ``obj`` (GET) or run its verb (POST).

    An unknown move is 404, a forbidden one 403. One that the state does not allow leads back to
    the page of ``obj``, which says so; a refusal of what was sent is told above the form, which
    keeps what was typed.
    """
    flow = workflow_of(obj)
    if name not in flow.table:
        raise Http404
    step = flow.table[name]
    if not step.permission(request.user, obj):
        raise PermissionDenied
    blocked = request.method != "POST" and flow.blocked(obj, name)
    if blocked:
        messages.warning(request, blocked)
        return redirect(obj.get_absolute_url())
    form = form_of(step, request, obj)
    if request.method == "POST" and form.is_valid() and _moved(request, obj, step, form):
        return redirect(obj.get_absolute_url())
    context = {
        "question": step.label,
        "about": obj,
        "consequence": step.confirm,
        "action_label": step.label,
        "cancel_url": obj.get_absolute_url(),
        "danger": step.style == "danger",
        "form": form,
    }
    return render(request, "ui/confirm.html", context)


def form_of(step, request, obj):
    """Return the form of a transition: its own, or the common one with a note."""
    data = request.POST if request.method == "POST" else None
    if step.form:
        return import_string(step.form)(data, instance_of=obj)
    return TransitionForm(data, reason=step.reason)


def _moved(request, obj, step, form) -> bool:
    try:
        workflow_of(obj).run(obj, step.name, by=request.user, **form.cleaned_data)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{step.label}.")  # the page puts "Done:" before it
    return True
