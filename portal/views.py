"""Pages that speak of everything."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.licences import OWN
from core.queues import queues_of
from core.selectors import history_of
from kpi.selectors import home_cards
from programme import selectors as programme_selectors
from programme.lists import listing
from stakeholders.models import Idea

from . import home as home_page
from . import selectors
from .api_page import endpoints
from .desk import landing, tasks_of
from .filters import JourneyFilter, NewsFilter, QuestionFilter
from .journeys import ideas_by_reach, journey_of
from .language import known_language
from .models import NewsItem
from .open_data import api_trail, catalogue_links, datasets, figures_by_framework
from .search import find_by_reference, search_groups
from .sitemaps import parts
from .tables import journey_table, news_table, question_table


@login_not_required
@require_safe
def choose_language(request):
    """Send the visitor to the home page in a language that is known, or ask which one."""
    language = known_language(request)
    if language:
        response = redirect(f"/{language}/")
    else:
        response = render(request, "portal/choose_language.html")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@login_not_required
@require_safe
def favicon(request):
    """Lead to the mark of the portal: browsers ask here beside a file, a feed or a PDF."""
    return redirect(static("img/mark.svg"))


@login_not_required
@require_safe
def robots(request):
    """Tell programs that read the portal where its pages are listed, and what is not for them."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap_index(request):
    """List the parts of the list of public pages."""
    return sitemaps.index(request, parts(), sitemap_url_name="sitemap-part")


@login_not_required
@require_safe
def sitemap_part(request, section):
    """List the public pages of one kind in one language."""
    return sitemaps.sitemap(request, parts(), section)


@login_not_required
def home(request):
    """Say what this is, and where the whole chain stands today."""
    context = {
        "chain": home_page.chain(),
        "volets": programme_selectors.volets(),
        "workshops": home_page.next_workshops(request.user),
        "decisions": home_page.latest_decisions(request.user),
        "cards": home_cards(3),
        "today": timezone.localdate(),
    }
    return render(request, "portal/home.html", context)


@login_not_required
def programme(request):
    """Show planned, published and recorded of each deliverable, and how it all came about."""
    context = {
        "volets": programme_selectors.volets(),
        "contract": programme_selectors.contract(),
        "objectives": programme_selectors.objectives(),
        "timeline": programme_selectors.timeline(),
        "today": timezone.localdate(),
    }
    return render(request, "portal/programme.html", context)


@login_not_required
def journeys(request):
    """List the ideas, those that came furthest first."""
    filterset = JourneyFilter(request.GET, ideas_by_reach(request.user), request=request)
    return listing(request, "portal/journeys.html", filterset, journey_table)


@login_not_required
def journey(request, reference):
    """Show everything that came of one idea, and where it ended."""
    ideas = Idea.objects.visible_to(request.user).select_related("theme", "municipality")
    idea = get_object_or_404(ideas.filter(reference__isnull=False), reference=reference)
    return render(request, "portal/journey.html", {"journey": journey_of(idea, request.user)})


@login_not_required
def search(request):
    """Search across everything; an exact reference leads straight to its page."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if not query:
        return render(request, "portal/search.html", {"query": ""})
    found = find_by_reference(query, request.user)
    if found:
        return redirect(found)
    groups = search_groups(query, request.user)
    total = sum(group["total"] for group in groups)
    return render(request, "portal/search.html", {"query": query, "groups": groups, "total": total})


@login_not_required
def news(request):
    """List the news."""
    filterset = NewsFilter(request.GET, selectors.news_for_list(request.user))
    return listing(request, "portal/news.html", filterset, news_table)


@login_not_required
def news_detail(request, slug):
    """Show one news item; an archived one says so."""
    item = get_object_or_404(NewsItem.objects.visible_to(request.user), slug=slug)
    return render(request, "portal/news_detail.html", {"item": item, "changes": history_of(item)})


@login_not_required
def questions(request):
    """Show what members of Parliament have asked, and where the portal answers it."""
    filterset = QuestionFilter(request.GET, selectors.questions())
    return listing(request, "portal/questions.html", filterset, question_table)


@login_not_required
def transparency(request):
    """Show the contract, the legal duties and the list of sources."""
    context = {
        "contract": programme_selectors.contract(),
        "duties": selectors.duties(),
        "sources": programme_selectors.sources(),
    }
    return render(request, "portal/transparency.html", context)


@login_not_required
def open_data(request):
    """List everything that can be taken away."""
    context = {
        "datasets": datasets(),
        "frameworks": figures_by_framework(),
        "catalogue": catalogue_links(),
        "licence": OWN.name,
        "licence_url": OWN.url,
    }
    return render(request, "portal/open_data.html", context)


@login_not_required
def api(request):
    """Show how programs ask for indicators and figures."""
    return render(request, "portal/api.html", {"endpoints": endpoints(), "trail": api_trail()})


@login_not_required
def accessibility(request):
    """Show the accessibility statement."""
    return render(request, "portal/accessibility.html")


@login_not_required
def privacy(request):
    """Say what is kept, for what and how long."""
    return render(request, "portal/privacy.html")


@login_not_required
def my_data(request):
    """Say how one sees, corrects and erases one's own data."""
    return render(request, "portal/my_data.html")


@login_not_required
def contact(request):
    """Show desk, phone, post and mail; ``about`` is the page on which an error is reported."""
    about = request.GET.get("about", "")[:500]
    about = about if about.startswith("/") and not about.startswith("//") else ""
    return render(request, "portal/contact.html", {"about": about})


def desk(request):
    """Send each role to its work after login, or say what waits for it, since when, until when."""
    address = landing(request.user)
    if address:
        return redirect(address)
    queues = queues_of(request.user)
    context = {
        "tasks": tasks_of(request.user),
        "queues": queues,
        "waiting": sum(queue.total or len(queue.rows) for queue in queues),
    }
    return render(request, "portal/desk.html", context)
