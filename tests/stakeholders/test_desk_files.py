"""Files that came along on paper, by phone or at the desk: taken as those of the public form."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from stakeholders import services
from stakeholders.forms import IdeaForm, RegisterForm
from stakeholders.models import Idea, IdeaAttachment
from stakeholders.panels import files_to_release
from tests.factories import files
from tests.factories.files import chosen, picture
from tests.factories.programme import ThemeFactory
from tests.stakeholders.conftest import WORDS, address, link_in, mails_to, stored
from tests.stakeholders.test_attachments import admin_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storage")]
ADD = reverse("admin:stakeholders_idea_add")


@pytest.fixture
def staff(users, login):
    return login(users["staff"])


@pytest.fixture
def enter(staff, django_capture_on_commit_callbacks):
    """Return a function that sends the form of the desk, and lets what follows a commit happen."""
    data = {**WORDS, "theme": str(ThemeFactory().pk), "channel": "paper", "name": "Zoé"}

    def post(*chosen_files, language="fr", **changes):
        with django_capture_on_commit_callbacks(execute=True):
            return staff.post(
                ADD,
                {**data, "files_chosen": list(chosen_files), **changes},
                headers={"accept-language": language},
            )

    return post


def errors_of(response, field="files_chosen") -> str:
    """Return what the form says of a field; nothing is kept then, and the text stays."""
    assert response.status_code == 200
    assert not Idea.objects.exists()
    assert not stored()
    assert WORDS["body"] in response.text
    return " ".join(response.context["adminform"].form.errors[field])


def test_the_page_asks_for_every_field_and_sends_files(staff):
    page = staff.get(ADD)
    assert 'enctype="multipart/form-data"' in page.text
    assert "js/files.js" in page.text
    asked = [name for _title, names in RegisterForm.PARTS for name in names]
    assert sorted(asked) == sorted(RegisterForm.base_fields)


def test_both_forms_take_the_same_files():
    desk, public = RegisterForm(), IdeaForm(visitor="127.0.0.1")
    for name in ("files_chosen", "picture_words", "picture_rights"):
        assert str(desk.fields[name].help_text) in str(public.fields[name].help_text)
        assert type(desk.fields[name]) is type(public.fields[name])


def test_a_pdf_and_a_picture_go_with_what_came_on_paper(client, enter, users, login):
    photo = chosen("banc.JPG", picture((40, 20), gps=True, orientation=6))
    response = enter(chosen(), photo, picture_rights="on", picture_words="Un banc cassé")
    assert response.status_code == 302
    idea = Idea.objects.get()
    pdf, image = idea.attachments.all()
    assert (pdf.name, pdf.kind, pdf.content()) == ("plan.pdf", "pdf", files.PDF)
    assert (image.name, image.alt_text) == ("banc.jpg", "Un banc cassé")
    assert (pdf.scan_state, image.scan_state) == ("not_scanned", "not_scanned")
    assert sorted(stored()) == sorted([pdf.stored_name, image.stored_name])
    with Image.open(io.BytesIO(image.content())) as kept:
        assert kept.size == (20, 40)
        assert not kept.getexif()
    assert files_to_release(users["staff"]).total == 2, "it waits for a moderator like any other"
    login(users["staff"]).post(admin_page(image, "release"), {})
    services.publish_idea(idea, by=users["staff"])
    client.logout()
    page = client.get(idea.get_absolute_url()).text
    assert (image.get_absolute_url() in page, pdf.get_absolute_url() in page) == (True, False)
    tracking = client.get(link_in(mails_to(WORDS["email"], "idea_received")[0])).text
    assert "plan.pdf" in tracking
    assert "banc.jpg" in tracking


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", files.SVG),
        ("page.pdf", files.HTML),
        ("setup.pdf", files.EXE),
        ("report.docx", files.OFFICE),
        ("broken.jpg", picture()[:200]),
        ("bomb.png", files.claimed_png(30_000, 30_000)),
        ("script.pdf", files.pdf_with(b"/OpenAction<</S/JavaScript/JS(x)>>")),
        ("huge.pdf", files.PDF + b" " * 5_000_000),
    ],
)
def test_what_is_not_taken_is_named_and_the_text_stays(enter, name, content, language):
    response = enter(chosen(name, content), picture_rights="on", language=language)
    assert name.rpartition(".")[0] in errors_of(response)


def test_too_many_files_are_told(enter):
    assert "3" in errors_of(enter(*[chosen(f"{n}.pdf") for n in range(4)]))


def test_pictures_need_the_right_that_the_contributor_confirmed(enter):
    photo = chosen("a.png", picture(kind="PNG"))
    assert errors_of(enter(photo), "picture_rights")
    long = enter(chosen("a.png", picture()), picture_rights="on", picture_words="x" * 301)
    assert errors_of(long, "picture_words")
    assert enter(chosen("a.pdf")).status_code == 302, "a PDF asks for nothing"


def test_whoever_mends_the_form_is_told_to_choose_the_files_again(enter):
    response = enter(chosen(), title="")
    assert errors_of(response)
    assert "files_chosen" not in enter(title="").context["adminform"].form.errors


def test_who_has_no_address_has_files_too_and_erasing_takes_them(
    enter, client, django_capture_on_commit_callbacks
):
    assert enter(chosen(), email="").status_code == 302
    submission = Idea.objects.get().submissions.get()
    tracking = address("idea-tracking", services.issue_tracking(submission))
    client.logout()
    assert "plan.pdf" in client.get(tracking).text
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_contact(submission.contact)
    assert not stored()
    assert not IdeaAttachment.objects.exists()


def test_the_blank_form_asks_for_files_and_the_right_to_show_pictures(client, monkeypatch):
    from core import pdf

    sheets, compiled = [], pdf._compile

    def note(template, text, language):
        sheets.append(text)
        return compiled(template, text, language)

    monkeypatch.setattr(pdf, "_compile", note)
    for language in ("fr", "nl", "en"):
        assert client.get(address("idea-blank", language=language)).content.startswith(b"%PDF")
    assert "J’ai fait ces images ou je peux les publier" in sheets[0]
    assert "whoever is on them agrees" in sheets[2]
