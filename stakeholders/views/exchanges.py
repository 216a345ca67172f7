"""The engagement log: the list, the fast entry, one exchange, the two timelines."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.permissions import is_staff
from core.search import current_language
from core.workflow import TransitionRefused

from .. import meeting_selectors, services
from ..forms.meetings import CommitmentForm, EntryForm
from ..models import KNOW_PEOPLE, Commitment, Contact, Interaction, Organisation
from ..timeline import PER_PAGE, Cut, rows_before, timeline


def check_reads(request) -> None:
    """Refuse whoever may not know people."""
    if not KNOW_PEOPLE(request.user):
        raise PermissionDenied


def check_writes(request) -> None:
    """Refuse whoever is not of the Office's staff."""
    if not is_staff(request.user):
        raise PermissionDenied


def log_trail() -> list[tuple[str, str]]:
    """Return the breadcrumb of the log."""
    return [(reverse("stakeholders:exchange-log"), _("Engagement log"))]


@never_cache
def exchange_log(request):
    """Show the log, the newest first; older ones follow without a count of all."""
    check_reads(request)
    rows = meeting_selectors.exchanges_for(request.user).select_related("bilateral")
    kind = request.GET.get("kind", "")
    if kind in Interaction.Kind.values:
        rows = rows.filter(kind=kind)
    before = Cut.read(request.GET.get("before", ""))
    rows = rows.prefetch_related("participations__organisation", "participations__contact")
    found = list(rows_before(rows, "happened_at", "exchange", before, PER_PAGE + 1))
    shown = found[:PER_PAGE]
    for each in shown:
        each.page = getattr(each, "bilateral", each).get_absolute_url()
    context = {
        "exchanges": shown,
        "kinds": Interaction.Kind.choices,
        "kind": kind,
        "older": _older(request, shown) if len(found) > PER_PAGE else "",
        "writes": is_staff(request.user),
    }
    return render(request, "stakeholders/exchanges/log.html", context)


def _older(request, shown) -> str:
    cut = Cut(shown[-1].happened_at, "exchange", shown[-1].pk)
    return older_link(request, cut)


def older_link(request, cut) -> str:
    """Return the address of the entries before ``cut``, with the rest of the query."""
    query = request.GET.copy()
    query["before"] = str(cut)
    return f"?{query.urlencode()}"


@never_cache
def exchange_new(request):
    """Log what has just taken place, on a phone, in under a minute."""
    check_writes(request)
    initial = {name: request.GET[name] for name in ("organisation", "kind") if name in request.GET}
    form = EntryForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        exchange = _log(form, request.user)
        if exchange:
            messages.success(request, _("It is in the log."))
            return redirect(getattr(exchange, "bilateral", exchange))
    context = {"form": form, "trail": log_trail()}
    return render(request, "stakeholders/exchanges/entry.html", context)


def _log(form, user):
    """Log what a valid form holds; a refusal stands in the form."""
    data = form.cleaned_data
    try:
        return services.log_entry(
            key=data["key"] or form.initial["key"],
            by=user,
            organisation=data["organisation"],
            kind=data["kind"],
            happened_at=data["happened_at"],
            subject=data["subject"],
            people=form.people,
            strangers=form.strangers,
            outcomes=data["outcomes"],
            language=current_language(),
        )
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return None


@never_cache
def exchange_detail(request, pk):
    """Show one exchange: who took part, what was promised, which ideas were raised."""
    check_reads(request)
    rows = meeting_selectors.exchanges_for(request.user).select_related("bilateral", "logged_by")
    exchange = get_object_or_404(rows, pk=pk)
    people = exchange.participations.select_related("organisation", "contact", "user")
    organisation = next((each.organisation for each in people if each.organisation_id), None)
    context = {
        "exchange": exchange,
        "meeting": getattr(exchange, "bilateral", None),
        "participations": people,
        "organisation": organisation,
        "ideas": meeting_selectors.ideas_raised(exchange, request.user),
        "commitments": exchange.commitments.select_related("owner", "organisation"),
        "idea_url": idea_link(exchange, organisation, exchange_language(exchange)),
        "writes": is_staff(request.user),
        "trail": log_trail(),
    }
    return render(request, "stakeholders/exchanges/detail.html", context)


def exchange_language(exchange) -> str:
    """Return the language of an exchange: of the meeting, else of the first guest."""
    meeting = getattr(exchange, "bilateral", None)
    if meeting:
        return meeting.language
    guest = exchange.participations.exclude(contact=None).select_related("contact").first()
    return guest.contact.language if guest else current_language()


def idea_link(exchange, organisation, language: str) -> str:
    """Return the desk form of an idea, filled with what the exchange tells."""
    known = {
        "channel": "meeting",
        "language": language,
        "raised_in": exchange.pk,
        "submitter_type": "organisation",
        "display": "organisation",
    }
    if organisation:
        name = str(organisation)
        named = {"organisation_claimed": name, "display_text": name, "helix": organisation.helix}
        known |= {**named, "organisation": organisation.pk}
    return f"{reverse('admin:stakeholders_idea_add')}?{urlencode(known)}"


@never_cache
def commitment_new(request, pk):
    """Note a promise made during an exchange."""
    check_writes(request)
    exchange = get_object_or_404(meeting_selectors.exchanges_for(request.user), pk=pk)
    seat = exchange.participations.exclude(organisation=None).select_related("organisation").first()
    if seat is None:
        messages.error(request, _("Add the organisation to the exchange first."))
        return redirect(exchange)
    form = CommitmentForm(
        request.POST or None, user=request.user, exchange=exchange, organisation=seat.organisation
    )
    if request.method == "POST" and form.is_valid():
        form.instance.is_demo = exchange.is_demo
        services.note_commitment(form.instance, by=request.user)
        messages.success(request, _("The promise is noted."))
        return redirect(getattr(exchange, "bilateral", exchange))
    context = {"form": form, "exchange": exchange, "trail": log_trail()}
    return render(request, "stakeholders/exchanges/commitment.html", context)


@never_cache
def organisation_timeline(request, slug):
    """Show all that happened with an organisation."""
    check_reads(request)
    rows = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(rows, slug=slug)
    context = {
        "heading": str(organisation),
        "back": organisation.get_absolute_url(),
        "commitments": meeting_selectors.open_commitments(organisation, request.user),
        "next_meeting": meeting_selectors.next_meeting(organisation, request.user),
    }
    return _timeline(request, context, organisation=organisation)


@never_cache
def contact_timeline(request, pk):
    """Show all that happened with a person."""
    check_reads(request)
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    context = {
        "heading": str(contact),
        "next_meeting": None,
        "back": reverse("admin:stakeholders_contact_change", args=[contact.pk]),
        "commitments": Commitment.objects.visible_to(request.user)
        .pending()
        .filter(contact=contact)
        .select_related("owner"),
    }
    return _timeline(request, context, contact=contact)


def _timeline(request, context, **whose):
    before = Cut.read(request.GET.get("before", ""))
    page = timeline(user=request.user, before=before, **whose)
    context |= {
        "organisation": None,
        "entries": page.entries,
        "older": older_link(request, page.older) if page.older else "",
        "is_first": before is None,
        "writes": is_staff(request.user),
        **whose,
    }
    return render(request, "stakeholders/timeline/page.html", context)
