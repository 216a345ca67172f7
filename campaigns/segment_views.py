"""Pages of the office: the segments, the builder, and the mail as a real person gets it."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from core import mail
from core.concurrency import FIELD as ROW_STATE
from core.concurrency import row_state
from core.disclosure import ALL, protect_row
from core.lookups import Fold
from core.permissions import reads_everything
from core.search import in_language
from core.workflow import PermissionRefused, TransitionRefused
from programme.lists import page_of
from stakeholders.meeting_selectors import organisations_called
from stakeholders.models import KNOW_PEOPLE, Contact
from stakeholders.suggestions import Suggestion

from . import services
from .audience import Reach, audience_rows, reach_of, uses_of, voided_by
from .forms import RecipientForm
from .models import Segment
from .permissions import names_people, writes_campaigns
from .recipients import language_of, suggested, why_not
from .segment_builder import BETWEEN, Builder, SegmentForm
from .segment_words import sentence
from .segments import BadRule, parse
from .views import MAIL_POLICY, office_campaign, trail, with_pictures

SUGGESTIONS = "stakeholders/exchanges/_suggestions.html"
#: Where the person whose mail is looked at waits for the frame: no name and no key in an address.
RECIPIENT = "campaigns.recipient"
#: What is done with a segment beside changing it: service, question, consequence, label.
ACTS = {
    "archive": (
        services.archive_segment,
        gettext_lazy("Archive this segment?"),
        gettext_lazy("No campaign can choose it any more. Those that use it keep it."),
        gettext_lazy("Archive"),
    ),
    "restore": (
        services.restore_segment,
        gettext_lazy("Restore this segment?"),
        gettext_lazy("Campaigns can choose it again."),
        gettext_lazy("Restore"),
    ),
    "delete": (
        services.delete_segment,
        gettext_lazy("Delete this segment?"),
        gettext_lazy("No campaign uses it. It cannot be brought back."),
        gettext_lazy("Delete"),
    ),
}


def for_the_office(view):
    """Open ``view`` to those who read unpublished rows; nothing of it stays in a browser."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not reads_everything(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def check_writes(request) -> None:
    """Refuse whoever does not write campaigns."""
    if not writes_campaigns(request.user):
        raise PermissionDenied


def segment_trail() -> list[tuple[str, str]]:
    """Return the way down to the list of segments."""
    return [*trail(), (reverse("campaigns:segment-list"), _("Segments"))]


@for_the_office
@require_safe
def segment_list(request):
    """List the segments by name, those on offer before those put away."""
    rows = Segment.objects.visible_to(request.user).annotate(
        asking=Count("campaigns", distinct=True), leaving_out=Count("excluded_from", distinct=True)
    )
    by_name = (F("archived_at").asc(nulls_first=True), Fold(in_language("name")), "pk")
    context = {
        "page_obj": page_of(request, rows.order_by(*by_name)),
        "writes": writes_campaigns(request.user),
        "trail": trail(),
    }
    return render(request, "campaigns/segment_list.html", context)


@for_the_office
@require_http_methods(["GET", "POST"])
def segment_new(request):
    """Make a segment."""
    check_writes(request)
    return builder_page(request, Segment())


@for_the_office
@require_http_methods(["GET", "POST"])
def segment_detail(request, pk):
    """Show a segment: what it means, whom it finds, who uses it; and change it."""
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        check_writes(request)
    return builder_page(request, segment)


def builder_page(request, segment):
    """Show the builder; with POST do what its button says, and save where that is asked."""
    act = request.POST.get("act", "look")
    writes = writes_campaigns(request.user) and segment.archived_at is None
    if request.method == "POST":
        form = SegmentForm(request.POST if act == "save" else None, segment=segment)
        if act != "save":
            form.initial |= {name: request.POST.get(name, "") for name in form.fields}
        builder = Builder.of_post(request.POST, user=request.user, act=act)
        if act == "save" and saved(request, segment, form, builder):
            return redirect(segment)
    else:
        form = SegmentForm(segment=segment)
        builder = builder_of(request, segment) if writes else None
    rule = builder.rule() if builder else segment.rule
    context = {
        "segment": segment,
        "form": form,
        "builder": builder,
        "voided": list(voided_by(segment)) if segment.pk else [],
        "uses": list(uses_of(segment)) if segment.pk else [],
        "row_state": row_state(Segment.objects.get(pk=segment.pk)) if segment.pk else "",
        "row_state_name": ROW_STATE,
        "writes": writes,
        "may_write": writes_campaigns(request.user),
        "trail": segment_trail(),
        **found(request, rule),
    }
    return render(request, "campaigns/segment_detail.html", context)


def builder_of(request, segment) -> Builder:
    """Return the builder of a stored rule; of an empty one where the rule cannot be read."""
    try:
        return Builder.of_rule(segment.rule, user=request.user)
    except BadRule as bad:
        messages.error(request, str(bad))
        return Builder.of_rule(None, user=request.user)


def found(request, rule) -> dict:
    """Return what the page says of ``rule``: its words in both languages and whom it finds."""
    if rule is None:
        return {"meanings": [], "reach": None, "bad_rule": "", "names": False}
    try:
        read = parse(rule)
        reach = reach_of(rule, names=names_people(request.user))
    except BadRule as bad:
        return {"meanings": [], "reach": None, "bad_rule": str(bad), "names": False}
    return {
        "meanings": [(code, sentence(read, code)) for code in ("fr", "nl")],
        "reach": reach if KNOW_PEOPLE(request.user) else coarse(reach),
        "bad_rule": "",
        "names": names_people(request.user),
    }


def coarse(reach: Reach) -> Reach:
    """Return ``reach`` for whoever may not know people: small numbers are withheld (None).

    Whoever tries one rule after the other could else find out what somebody did.
    """
    safe = protect_row(reach.languages)
    return Reach(safe[ALL], {code: safe[code] for code in reach.languages}, [])


def saved(request, segment, form, builder) -> bool:
    """Save what was typed and say what became of campaigns; what is wrong stands in ``form``."""
    rule = builder.rule()
    if not form.is_valid() or rule is None:
        if rule is None:
            form.add_error(None, _("Complete the conditions that are marked below."))
        return False
    try:
        reopened = write(request, segment, form, rule)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except services.ApprovalsEnd as refusal:
        form.add_error("agreed", str(refusal))
        return False
    except ValidationError as stale:
        form.add_error(None, stale)
        return False
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    tell(request, reopened)
    return True


def write(request, segment, form, rule) -> list:
    """Make or change the segment; return the campaigns that are drafts again."""
    if segment.pk is None:
        for name, text in form.texts.items():
            setattr(segment, name, text)
        segment.rule = rule
        services.create_segment(segment, by=request.user)
        return []
    return services.edit_segment(
        segment,
        by=request.user,
        row_state=request.POST.get(ROW_STATE, ""),
        rule=rule,
        agreed=form.cleaned_data["agreed"],
        **form.texts,
    )


def tell(request, reopened) -> None:
    """Say that the segment is saved, and of which campaigns the approval ended."""
    messages.success(request, _("The segment is saved."))
    if reopened:
        names = ", ".join(str(each) for each in reopened)
        words = ngettext(
            "This campaign is a draft again and has to be approved anew: %(names)s.",
            "These campaigns are drafts again and have to be approved anew: %(names)s.",
            len(reopened),
        )
        messages.warning(request, words % {"names": names})


@for_the_office
@require_http_methods(["GET", "POST"])
def segment_do(request, pk, act):
    """Ask whether a segment is archived, restored or deleted (GET), and do it (POST)."""
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
    check_writes(request)
    if act not in ACTS:
        raise Http404
    verb, question, consequence, label = ACTS[act]
    if request.method == "POST":
        name = str(segment)
        try:
            verb(segment, by=request.user)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("campaigns:segment-detail", pk=pk)
        messages.success(request, f"{label}: {name}")
        return redirect("campaigns:segment-list")
    context = {
        "about": segment,
        "question": question,
        "consequence": consequence,
        "action_label": label,
        "cancel_url": segment.get_absolute_url(),
        "danger": act == "delete",
    }
    return render(request, "ui/confirm.html", context)


@for_the_office
def segment_organisations(request):
    """Suggest organisations for the last name of what was typed into a row."""
    check_writes(request)
    typed = [value for name, value in request.POST.items() if name.endswith("-value")]
    before, mark, last = (typed[0] if typed else "").rpartition(BETWEEN)
    start = f"{before}{mark} " if mark else ""
    rows = organisations_called(last.replace("\x00", ""), request.user)
    lines = [Suggestion(f"{start}{each}", str(each)) for each in rows]
    return render(request, SUGGESTIONS, {"found": lines})


# --- the mail as somebody gets it ----------------------------------------------------------------


def check_names(request) -> None:
    """Refuse whoever is not told the names behind a number."""
    if not names_people(request.user):
        raise PermissionDenied


@never_cache
@require_http_methods(["GET", "POST"])
def recipient(request, slug):
    """Ask for somebody and show the mail as they would get it, or why they get none.

    What was typed is posted and stays out of every address; nothing is sent.
    """
    campaign = office_campaign(request, slug)
    check_names(request)
    form = RecipientForm(request.POST or None, user=request.user, campaign=campaign)
    shown = None
    if request.method == "POST" and form.is_valid():
        shown = mail_for(campaign, form.cleaned_data["person"])
        request.session[RECIPIENT] = [campaign.pk, form.cleaned_data["person"].pk]
    context = {
        "campaign": campaign,
        "form": form,
        "shown": shown,
        "trail": [
            (campaign.get_absolute_url(), str(campaign)),
            (reverse("campaigns:preview", args=[slug]), _("Preview")),
        ],
    }
    return render(request, "campaigns/recipient.html", context)


def mail_for(campaign, person) -> dict:
    """Return who, why not ("" where they get it), in which language, and the mail itself."""
    reason = why_not(campaign, person)
    language = language_of(campaign, person)
    letter = services.received_context(campaign, language, person.name)
    rendered = {} if reason else mail.render("campaign", language, letter)
    return {"person": person, "reason": reason, "language": language, "mail": rendered}


@never_cache
@require_safe
@xframe_options_sameorigin
def recipient_mail(request, slug):
    """Return the HTML part for the frame of `recipient`, of the person who was looked up last."""
    campaign = office_campaign(request, slug)
    check_names(request)
    asked, pk = request.session.get(RECIPIENT, (None, None))
    people = Contact.objects.visible_to(request.user).current().filter(pk=pk)
    person = people.first() if asked == campaign.pk else None
    if person is None or not audience_rows(campaign).filter(contact=person).exists():
        raise Http404
    html = mail_for(campaign, person)["mail"].get("html", "")
    response = HttpResponse(with_pictures(campaign, html))
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


@never_cache
def recipient_people(request, slug):
    """Suggest people of the register for what was typed."""
    campaign = office_campaign(request, slug)
    check_names(request)
    lines = suggested(request.POST.get("who", ""), campaign, request.user)
    return render(request, SUGGESTIONS, {"found": lines})
