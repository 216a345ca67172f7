"""What the register's own screens of the back office share."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse

from core.permissions import is_staff

from ..models import KNOW_PEOPLE


class ScreensMixin:
    """Addresses, frame and permissions of screens beside the list and the form of a model."""

    change_list_template = "admin/stakeholders/register_change_list.html"
    change_form_template = "admin/stakeholders/register_change_form.html"

    def screens(self) -> list[tuple]:
        """Return [(address below the model's, view, name)]."""
        return []

    def tools(self, request) -> list[tuple]:
        """Return [(address, label)] of the buttons above the list."""
        return []

    def row_tools(self, request, obj) -> list[tuple]:
        """Return [(address, label, style)] of the buttons on the page of a row."""
        return []

    def get_urls(self):
        """Put the screens before the page of a row."""
        own = [
            path(route, self.admin_site.admin_view(view), name=self.screen_name(name))
            for route, view, name in self.screens()
        ]
        return [*own, *super().get_urls()]

    def screen_name(self, name):
        """Return the name of an address: `stakeholders_organisation_<name>`."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def address(self, name, *args) -> str:
        """Return the address of a screen, or of a page of the stock admin."""
        return reverse(f"admin:{self.screen_name(name)}", args=args)

    def show(self, request, template, title, back=None, **context):
        """Render a screen inside the back office; ``back`` is (address, words) of the crumb."""
        frame = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "may_change": is_staff(request.user),
            "list_url": self.address("changelist"),
            "back": back,
        }
        return render(request, f"admin/stakeholders/{template}.html", {**frame, **context})

    def ask(self, request, form, act, *, title, button, back, lead="", refusals=()):
        """Show ``form`` (GET) or run ``act`` on its data (POST); what is refused stands in it."""
        if request.method == "POST" and form.is_valid():
            try:
                words = act(form.cleaned_data)
            except refusals as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, words)
                return redirect(back[0])
        return self.show(request, "ask", title, back=back, form=form, button=button, lead=lead)

    def changelist_view(self, request, extra_context=None):
        """Add the buttons above the list."""
        return super().changelist_view(
            request, {**(extra_context or {}), "tools": self.tools(request)}
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Lead from a merged record to the one that stayed; add the buttons of the row."""
        row = self.model._base_manager.filter(pk=object_id).first() if object_id.isdigit() else None
        if row is not None and row.merged_into_id and self.has_view_permission(request, row):
            return redirect(self.address("change", row.merged_into_id))
        context = {"row_tools": self.row_tools(request, row) if row else []}
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **context}
        )

    def get_queryset(self, request):
        """Leave merged records out: their survivor stands for them."""
        return super().get_queryset(request).filter(merged_into=None)


def know_people(request):
    """Refuse whoever may not know the people and the notes of the register."""
    if not KNOW_PEOPLE(request.user):
        raise PermissionDenied


def staff_only(request):
    """Refuse whoever does not keep the register."""
    if not is_staff(request.user):
        raise PermissionDenied


def posted(request):
    """Return what was sent, None where a form is only shown (an empty answer is an answer)."""
    return request.POST if request.method == "POST" else None
