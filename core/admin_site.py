"""The back office: Django's admin with our landing page, menu by work package and login."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from . import slots
from .queues import queues_of
from .selectors import parity

#: The menu: what belongs together, by app. An app that is not named comes last.
CHAPTERS = (
    (_("1 · Stakeholders, ideas, campaigns"), ("stakeholders", "campaigns")),
    (_("2 · Workshops, sheets, jury"), ("workshops", "projects")),
    (_("3 · Governance"), ("governance",)),
    (_("4 · Indicators"), ("kpi",)),
    (_("5 · Roadmap"), ("roadmap",)),
    (_("6 · Standards and compliance"), ("standards", "compliance")),
    (_("Programme and pages"), ("programme", "portal")),
    (_("People and accounts"), ("accounts", "account", "auth", "mfa")),
    (_("History and mails"), ("core",)),
)

#: Sentences of Django that our catalogues word better: "Ajouter un objet …" fits no French noun.
REWORDED = (gettext_noop("Add another %(verbose_name)s"), gettext_noop("Add %(name)s"))


class PortalAdminSite(AdminSite):
    """Landing page with what waits, since when, for whom (slot `office.queues`)."""

    site_title = _("Back office")
    site_header = "Smart City Office"
    index_title = _("What waits for you")
    index_template = "admin/landing.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A password at /admin/login/ would go round the second factor.
        self.login = secure_admin_login(self.login)

    def get_urls(self):
        """Put our own way to the page of a row before Django's."""
        route = "r/<path:content_type_id>/<path:object_id>/"
        return [
            path(route, self.admin_view(self.page_of_row), name="view_on_site"),
            *super().get_urls(),
        ]

    def page_of_row(self, request, content_type_id, object_id):
        """Lead to the page of a row that one may see here; whether others exist is not told."""
        kind = None
        if content_type_id.isdecimal():
            kind = ContentType.objects.filter(pk=content_type_id).first()
        keeper = kind and self._registry.get(kind.model_class())
        if not keeper or not keeper.has_view_permission(request):
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def each_context(self, request):
        """Add the menu by work package."""
        context = super().each_context(request)
        pages = slots.collect("office.pages", request.user)
        return context | {"chapters": chapters(with_pages(context["available_apps"], pages))}

    def index(self, request, extra_context=None):
        """Show the queues that concern this user and how the two languages stand."""
        queues = queues_of(request.user)
        context = {
            "queues": queues,
            "waiting": sum(queue.total or len(queue.rows) for queue in queues),
            "parity": [(each, changelist_of(each.model)) for each in parity() if each.one_sided],
            **(extra_context or {}),
        }
        return super().index(request, context)


def with_pages(apps: list[dict], answers: list[dict]) -> list[dict]:
    """Return ``apps`` with the working pages of slot `office.pages` before their models.

    An answer is {"app": label, "pages": [(name, address), …]}.
    """
    found = [{**app, "models": list(app["models"])} for app in apps]
    by_label = {app["app_label"]: app for app in found}
    for answer in answers:
        if app := by_label.get(answer["app"]):
            pages = [{"name": name, "admin_url": url} for name, url in answer["pages"]]
            app["models"] = pages + app["models"]
    return found


def chapters(apps: list[dict]) -> list[tuple[str, list[dict]]]:
    """Return the menu, [(title, models)], with what this user may see, by volet."""
    by_label = {app["app_label"]: app["models"] for app in apps}
    found = [
        (title, [model for label in labels for model in by_label.pop(label, [])])
        for title, labels in CHAPTERS
    ]
    found.append((_("Other"), [model for models in by_label.values() for model in models]))
    return [(title, models) for title, models in found if models]


def changelist_of(model) -> str:
    """Return the address of the list of ``model`` in the back office, "" where it has none."""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    except NoReverseMatch:
        return ""
