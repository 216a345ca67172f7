"""The public ideas as an Atom feed, with the filters of the list.

An entry carries the language of its author and no name: copies of a feed outlive an erasure.
"""

import hashlib
import re
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..following import SavedSearch, saved_search

ENTRIES = 50
#: What XML cannot hold.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: The date of a feed without an entry: it must not change from one reading to the next.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class EntriesInTheirLanguage(Atom1Feed):
    """Atom whose entries say in which language they are written."""

    def item_attributes(self, item):
        """Mark an entry with the language of its author."""
        return {"xml:lang": item["language"]}

    def latest_post_date(self):
        """Return when the newest entry changed."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=NEVER)


class IdeaFeed(Feed):
    """The newest ideas that anybody may see and that fit the filters of the address."""

    feed_type = EntriesInTheirLanguage

    def get_object(self, request):
        """Read the filters of the address; what is unknown chooses nothing."""
        return saved_search(request.GET)

    def title(self, search: SavedSearch) -> str:
        """Name the feed, with its filters in words."""
        name = " · ".join([_("Ideas"), settings.SITE["name"]])
        return f"{name} · {search.words}" if search.words else name

    def subtitle(self, search: SavedSearch) -> str:
        """Say what is in it."""
        return _(
            "What people, associations, universities, firms and administrations propose, "
            "and what became of it."
        )

    def link(self, search: SavedSearch) -> str:
        """Return the address of the same list as a page."""
        return absolute("stakeholders:idea-list", search.query)

    def feed_url(self, search: SavedSearch) -> str:
        """Return the address of the feed itself."""
        return absolute("stakeholders:idea-feed", search.query)

    feed_guid = feed_url

    def author_name(self, search: SavedSearch) -> str:
        """Name the Office for all entries, nobody else."""
        return settings.SITE["name"]

    def items(self, search: SavedSearch):
        """Return the newest ideas that fit."""
        last = Coalesce(Greatest("published_at", "answered_at"), "submitted_at")
        rows = search.ideas().annotate(changed=last)
        return rows[:ENTRIES]

    def item_title(self, item) -> str:
        """Return the title in its author's words."""
        return UNFIT.sub("", item.title)

    def item_description(self, item) -> str:
        """Return the idea as harmless markup."""
        return linebreaks(UNFIT.sub("", item.body), autoescape=True)

    def item_link(self, item) -> str:
        """Return the address of the page."""
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item) -> str:
        """Return the same key in every language and for ever."""
        return item.uuid.urn

    def item_pubdate(self, item):
        """Return when it was published; of an old idea only the sending may be known."""
        return item.published_at or item.submitted_at

    def item_updateddate(self, item):
        """Return when it was published or answered."""
        return item.changed

    def item_categories(self, item) -> list[str]:
        """Return the theme and the state."""
        return [str(item.theme), str(item.get_status_display())]

    def item_extra_kwargs(self, item) -> dict:
        """Return the language of the author."""
        return {"language": item.language}


def absolute(name: str, query: str) -> str:
    """Return an absolute address with a query string."""
    address = settings.SITE_URL + reverse(name)
    return f"{address}?{query}" if query else address


@login_not_required
@require_safe
def idea_feed(request):
    """Give the feed, or 304 to a reader that has it already.

    Only the ETag decides: an idea that was taken off makes the newest date older, not newer.
    """
    response = IdeaFeed()(request)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return get_conditional_response(request, etag=etag, response=response)
