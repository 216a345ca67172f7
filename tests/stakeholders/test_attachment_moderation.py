"""Files in the back office and at the virus scanner: who lets which through."""

import socketserver
import struct
import threading

import pytest
from django.core import mail as mailbox
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation

from core.mail import send as send_mail
from core.models import Message, StatusChange
from core.permissions import SYSTEM
from core.workflow import PermissionRefused, TransitionRefused
from stakeholders import services, tasks
from stakeholders.attachment_workflow import ATTACHMENT
from stakeholders.panels import files_to_release
from tests.factories.files import attachment_of
from tests.factories.stakeholders import ContactFactory, IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import address, mails_to
from tests.stakeholders.test_attachments import admin_page

pytestmark = pytest.mark.django_db
VIRUS = b"EICAR"


@pytest.fixture
def waiting():
    return attachment_of(IdeaFactory(published=True), scan_state="not_scanned")


def test_a_moderator_releases_from_the_queue(users, login, waiting, client):
    (row,) = files_to_release(users["staff"]).rows
    page = login(users["staff"]).get(row.url).content.decode()
    assert waiting.get_absolute_url() in page
    assert client.post(admin_page(waiting, "release"), {}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.scan_state == "released"
    assert not files_to_release(users["staff"]).rows
    client.logout()
    assert client.get(waiting.get_absolute_url()).status_code == 200


def test_a_refusal_needs_a_reason_and_deletes_the_file(
    users, login, waiting, django_capture_on_commit_callbacks
):
    client = login(users["staff"])
    assert client.post(admin_page(waiting, "refuse"), {"reason": ""}).status_code == 200
    assert default_storage.exists(waiting.path)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(admin_page(waiting, "refuse"), {"reason": "personal_data", "note": "a face"})
    waiting.refresh_from_db()
    assert (waiting.scan_state, waiting.refusal) == ("refused", "personal_data")
    assert not default_storage.exists(waiting.path)
    assert StatusChange.objects.get(transition="refuse").note == "a face"


CORRECT = (
    "You can say in the text of your idea what the file showed: choose “Correct my idea” behind "
    "your secret link."
)


def said(words, language) -> str:
    """Return a sentence of the interface in ``language``."""
    with translation.override(language):
        return translation.gettext(words)


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("fr", "montre ou nomme une personne"),
        ("nl", "toont of noemt een persoon"),
        ("en", "shows or names a person"),
    ],
)
def test_who_sent_a_refused_file_is_told_once_in_their_language(
    users, login, client, waiting, language, reason
):
    submission = SubmissionFactory(
        idea=waiting.idea, language=language, notify=False, contact__email="zoe@example.org"
    )
    staff = login(users["staff"])
    for _twice in range(2):
        staff.post(admin_page(waiting, "refuse"), {"reason": "personal_data", "note": "a face"})
    (mail,) = mails_to("zoe@example.org")
    assert (mail.template, mail.language) == ("idea_file_refused", language)
    named = (waiting.name, waiting.idea.title, waiting.idea.reference, reason)
    for words in (*named, said(CORRECT, language), address("idea-track", language=language)):
        assert words in mail.text
    assert "a face" not in mail.text
    tracking = address("idea-tracking", services.issue_tracking(submission), language=language)
    client.logout()
    assert reason in client.get(tracking).text


def test_a_mail_that_is_queued_again_is_not_sent_again(users, waiting):
    SubmissionFactory(idea=waiting.idea, contact__email="zoe@example.org")
    change = services.refuse_attachment(waiting, by=users["staff"], reason="rights")
    services.attachments._tell_refused(waiting, change)
    (mail,) = mails_to("zoe@example.org")
    send_mail(mail.pk)
    send_mail(mail.pk)
    assert len(mailbox.outbox) == 1


def test_only_senders_with_an_address_are_told_of_a_refused_file(users, client, waiting):
    other = IdeaFactory(published=True)
    paper = SubmissionFactory(idea=waiting.idea, contact__email="")
    SubmissionFactory(idea=waiting.idea, contact__email="came@example.org", via=other)
    services.refuse_attachment(waiting, by=users["staff"], reason="rights")
    assert not Message.objects.exists()
    page = client.get(address("idea-tracking", services.issue_tracking(paper))).text
    assert "appartient à quelqu’un d’autre" in page
    assert said("The Office has deleted it.", "fr") in page


def test_nobody_is_told_of_an_idea_that_was_never_confirmed(users):
    idea = IdeaFactory(status="submitted", reference=None)
    SubmissionFactory(idea=idea, contact__email="somebody@example.org")
    row = attachment_of(idea, scan_state="not_scanned")
    services.refuse_attachment(row, by=users["staff"], reason="unlawful")
    assert not Message.objects.exists()


def test_of_a_closed_idea_no_correction_is_proposed(users):
    submission = SubmissionFactory(idea__answered=True, contact__email="zoe@example.org")
    row = attachment_of(submission.idea, scan_state="released")
    services.refuse_attachment(row, by=users["staff"], reason="unrelated")
    (mail,) = mails_to("zoe@example.org")
    assert said(CORRECT, "fr") not in mail.text
    assert address("idea-track") not in mail.html
    assert "médiateur" in mail.text


def test_nobody_lets_through_a_file_of_their_own(users, login, waiting):
    staff = users["staff"]
    SubmissionFactory(idea=waiting.idea, contact=ContactFactory(user=staff))
    assert not files_to_release(staff).rows
    for action in ("release", "refuse"):
        assert login(staff).post(admin_page(waiting, action), {}).status_code == 403
    with pytest.raises(PermissionRefused):
        services.release_attachment(waiting, by=staff)


@pytest.mark.parametrize("role", ["secretary", "translator", "juror", "auditor", "administrator"])
def test_only_staff_decide_and_only_who_knows_people_reads(users, login, waiting, role):
    with pytest.raises(PermissionRefused):
        services.release_attachment(waiting, by=users[role])
    assert files_to_release(users[role]) is None
    client = login(users[role])
    reads = role in ("auditor", "administrator")
    assert (client.get(admin_page(waiting)).status_code == 200) == reads
    idea_page = client.get(reverse("admin:stakeholders_idea_change", args=[waiting.idea.pk]))
    assert (waiting.name in idea_page.content.decode()) == reads


def test_what_is_not_confirmed_does_not_wait_for_anybody(users):
    attachment_of(IdeaFactory(status="submitted", reference=None), scan_state="not_scanned")
    assert not files_to_release(users["staff"]).rows


def test_a_file_cannot_be_released_twice_or_after_its_refusal(users, waiting):
    services.refuse_attachment(waiting, by=users["staff"], reason="rights")
    with pytest.raises(TransitionRefused):
        services.release_attachment(waiting, by=users["staff"])


def test_every_move_has_its_verb():
    assert set(ATTACHMENT.verbs) == set(ATTACHMENT.table)


class Scanner(socketserver.StreamRequestHandler):
    """Speaks as clamd does: a stream in, a verdict out."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        verdict = b"stream: Eicar FOUND\0" if VIRUS in content else b"stream: OK\0"
        self.wfile.write(b"stream: size limit ERROR\0" if b"ODD" in content else verdict)


@pytest.fixture(params=["unix", "tcp"])
def scanner(request, settings, tmp_path):
    """A scanner that this installation is told of."""
    if request.param == "unix":
        server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd"), Scanner)
        settings.CLAMD_SOCKET = f"unix://{tmp_path / 'clamd'}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner)
        settings.CLAMD_SOCKET = f"tcp://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def pending(**values):
    """Store a file that waits for the scanner."""
    return attachment_of(IdeaFactory(published=True), scan_state="pending", **values)


def test_the_scanner_lets_through_or_deletes(scanner, django_capture_on_commit_callbacks):
    clean, ill = pending(), pending(content=b"x" * 70_000 + VIRUS)
    unconfirmed = attachment_of(IdeaFactory(status="submitted"), scan_state="pending")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.scan_attachments()
    for row in (clean, ill, unconfirmed):
        row.refresh_from_db()
    assert [clean.scan_state, ill.scan_state] == ["clean", "infected"]
    assert unconfirmed.scan_state == "pending"
    assert default_storage.exists(clean.path)
    assert not default_storage.exists(ill.path)


def test_an_answer_that_is_no_verdict_lets_the_file_wait(scanner):
    row = pending(content=b"ODD")
    assert services.scan_attachments() == 0
    row.refresh_from_db()
    assert row.scan_state == "pending"


@pytest.mark.parametrize("where", ["unix:///nowhere", "tcp://127.0.0.1:1"])
def test_a_scanner_that_is_away_is_asked_again_later(settings, where):
    settings.CLAMD_SOCKET = where
    row = pending()
    assert services.scan_attachments() == 0
    row.refresh_from_db()
    assert row.scan_state == "pending"


def test_without_a_scanner_what_waited_for_it_comes_to_a_moderator(users):
    row = pending()
    assert services.scan_attachments() == 1
    row.refresh_from_db()
    assert row.scan_state == "not_scanned"
    assert len(files_to_release(users["staff"]).rows) == 1


def test_a_new_file_waits_for_the_scanner_where_there_is_one(scanner):
    from tests.factories.files import PDF

    idea = IdeaFactory()
    services.attach_files(idea, [services.attachments.Prepared("a.pdf", "pdf", PDF)])
    assert idea.attachments.get().scan_state == "pending"
    assert ATTACHMENT.available(idea.attachments.get(), SYSTEM)
