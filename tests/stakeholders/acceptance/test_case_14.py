"""Case 14: which files are taken is decided on the server, whatever the browser has let through."""

import pytest

from stakeholders.models import Idea, IdeaAttachment
from tests.factories import files
from tests.factories.files import chosen, picture
from tests.stakeholders.acceptance.conftest import IDEAS, reference_in

pytestmark = pytest.mark.django_db

REFUSED = {
    "drawing.svg": files.SVG,
    "drawing.png": files.SVG,
    "page.html": files.HTML,
    "page.pdf": files.HTML,
    "setup.pdf": files.EXE,
    "setup.jpg": files.EXE,
    "report.docx": files.OFFICE,
    "huge.pdf": files.PDF + b" " * 5_000_000,
}


def refused(page, who) -> dict:
    """Return the errors of a refused form: it is no failure, and the text is still there."""
    assert page.status == 200
    assert not Idea.objects.exists()
    assert not IdeaAttachment.objects.exists()
    assert page.form("title").value("body").strip() == IDEAS[who.language]["body"]
    return page.errors


@pytest.mark.parametrize("name", REFUSED)
def test_case_14_what_is_not_taken_is_named_beside_the_field(author, sends, name):
    """A drawing with a script, a page, a program renamed to look like a document, an office file
    and one that is too large: each is named with what to do, and the text stays."""
    page = sends(author, files_chosen=[chosen(name, REFUSED[name])], picture_rights=True)
    told = refused(page, author)
    assert set(told) == {"files_chosen"}
    assert name in told["files_chosen"]


def test_case_14_too_many_files(author, sends):
    """A fourth file is one too many; three are taken."""
    told = refused(sends(author, files_chosen=[chosen(f"{n}.pdf") for n in range(4)]), author)
    assert "3" in told["files_chosen"]
    assert sends(author, files_chosen=[chosen(f"{n}.pdf") for n in range(3)]).errors == {}
    assert IdeaAttachment.objects.count() == 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_case_14_a_picture_needs_the_right_to_show_it(author, sends, kind):
    """Without the tick a picture is refused beside the box; with it, it is taken."""
    name, content = f"banc.{kind.lower()}", picture(kind=kind)
    told = refused(sends(author, files_chosen=[chosen(name, content)]), author)
    assert "picture_rights" in told
    taken = sends(
        author,
        files_chosen=[chosen(name, content), chosen("plan.pdf")],
        picture_rights=True,
        picture_words="Un banc cassé",
    )
    assert taken.errors == {}
    assert IdeaAttachment.objects.filter(alt_text="Un banc cassé").count() == 1
    assert IdeaAttachment.objects.count() == 2


def test_case_14_a_file_is_public_once_the_office_has_released_it(
    author, anybody, confirms, office
):
    """A file waits for a moderator: nobody gets it before, everybody as a download afterwards."""
    reference = reference_in(confirms(author, files_chosen=[chosen()]).words)
    office.publish(reference)
    path = IdeaAttachment.objects.get().get_absolute_url()
    assert anybody.open(path).status == 404
    assert "plan.pdf" not in anybody.page("idea-detail", reference).words
    queue = office.open("/admin/stakeholders/idea/queue/?kind=file")
    queue.follow("/ideaattachment/").follow("/do/release/").form().send()
    file = anybody.page("idea-detail", reference).follow("/ideas/files/")
    assert file.body == files.PDF
    assert file.response["Content-Disposition"].startswith("attachment")
    assert file.response["X-Content-Type-Options"] == "nosniff"
