"""Pages: the archive, the preview for the office, the way out."""

import base64

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import exports, mail
from core.context import url_or_none
from core.permissions import reads_everything
from core.search import LANGUAGES, current_language
from core.selectors import history_of
from core.workflow import PermissionRefused, TransitionRefused
from programme.lists import page_of
from stakeholders.services import unsubscribe as end_subscription

from . import plan_selectors, selectors, services
from .filters import CampaignFilter
from .findings import findings_of
from .forms import AddressLookupForm, RateForm, TestMailForm
from .models import Campaign, Picture
from .permissions import names_people, writes_campaigns
from .progress import (
    SHOWN_UNCERTAIN,
    Expected,
    expected_of,
    progress_of,
    story_of,
    uncertain,
)
from .results import clicks_in_total, results_of, table_of
from .sections import sections
from .segments import BadRule
from .workflow import CAMPAIGN

#: What is done with a campaign while it is being sent, in the order of its workflow.
SENDING_MOVES = (
    *("schedule", "start", "confirm_audience"),
    *("pause", "resume", "send_again", "cancel"),
)

# A mail styles itself through attributes, so styles are allowed in it; nothing else is.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


def trail() -> list[tuple[str, str]]:
    """Return the way from the home page down to the campaigns."""
    news = url_or_none("portal:news")
    return [(news, _("News"))] if news else []


@login_not_required
@require_safe
def campaign_list(request):
    """List what was sent to subscribers, the newest first."""
    sent = Campaign.objects.visible_to(request.user).archive().select_related("topic")
    found = CampaignFilter(request.GET, queryset=sent, request=request)
    kind = request.GET.get("format")
    if kind in exports.WRITERS:
        return exports.response(export_table(found), kind)
    page = page_of(request, found.qs)
    context = {
        "filter": found,
        "page_obj": page,
        "exports": export_links(request),
        "trail": trail(),
    }
    return render(request, "campaigns/campaign_list.html", context)


def export_table(found) -> exports.Table:
    """Return the filtered archive as a table."""
    columns = (
        exports.Column("address", _("Address"), lambda row: row.get_absolute_url()),
        exports.Column("sent_at", _("Sent"), lambda row: row.finished_at),
        exports.Column("topic", _("Topic"), lambda row: row.topic),
        exports.Column("subject", _("Subject"), lambda row: row.subject),
        exports.Column("demonstration", _("Demonstration"), lambda row: row.is_demo),
    )
    return exports.Table(_("Campaigns"), columns, found.qs, filter=filter_words(found))


def filter_words(found) -> str:
    """Return the filter in words: "Topic: newsletter"."""
    values = found.form.cleaned_data if found.form.is_valid() else {}
    return ", ".join(
        f"{found.form.fields[name].label}: {value}" for name, value in values.items() if value
    )


def export_links(request) -> list[tuple[str, str]]:
    """Return the addresses of the same list as files."""
    query = request.GET.copy()
    query.pop("page", None)
    links = []
    for kind in exports.WRITERS:
        query["format"] = kind
        links.append((f"{request.path}?{query.urlencode()}", kind.upper()))
    return links


@login_not_required
@require_safe
def campaign_detail(request, slug):
    """Show one campaign as it was sent."""
    campaign = visible_campaign(request, slug)
    context = {
        "campaign": campaign,
        "plan": plan_selectors.plan_of(campaign, request.user),
        "sections": sections(campaign, current_language()),
        "changes": history_of(campaign),
        "outcome": selectors.outcome(campaign),
        "clicks": clicks_in_total(campaign),
        "previews": reads_everything(request.user),
        "trail": [*trail(), (reverse("campaigns:campaign-list"), _("Messages to subscribers"))],
    }
    return render(request, "campaigns/campaign_detail.html", context)


def visible_campaign(request, slug) -> Campaign:
    """Return the campaign that this user may see, or 404."""
    rows = Campaign.objects.visible_to(request.user).select_related("topic")
    return get_object_or_404(rows, slug=slug)


@require_http_methods(["GET", "POST"])
def preview(request, slug):
    """Show the office a campaign in three languages, with its addressees; POST sends a test."""
    campaign = office_campaign(request, slug)
    form = TestMailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_test(request, campaign, form.cleaned_data["language"])
        return redirect("campaigns:preview", slug=slug)
    expected, bad_rule = expectation(campaign)
    context = {
        "campaign": campaign,
        "expected": expected,
        "bad_rule": bad_rule,
        "segments": campaign.segments.order_by("pk"),
        "excluded": campaign.excluded_segments.order_by("pk"),
        "names": names_people(request.user),
        "mails": [(code, rendered(campaign, code)) for code in LANGUAGES],
        "findings": findings_of(campaign),
        "origins": campaign.events.visible_to(request.user).order_by("pk").with_subjects(),
        "is_checking": selectors.links_to_check().exists(),
        "form": form,
        "trail": [(campaign.get_absolute_url(), str(campaign))],
        "writes": writes_campaigns(request.user),
    }
    return render(request, "campaigns/preview.html", context)


def expectation(campaign) -> tuple[Expected | None, str]:
    """Return whom the campaign would reach now; None and the reason where a segment is broken."""
    try:
        return expected_of(campaign), ""
    except BadRule as bad:
        return None, str(bad)


def send_test(request, campaign, language) -> None:
    """Send the test and say so; who may only read is told no."""
    try:
        message = services.send_test(campaign, by=request.user, language=language)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(
        request, _("A test is on its way to %(email)s.") % {"email": message.recipient}
    )


def office_campaign(request, slug) -> Campaign:
    """Return a campaign in any state for whoever reads unpublished rows; 404 for the others."""
    campaign = visible_campaign(request, slug)
    if not reads_everything(request.user):
        raise Http404
    return campaign


def rendered(campaign, language) -> dict:
    """Return subject, text and HTML exactly as `core.mail` will make them."""
    return mail.render("campaign", language, services.trial_context(campaign, language))


@require_http_methods(["GET", "POST"])
def progress(request, slug):
    """Show the office how the sending goes; POST changes the rate or settles mails."""
    campaign = office_campaign(request, slug)
    rates = rate_form(request, campaign)
    if request.method == "POST" and settled(request, campaign, rates):
        return redirect("campaigns:progress", slug=slug)
    found = {"campaign": campaign, "progress": progress_of(campaign)}
    if request.htmx:
        return render(request, "campaigns/_progress.html", found)
    kind = request.GET.get("format")
    results = results_of(campaign, found["progress"].counts) if campaign.prepared else None
    if results and kind in exports.WRITERS:
        return exports.response(table_of(campaign, results), kind)
    asked = AddressLookupForm(request.GET if "who" in request.GET else None)
    story = story_of(campaign, asked.cleaned_data["who"]) if asked.is_valid() else None
    unsure = uncertain(campaign)
    context = {
        **found,
        "form": asked,
        "rate_form": rates,
        "story": story,
        "results": results,
        "files": [(f"{request.path}?format={each}", each.upper()) for each in exports.WRITERS],
        "uncertain": unsure[:SHOWN_UNCERTAIN],
        "uncertain_total": found["progress"].counts["uncertain"],
        "moves": moves(campaign, request.user, found["progress"].counts),
        "writes": writes_campaigns(request.user),
        "trail": [
            (campaign.get_absolute_url(), str(campaign)),
            (reverse("campaigns:preview", args=[slug]), _("Preview")),
        ],
    }
    return render(request, "campaigns/progress.html", context)


def rate_form(request, campaign) -> RateForm | None:
    """Return the form about the rate for whoever may change it now, with what was typed."""
    if all(each.name != "change_rate" for each in CAMPAIGN.available(campaign, request.user)):
        return None
    is_sent = request.method == "POST" and request.POST.get("act") == "rate"
    return RateForm(request.POST if is_sent else None, instance_of=campaign)


def settled(request, campaign, rates) -> bool:
    """Do what was posted and return True; False where the page has to be shown with an error."""
    if request.POST.get("act") != "rate":
        count_as_arrived(request, campaign)
        return True
    if rates is None:  # nobody who could has seen the form: it is not paused any more, or a reader
        if not writes_campaigns(request.user):
            raise PermissionDenied
        messages.warning(request, CAMPAIGN.blocked(campaign, "change_rate"))
        return True
    return rates.is_valid() and rate_changed(request, campaign, rates)


def rate_changed(request, campaign, rates) -> bool:
    """Change the rate and say so; where it is refused, say why in the form."""
    try:
        services.change_rate(campaign, by=request.user, **rates.cleaned_data)
    except TransitionRefused as refusal:
        rates.add_error("rate", str(refusal))
        return False
    messages.success(request, _("The new rate counts as soon as the sending goes on."))
    return True


def count_as_arrived(request, campaign) -> None:
    """Count the uncertain mails as arrived and say how many; who may only read is told no."""
    try:
        number = services.take_as_arrived(campaign, by=request.user)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    words = ngettext("%(number)s mail counts as sent.", "%(number)s mails count as sent.", number)
    messages.success(request, words % {"number": number})


def moves(campaign, user, counts) -> list[dict]:
    """Return the moves of the sending that ``user`` may make now; each opens a page that asks.

    Nothing is offered to be sent again where ``counts`` know of no uncertain mail.
    """
    name = "admin:campaigns_campaign_transition"
    offered = [each for each in SENDING_MOVES if each != "send_again" or counts["uncertain"]]
    if campaign.status == Campaign.Status.HELD:
        offered.append("reopen")
    return [
        {
            "url": reverse(name, args=[campaign.pk, each.name]),
            "name": each.name,
            "label": each.label,
            "style": each.style,
            "opens": True,
        }
        for each in CAMPAIGN.available(campaign, user)
        if each.name in offered
    ]


@require_safe
@xframe_options_sameorigin
def preview_mail(request, slug, language):
    """Return the HTML part in one language, for the frame of the preview."""
    if language not in LANGUAGES:
        raise Http404
    campaign = office_campaign(request, slug)
    html = with_pictures(campaign, rendered(campaign, language)["html"])
    response = HttpResponse(html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def with_pictures(campaign, html: str) -> str:
    """Return the HTML of a mail with its pictures in it, for a frame that may load nothing."""
    for each in services.pictures_of(campaign):
        data = base64.b64encode(each.content).decode()
        html = html.replace(f"cid:{each.content_id}", f"data:{each.mime};base64,{data}")
    return html


@login_not_required
@require_safe
def picture(request, sha256):
    """Give a picture of the archive; its address names its bytes, so it may be kept for ever."""
    row = get_object_or_404(Picture.objects.visible_to(request.user), sha256=sha256)
    response = HttpResponse(bytes(row.content), content_type=row.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@require_POST
def check_links(request, slug):
    """Have a worker look up the links of a campaign; the preview shows what came of it."""
    campaign = office_campaign(request, slug)
    try:
        number = services.ask_for_link_check(campaign, by=request.user)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    words = ngettext("%(number)s link is looked up.", "%(number)s links are looked up.", number)
    messages.success(request, words % {"number": number})
    return redirect(reverse("campaigns:preview", args=[slug]) + "#check")


@login_not_required
@never_cache
@require_safe
def click(request, pk):
    """Lead on to where a link of a campaign goes; a GET counts one, nothing else is noted."""
    url = services.count_click(pk) if request.method == "GET" else selectors.target_of(pk)
    if url is None:
        raise Http404
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@csrf_exempt  # RFC 8058: the mail program posts without having seen any page
@never_cache
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
def unsubscribe(request, token):
    """Ask (GET) and unsubscribe (POST) from one topic; a forged token gets the very same pages."""
    subscription = selectors.subscription_of(token)
    if request.method == "POST" and subscription is not None:
        end_subscription(subscription, source="/u/")
    language = page_language(request, subscription)
    with translation.override(language):
        response = render(request, "campaigns/unsubscribe.html", {"done": request.method == "POST"})
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    return response


def page_language(request, subscription) -> str:
    """Return the language of the subscription, else the one the browser asks for."""
    if subscription is not None:
        return subscription.language
    asked = translation.get_language_from_request(request)
    return asked if asked in LANGUAGES else settings.LANGUAGES[0][0]
