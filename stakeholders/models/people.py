"""People: one row each, whatever their roles."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.permissions import has_role

from .organisations import Organisation

#: Who may know people: the office that works with them, and those who check it afterwards.
KNOW_PEOPLE = has_role(Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR)


class LegalBasis(models.TextChoices):
    """Why the Office may keep a person in its register (GDPR, article 6)."""

    PUBLIC_TASK = "public_task", _("task in the public interest (art. 6.1.e)")
    CONSENT = "consent", _("consent of the person (art. 6.1.a)")
    CONTRACT = "contract", _("contract (art. 6.1.b)")
    LEGAL_DUTY = "legal_duty", _("legal duty (art. 6.1.c)")


class ContactQuerySet(models.QuerySet):
    """People by who may know them. Nobody of the public ever sees a row."""

    def visible_to(self, user):
        """Return everybody for the office and its auditors, else the own row only."""
        if KNOW_PEOPLE(user):
            return self
        if getattr(user, "pk", None) is None:
            return self.none()
        return self.filter(user=user)

    def current(self):
        """Return those who were neither erased nor merged into another."""
        return self.filter(erased_at=None, merged_into=None)


class Contact(models.Model):
    """One person, whatever the role: contributor, juror, board member, subscriber."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact",
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    legal_basis = models.CharField(
        _("legal basis"), max_length=12, choices=LegalBasis, default=LegalBasis.CONSENT
    )
    do_not_contact = models.BooleanField(
        _("not to be contacted"),
        default=False,
        help_text=_("No invitation and no campaign; what the person asked for is still answered."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    retention_review_on = models.DateField(_("review of retention"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    is_demo = models.BooleanField(_("demonstration content"), default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="contact_one_per_address",
                condition=~Q(email=""),
            ),
            models.CheckConstraint(
                condition=Q(legal_basis__in=LegalBasis.values), name="contact_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", email="", phone="", user=None),
                name="contact_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="contact_not_merged_into_itself",
            ),
        ]

    def __str__(self):
        return self.name or self.email or str(_("author removed"))


class AffiliationQuerySet(models.QuerySet):
    """Who works where, by who may know and by day."""

    def visible_to(self, user):
        """Return the affiliations of the people that ``user`` may know."""
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def on(self, day):
        """Return those that ran on ``day``."""
        running = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(running, starts_on__lte=day)


class Affiliation(models.Model):
    """A person's role in an organisation, with its dates. It is closed, never overwritten."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="affiliations",
    )
    role = models.CharField(_("role"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main one"), default=True)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="affiliation_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.UniqueConstraint(
                fields=["contact", "organisation", "role"],
                condition=Q(ends_on=None),
                name="affiliation_open_once",
                violation_error_message=_("This person already has this role there."),
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(ends_on=None, is_main=True),
                name="affiliation_one_main",
                violation_error_message=_("Close the other main affiliation of this person first."),
            ),
        ]

    def __str__(self):
        return f"{self.contact} · {self.organisation}"
