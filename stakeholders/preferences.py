"""The link in each mail that one may end: to see all that one follows, and to end it.

It stands in the mails to subscribers, and in those to contributors that tell of their idea. Nothing
is stored: the link is signed, and SECRET_KEY_FALLBACKS keeps old ones valid. What it opens
ends with the subscriptions, so that it opens nothing after an erasure.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import cached_property

from .models import Contact, Followed, Submission, Subscription, SubscriptionState

SIGNER = signing.Signer(salt="stakeholders.preferences", sep=".")
#: Scopes of a link beside one subscription: all saved searches (a digest), the page alone.
SEARCHES, NOTHING = "searches", "page"
#: Before the key of a contribution: the mails about an idea of one's own.
OWN = "own"


@dataclass
class Preferences:
    """The person whom a link belongs to, and what one click on "unsubscribe" ends."""

    contact: Contact
    scope: str

    @property
    def subscriptions(self):
        """Return what the person follows, the newest first."""
        rows = self.contact.subscriptions.filter(status=SubscriptionState.ACTIVE)
        return rows.select_related("topic").order_by("-confirmed_at", "-pk")

    @cached_property
    def own(self) -> Submission | None:
        """Return the contribution that the mail with this link was about, if it was about one."""
        if not self.scope.startswith(OWN):
            return None
        rows = self.contact.submissions.select_related("idea")
        return rows.filter(pk=int(self.scope.removeprefix(OWN))).first()

    @property
    def meant(self):
        """Return the subscriptions that the mail with this link was about."""
        if self.scope == SEARCHES:
            return self.subscriptions.filter(kind=Followed.SEARCH)
        if self.scope == NOTHING or self.scope.startswith(OWN):
            return self.subscriptions.none()
        return self.subscriptions.filter(pk=int(self.scope))

    @property
    def language(self) -> str:
        """Return the language of the mail: that of the subscription, ended or not."""
        if self.own:
            return self.own.language
        rows = self.contact.subscriptions.order_by("-confirmed_at", "-pk")
        if self.scope == SEARCHES:
            rows = rows.filter(kind=Followed.SEARCH)
        elif self.scope.isdecimal():
            rows = rows.filter(pk=int(self.scope))
        found = rows.first()
        return found.language if found else self.contact.language


def link(contact, scope=NOTHING) -> str:
    """Return the absolute address for ``contact``.

    ``scope`` is what the mail is about: a subscription, a contribution or a constant.
    """
    if isinstance(scope, Subscription):
        scope = scope.pk
    elif isinstance(scope, Submission):
        scope = f"{OWN}{scope.pk}"
    token = SIGNER.sign(f"{contact.pk}-{scope}")
    return settings.SITE_URL + reverse("preferences", args=[token])


def opened_by(token: str) -> Preferences | None:
    """Return what ``token`` opens; None where it is not ours or the person is gone."""
    try:
        pk, scope = SIGNER.unsign(token).split("-")
    except signing.BadSignature:
        return None
    contact = Contact.objects.select_related("merged_into").filter(pk=pk).first()
    contact = contact and (contact.merged_into or contact)
    return Preferences(contact, scope) if contact and contact.erased_at is None else None


def list_headers(address: str, name: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe (RFC 2369, RFC 8058)."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "List-Id": f"<{name}.{host}>",
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }
