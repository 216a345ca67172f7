"""Following an idea or a saved search by mail, and the page behind the link of each mail."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.search import current_language

from .. import following, preferences, selectors, services
from ..consents import FOLLOW_VERSION
from ..forms import FollowForm, PreferencesForm
from ..models import Followed
from .ideas import ideas_trail
from .intake import visitor


@login_not_required
@never_cache
def idea_follow(request, reference):
    """Take a wish to be told what becomes of an idea; nothing is sent before it is confirmed."""
    rows = selectors.public_ideas(following.ANYBODY.user)
    idea = get_object_or_404(rows, reference__iexact=reference)
    trail = [*ideas_trail(), (idea.get_absolute_url(), idea.reference)]
    return ask(request, Followed.IDEA, idea.reference, {"idea": idea, "trail": trail})


@login_not_required
@never_cache
def search_follow(request):
    """Take a wish to be told of new ideas that the search in the address finds."""
    search = following.saved_search(request.GET)
    back = reverse("stakeholders:idea-list") + (f"?{search.query}" if search.query else "")
    context = {"search": search, "back": back, "trail": ideas_trail()}
    return ask(request, Followed.SEARCH, search.query, context)


def ask(request, kind, target, context, template="stakeholders/follow.html"):
    """Show the form that asks to be written to about one thing, or note what it asks for.

    ``kind`` and ``target`` name it as in `Subscription`; ``template`` extends `ui/form_page.html`
    and gets ``context``. An upper app asks for what it has to be followed through this as well.
    """
    form = FollowForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid_or_robot():
        if not form.is_robot:
            services.request_subscription(
                email=form.cleaned_data["email"],
                language=form.cleaned_data["language"],
                wording_version=FOLLOW_VERSION,
                kind=kind,
                target=target,
            )
            form.count_use()
        return render(request, "stakeholders/subscription_sent.html")
    return render(request, template, {**context, "form": form})


@login_not_required
@never_cache
def subscription_links(request):
    """Send the link to what an address follows; the reply is the same whether we know it or not."""
    form = PreferencesForm(request.POST or None, visitor=visitor(request))
    if request.method == "POST" and form.is_valid():
        if form.may_send():
            email = form.cleaned_data["email"]
            services.send_subscription_links(email, language=current_language())
        return render(request, "stakeholders/subscription_links_sent.html")
    return render(request, "stakeholders/subscription_links.html", {"form": form})


@login_not_required
@csrf_exempt  # RFC 8058: the mail program posts without having seen any page
@never_cache
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
def preference_page(request, token):
    """List all that the owner of the link follows, in the language of the mail; POST ends some.

    A mail program's one click ends what the mail was about; a button of the page names its own,
    and one has the mails about an idea of one's own come again. The answer is no redirect, which
    mail programs do not follow.
    """
    opened = preferences.opened_by(token)
    language = opened.language if opened else translation.get_language_from_request(request)
    with translation.override(language):
        response = _preferences(request, opened)
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    return response


def _preferences(request, opened):
    if opened is None:
        form = PreferencesForm(action=reverse("stakeholders:subscription-links"))
        return render(request, "stakeholders/preferences_dead.html", {"form": form})
    told = _change(opened, request.POST) if request.method == "POST" else []
    meant = set(opened.meant.values_list("pk", flat=True))
    rows = [(each, following.aims_of(each)[0], each.pk in meant) for each in opened.subscriptions]
    context = {
        "rows": sorted(rows, key=lambda row: not row[2]),
        "ended": told,
        "own": opened.own,
        "own_aim": following.own_aim(opened.own.idea) if opened.own else None,
    }
    return render(request, "stakeholders/preferences.html", context)


def _change(opened, asked) -> list:
    """Do what a POST asks; return the aims of the subscriptions that it ended.

    "again" is a button of the page. Without "end" it is the one click of a mail program.
    """
    if "again" in asked:
        if opened.own:
            services.switch_mails(opened.own, notify=True)
        return []
    end = asked.get("end", "")
    if opened.own and end in {"", "own", "all"}:
        services.switch_mails(opened.own, notify=False)
    ended = [(following.aims_of(each)[0], each) for each in _to_end(opened, end)]
    for _aim, each in ended:
        services.unsubscribe(each, source="/f/")
    return [aim for aim, _each in ended]


def _to_end(opened, asked: str) -> list:
    """Return the subscriptions that a POST ends: one by its key, all, or what the mail is about."""
    if asked == "all":
        return list(opened.subscriptions)
    if asked.isdecimal():
        return list(opened.subscriptions.filter(pk=int(asked[:18])))
    return list(opened.meant)
