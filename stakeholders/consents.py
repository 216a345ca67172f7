"""What people agree to: the wording shown in the forms, with the version kept beside each consent.

Change a wording and its version together: the ledger keeps the version only.
"""

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
#: What was agreed to on paper, by phone or at the desk, where the Office keeps the signed form.
OFF_LINE_VERSION = "off-line-2026-11"
