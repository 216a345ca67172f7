"""Account pages that allauth does not have."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .forms import LanguageForm


@require_safe
def email_address(request):
    """Say with which address one logs in and who can change it."""
    return render(request, "account/email.html")


def language(request):
    """Let somebody choose in which language the Office writes to them."""
    form = LanguageForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The Office now writes to you in the language you chose."))
        return redirect("account_language")
    return render(request, "account/language.html", {"form": form})
