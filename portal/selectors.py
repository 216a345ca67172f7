"""What pages ask about the rows of the portal itself."""

from .models import LegalDuty, NewsItem, NewsStatus, ParliamentaryQuestion


def news_for_list(user):
    """Return the news ``user`` may see, the newest first; archived ones keep their page only."""
    return NewsItem.objects.visible_to(user).exclude(status=NewsStatus.ARCHIVED)


def duties():
    """Return the legal duties with their sources."""
    return LegalDuty.objects.public().prefetch_related("sources")


def questions():
    """Return what members of Parliament have asked, with the sources."""
    return ParliamentaryQuestion.objects.public().prefetch_related("sources")
