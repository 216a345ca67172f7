"""Rows of the engine: history and tokens; and the abstract models of the other apps."""

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import history_words
from ..permissions import reads_everything
from ..search import TrilingualSearch


class VisibleQuerySet(TrilingualSearch, models.QuerySet):
    """The only door from a row to a page: `visible_to(user)`."""

    def visible_to(self, user):
        """Return what ``user`` may see: the public states, or everything for the office."""
        if reads_everything(user):
            return self
        return self.public()

    def public(self):
        """Return what anybody may see."""
        states = self.model.PUBLIC_STATES
        return self if states is None else self.filter(status__in=states)


class Demo(models.Model):
    """Content that may be fictitious; then a mark says so wherever it appears."""

    is_demo = models.BooleanField(_("demonstration content"), default=False)

    class Meta:
        abstract = True


class Translated(models.Model):
    """A row with texts in French, Dutch and English, some of them not proof-read yet."""

    #: Languages whose text nobody has proof-read yet; pages say so.
    not_proofread = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES),
        verbose_name=_("not proof-read"),
        default=list,
        blank=True,
    )

    #: Translated fields that must be complete in French and Dutch before anybody sees the row.
    public_fields: tuple[str, ...] = ()
    #: Translated fields that may be empty, but then in both.
    public_optional: tuple[str, ...] = ()
    #: States in which everybody sees the row; None: a row without states, always public.
    PUBLIC_STATES: frozenset | None = None

    class Meta:
        abstract = True


class StatusChange(models.Model):
    """One move of one thing, for people to read. Written by `core.workflow` only, never changed."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, verbose_name=_("kind of thing")
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_("number of the thing"))
    subject = GenericForeignKey("content_type", "object_id")
    transition = models.CharField(_("action"), max_length=60)
    source = models.CharField(_("from"), max_length=40, blank=True)
    target = models.CharField(_("to"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by whom"),
    )
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("history")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="change_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.source} → {self.target}"

    @property
    def states(self):
        """Return the enum of states of the thing that moved, or None."""
        from ..workflow import REGISTRY

        flow = REGISTRY.get(f"{self.content_type.app_label}.{self.content_type.model}")
        return flow.states if flow else None

    @property
    def action_label(self) -> str:
        """Name of the move, in the language of the page."""
        from ..workflow import REGISTRY

        flow = REGISTRY.get(f"{self.content_type.app_label}.{self.content_type.model}")
        step = flow.table.get(self.transition) if flow else None
        return str(
            step.label if step else history_words.MOVES.get(self.transition, self.transition)
        )

    @property
    def source_label(self) -> str:
        """Name of the state before, in the language of the page."""
        return self._label(self.source)

    @property
    def target_label(self) -> str:
        """Name of the state after, in the language of the page."""
        return self._label(self.target)

    def _label(self, code):
        if not code:
            return ""
        return str(self.states(code).label if self.states else history_words.STATES.get(code, code))


class TokenQuerySet(models.QuerySet):
    """Tokens by their life."""

    def alive(self):
        """Return those neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Token(models.Model):
    """A secret link that was sent to somebody. The raw value is in that mail and nowhere else."""

    purpose = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject"], name="token_subject")]

    def __str__(self):
        return f"{self.purpose} · {self.subject}"

    @property
    def subject_pk(self) -> int:
        """Return the primary key of what the token opens."""
        return int(self.subject.rpartition(":")[2])
