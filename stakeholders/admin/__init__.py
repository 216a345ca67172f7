"""The register, the moderation of ideas and the subscriptions in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.admin import PortalAdmin, RoleAdmin, TranslatedAdmin
from core.permissions import is_staff

from .. import clock, services
from ..forms import RegisterForm
from ..models import (
    ConsentEvent,
    Idea,
    IdeaQuestion,
    Interaction,
    Organisation,
    StakeholderAssessment,
    Submission,
    Subscription,
    Topic,
)
from .attachments import AttachmentInline, IdeaAttachmentAdmin
from .bulk import BulkMixin
from .contributors import ContributorsDownloadAdmin, ContributorsMixin
from .desk import DeskMixin
from .desk_lists import AssignmentAdmin, IdeaNoteAdmin, IdeaReportAdmin, MessageTemplateAdmin
from .edits import IdeaEditAdmin
from .letters import LetterMixin, TrackingLetterAdmin
from .meetings import BilateralMeetingAdmin, CommitmentAdmin, InteractionAdmin
from .pairs import SimilarityPairAdmin
from .register import ContactAdmin, OrganisationAdmin
from .splitting import SplitMixin
from .statements import (
    AnswerFeedbackAdmin,
    DecisionInline,
    OfficialStatementAdmin,
    StatementInline,
    StatementMixin,
)

__all__ = [
    "AnswerFeedbackAdmin",
    "AssignmentAdmin",
    "BilateralMeetingAdmin",
    "CommitmentAdmin",
    "ContactAdmin",
    "ContributorsDownloadAdmin",
    "IdeaAttachmentAdmin",
    "IdeaEditAdmin",
    "IdeaNoteAdmin",
    "IdeaReportAdmin",
    "InteractionAdmin",
    "MessageTemplateAdmin",
    "OfficialStatementAdmin",
    "OrganisationAdmin",
    "SimilarityPairAdmin",
    "TrackingLetterAdmin",
]

AUDIT = (Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


class SubmissionInline(admin.TabularInline):
    """Who contributed; entered by the form, the desk or a merge, never typed here."""

    model = Submission
    fk_name = "idea"
    extra = 0
    can_delete = False
    fields = readonly_fields = ["contact", "channel", "language", "email_verified_at", "notify"]

    def has_view_permission(self, request, obj=None):
        """Show contributors to the staff only."""
        return request.user.has_role(*AUDIT)

    def has_add_permission(self, request, obj=None):
        """Nobody adds one here."""
        return False


class QuestionInline(admin.StackedInline):
    """What was asked of the contributors, and their replies."""

    model = IdeaQuestion
    extra = 0
    can_delete = False
    fields = readonly_fields = ["text", "asked_at", "reply", "replied_at"]

    def has_view_permission(self, request, obj=None):
        """Show questions to the staff only."""
        return request.user.has_role(*AUDIT)

    def has_add_permission(self, request, obj=None):
        """Questions are asked by the button."""
        return False


WORDS = [
    *("reference", "title", "body", "expected_benefit", "language"),
    *("submitter_type", "organisation_claimed", "display", "display_text"),
]
DATES = ["submitted_at", "received_at", "published_at", "answered_at", "duplicate_of", "split_from"]

CLOSING = ["closing_reason", "withdrawal_words", "public_note", "instead"]


@admin.register(Idea)
class IdeaAdmin(
    *(DeskMixin, ContributorsMixin, BulkMixin, StatementMixin, LetterMixin, SplitMixin),
    TranslatedAdmin,
):
    """Ideas: the author's words are read, what the Office says is written beside them."""

    list_display = [
        *("reference", "title", "language", "theme", "status", "outcome", "submitted_at"),
    ]
    list_filter = ["status", "outcome", "theme", "language", "municipality"]
    list_select_related = ["theme"]
    search_fields = ["reference", "title", "body"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "submitted_at"
    inlines = [
        *(SubmissionInline, AttachmentInline, QuestionInline),
        *(DecisionInline, StatementInline),
    ]
    readonly_fields = [
        *WORDS,
        *DATES,
        *("outcome", "answer_fr", "answer_nl", "answer_en"),
        *("closing_reason", "withdrawal_words", "answer_due_on"),
    ]
    fieldsets = [
        (_("The author’s words"), {"fields": WORDS}),
        (
            _("Filed under"),
            {"fields": ["theme", "workstream", "municipality", "helix", "organisation"]},
        ),
        (_("What the Office adds"), {"fields": ["staff_summary"]}),
        (_("Official answer"), {"fields": ["outcome", "answer"]}),
        (_("How it ended"), {"fields": CLOSING}),
        (_("Dates"), {"fields": [*DATES, "answer_due_on"]}),
    ]

    def has_add_permission(self, request):
        """Staff enter what came on paper, by phone or at the desk."""
        return is_staff(request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for a new idea as the desk asks for it, with its contributor and the channel."""
        if obj is None:
            return RegisterForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Show all of the desk's form at once."""
        if obj is None:
            return [(title, {"fields": fields}) for title, fields in RegisterForm.PARTS]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """What the author wrote is read only, except while it is copied from paper."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def get_inlines(self, request, obj):
        """Leave contributors and questions out of the empty form."""
        return super().get_inlines(request, obj) if obj else []

    def render_change_form(self, request, context, *args, **kwargs):
        """Leave out what an answer lacks: it is written as a statement, which says so."""
        response = super().render_change_form(request, context, *args, **kwargs)
        response.context_data.pop("missing_texts", None)
        return response

    @admin.display(description=_("answer due on"))
    def answer_due_on(self, idea):
        """Return until when the Office has to answer, and whether the clock stands still."""
        return clock.office_words(clock.look_up(idea))

    def save_model(self, request, obj, form, change):
        """Register a new idea through its service, which records the channel.

        An idea that is filed elsewhere may be the same as others there.
        """
        if change:
            super().save_model(request, obj, form, change)
            services.look_again(obj, form.changed_data)
            return
        data = form.cleaned_data
        self._set_origin(request, obj)
        services.register_idea(
            obj,
            by=request.user,
            channel=data["channel"],
            email=data["email"],
            name=data["name"],
            notify=data["notify"],
            attached=form.attached(),
        )
        if not data["email"]:
            self.offer_letter(request, obj)

    @staticmethod
    def _set_origin(request, idea):
        """Link an idea that was raised in an exchange to it, and to the organisation met there."""
        exchange, organisation = request.GET.get("raised_in"), request.GET.get("organisation")
        if exchange and exchange.isdigit():
            idea.raised_in = Interaction.objects.filter(pk=exchange).first()
        if idea.raised_in and organisation and organisation.isdigit():
            idea.organisation = Organisation.objects.filter(pk=organisation).first()


@admin.register(StakeholderAssessment)
class AssessmentAdmin(RoleAdmin):
    """How the Office saw its stakeholders, to read; a new one is written beside the back office."""

    list_display = [
        *("organisation", "influence", "interest", "engagement_current", "engagement_desired"),
        *("assessed_on", "assessed_by"),
    ]
    list_filter = ["influence", "interest", "organisation__helix", "is_demo"]
    list_select_related = ["organisation", "assessed_by"]
    search_fields = ["organisation__name_fr", "organisation__name_nl"]
    date_hierarchy = "assessed_on"
    readers = AUDIT
    editors = ()


@admin.register(Topic)
class TopicAdmin(TranslatedAdmin):
    """What one can subscribe to."""

    list_display = ["name", "is_open", "is_demo"]
    prepopulated_fields = {"slug": ["name_fr"]}
    search_fields = ["name_fr", "name_nl"]


@admin.register(Subscription)
class SubscriptionAdmin(PortalAdmin):
    """Who asked for what; begun and ended by the person, not here."""

    list_display = [
        *("contact", "kind", "topic", "target", "language", "status", "confirmed_at", "ended_at"),
    ]
    list_filter = ["status", "kind", "topic", "language"]
    list_select_related = ["contact", "topic"]
    readers = AUDIT
    editors = ()


@admin.register(ConsentEvent)
class ConsentEventAdmin(RoleAdmin):
    """The ledger of consent, to read."""

    list_display = ["at", "event", "kind", "topic", "target", "wording_version", "language"]
    list_filter = ["event", "kind", "topic"]
    list_select_related = ["topic"]
    readers = AUDIT
    editors = ()
