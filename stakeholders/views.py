"""Public pages: ideas, the form without account, the tracking link, the register, subscriptions."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import exports, slots, trace
from core.permissions import SYSTEM
from core.search import current_language
from core.selectors import history_of
from core.workflow import TransitionRefused
from programme.lists import PER_PAGE, export_links, filter_words

from . import selectors, services
from .consents import IDEA_VERSION, SUBSCRIPTION_VERSION
from .filters import IdeaFilter, OrganisationFilter
from .forms import AddressForm, IdeaForm, ReplyForm, SubscribeForm, WithdrawalForm
from .models import Organisation
from .tables import idea_table, organisation_table
from .workflow import IDEA

CHIPS = {
    "published": "info",
    "under_review": "info",
    "answered": "ok",
    "info_requested": "wait",
    "merged": "info",
    "withdrawn": "stop",
    "archived": "info",
}


def visitor(request) -> str:
    """Return the address of the machine that sends."""
    return request.META.get("REMOTE_ADDR", "")


def download(request, found, table):
    """Return the download that `?format=` asks for, None where it asks for none."""
    kind = request.GET.get("format")
    if not kind:
        return None
    if kind not in exports.WRITERS:
        raise Http404
    return exports.response(table(found.qs, filter_words(found)), kind)


@login_not_required
def idea_list(request):
    """Show the public ideas, the newest first, filtered, or give them as a file."""
    rows = selectors.listed_ideas(request.user).newest_first(request.GET.get("search", ""))
    found = IdeaFilter(request.GET, queryset=rows, request=request)
    answer = download(request, found, idea_table)
    if answer:
        return answer
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    stages = trace.stages(page.object_list, request.user)
    for idea in page:
        idea.stage, idea.chip = stages[idea.pk], CHIPS[idea.status]
    context = {
        "filter": found,
        "page_obj": page,
        "total": selectors.listed_ideas(request.user).count(),
        "exports": export_links(request),
    }
    return render(request, "stakeholders/idea_list.html", context)


@login_not_required
def idea_detail(request, reference):
    """Show one idea in its author's words, and what became of it."""
    idea = get_object_or_404(selectors.public_ideas(request.user), reference__iexact=reference)
    context = {
        "idea": idea,
        "chip": CHIPS[idea.status],
        "stage": trace.stages([idea], request.user)[idea.pk],
        "panels": slots.collect("stakeholders.idea.panels", idea, user=request.user),
        "actions": slots.collect("stakeholders.idea.actions", idea, user=request.user),
        "neighbours": trace.neighbours(idea, request.user),
        "changes": history_of(idea),
        "trail": [(reverse("stakeholders:idea-list"), _("Ideas"))],
    }
    return render(request, "stakeholders/idea_detail.html", context)


@login_not_required
@never_cache
def idea_new(request):
    """Take an idea without an account; nothing is public before it is confirmed and moderated."""
    form = IdeaForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid():
        if not form.is_robot:
            keep_idea(form)
        return redirect("stakeholders:idea-sent")
    similar, count = similar_to(form)
    context = {"form": form, "similar": similar, "similar_count": count}
    return render(request, "stakeholders/idea_new.html", context)


def keep_idea(form) -> None:
    """Store what a valid form holds and send the link that confirms it."""
    data = form.cleaned_data
    services.submit_idea(
        form.new_idea(),
        email=data["email"],
        name=data["name"],
        notify=data["notify"],
        consent_version=IDEA_VERSION,
    )
    form.count_use()


def similar_to(form):
    """Return the ideas like the title that was typed, and how many there are."""
    title = form.data.get("title", "") if form.is_bound else ""
    return selectors.similar_ideas(title, SYSTEM)


@login_not_required
def idea_similar(request):
    """Answer the title field with the ideas that are like it (a fragment of the form)."""
    similar, count = selectors.similar_ideas(request.GET.get("title", ""), request.user)
    context = {"similar": similar, "similar_count": count}
    return render(request, "stakeholders/_similar.html", context)


@login_not_required
def idea_sent(request):
    """Say that a mail is on its way; the same for everybody."""
    return render(request, "stakeholders/idea_sent.html")


@login_not_required
@never_cache
def idea_confirm(request, token):
    """Ask to confirm (a GET changes nothing), then confirm and show reference and link."""
    if request.method == "POST":
        raw = services.confirm_submission(token)
        if raw:
            return redirect("stakeholders:idea-tracking", raw)
    submission = selectors.awaiting_submission(token)
    if submission is None:
        action = reverse("stakeholders:idea-track")
        form = AddressForm(action=action)
        return render(request, "stakeholders/link_dead.html", {"form": form})
    return render(request, "stakeholders/idea_confirm.html", {"idea": submission.idea})


@login_not_required
@never_cache
def idea_track(request):
    """Send the links of an address; the reply is the same whether we know it or not."""
    form = AddressForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid():
        if form.may_send():
            services.send_links(form.cleaned_data["email"], language=current_language())
        return render(request, "stakeholders/links_sent.html")
    return render(request, "stakeholders/idea_track.html", {"form": form})


@login_not_required
@never_cache
def idea_tracking(request, token):
    """Show a contributor their idea, its state, the open question, and the way to withdraw."""
    submission = selectors.tracked_submission(token)
    if submission is None:
        form = AddressForm(action=reverse("stakeholders:idea-track"))
        return render(request, "stakeholders/link_dead.html", {"form": form})
    idea = submission.idea
    form = tracking_form(request, idea)
    if request.method == "POST" and form and form.is_valid() and moved(idea, form):
        return redirect("stakeholders:idea-tracking", token)
    context = {
        "idea": idea,
        "question": selectors.open_question(idea),
        "reply_form": form if isinstance(form, ReplyForm) else ReplyForm(None),
        "withdrawal_form": form if isinstance(form, WithdrawalForm) else WithdrawalForm(None),
        "can_withdraw": any(step.name == "withdraw" for step in IDEA.available(idea, SYSTEM)),
        "changes": history_of(idea),
    }
    return render(request, "stakeholders/idea_tracking.html", context)


def tracking_form(request, idea):
    """Return the form of the tracking page that was sent, None where none was."""
    kinds = {"reply": ReplyForm, "withdraw": WithdrawalForm}
    kind = kinds.get(request.POST.get("action", ""))
    return kind(request.POST, instance_of=idea) if kind else None


def moved(idea, form) -> bool:
    """Do what the contributor asked for; a refusal stands in the form."""
    verb = services.reply_to_question if isinstance(form, ReplyForm) else services.withdraw_idea
    try:
        verb(idea, by=SYSTEM, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@login_not_required
def organisation_list(request):
    """Show the register of the quadruple helix, filtered, or give it as a file."""
    rows = selectors.listed_organisations(request.user).select_related("municipality")
    found = OrganisationFilter(request.GET, queryset=rows, request=request)
    answer = download(request, found, organisation_table)
    if answer:
        return answer
    context = {
        "filter": found,
        "page_obj": Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page")),
        "total": rows.count(),
        "exports": export_links(request),
    }
    return render(request, "stakeholders/organisation_list.html", context)


@login_not_required
def organisation_detail(request, slug):
    """Show one organisation with its sources and what it takes part in."""
    rows = Organisation.objects.visible_to(request.user).select_related("municipality")
    organisation = get_object_or_404(rows, slug=slug)
    context = {
        "organisation": organisation,
        "sources": organisation.sources.all(),
        "neighbours": trace.neighbours(organisation, request.user),
        "trail": [(reverse("stakeholders:organisation-list"), _("Stakeholders"))],
    }
    return render(request, "stakeholders/organisation_detail.html", context)


@login_not_required
@never_cache
def subscribe(request):
    """Take a wish to be written to; nothing is sent before it is confirmed by mail."""
    form = SubscribeForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid():
        if not form.is_robot:
            keep_subscription(form)
        return render(request, "stakeholders/subscription_sent.html")
    return render(request, "stakeholders/subscribe.html", {"form": form})


def keep_subscription(form) -> None:
    """Note what a valid form asks for and send the link that confirms it."""
    data = form.cleaned_data
    services.request_subscription(
        email=data["email"],
        topics=data["topics"],
        language=data["language"],
        wording_version=SUBSCRIPTION_VERSION,
    )
    form.count_use()


@login_not_required
@never_cache
def subscribe_confirm(request, token):
    """Ask to confirm a subscription (a GET changes nothing), then confirm it."""
    done = services.confirm_subscription(token) if request.method == "POST" else None
    return render(request, "stakeholders/subscribe_confirm.html", {"done": done})
