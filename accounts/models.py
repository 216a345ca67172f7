"""The user: an e-mail address, a language and roles."""

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .roles import OFFICE_ROLES, SECOND_FACTOR_ROLES, Role


class UserManager(BaseUserManager):
    """Makes users; addresses are kept in lower case, so that one person has one account."""

    use_in_migrations = True

    def create_user(self, email, password=None, *, roles=(), **fields):
        """Create a user with ``roles`` (codes of `Role`); without password only codes work."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        if roles:
            user.set_roles(roles)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create an administrator for the command line `createsuperuser`."""
        fields |= {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, roles=[Role.ADMINISTRATOR], **fields)

    def get_by_natural_key(self, email):
        """Find a user by address, whatever its case."""
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in. The person in the register is `stakeholders.Contact`."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("enters the back office"), default=False)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_in_lower_case",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the roles this user holds (one query, then kept on the object)."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: str) -> bool:
        """Tell whether the user is active and holds one of ``roles``."""
        return self.is_active and not self.roles.isdisjoint(roles)

    @property
    def needs_second_factor(self) -> bool:
        """Tell whether a role of this user demands a second factor."""
        return self.is_superuser or not self.roles.isdisjoint(SECOND_FACTOR_ROLES)

    def set_roles(self, roles) -> None:
        """Give exactly ``roles``; the door to the back office follows from them."""
        from django.contrib.auth.models import Group

        groups = [Group.objects.get_or_create(name=Role(role))[0] for role in roles]
        self.groups.set(groups)
        self.is_staff = self.is_superuser or not OFFICE_ROLES.isdisjoint(roles)
        self.save(update_fields=["is_staff"])
        self.__dict__.pop("roles", None)
