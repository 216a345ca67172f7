"""Asking to be told by mail when something happens to a figure."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stakeholders.models import Followed
from stakeholders.views.following import ask

from ..selectors import published


@login_not_required
@never_cache
def indicator_follow(request, code):
    """Take a wish to be told of new figures; nothing is sent before it is confirmed.

    A retired indicator gets no figure any more, so there is nothing to follow: 404.
    """
    indicator = get_object_or_404(published(), code=code)
    trail = [
        (reverse("kpi:indicator-list"), _("Indicators")),
        (indicator.get_absolute_url(), str(indicator)),
    ]
    context = {"indicator": indicator, "trail": trail}
    return ask(request, Followed.INDICATOR, indicator.code, context, "kpi/indicator_follow.html")
