"""The screen that prints a secret link for whoever has no e-mail address."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.roles import Role
from core.admin import RoleAdmin
from core.permissions import is_staff
from core.workflow import PermissionRefused, TransitionRefused

from .. import papers, selectors, services
from ..forms import LetterForm
from ..models import TrackingLetter
from ..permissions import is_contributor
from .screens import posted


@admin.register(TrackingLetter)
class TrackingLetterAdmin(RoleAdmin):
    """Who printed a secret link, when and why, to read; never the link."""

    list_display = ["submission", "at", "by", "replaces"]
    list_filter = ["replaces"]
    list_select_related = ["submission__contact", "submission__idea", "by"]
    date_hierarchy = "at"
    readers = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)
    editors = ()


class LetterMixin:
    """Adds the letter to the page of an idea."""

    def get_urls(self):
        """Put the screen before the page of a row."""
        view = self.admin_site.admin_view(self.letter_view)
        own = path("<int:pk>/letter/", view, name="stakeholders_idea_letter")
        return [own, *super().get_urls()]

    def offer_letter(self, request, idea):
        """Say what comes next for whoever has no e-mail address."""
        url = reverse("admin:stakeholders_idea_letter", args=[idea.pk])
        words = _("Without an e-mail address the secret link goes on paper:")
        link = format_html('<a href="{}">{}</a>', url, _("Letter with the secret link"))
        messages.info(request, format_html("{} {}", words, link))

    def letter_view(self, request, pk):
        """Ask (GET), then give the letter as PDF (POST); a lost link dies with the new one."""
        idea = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        if not is_staff(request.user) or is_contributor(request.user, idea):
            raise PermissionDenied
        submission = selectors.on_paper(idea)
        if submission is None:
            raise Http404
        replaces = submission.letters.exists()
        form = LetterForm(posted(request), submission=submission, replaces=replaces)
        if request.method == "POST" and form.is_valid():
            letter = self._letter(request, submission, form)
            if letter:
                return letter
        return self._ask_letter(request, idea, form, replaces)

    def _letter(self, request, submission, form) -> HttpResponse | None:
        """Return the printed letter, None where it is refused and the form says why."""
        data = form.cleaned_data
        try:
            raw = services.give_letter(submission, by=request.user, reason=data.get("reason", ""))
        except PermissionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        content = papers.tracking_letter(
            submission, raw, language=data["language"], address=data["address"]
        )
        response = HttpResponse(content, content_type="application/pdf")
        name = f"{submission.idea.reference}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    def _ask_letter(self, request, idea, form, replaces):
        title = _("Replace a lost link") if replaces else _("Letter with the secret link")
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "may_change": True,
            "list_url": reverse("admin:stakeholders_idea_changelist"),
            "back": (reverse("admin:stakeholders_idea_change", args=[idea.pk]), str(idea)),
            "form": form,
            "button": _("Cancel the old link and print a new one") if replaces else _("Print"),
            "lead": _lead(replaces),
        }
        return render(request, "admin/stakeholders/ask.html", context)


def _lead(replaces) -> str:
    if replaces:
        return _(
            "A letter was printed before. The new one cancels every link of this contributor: "
            "check first who asks."
        )
    return _("The letter carries reference and secret link. It is printed once: nobody keeps it.")
