"""The screens of an import: upload, look at the dry run, confirm, fetch what failed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.failed_rows import KINDS
from programme.models import Municipality

from .. import services, spreadsheets
from ..forms import UploadForm
from ..models import Helix, Organisation, RegisterImport
from ..services.import_cells import MESSAGES
from ..services.import_plan import Kind
from ..services.importing import ImportRefused, failed_file
from .screens import know_people, posted, staff_only

#: Rows of each kind on the page; the file with the failed rows holds them all.
SHOWN = 200


class ImportMixin:
    """Organisations from CSV and XLSX: nothing is written before the dry run was confirmed."""

    def screens(self):
        """Add the screens of the import."""
        return [
            *super().screens(),
            ("import/", self.upload_view, "import"),
            ("import/template.<str:kind>", self.template_view, "import_template"),
            ("import/<int:pk>/", self.review_view, "import_review"),
            ("import/<int:pk>/failed.<str:kind>", self.failed_view, "import_failed"),
        ]

    def tools(self, request):
        """Add the way to the import."""
        return [*super().tools(request), (self.address("import"), _("Import a file"))]

    def upload_view(self, request):
        """Take a file and lead to its dry run; list the files of the last thirty days."""
        know_people(request)
        form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
        if request.method == "POST":
            staff_only(request)
            batch = self._start(request, form)
            if batch is not None:
                return redirect(self.address("import_review", batch.pk))
        recent = RegisterImport.objects.visible_to(request.user).filter(purged_at=None)
        return self.show(
            request,
            "import_upload",
            _("Import organisations"),
            form=form,
            columns=spreadsheets.COLUMNS.values(),
            templates=[(k, self.address("import_template", k)) for k in KINDS],
            recent=[
                (each, self.address("import_review", each.pk))
                for each in recent.select_related("by").defer("table", "verdict")[:20]
            ],
        )

    def _start(self, request, form):
        if not form.is_valid():
            return None
        upload = form.cleaned_data["file"]
        if upload.size > spreadsheets.MOST_BYTES:
            form.add_error("file", _("The file is larger than 10 MB. Split it."))
            return None
        try:
            return services.start_import(upload.name, upload.read(), by=request.user)
        except spreadsheets.Unreadable as trouble:
            form.add_error("file", str(trouble))
            return None

    def review_view(self, request, pk):
        """Show what the file would do (GET), do it (POST)."""
        know_people(request)
        batch = get_object_or_404(RegisterImport.objects.visible_to(request.user), pk=pk)
        if request.method == "POST":
            staff_only(request)
            self._confirm(request, batch)
            return redirect(self.address("import_review", batch.pk))
        by_kind = {kind: [row for row in batch.verdict if row["kind"] == kind] for kind in Kind}
        return self.show(
            request,
            "import_review",
            _("Import of “%(file)s”") % {"file": batch.file_name},
            back=(self.address("import"), _("Import organisations")),
            batch=batch,
            counts=[(kind.label, len(rows)) for kind, rows in by_kind.items()],
            new=rows_for_page(by_kind[Kind.NEW]),
            changed=rows_for_page(by_kind[Kind.CHANGED]),
            possible=self._with_similar(rows_for_page(by_kind[Kind.POSSIBLE])),
            faults=faults_for_page(by_kind[Kind.FAULTY]),
            left_out=max(0, max(map(len, by_kind.values())) - SHOWN),
            failed=[(k, self.address("import_failed", batch.pk, k)) for k in KINDS],
            writes=any(by_kind[kind] for kind in (Kind.NEW, Kind.CHANGED, Kind.POSSIBLE)),
        )

    def _with_similar(self, rows):
        keys = {pk for row in rows for pk in row["similar"]}
        known = Organisation.objects.in_bulk(keys)
        for row in rows:
            row["similar"] = [
                (known[pk], self.address("change", pk)) for pk in row["similar"] if pk in known
            ]
        return rows

    def _confirm(self, request, batch):
        try:
            result = services.confirm_import(
                batch, by=request.user, also=request.POST.getlist("also")
            )
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
            return
        messages.success(
            request,
            _("Imported: %(new)s new, %(changed)s changed.")
            % {"new": result["new"], "changed": result["changed"]},
        )
        if result["moved"]:
            messages.warning(
                request,
                _("The register has changed since the dry run. These rows were left: %(rows)s.")
                % {"rows": ", ".join(map(str, result["moved"]))},
            )

    def template_view(self, request, kind):
        """Give the empty table."""
        know_people(request)
        return download(spreadsheets.template, kind, _("organisations"))

    def failed_view(self, request, pk, kind):
        """Give the faulty rows with what is wrong with each."""
        know_people(request)
        batch = get_object_or_404(RegisterImport.objects.visible_to(request.user), pk=pk)
        return download(lambda each: failed_file(batch, each), kind, _("rows-to-mend"))


def download(write, kind, name):
    """Return a file of ``kind``, 404 for another kind."""
    if kind not in KINDS:
        raise Http404
    return HttpResponse(
        write(kind),
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def rows_for_page(rows) -> list[dict]:
    """Return the first rows of one kind with their values and changes, all of it in words."""
    places = {place.pk: str(place) for place in Municipality.objects.all()}
    return [
        {
            **row,
            "values": [
                (label_of(name), in_words(name, value, places))
                for name, value in row["values"].items()
                if value
            ],
            "changes": [
                (label_of(name), *(in_words(name, value, places) for value in pair))
                for name, pair in row["changes"].items()
            ],
        }
        for row in rows[:SHOWN]
    ]


def in_words(column: str, value, places: dict) -> str:
    """Return a stored value as somebody reads it: a code or a key means nothing to people."""
    if not value:
        return ""
    if column in ("helix", "helix_secondary"):
        return str(Helix(value).label)
    return places.get(value, "") if column == "municipality_id" else str(value)


def faults_for_page(rows) -> list[dict]:
    """Return the first faults: line, column, value and message, each in words."""
    faults = [(row, fault) for row in rows for fault in row["faults"]]
    return [
        {
            "line": row["line"],
            "column": label_of(fault["column"]),
            "value": fault["value"],
            "message": MESSAGES[fault["code"]],
        }
        for row, fault in faults[:SHOWN]
    ]


def label_of(column: str):
    """Return the heading of a column of the file or of the table behind it."""
    return spreadsheets.COLUMNS[column.removesuffix("_id") if column != "legal_id" else column]
