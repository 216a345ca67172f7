"""The form to print and fill in by hand."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.search import current_language

from .. import papers


@login_not_required
@require_safe
def idea_blank(request):
    """Give the blank form in the language of the address."""
    content = papers.blank_form(current_language())
    response = HttpResponse(content, content_type="application/pdf")
    name = slugify(_("Idea form"))
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
