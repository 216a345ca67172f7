"""A mail with a document: laid out when it is sent, whatever was refused before, and sent once."""

import io

import pytest
import typst
from pypdf import PdfReader

from core import documents, mail, pdf
from core.models import Attachment, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(make_user):
    staff = make_user("staff")
    text = documents.begin_document(title="Verslag 12", language="nl", by=staff, body="De tram.")
    return documents.current_version(text)


def queue(version, key="try:1"):
    """Queue a French mail with a Dutch document."""
    return mail.enqueue(
        key=key,
        template="account/login_code",
        to="zoe@example.org",
        language="fr",
        context={"code": "x"},
        attachments=[Attachment(version=version, kicker="Bilateraal overleg")],
    )


def paper_of(received):
    (part,) = received.iter_attachments()
    return part


def test_it_arrives_as_pdf_in_its_own_language(server, version):
    assert mail.send(queue(version).pk)
    (received,) = server.received
    part = paper_of(received)
    assert (part.get_content_type(), part.get_filename()) == (
        "application/pdf",
        "verslag-12-v1.pdf",
    )
    page = PdfReader(io.BytesIO(part.get_content()))
    assert page.trailer["/Root"]["/Lang"].startswith("nl")
    words = page.pages[0].extract_text()
    assert "De tram." in words
    assert "Bilateraal overleg" in words
    assert received["content-language"] == "fr"


def test_it_survives_refusals_and_is_sent_once(server, version):
    server.data_answers = ["450 later"] * 2
    message = queue(version)
    assert [mail.send(message.pk) for _attempt in range(4)] == [False, False, True, False]
    (received,) = server.received
    assert paper_of(received).get_content() == pdf.document(version, kicker="Bilateraal overleg")
    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")
    assert message.attachments.get().version == version, "it stays known which words were sent"


def test_the_same_key_carries_it_once(server, version):
    assert queue(version) == queue(version)
    assert Attachment.objects.count() == 1


def test_a_mail_does_not_go_without_its_document(server, version, monkeypatch):
    def broken(*args, **options):
        raise typst.TypstError("no font")

    message = queue(version)
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render", broken)
        assert not mail.send(message.pk)
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Message.Status.QUEUED, 1)
    assert "no font" in message.error
    assert mail.send(message.pk)
