"""Files that go with an idea: what is taken, what is kept of it, who gets it, when it goes."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.uploads import Refused, harmless_name, taken_in
from stakeholders import services, tasks
from stakeholders.models import Idea, IdeaAttachment
from tests.factories import files
from tests.factories.files import attachment_of, chosen, picture
from tests.factories.stakeholders import IdeaFactory, SubmissionFactory
from tests.stakeholders.conftest import WORDS, address, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storage")]


@pytest.fixture
def send_files(send, django_capture_on_commit_callbacks):
    """Return a function that sends the form with files, and lets what follows a commit happen."""

    def post(*chosen_files, **changes):
        with django_capture_on_commit_callbacks(execute=True):
            return send(files_chosen=list(chosen_files), **changes)

    return post


def errors_of(response, field="files_chosen") -> str:
    """Return what the form says of a field; nothing is kept then, and the text stays."""
    assert response.status_code == 200
    assert not Idea.objects.exists()
    assert not stored()
    assert WORDS["body"] in response.content.decode()
    return " ".join(response.context["form"].errors[field])


def test_a_pdf_and_a_picture_go_with_the_idea(send_files):
    photo = chosen("banc.JPG", picture())
    response = send_files(chosen(), photo, picture_rights="on", picture_words="Un banc cassé")
    assert response.url == address("idea-sent")
    pdf, image = Idea.objects.get().attachments.all()
    assert (pdf.name, pdf.kind, pdf.alt_text) == ("plan.pdf", "pdf", "")
    assert (image.name, image.kind, image.alt_text) == ("banc.jpg", "jpeg", "Un banc cassé")
    assert (pdf.scan_state, image.rights_confirmed) == ("not_scanned", True)
    assert sorted(stored()) == sorted([pdf.stored_name, image.stored_name])
    assert pdf.content() == files.PDF
    assert "plan" not in pdf.stored_name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", files.SVG),
        ("drawing.png", files.SVG),
        ("page.html", files.HTML),
        ("page.pdf", files.HTML),
        ("setup.pdf", files.EXE),
        ("report.docx", files.OFFICE),
        ("report.pdf", files.OFFICE),
        ("image.gif", picture(kind="GIF")),
        ("broken.jpg", picture()[:200]),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("broken.webp", b"RIFF\x00\x00\x00\x00WEBP" + bytes(50)),
        ("broken.pdf", b"%PDF-1.7\n"),
        ("bomb.png", files.claimed_png(30_000, 30_000)),
        ("long.png", files.claimed_png(1, 50_000)),
        ("wide.png", picture((10_001, 1), "PNG")),
        ("script.pdf", files.pdf_with(b"/OpenAction<</S/JavaScript/JS(x)>>")),
        ("escaped.pdf", files.pdf_with(b"/OpenAction<</S/J#61vaScript/JS(x)>>")),
        ("packed.pdf", files.pdf_packed(b"/S/JavaScript/JS(x)")),
        ("launch.pdf", files.pdf_with(b"/OpenAction<</S/Launch>>")),
        ("carrier.pdf", files.pdf_with(b"/Names<</EmbeddedFiles 3 0 R>>")),
        ("locked.pdf", files.pdf_with(b"/Encrypt 4 0 R")),
        ("archive.pdf", files.PDF + files.OFFICE),
        ("packed-bomb.pdf", files.pdf_packed(bytes(30_000_000))),
        ("huge.pdf", files.PDF + b" " * 5_000_000),
        ("huge.bin", bytes(10_000_000)),
    ],
)
@pytest.mark.parametrize("page", ["fr", "nl"])
def test_what_is_not_taken_is_named_and_the_text_stays(send_files, name, content, page):
    response = send_files(chosen(name, content), picture_rights="on", page=page)
    assert name.rpartition(".")[0] in errors_of(response)


def test_an_empty_file_is_told(send_files):
    assert "vide" in errors_of(send_files(chosen("nothing.pdf", b"")))


def test_too_many_files_are_told(send_files):
    assert "3" in errors_of(send_files(*[chosen(f"{n}.pdf") for n in range(4)]))
    assert "3" in errors_of(send_files(*[chosen(f"{n}.pdf") for n in range(60)]))


def test_a_picture_needs_the_right_to_show_it(send_files):
    assert errors_of(send_files(chosen("a.png", picture(kind="PNG"))), "picture_rights")
    assert send_files(chosen("a.pdf")).status_code == 302, "a PDF asks for nothing"


def test_the_database_wants_the_right_as_well(db):
    with pytest.raises(IntegrityError, match="rights"), transaction.atomic():
        attachment_of(IdeaFactory(), kind="png")


def test_a_description_that_is_too_long_is_told(send_files):
    photo = chosen("a.png", picture(kind="PNG"))
    response = send_files(photo, picture_rights="on", picture_words="x" * 301)
    assert errors_of(response, "picture_words")


def test_whoever_mends_the_form_is_told_to_choose_the_files_again(send_files, send):
    again = "Choisissez à nouveau vos fichiers"
    assert again in errors_of(send_files(chosen(), email="zoe"))
    assert again in errors_of(send_files(chosen(), chosen("a.svg", files.SVG)))
    assert "files_chosen" not in send(email="zoe").context["form"].errors


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_place_and_camera_and_stands_upright(send_files, kind):
    content = picture((40, 20), kind, gps=True, orientation=6)
    send_files(chosen("photo.x", content), picture_rights="on")
    kept = IdeaAttachment.objects.get().content()
    assert b"Kanarie" in content
    assert b"Kanarie" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (20, 40)
        assert not image.getexif()


@pytest.mark.parametrize("hidden", [files.HTML, files.OFFICE, files.PDF])
def test_what_hides_behind_a_picture_is_gone(send_files, hidden):
    send_files(chosen("photo.jpg", picture() + hidden), picture_rights="on")
    assert hidden[:20] not in IdeaAttachment.objects.get().content()


def test_a_large_picture_is_made_smaller(send_files):
    send_files(chosen("photo.jpg", picture((6000, 1000))), picture_rights="on")
    with Image.open(io.BytesIO(IdeaAttachment.objects.get().content())) as image:
        assert max(image.size) == 4000


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_kept(send_files, mode):
    written = io.BytesIO()
    Image.new(mode, (9, 9)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert send_files(chosen("a.x", written.getvalue()), picture_rights="on").status_code == 302
    assert IdeaAttachment.objects.get().size > 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\plan.pdf", "plan.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("a\x1bb\x7f.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("plan.pdf.exe", "plan.pdf.pdf"),
        ("<script>alert(1)<script>.pdf", "script alert(1) script.pdf"),
        ("مخطط.pdf", "مخطط.pdf"),
        ("....pdf", "pdf.pdf"),
        (". .", "file.pdf"),
        ("plan 🚲.pdf", "plan 🚲.pdf"),
    ],
)
def test_hostile_names_become_harmless(
    send_files, client, typed, kept, django_capture_on_commit_callbacks
):
    file = chosen()
    file._name = typed
    assert send_files(file).status_code == 302
    row = IdeaAttachment.objects.get()
    assert row.name == kept
    Idea.objects.update(status="published", published_at=timezone.now(), reference="SCO-1")
    IdeaAttachment.objects.update(scan_state="released")
    response = client.get(row.get_absolute_url())
    assert response.status_code == 200
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment; filename")


def test_a_robot_leaves_no_file(send_files):
    send_files(chosen(), website="spam")
    assert not stored()
    assert not IdeaAttachment.objects.exists()


def test_a_submission_that_is_rolled_back_leaves_no_file(
    send, monkeypatch, django_capture_on_commit_callbacks
):
    def fails(*args):
        raise ValueError("no mail can be written")

    monkeypatch.setattr(services.intake.mails, "ask_confirmation", fails)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError, match="mail"):
        send(files_chosen=[chosen()])
    assert not stored()
    assert not IdeaAttachment.objects.exists()


def test_a_double_click_keeps_one_file(send_files):
    send_files(chosen())
    send_files(chosen())
    assert len(stored()) == IdeaAttachment.objects.count() == 1


def test_what_nobody_confirms_goes_with_its_files(send_files, django_capture_on_commit_callbacks):
    send_files(chosen())
    Idea.objects.update(submitted_at=timezone.now() - timedelta(hours=73))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.purge_unconfirmed()
    assert not Idea.objects.exists()
    assert not stored()


def test_an_erased_person_leaves_no_file_and_no_name(
    users, login, django_capture_on_commit_callbacks
):
    submission = SubmissionFactory(idea__published=True)
    merged = SubmissionFactory(contact=submission.contact, via=IdeaFactory())
    attachment_of(submission.idea, name="Zoé Martin.pdf")
    attachment_of(merged.idea)
    client = login(users["staff"])
    changed = {"alt_text": "", "is_public": "on"}
    row = submission.idea.attachments.get()
    assert client.post(admin_page(row), changed).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_contact(submission.contact, by=users["staff"])
    assert [row.idea for row in IdeaAttachment.objects.all()] == [merged.idea]
    assert len(stored()) == 1
    assert "Zoé Martin" not in every_word()


def every_word() -> str:
    """Return all that the admin's log has noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(object_repr || change_message, ' ') FROM django_admin_log"
        )
        return cursor.fetchone()[0]


def admin_page(row, action=None) -> str:
    """Return the address of a file in the back office, or of a move of it."""
    return f"/admin/stakeholders/ideaattachment/{row.pk}/{f'do/{action}' if action else 'change'}/"


def test_the_public_gets_a_file_as_a_sealed_download(client):
    row = attachment_of(IdeaFactory(published=True), name="Plan d’été.pdf", size=240_000)
    page = client.get(row.idea.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in page
    assert "PDF, 240\u00a0kB" in page
    response = client.get(row.get_absolute_url())
    assert b"".join(response.streaming_content) == files.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


NOT_PUBLIC = [
    *[("published", {"scan_state": state}) for state in ("pending", "not_scanned", "infected")],
    ("published", {"scan_state": "refused", "refusal": "rights"}),
    ("published", {"is_public": False}),
    *[(status, {}) for status in ("received", "hidden")],
]


@pytest.mark.parametrize(("status", "values"), NOT_PUBLIC)
def test_nobody_else_gets_what_is_not_released_or_not_public(client, users, status, values):
    idea = IdeaFactory(status=status)
    row = attachment_of(idea, name="Kanarie.pdf", **values)
    for user in (None, users["juror"], users["secretary"], users["translator"], users["superuser"]):
        if user:
            client.force_login(user)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert "Kanarie" not in client.get(idea.get_absolute_url()).content.decode()
    client.force_login(users["staff"])
    there = values.get("scan_state") not in ("infected", "refused")
    assert client.get(row.get_absolute_url()).status_code == (200 if there else 404)


def test_a_clean_file_is_public_and_a_lost_one_is_none(client):
    row = attachment_of(IdeaFactory(published=True), scan_state="clean")
    assert client.get(row.get_absolute_url()).status_code == 200
    default_storage.delete(row.path)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get(row.get_absolute_url() + "?x").status_code == 404
    assert client.post(row.get_absolute_url()).status_code == 405


def test_the_idea_page_takes_as_many_queries_for_three_files_as_for_one(client):
    counts = []
    for number in (1, 3):
        idea = IdeaFactory(published=True)
        for _each in range(number):
            attachment_of(idea)
        client.get(idea.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(idea.get_absolute_url()).content.decode()
        assert page.count("/ideas/files/") == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_contributor_sees_where_each_file_stands(client):
    submission = SubmissionFactory()
    attachment_of(submission.idea, name="plan.pdf", scan_state="not_scanned")
    attachment_of(submission.idea, name="x.pdf", scan_state="refused", refusal="rights")
    page = client.get(address("idea-tracking", services.issue_tracking(submission), language="nl"))
    text = page.content.decode()
    for word in ("plan.pdf", "wacht op een moderator", "geweigerd", "van iemand anders"):
        assert word in text
    assert "/ideas/files/" not in text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("x" * 300 + ".svg", f"«\u00a0{'x' * 30}…xxxxxx.svg\u00a0»"),
        ("\u202egpj.exe", "«\u00a0gpj.exe\u00a0»"),
        ("a.<b>" + "y" * 99, "«\u00a0a. b yyyy"),
        ("svg", "«\u00a0svg\u00a0»"),
    ],
)
def test_a_refused_name_is_told_without_doing_harm(send_files, typed, told):
    file = chosen(content=files.SVG)
    file._name = typed
    assert told in errors_of(send_files(file))


def test_a_file_that_no_row_names_is_swept_after_a_day(monkeypatch):
    named = attachment_of(IdeaFactory())
    lost = attachment_of(IdeaFactory())
    refused = attachment_of(IdeaFactory(), scan_state="refused", refusal="rights")
    lost.delete()
    assert services.sweep_files() == 0
    tomorrow = timezone.now() + timedelta(days=1, seconds=9)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    tasks.sweep_files()
    assert stored() == [named.stored_name]
    assert not default_storage.exists(refused.path)


def test_nothing_is_swept_where_nothing_was_kept():
    assert services.sweep_files() == 0


@override_settings(UPLOAD_CAP_BYTES=6_000_000)
def test_of_an_enormous_file_only_the_beginning_is_kept(send_files):
    response = send_files(chosen("film.pdf", files.PDF + bytes(20_000_000)))
    assert "film.pdf" in errors_of(response)
    (seen,) = response.wsgi_request.FILES.getlist("files_chosen")
    assert 6_000_000 < seen.size < 6_200_000


def taken_or_refused(name, content):
    """Return the file, None where it is refused; nothing else may happen."""
    try:
        return taken_in(name, content)
    except Refused:
        return None


@settings(max_examples=60, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"%PDF-1.7",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        ]
    ),
    rest=st.binary(max_size=400),
    end=st.sampled_from([b"", b"%%EOF", b"\xff\xd9"]),
    name=st.text(max_size=300),
)
def test_whatever_comes_is_taken_or_refused(start, rest, end, name):
    file = taken_or_refused(name, start + rest + end)
    if file:
        assert file.name == harmless_name(name, file.kind)
        assert 0 < len(file.name) <= 100
        assert not set(file.name) & set('/\\<>:"|?*\n\r\0')


@settings(max_examples=40, deadline=None)
@given(
    at=st.integers(0, 2000), byte=st.integers(0, 255), kind=st.sampled_from(["JPEG", "PNG", "WEBP"])
)
def test_a_picture_with_a_wrong_byte_is_taken_or_refused(at, byte, kind):
    content = bytearray(picture((60, 60), kind, gps=True))
    content[at % len(content)] = byte
    file = taken_or_refused("a", bytes(content))
    assert file is None or file.content
