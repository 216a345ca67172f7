"""The screens on which people decide whether two records are the same, and undo a merge."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.search import LANGUAGES

from .. import services
from ..duplicates import Reason, proposals
from ..forms import NothingForm, PairForm
from ..models import Contact, ContactMerge, Organisation, OrganisationMerge
from ..services.mergeable import FIELDS, group_of, is_empty
from ..services.merging import UNDO_WITHIN, MergeRefused, undo_refusal
from ..services.relations import relations, rows_of
from ..services.verdicts import MODELS
from .screens import know_people, posted, staff_only

SHOWN = 100
MERGES = {
    Organisation: (services.merge_organisations, OrganisationMerge),
    Contact: (services.merge_contacts, ContactMerge),
}


@dataclass(frozen=True)
class Line:
    """One field of two records, side by side."""

    name: str
    label: str
    first: list
    second: list
    is_open: bool

    @property
    def differs(self) -> bool:
        """Tell whether the two say something else."""
        return self.first != self.second


class DuplicatesMixin:
    """Queue of pairs, comparison, merge, "not the same", undo."""

    actions = ["compare_two"]

    def screens(self):
        """Add the screens of duplicates."""
        return [
            *super().screens(),
            ("duplicates/", self.duplicates_view, "duplicates"),
            ("duplicates/<int:first>/<int:second>/", self.compare_view, "compare"),
            ("duplicates/reset/<int:pk>/", require_POST(self.reset_view), "reset"),
            ("merges/<int:pk>/undo/", self.undo_view, "undo"),
        ]

    def tools(self, request):
        """Add the way to the queue."""
        return [
            *super().tools(request),
            (self.address("duplicates"), _("Possible duplicates")),
        ]

    @admin.action(description=gettext_lazy("Compare two and merge them"), permissions=["change"])
    def compare_two(self, request, queryset):
        """Lead to the comparison of the two rows that were ticked."""
        pks = sorted(queryset.values_list("pk", flat=True)[:3])
        if len(pks) == 2:
            return redirect(self.address("compare", *pks))
        self.message_user(request, _("Tick two records to compare."), messages.WARNING)
        return None

    def duplicates_view(self, request):
        """Show the pairs to decide, those found to be two, and the merges."""
        know_people(request)
        pairs = proposals(self.model)
        shown = self._named(pairs[:SHOWN])
        record = MERGES[self.model][1]
        merges = record.objects.select_related("survivor", "merged", "by").order_by("-at")[:SHOWN]
        decided = MODELS[self.model].objects.select_related("first", "second", "by")
        return self.show(
            request,
            "duplicates",
            _("Possible duplicates"),
            pairs=shown,
            total=len(pairs),
            decided=decided.order_by("-at")[:SHOWN],
            merges=[(each, self._may_undo(each)) for each in merges],
            address_of={name: f"admin:{self.screen_name(name)}" for name in URLS},
        )

    def _named(self, pairs):
        keys = {key for pair in pairs for key in (pair.first, pair.second)}
        rows = self.model.objects.in_bulk(keys)
        return [
            {
                "first": rows[pair.first],
                "second": rows[pair.second],
                "score": pair.score,
                "reasons": [Reason(reason).label for reason in pair.reasons],
                "url": self.address("compare", pair.first, pair.second),
            }
            for pair in pairs
        ]

    @staticmethod
    def _may_undo(merge) -> bool:
        return merge.undone_at is None and timezone.now() <= merge.at + UNDO_WITHIN

    def compare_view(self, request, first, second):
        """Show two records side by side; merge them or note that they are two."""
        know_people(request)
        rows = self.model.objects.current().in_bulk([first, second])
        if len(rows) != 2:
            raise Http404
        first, second = rows[first], rows[second]
        form = PairForm(posted(request), first=first, second=second)
        if request.method == "POST":
            staff_only(request)
            answer = self._decide(request, form, first, second)
            if answer is not None:
                return answer
        back = (self.address("duplicates"), _("Possible duplicates"))
        return self.show(
            request,
            "compare",
            _("Are they the same?"),
            back=back,
            first=first,
            second=second,
            form=form,
            lines=self._lines(first, second, form),
            attached=self._attached(first, second),
        )

    def _decide(self, request, form, first, second):
        """Return where to go on, None where the form has to be mended."""
        if "distinct" in request.POST:
            services.mark_distinct(first, second, by=request.user)
            messages.success(request, _("Noted: they are not the same. They are not asked again."))
            return redirect(self.address("duplicates"))
        if not form.is_valid():
            return None
        decision = form.decision()
        try:
            record = MERGES[self.model][0](**decision, by=request.user)
        except MergeRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        self._tell_merge(request, record)
        return redirect(self.address("change", decision["survivor"].pk))

    def _tell_merge(self, request, record):
        words = _("Merged. It can be undone within thirty days, under “Possible duplicates”.")
        messages.success(request, words)
        if record.kept:
            text = _("%(n)s things stay at the merged record, because the other has the same.")
            messages.warning(request, text % {"n": len(record.kept)})

    def _lines(self, first, second, form):
        return [
            Line(
                name,
                str(self.model._meta.get_field(name).verbose_name),
                shown(first, name),
                shown(second, name),
                name in form.open_fields(),
            )
            for name in FIELDS[self.model]
            if not (is_empty(first, name) and is_empty(second, name))
        ]

    def _attached(self, first, second):
        """Return (what, how many at the first, how many at the second), without zeros."""
        found = {}
        for key in relations(self.model):
            name = what_hangs(key, self.model)
            before = found.get(name, (0, 0))
            now = (rows_of(key, first.pk).count(), rows_of(key, second.pk).count())
            found[name] = (before[0] + now[0], before[1] + now[1])
        return [(name, *both) for name, both in sorted(found.items()) if any(both)]

    def reset_view(self, request, pk):
        """Forget that two records are two."""
        staff_only(request)
        services.reset_distinct(get_object_or_404(MODELS[self.model], pk=pk), by=request.user)
        messages.success(request, _("The pair is asked again where the two look alike."))
        return redirect(self.address("duplicates"))

    def undo_view(self, request, pk):
        """Ask, then undo a merge and say what could not be restored; too late is told at once."""
        staff_only(request)
        record = get_object_or_404(
            MERGES[self.model][1].objects.select_related("survivor", "merged"), pk=pk
        )
        too_late = request.method != "POST" and undo_refusal(record)
        if too_late:
            messages.warning(request, too_late)
            return redirect(self.address("duplicates"))

        def act(_data):
            left = services.undo_merge(record, by=request.user)
            if left:
                text = _("These have moved on since and stay as they are now: %(what)s.")
                messages.warning(request, text % {"what": ", ".join(left)})
            return _("The merge was undone.")

        return self.ask(
            request,
            NothingForm(posted(request)),
            act,
            title=_("Undo the merge"),
            button=_("Undo the merge"),
            back=(self.address("duplicates"), _("Possible duplicates")),
            lead=_("“%(merged)s” becomes a record of its own again, beside “%(survivor)s”.")
            % {"merged": record.merged, "survivor": record.survivor},
            refusals=(MergeRefused,),
        )


URLS = ("compare", "reset", "undo")


def what_hangs(key, model) -> str:
    """Name what a foreign key ties to a record; behind a many-to-many it is the other side."""
    owner = key.model
    if owner._meta.auto_created:
        others = [f.related_model for f in owner._meta.fields if f.is_relation and f != key]
        owner = next((other for other in others if other is not model), model)
    return str(owner._meta.verbose_name_plural)


def shown(row, name) -> list[tuple[str, str]]:
    """Return the values of a field as (language or "", words)."""
    if hasattr(row, f"{name}_{LANGUAGES[0]}"):
        values = zip(LANGUAGES, group_of(row, name), strict=True)
        return [(code, value) for code, value in values if value]
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return [("", str(value))] if value else []
