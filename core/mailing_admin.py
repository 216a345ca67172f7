"""Back office of what stops mails: addresses not written to, mails that came back, limits."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role

from .admin import PortalAdmin
from .models import Bounce, BounceRaw, DomainBudget, Suppression
from .permissions import is_staff
from .posting import suppression as stops
from .posting.addresses import keyed_hash
from .posting.domains import over_the_line
from .workflow import PermissionRefused, TransitionRefused

READERS = (Role.STAFF, Role.ADMINISTRATOR, Role.AUDITOR)
#: How many mails that came back are told of one address.
SHOWN_BOUNCES = 20


class StopForm(forms.ModelForm):
    """An address that is not to be written to: typed once, kept as its keyed hash."""

    address = forms.EmailField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "For example an@example.org. Only its keyed hash is kept: afterwards nobody can read "
            "the address here, but it can be searched for."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "For example “asked by telephone on 3 March”. Kept in the history; write no address "
            "and no name."
        ),
    )

    class Meta:
        model = Suppression
        fields = ("reason", "scope", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reason, scope = self.fields["reason"], self.fields["scope"]
        reason.choices = [(each.value, each.label) for each in stops.BY_HAND]
        scope.initial = Suppression.Scope.MAILINGS
        scope.help_text = _(
            "No mailing: campaigns are not sent. No mail at all: neither are single mails, such "
            "as the link to a new password or the answer to an idea."
        )
        self.fields["until"].help_text = _("Empty: for ever, unless it is lifted.")

    def clean_until(self):
        """Refuse an end that has passed."""
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("This moment has passed. Choose a later one."))
        return until

    def clean(self):
        """Tell beside the address that it is stopped already."""
        data = super().clean()
        if "address" in data and "scope" in data and "until" in data:
            asked = {name: data[name] for name in ("scope", "until")}
            if words := stops.objection(data["address"], **asked):
                self.add_error("address", words)
        return data


class FindForm(forms.Form):
    """Asks for an address, which is compared by its keyed hash."""

    address = forms.EmailField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "For example an@example.org. It is compared by its keyed hash and kept nowhere."
        ),
    )


@admin.register(Suppression)
class SuppressionAdmin(PortalAdmin):
    """Addresses not written to: searched for by address, added by hand, lifted with a reason."""

    form = StopForm
    change_list_template = "admin/core/suppression_change_list.html"
    list_display = ["__str__", "status", "reason", "scope", "at", "until"]
    list_filter = ["status", "reason", "scope"]
    date_hierarchy = "at"
    readers = READERS
    editors = (Role.STAFF,)
    readonly_fields = ["stays"]

    def get_fieldsets(self, request, obj=None):
        """Ask for an address, or show what is known of one."""
        asked = ["address", "reason", "scope", "until", "note"]
        known = ["email_hmac", "status", "reason", "scope", "at", "until", "stays"]
        return [(None, {"fields": asked if obj is None else known})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for a new row only: what is known is read."""
        form = {} if obj is None else {"form": forms.ModelForm}
        return super().get_form(request, obj, change=change, **form, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Leave a new row what the form asks for: its state is not among it."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def has_change_permission(self, request, obj=None):
        """What is known is read; it moves through its buttons."""
        return False

    @admin.display(description=gettext_lazy("can be lifted"))
    def stays(self, suppression):
        """Say why it cannot be lifted, where that is so."""
        return stops.reason_to_stay(suppression) or _("yes, with a reason")

    def save_model(self, request, obj, form, change):
        """Keep the hash of what was typed, through the verb that knows what is there already."""
        values = {name: form.cleaned_data[name] for name in ("reason", "scope", "until", "note")}
        try:
            made = stops.suppress_address(form.cleaned_data["address"], by=request.user, **values)
        except (PermissionRefused, TransitionRefused) as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        obj.pk = made.pk
        obj.refresh_from_db()

    def get_urls(self):
        """Put the search before the page of a row."""
        view = self.admin_site.admin_view(self.find_view)
        return [path("find/", view, name="core_suppression_find"), *super().get_urls()]

    def find_view(self, request):
        """Ask for an address (GET); say what is known of it (POST, so that it is in no address)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FindForm(request.POST if request.method == "POST" else None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Search by address"),
            "opts": self.opts,
            "form": form,
            "lines": [[form["address"]]],
            "back": reverse("admin:core_suppression_changelist"),
            "may_add": self.has_add_permission(request),
        }
        if form.is_valid():
            context |= known_of(form.cleaned_data["address"])
        return render(request, "admin/core/suppression_find.html", context)


def known_of(address: str) -> dict:
    """Return what is known of an address: its suppression, and the mails that came back."""
    bounces = Bounce.objects.filter(email_hmac=keyed_hash(address))
    return {
        "is_answered": True,
        "found": stops.suppression_of(address),
        "bounces": bounces[:SHOWN_BOUNCES],
    }


@admin.register(BounceRaw)
class BounceRawAdmin(PortalAdmin):
    """Mails that came back, as they came: their text is for the staff only."""

    list_display = ["number", "received_at", "state"]
    list_filter = ["state"]
    date_hierarchy = "received_at"
    readers = READERS
    editors = ()

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, raw):
        """Name the mail without a word of it."""
        return raw.pk

    def get_queryset(self, request):
        """Leave the texts in the database where nobody reads them."""
        rows = super().get_queryset(request)
        return rows if is_staff(request.user) else rows.defer("text")

    def get_fieldsets(self, request, obj=None):
        """Show the text to the staff."""
        text = ["text"] if is_staff(request.user) else []
        return [(None, {"fields": ["received_at", "state", *text]})]


@admin.register(Bounce)
class BounceAdmin(PortalAdmin):
    """What mails that came back say, to read."""

    list_display = ["at", "kind", "mailing", "status", "diagnosis"]
    list_filter = ["kind"]
    date_hierarchy = "at"
    fields = ["at", "kind", "mailing", "copy", "status", "diagnosis", "email_hmac", "source"]
    readonly_fields = ["source"]
    readers = READERS
    editors = ()

    @admin.display(description=gettext_lazy("mail that came back"))
    def source(self, bounce):
        """Lead to the mail itself."""
        if bounce.raw_id is None:
            return self.get_empty_value_display()
        url = reverse("admin:core_bounceraw_change", args=[bounce.raw_id])
        return format_html('<a href="{}">{}</a>', url, bounce.raw_id)


class DomainForm(forms.ModelForm):
    """A limit; whoever types a whole address or capitals means the domain."""

    class Meta:
        model = DomainBudget
        fields = ("domain", "per_minute", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "domain" in self.fields:
            self.fields["domain"].validators = []  # what was typed is put in order first

    def clean_domain(self):
        """Return the domain in the letters that go over the line."""
        typed = self.cleaned_data["domain"].strip().lower().rpartition("@")[2]
        return over_the_line(typed)


@admin.register(DomainBudget)
class DomainBudgetAdmin(PortalAdmin):
    """How many mails a minute a domain takes."""

    form = DomainForm
    list_display = ["domain", "per_minute", "note"]
    search_fields = ["domain", "note"]
    readers = READERS
    editors = deleters = (Role.STAFF, Role.ADMINISTRATOR)
