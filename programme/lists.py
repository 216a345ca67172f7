"""What the views of every list share: pages of twenty, downloads of the filtered rows."""

from django.http import Http404
from django.shortcuts import render

from core import exports
from core.pages import CappedPaginator, kept_keys

PER_PAGE = 20


def page_of(request, rows, size: int = PER_PAGE, *, whole=None, keep: bool = False, newest=""):
    """Return the page of ``rows`` that the query asks for, or the nearest one.

    Keys are sorted first and the rows of the page fetched after: whole rows, with everything that
    a line names beside them, are slow to sort by the thousand. ``whole`` is the list before the
    filter, where its condition is too dear to be asked once more for the keys that it has found.
    ``keep``: the rows answer a search, dear to ask again for each page (`core.pages.kept_keys`,
    which says what ``newest`` is).
    """
    keys = rows.values_list("pk", flat=True)
    paginator = CappedPaginator(kept_keys(keys, newest=newest) if keep else keys, size)
    page = paginator.get_page(request.GET.get("page"))
    source = rows if whole is None else whole
    page.object_list = list(source.filter(pk__in=list(page.object_list)))
    return page


def listing(request, template: str, filterset, table, **context):
    """Answer with a page of ``filterset``, or with the filtered rows as a file (`?format=`).

    ``table`` (rows, filter in words) returns the `core.exports.Table` of the download.
    """
    file = answer_file(request, lambda: table(filterset.qs, filter_words(filterset)))
    if file:
        return file
    rows = filterset.qs  # first: a filter may say only then what is ``whole``
    page = page_of(request, rows, whole=getattr(filterset, "whole", None))
    return render(
        request,
        template,
        {
            "page_obj": page,
            "filter": filterset,
            "exports": export_links(request),
            **context,
        },
    )


def answer_file(request, table):
    """Return the download of ``table()`` that `?format=` asks for, None where it asks for none."""
    kind = request.GET.get("format")
    if not kind:
        return None
    if kind not in exports.WRITERS:
        raise Http404
    return exports.response(table(), kind)


def export_links(request) -> list[tuple[str, str]]:
    """Return (address, label) of the downloads of the list as it is filtered now."""
    links = []
    for kind in exports.WRITERS:
        query = request.GET.copy()
        query.pop("page", None)
        query["format"] = kind
        links.append((f"?{query.urlencode()}", kind.upper()))
    return links


def filter_words(filterset) -> str:
    """Return the filter as words for the foot of a file: "Theme: Mobility; …"."""
    form = filterset.form
    if not form.is_valid():
        return ""
    chosen = ((form.fields[name], value) for name, value in form.cleaned_data.items())
    parts = [f"{field.label}: {choice_label(field, value)}" for field, value in chosen if value]
    return "; ".join(parts)


def choice_label(field, value) -> str:
    """Return a chosen value as the form shows it."""
    labels = dict(getattr(field, "choices", ()) or ()) if isinstance(value, str) else {}
    return str(labels.get(value, value))
