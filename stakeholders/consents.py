"""What people agree to: the wording shown in the forms, with the version kept beside each consent.

Change a wording and its version together: the ledger keeps the version, and the fingerprint of the
words in the language in which they were read.
"""

import hashlib

from django.utils import translation
from django.utils.translation import gettext_lazy as _

IDEA_VERSION = "idea-2026-11"
IDEA_WORDING = _(
    "I agree that my idea is published after moderation, with the name I chose, and that the "
    "Office writes to me about it."
)
SUBSCRIPTION_VERSION = "subscription-2026-11"
SUBSCRIPTION_WORDING = _(
    "I agree that the Office writes to me about these topics until I unsubscribe."
)
FOLLOW_VERSION = "follow-2026-11"
FOLLOW_WORDING = _("I agree that the Office writes to me about this until I unsubscribe.")
#: What was agreed to on paper, by phone or at the desk, where the Office keeps the signed form.
OFF_LINE_VERSION = "off-line-2026-11"

WORDINGS = {
    IDEA_VERSION: IDEA_WORDING,
    SUBSCRIPTION_VERSION: SUBSCRIPTION_WORDING,
    FOLLOW_VERSION: FOLLOW_WORDING,
}


def fingerprint(version: str, language: str) -> str:
    """Return the SHA-256 of a wording as it is read in ``language``, "" for what has none."""
    if version not in WORDINGS:
        return ""
    with translation.override(language):
        return hashlib.sha256(str(WORDINGS[version]).encode()).hexdigest()
