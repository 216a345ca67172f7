"""What the pages of this app share: export links and the page of a move."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from core import exports
from core.admin import transition_form
from core.workflow import PermissionRefused, TransitionRefused, workflow_of


def export_links(request) -> list[tuple[str, str]]:
    """Return (address, label) of the files of the list as it is filtered now."""
    links = []
    for kind in exports.WRITERS:
        query = request.GET.copy()
        query.pop("page", None)
        query["format"] = kind
        links.append((f"{request.path}?{query.urlencode()}", kind.upper()))
    return links


def moves(obj, user, url_name: str, key: str) -> list[dict]:
    """Return the buttons of what ``user`` may do with ``obj`` now, as the ui component takes it."""
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
    """Show what a move asks for (GET) and make it (POST): one page for all of them.

    What the state does not allow leads back to the page of ``obj``, which says so.
    """
    flow = workflow_of(obj)
    step = flow.table.get(name)
    if step is None:
        raise Http404
    if not step.permission(request.user, obj):
        raise PermissionDenied
    blocked = request.method != "POST" and flow.blocked(obj, name)
    if blocked:
        messages.warning(request, blocked)
        return redirect(obj.get_absolute_url())
    form = transition_form(step, request, obj)
    if request.method == "POST" and form.is_valid() and _run(request, obj, step, form):
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


def _run(request, obj, step, form) -> bool:
    try:
        workflow_of(obj).run(obj, step.name, by=request.user, **form.cleaned_data)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{step.label}.")  # the page puts "Done:" before it
    return True
