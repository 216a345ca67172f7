"""What the tests of campaigns share."""

import pytest

from campaigns import services
from tests.factories.campaigns import CampaignFactory, SubscriberFactory


def send_everything(campaign):
    """Do what worker and beat do."""
    services.drain(campaign.pk)
    services.tick()
    campaign.refresh_from_db()


def parts(message) -> tuple[str, str]:
    """Return HTML and text of a mail that a server received."""
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    return html, text


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def campaign(make_user, staff, server):
    """An approved campaign whose mails go to ``server``."""
    return CampaignFactory(approved=True, created_by=staff, approved_by=make_user("secretary"))


def readers(campaign, number, language="fr"):
    """Make subscribers; return their addresses."""
    made = [
        SubscriberFactory(
            topic=campaign.topic, email=f"reader{each}@example.org", language=language
        )
        for each in range(number)
    ]
    return [each.contact.email for each in made]


def opened(campaign, staff):
    """Start a campaign and freeze its list."""
    services.start_campaign(campaign, by=staff)
    services.begin_campaign(campaign)
    return campaign


def states(campaign):
    return dict(campaign.deliveries.values_list("email", "state"))


def form_of(response) -> dict:
    """Return what the browser would send back unchanged, blocks and actions included."""
    forms = [response.context["adminform"].form]
    for each in response.context["inline_admin_formsets"]:
        forms += [each.formset.management_form, *each.formset.initial_forms]
    values = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    if "row_state" in response.context:
        values[response.context["row_state_name"]] = response.context["row_state"]
    return {name: "" if value is None else value for name, value in values.items()}
