"""The verbs of a news item: each moves it through one transition."""

from django.utils import timezone

from .models import NewsItem
from .workflow import NEWS


@NEWS.verb("publish")
def publish_news(item: NewsItem, *, by, note: str = ""):
    """Show ``item`` to everybody, dated today; refused until French and Dutch are complete."""
    return NEWS.apply(item, "publish", by=by, note=note, published_on=timezone.localdate())


@NEWS.verb("archive")
def archive_news(item: NewsItem, *, by, note: str = ""):
    """Take ``item`` off the list of news; its page stays and says that it is archived."""
    return NEWS.apply(item, "archive", by=by, note=note)


@NEWS.verb("restore")
def restore_news(item: NewsItem, *, by, note: str = ""):
    """Put an archived item back on the list, under the date of its first publication."""
    return NEWS.apply(item, "restore", by=by, note=note)
