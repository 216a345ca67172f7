"""The one way to a file of an idea: as a download."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.uploads import TYPES

from ..models import IdeaAttachment

#: What a browser that opens the file all the same may do with it: nothing.
SEALED = "default-src 'none'; frame-ancestors 'none'; sandbox"


@login_not_required
@never_cache
@require_safe
def idea_file(request, pk):
    """Give a file to whoever may have it; for everybody else there is none."""
    row = get_object_or_404(IdeaAttachment.objects.visible_to(request.user), pk=pk)
    try:
        file = default_storage.open(row.path)
    except FileNotFoundError as error:
        raise Http404 from error
    mime = TYPES[row.kind][0]
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SEALED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
