"""Leave a topic by mail, for mail programs that write to an address rather than open a link."""

from stakeholders.models import Subscription
from stakeholders.services import unsubscribe


def leave_by_mail(words: str) -> None:
    """End the subscription that ``words`` name ("12-3", person and topic); once ended, nothing.

    Only for words that `core.posting.wishes` has found signed.
    """
    contact, topic = words.split("-")
    subscription = Subscription.objects.filter(contact_id=contact, topic_id=topic).first()
    if subscription is not None:
        unsubscribe(subscription, source="mailto:")
