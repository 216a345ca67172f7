"""What a campaign shows beside its text: blocks in an order, and pictures of our own."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Demo, Translated
from core.permissions import reads_everything
from core.publication import REQUIRED, bilingual

from .block_kinds import BLOCK_TEXTS, NEEDED, BlockKind
from .campaigns import Campaign

#: A picture goes along with every single mail, so it is small.
PICTURE_MOST_BYTES = 120_000
PICTURE_WIDTH = 1120
#: Its kinds: content type and ending.
PICTURE_TYPES = {"jpeg": "image/jpeg", "png": "image/png"}


class PictureQuerySet(models.QuerySet):
    """Pictures by who may see them."""

    def visible_to(self, user):
        """Return all for whoever reads unpublished rows, else those of campaigns in the archive."""
        if reads_everything(user):
            return self.all()
        shown = Block.objects.filter(campaign__in=Campaign.objects.public().order_by().values("pk"))
        return self.filter(pk__in=shown.order_by().values("picture"))


class Picture(Translated, Demo):
    """A picture of our own. It travels inside the mail: nobody learns who opens it.

    The bytes stand in the row, as small as `PICTURE_MOST_BYTES`, so a mail can be made anew
    whatever has become of a disk.
    """

    name = models.CharField(_("name"), max_length=100)
    alt = models.CharField(
        _("what the picture shows"),
        max_length=250,
        help_text=_(
            "Read aloud, and shown where no picture is: “Twelve people around a plan of the "
            "canal”. Not “picture” and not the name of the file."
        ),
    )
    credit = models.CharField(
        _("whose picture it is"), max_length=120, help_text=_("Author and licence, for example CC.")
    )
    kind = models.CharField(
        _("type"),
        max_length=4,
        choices=[(code, code.upper()) for code in PICTURE_TYPES],
        editable=False,
    )
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    content = models.BinaryField(_("picture"), editable=False)

    public_fields = ("alt",)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-pk"]
        constraints = [
            bilingual("picture_bilingual", ["alt"]),
            models.CheckConstraint(
                condition=Q(kind__in=list(PICTURE_TYPES)), name="picture_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="picture_has_a_size"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return where the archive shows it; other bytes would have another address."""
        return reverse("campaigns:picture", args=[self.sha256])

    @property
    def mime(self) -> str:
        """Return its content type."""
        return PICTURE_TYPES[self.kind]

    @property
    def content_id(self) -> str:
        """Return the name under which the HTML of a mail finds it (RFC 2392)."""
        return f"picture-{self.sha256[:16]}"


class Block(Translated):
    """One block of a campaign, below its text."""

    Kind = BlockKind

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.CASCADE, related_name="blocks"
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=10, help_text=_("The lowest comes first: 10, 20, 30 …")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BlockKind, default=BlockKind.TEXT)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    figure = models.CharField(
        _("figure"), max_length=30, blank=True, help_text=_("With its unit: “412 kWh”.")
    )
    words = models.TextField(
        _("text"),
        blank=True,
        help_text=_(
            "Markdown. Of a figure what it says, of an event where it is, of a picture what "
            "stands below it."
        ),
    )
    label = models.CharField(
        _("words of the button"),
        max_length=60,
        blank=True,
        help_text=_("What happens: “Register for the workshop”, not “Click here”."),
    )
    link = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("For example https://smartcity.brussels/. With it a button is shown."),
    )
    begins_at = models.DateTimeField(_("begins"), null=True, blank=True)
    picture = models.ForeignKey(
        Picture,
        verbose_name=pgettext_lazy("block", "picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="blocks",
    )

    public_fields = ()
    public_optional = BLOCK_TEXTS

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BlockKind.values), name="block_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=BlockKind.PICTURE) | Q(picture__isnull=False),
                name="block_picture_is_there",
                violation_error_message=_("Choose a picture."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=BlockKind.EVENT) | Q(begins_at__isnull=False),
                name="block_event_has_a_time",
                violation_error_message=_("Say when the event begins."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=BlockKind.BUTTON) | ~Q(link=""),
                name="block_button_leads_somewhere",
                violation_error_message=_("Say to which address the button leads."),
            ),
        ]

    def __str__(self):
        return f"{self.position} ({self.get_kind_display()})"

    def missing_texts(self) -> list[tuple[str, str]]:
        """Return [(field, language)] of what this kind of block still lacks in French or Dutch.

        A text that is not needed stands in both languages or in neither.
        """
        found = []
        for field in BLOCK_TEXTS:
            has = {
                code: bool((getattr(self, f"{field}_{code}") or "").strip()) for code in REQUIRED
            }
            if field in NEEDED[self.kind] or any(has.values()):
                found += [(field, code) for code in REQUIRED if not has[code]]
        return found

    def text(self, field: str, language: str) -> str:
        """Return a text in one language, "" where there is none."""
        return (getattr(self, f"{field}_{language}") or "").strip()
