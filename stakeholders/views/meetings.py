"""Bilateral meetings: the working pages of the Office, and the public list of those that count."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core import documents, exports, pdf
from core.concurrency import FIELD as ROW_STATE
from core.concurrency import changed_since, row_state, stale_sentence
from core.forms import TransitionForm
from core.markdown import body_html
from core.permissions import is_staff
from core.selectors import history_of
from core.workflow import PermissionRefused, TransitionRefused, not_now
from programme.lists import PER_PAGE, export_links, filter_words

from .. import meeting_selectors, playbook, services
from ..filters import BilateralFilter, MeetingFilter
from ..forms.meetings import MeetingForm, MinutesForm, RescheduleForm, ResultsForm
from ..meeting_workflow import BILATERAL
from ..models import TOOK_PLACE, BilateralMeeting, BilateralStatus
from ..tables import bilateral_table
from .exchanges import check_reads, check_writes, idea_link

S = BilateralStatus
TO_COME = frozenset({S.PROPOSED, S.AGREED})
CHIPS = {
    S.PROPOSED: "wait",
    S.AGREED: "info",
    S.HELD: "info",
    S.MINUTES_DRAFT: "wait",
    S.MINUTES_SHARED: "wait",
    S.VALIDATED: "ok",
    S.CANCELLED: "stop",
    S.NO_SHOW: "stop",
}
STEP_CHIPS = {"done": "ok", "late": "late", "open": "wait", "later": "info", "": "stop"}
STEP_WORDS = {
    "done": gettext_lazy("done"),
    "late": gettext_lazy("overdue"),
    "open": gettext_lazy("to do"),
    "later": gettext_lazy("later"),
    "": gettext_lazy("not needed"),
}


def plain_form(data=None, *, instance_of=None):
    """Return the form that asks for nothing but a note."""
    return TransitionForm(data)


def reason_form(data=None, *, instance_of=None):
    """Return the form whose note has to be filled in."""
    return TransitionForm(data, reason=True)


@dataclass(frozen=True)
class Act:
    """Something to do with a meeting that leaves its state as it is."""

    label: str
    states: frozenset
    verb: Callable
    form: Callable = plain_form
    words: str = ""
    style: str = "quiet"


ACTS = {
    "invite": Act(
        gettext_lazy("Send the invitation"),
        TO_COME,
        services.invite,
        words=gettext_lazy("The invitation goes out by mail with an entry for the calendar."),
    ),
    "send_agenda": Act(
        gettext_lazy("Send the agenda"),
        TO_COME,
        services.send_agenda,
        words=gettext_lazy("The agenda goes out by mail."),
    ),
    "reschedule": Act(
        gettext_lazy("Move the meeting"),
        TO_COME,
        services.reschedule,
        RescheduleForm,
        gettext_lazy("Those who were invited are told the new time and place."),
    ),
    "set_results": Act(
        gettext_lazy("Write down what came of it"),
        frozenset(TOOK_PLACE - {S.VALIDATED}),
        services.set_results,
        ResultsForm,
    ),
    "rewrite_minutes": Act(
        gettext_lazy("Change the minutes"),
        frozenset({S.MINUTES_DRAFT}),
        services.rewrite_minutes,
        MinutesForm,
    ),
    "follow_up": Act(
        gettext_lazy("Follow up"),
        TOOK_PLACE,
        services.follow_up,
        reason_form,
        gettext_lazy("Ask the partner what became of it, and say it here in a line."),
    ),
}


#: Which wording of the minutes the writer of a form had before them.
VERSION = "_version"
#: What goes out by mail: its page says to whom. A cancellation goes to whoever was invited.
TELLS = frozenset({"invite", "send_agenda", "share_minutes"})


# --- the list that anybody may read -------------------------------------------------------------


@login_not_required
def bilateral_list(request):
    """Show the meetings that count: organisation where it agreed, day, number; nothing internal."""
    rows = meeting_selectors.counted_bilaterals()
    found = BilateralFilter(request.GET, queryset=rows, request=request)
    kind = request.GET.get("format")
    if kind:
        if kind not in exports.WRITERS:
            raise Http404
        shown = meeting_selectors.as_public(found.qs)
        return exports.response(bilateral_table(shown, filter_words(found)), kind)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = meeting_selectors.as_public(page.object_list)
    context = {
        "filter": found,
        "page_obj": page,
        "counts": meeting_selectors.bilateral_counts(),
        "exports": export_links(request),
    }
    return render(request, "stakeholders/meetings/public_list.html", context)


@never_cache
def meeting_minutes(request, pk):
    """Give the minutes as PDF, in the language of the partner."""
    meeting = meeting_of(request, pk)
    version = meeting.minutes and documents.current_version(meeting.minutes)
    if not version:
        raise Http404
    with translation.override(meeting.language):
        kicker = BilateralMeeting._meta.verbose_name
        body = pdf.document(version, kicker=kicker, is_demo=meeting.is_demo)
    headers = {"Content-Disposition": f'inline; filename="{pdf.file_name(version)}"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


# --- the working pages --------------------------------------------------------------------------


@never_cache
def meetings(request):
    """Show the meetings to the Office, the newest first, with what each asks for."""
    check_reads(request)
    found = MeetingFilter(
        request.GET, queryset=meeting_selectors.meetings_for(request.user), request=request
    )
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    for meeting in page:
        meeting.chip = CHIPS[meeting.status]
        meeting.tasks = playbook.tasks_of(meeting)
    context = {
        "filter": found,
        "page_obj": page,
        "counts": meeting_selectors.bilateral_counts(),
        "writes": is_staff(request.user),
    }
    return render(request, "stakeholders/meetings/list.html", context)


@never_cache
def political_round(request):
    """Show the round of the cabinets: one line for each portfolio."""
    check_reads(request)
    lines = meeting_selectors.political_round(request.user)
    for _portfolio, meeting in lines:
        if meeting:
            meeting.chip = CHIPS[meeting.status]
    context = {
        "lines": lines,
        "count": meeting_selectors.bilateral_counts()["political"],
        "writes": is_staff(request.user),
        "trail": meetings_trail(),
    }
    return render(request, "stakeholders/meetings/round.html", context)


def meetings_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the section."""
    return [(reverse("stakeholders:meetings"), _("Bilateral meetings"))]


@never_cache
def meeting_new(request):
    """Propose a meeting: find the organisation first, then say when, where and with whom."""
    check_writes(request)
    organisation = _organisation_asked(request)
    if organisation is None:
        return _ask_organisation(request)
    initial = {name: request.GET[name] for name in ("kind", "portfolio") if name in request.GET}
    form = MeetingForm(
        request.POST or None, user=request.user, organisation=organisation, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        meeting = services.propose_meeting(
            form.instance,
            by=request.user,
            contacts=data["contacts"],
            colleagues=data["colleagues"],
        )
        return redirect(meeting)
    context = {
        "form": form,
        "organisation": organisation,
        "commitments": meeting_selectors.open_commitments(organisation, request.user),
        "trail": meetings_trail(),
    }
    return render(request, "stakeholders/meetings/new.html", context)


def _organisation_asked(request):
    key = request.GET.get("organisation", "")
    rows = meeting_selectors.organisations_for(request.user)
    return rows.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None


def _ask_organisation(request):
    """Answer with the step before: a search, each answer of which is a link to the form."""
    words = request.GET.get("search", "")
    found = meeting_selectors.organisations_called(words, request.user)
    query = request.GET.copy()
    query.pop("search", None)
    for each in found:
        query["organisation"] = str(each.pk)
        each.link = f"?{query.urlencode()}"
    kept = [(name, value) for name, value in query.items() if name != "organisation"]
    context = {"found": found, "words": words, "kept": kept, "trail": meetings_trail()}
    return render(request, "stakeholders/meetings/with_whom.html", context)


def meeting_of(request, pk) -> BilateralMeeting:
    """Return the meeting for its working pages."""
    check_reads(request)
    rows = meeting_selectors.meetings_for(request.user)
    rows = rows.select_related("interaction", "minutes", "workstream", "validated_by")
    return get_object_or_404(rows, pk=pk)


@never_cache
def meeting_detail(request, pk):
    """Show one meeting: its playbook, people, results, promises, ideas and minutes."""
    meeting, user = meeting_of(request, pk), request.user
    plan, wording = playbook.plan_of(meeting), meeting_selectors.wording(meeting)
    for line in plan:
        line["chip"], line["words"] = STEP_CHIPS[line["state"]], STEP_WORDS[line["state"]]
    context = {
        "meeting": meeting,
        "chip": CHIPS[meeting.status],
        "plan": plan,
        "moves": moves_of(meeting, user),
        "people": meeting.contacts.all(),
        "colleagues": meeting.colleagues.all(),
        "outcomes": [BilateralMeeting.Outcome(code).label for code in meeting.outcomes],
        "commitments": meeting_selectors.open_commitments(meeting.organisation, user),
        "ideas": meeting_selectors.ideas_raised(meeting.interaction, user),
        "versions": meeting.minutes.versions.select_related("author") if meeting.minutes else [],
        "wording": wording,
        "minutes_html": body_html(wording),
        "idea_url": idea_url(meeting),
        "writes": is_staff(user),
        "changes": history_of(meeting),
        "trail": meetings_trail(),
    }
    return render(request, "stakeholders/meetings/detail.html", context)


def idea_url(meeting) -> str:
    """Return the form for an idea raised in the meeting, "" before it took place."""
    if meeting.interaction is None:
        return ""
    return idea_link(meeting.interaction, meeting.organisation, meeting.language)


def moves_of(meeting, user) -> list[dict]:
    """Return the buttons of the meeting: moves that change its state first, then the others."""
    steps = [(each.name, each.label, each.style) for each in BILATERAL.available(meeting, user)]
    if is_staff(user):
        steps += [
            (name, act.label, act.style)
            for name, act in ACTS.items()
            if meeting.status in act.states
        ]
    return [
        {
            "name": name,
            "label": label,
            "style": style,
            "opens": True,
            "url": reverse("stakeholders:meeting-do", args=[meeting.pk, name]),
        }
        for name, label, style in steps
    ]


@never_cache
def meeting_do(request, pk, name):
    """Ask for what a move of a meeting needs (GET), make it (POST), say what happened.

    What the state does not allow leads back to the meeting, which says so.
    """
    meeting = meeting_of(request, pk)
    act = act_of(name)
    if act is None:
        raise Http404
    label, form_class, words, permission = act
    if not permission(request.user, meeting):
        raise PermissionDenied
    blocked = request.method != "POST" and blocked_words(meeting, name)
    if blocked:
        messages.warning(request, blocked)
        return redirect(meeting)
    form = form_class(request.POST if request.method == "POST" else None, instance_of=meeting)
    if request.method == "POST" and form.is_valid() and _done(request, meeting, name, form):
        messages.success(request, f"{label}.")  # the page puts "Done:" before it
        return redirect(meeting)
    context = {
        "meeting": meeting,
        "label": label,
        "words": words,
        "told": services.addressees(meeting, strict=False) if name in TELLS else [],
        "form": form,
        "hidden": {ROW_STATE: row_state(meeting), VERSION: wording_state(meeting)},
        "saved": meeting_selectors.wording(meeting)
        if form.is_bound and "body" in form.fields
        else "",
        "commitments": meeting_selectors.open_commitments(meeting.organisation, request.user),
        "danger": name in BILATERAL.table and BILATERAL.table[name].style == "danger",
        "trail": [*meetings_trail(), (meeting.get_absolute_url(), str(meeting))],
    }
    return render(request, "stakeholders/meetings/act.html", context)


def act_of(name: str):
    """Return (label, form, words, permission) of a move of the workflow or of an act, or None."""
    if name in ACTS:
        act = ACTS[name]
        return act.label, act.form, act.words, is_staff
    if name not in BILATERAL.table:
        return None
    step = BILATERAL.table[name]
    form = import_string(step.form) if step.form else reason_form if step.reason else plain_form
    return step.label, form, step.confirm or "", step.permission


def stale_words(sent, meeting) -> str:
    """Return what somebody else changed since the form was opened, "" where nobody did."""
    changed = changed_since(meeting, sent.get(ROW_STATE, ""))
    if sent.get(VERSION, wording_state(meeting)) != wording_state(meeting):
        changed.append(str(BilateralMeeting._meta.get_field("minutes").verbose_name))
    return stale_sentence(changed) if changed else ""


def wording_state(meeting) -> str:
    """Return the number of the wording of the minutes, "0" before the first."""
    version = meeting.minutes and documents.current_version(meeting.minutes)
    return str(version.number if version else 0)


def blocked_words(meeting, name: str) -> str:
    """Return why a move or an act does not fit the state of the meeting, "" where it does."""
    if name not in ACTS:
        return BILATERAL.blocked(meeting, name)
    act = ACTS[name]
    return "" if meeting.status in act.states else not_now(meeting, act.label)


@transaction.atomic
def _done(request, meeting, name, form) -> bool:
    """Call the verb with what the form holds; a refusal stands in the form, what was typed stays.

    The row is locked first: of two people who write at once, the second is told.
    """
    BilateralMeeting.objects.select_for_update().get(pk=meeting.pk)
    meeting.refresh_from_db()
    stale = "" if blocked_words(meeting, name) else stale_words(request.POST, meeting)
    if stale:
        form.add_error(None, stale)
        return False
    try:
        if name in ACTS:
            ACTS[name].verb(meeting, by=request.user, **form.cleaned_data)
        else:
            BILATERAL.run(meeting, name, by=request.user, **form.cleaned_data)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
