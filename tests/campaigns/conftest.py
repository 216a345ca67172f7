"""What the tests of campaigns share."""

from campaigns import services


def send_everything(campaign):
    """Do what worker and beat do."""
    services.drain(campaign.pk)
    services.tick()
    campaign.refresh_from_db()


def parts(message) -> tuple[str, str]:
    """Return HTML and text of a mail that a server received."""
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    return html, text
