"""The screens that erase people: one by one, or those whom nothing keeps any more."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.permissions import is_administrator, is_staff

from .. import services
from ..forms import NothingForm
from ..services.erasing import ErasureRefused
from ..services.retention import CLASSES, NEWCOMER_MONTHS, due_contacts, ties_of
from .screens import know_people, posted, staff_only

SHOWN = 500


class RetentionMixin:
    """Dry run of the retention, its execution, and the erasure of one person."""

    def screens(self):
        """Add the screens of retention and erasure."""
        return [
            *super().screens(),
            ("retention/", self.retention_view, "retention"),
            ("<int:pk>/erase/", self.erase_view, "erase"),
        ]

    def tools(self, request):
        """Add the way to the retention."""
        return [*super().tools(request), (self.address("retention"), _("Retention"))]

    def row_tools(self, request, obj):
        """Add the button that erases."""
        tools = super().row_tools(request, obj)
        if not is_staff(request.user) or obj.erased_at:
            return tools
        return [*tools, (self.address("erase", obj.pk), _("Erase this person"), "danger")]

    def retention_view(self, request):
        """List who would be erased (GET); erase exactly those listed (POST)."""
        know_people(request)
        may_run = is_staff(request.user) or is_administrator(request.user)
        if request.method == "POST":
            if not may_run:
                staff_only(request)
            listed = [int(pk) for pk in request.POST.getlist("listed") if pk.isdigit()]
            self._tell_run(request, *services.run_retention(listed, by=request.user))
            return redirect(self.address("retention"))
        due = due_contacts()
        return self.show(
            request,
            "retention",
            _("Retention of personal data"),
            classes=CLASSES,
            newcomer_months=NEWCOMER_MONTHS,
            may_run=may_run,
            total=due.count(),
            people=[(person, ties_of(person)) for person in due[:SHOWN]],
            shown=SHOWN,
        )

    def _tell_run(self, request, erased, kept):
        words = ngettext("%(n)s person was erased.", "%(n)s people were erased.", erased)
        messages.success(request, words % {"n": erased})
        if kept:
            text = ngettext(
                "%(n)s person is kept: something has come up since the list was made.",
                "%(n)s people are kept: something has come up since the list was made.",
                len(kept),
            )
            messages.warning(request, text % {"n": len(kept)})

    def erase_view(self, request, pk):
        """Ask, then erase one person for good."""
        staff_only(request)
        person = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        if person.erased_at:
            raise Http404

        def act(_data):
            services.erase_contact(person, by=request.user)
            return _("The person was erased.")

        return self.ask(
            request,
            NothingForm(posted(request)),
            act,
            title=_("Erase this person"),
            button=_("Erase for good"),
            back=(self.address("change", pk), str(person)),
            lead=_(
                "Name, addresses, contributions, subscriptions and affiliations go and cannot be "
                "brought back. Ideas, exchanges and commitments stay and name nobody."
            ),
            refusals=(ErasureRefused,),
        )
