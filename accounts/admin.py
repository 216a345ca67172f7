"""Back office of the accounts: the administrator invites, gives roles and closes accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import PortalAdmin
from core.selectors import history_of
from core.typography import moment
from core.workflow import TransitionRefused

from . import services
from .forms import InvitationForm, UserForm
from .models import User
from .roles import Role

# Roles are given below, with a reason; secrets of a second factor are nobody's business.
for model in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class RoleFilter(admin.SimpleListFilter):
    """Who holds a role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        """Return every role."""
        return Role.choices

    def queryset(self, request, queryset):
        """Keep the holders of the chosen role."""
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Accounts with their roles. Only the administrator changes them, never the own one."""

    editors = (Role.ADMINISTRATOR,)
    list_display = ["email", "name", "role_names", "language", "is_active", "is_demo"]
    list_filter = [RoleFilter, "is_active", "is_demo"]
    search_fields = ["email", "name"]
    form = UserForm
    add_form = InvitationForm
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "last_login", "is_demo"]}),
        (gettext_lazy("What this person may do"), {"fields": ["roles", "is_active", "reason"]}),
        (gettext_lazy("History"), {"fields": ["changes"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "language", "roles"]})]
    readonly_fields = ["email", "last_login", "is_demo", "changes"]

    def get_queryset(self, request):
        """Fetch the roles of all rows at once."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user):
        """Name the roles."""
        return ", ".join(str(Role(group.name).label) for group in user.groups.all())

    @admin.display(description=gettext_lazy("changes"))
    def changes(self, user):
        """Say who changed what of this account, newest first."""
        rows = history_of(user)[:20]
        return "\n".join(
            f"{moment(row.at)} · {row.action_label} · {row.source_label or row.target_label}"
            f" · {row.by or '—'} · {row.note}"
            for row in rows
        )

    def get_form(self, request, obj=None, **kwargs):
        """Invite with one form, change with another."""
        if obj is None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """An invitation asks less than there is to know later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """The address is typed once, with the invitation."""
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def has_change_permission(self, request, obj=None):
        """Nobody edits the own account here."""
        is_own = obj is not None and obj.pk == request.user.pk
        return not is_own and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Write through the services, which write the history."""
        if change:
            self._change(request, obj, form)
        else:
            self._invite(request, obj, form.cleaned_data)

    def _invite(self, request, obj, data):
        fields = {key: data[key] for key in ("name", "language", "roles")}
        invited = services.invite_user(data["email"], by=request.user, **fields)
        obj.pk = invited.pk
        obj._state.adding = False

    def _change(self, request, obj, form):
        data, by = form.cleaned_data, request.user
        plain = [name for name in ("name", "language") if name in form.changed_data]
        if plain:
            obj.save(update_fields=plain)
        try:
            if "is_active" in form.changed_data:
                services.set_access(obj, is_active=data["is_active"], by=by, reason=data["reason"])
            if "roles" in form.changed_data:
                services.change_roles(obj, data["roles"], by=by, reason=data["reason"])
        except TransitionRefused as refusal:
            messages.error(request, _("Not changed: %(reason)s") % {"reason": refusal})

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: the roles were given by the service."""
