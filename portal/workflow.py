"""The state machine of a news item."""

from django.utils.translation import gettext_lazy as _

from core.permissions import is_office
from core.publication import parity_guard
from core.workflow import Transition, Workflow

from .models import NewsStatus

NEWS = Workflow(
    "portal.NewsItem",
    NewsStatus,
    [
        Transition(
            "publish",
            (NewsStatus.DRAFT,),
            NewsStatus.PUBLISHED,
            is_office,
            _("Publish"),
            guard=parity_guard,
            style="primary",
        ),
        Transition(
            "archive", (NewsStatus.PUBLISHED,), NewsStatus.ARCHIVED, is_office, _("Archive")
        ),
        Transition(
            "restore",
            (NewsStatus.ARCHIVED,),
            NewsStatus.PUBLISHED,
            is_office,
            _("Take out of the archive"),
            guard=parity_guard,
        ),
    ],
)
