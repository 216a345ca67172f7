"""Account pages that allauth does not have."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def email_address(request):
    """Say with which address one logs in and who can change it."""
    return render(request, "account/email.html")
