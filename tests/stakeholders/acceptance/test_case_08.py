"""Case 8: what a person writes stays words, wherever it is shown, sent or downloaded."""

import csv
import io

import pytest
from lxml import html

from tests.stakeholders.acceptance.conftest import IDEAS, words_of
from tests.stakeholders.acceptance.pages import plain

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('kanarie')</script>"
LINKS = "[ici](javascript:alert('kanarie')) <a href=\"javascript:alert('kanarie')\">là</a>"
IMAGE = "<img src=x onerror=\"alert('kanarie')\">"
BARE = "https://example.org/plan?a=1&b=2"
SAFE = "5 < 7 & 7 > 5, « été » à 20 °C"
BODY = f"{SCRIPT} {LINKS} {IMAGE} {BARE} {SAFE}"


def dangers(source: str) -> list[str]:
    """Return what a browser would run of it: scripts, handlers, and links that are scripts."""
    tree = html.fromstring(source)
    scripts = [each.text or "" for each in tree.iter("script")]
    links = tree.xpath("//@href | //@src | //@action | //@formaction")
    handlers = tree.xpath("//@*[starts-with(name(), 'on')]")
    return [
        *(each for each in [*scripts, *handlers] if "kanarie" in each),
        *(each for each in links if each.strip().lower().startswith("javascript:")),
        *(each.get("src") for each in tree.iter("img") if each.get("src") == "x"),
    ]


def is_shown(page) -> bool:
    """Tell whether the words stand on the page as they were typed."""
    return plain(BODY) in page.words and SCRIPT in page.words


@pytest.fixture
def hostile(published, author):
    """An idea of such words, on line: (reference, page behind the secret link)."""
    return published(author, title=f"{IDEAS[author.language]['word']} {SCRIPT}", body=BODY)


def test_case_08_on_every_page(author, anybody, office, hostile):
    """On the page of the idea, in lists, behind the secret link, in the form that corrects and in
    the back office a browser finds nothing to run; what is safe, and a bare address, stay."""
    reference, mine = hostile
    word = IDEAS[author.language]["word"]
    public = anybody.page("idea-detail", reference)
    again = author.open(mine.path)
    correcting = again.follow("/correct/")
    pages = [
        *(public, again, correcting),
        anybody.page("idea-list"),
        anybody.page("idea-similar", query=f"?title={word}"),
        anybody.open(f"/{author.language}/search/?q={word}"),
        anybody.open(f"/{author.language}/journeys/{reference}/"),
        again.follow("/data/"),
        office.row(reference),
        office.row(reference).follow("/do/hide/"),
    ]
    for page in pages:
        assert page.status == 200
        assert dangers(page.text) == [], page.path
        assert "alert" in page.text, f"nothing of it on {page.path}"
    assert is_shown(public)
    assert is_shown(again)
    assert correcting.form("body").value("body").strip() == BODY
    assert dangers(f"<p>{BODY}</p>"), "the check can fail"


def test_case_08_in_a_correction(author, anybody, office, published):
    """A correction with such words stays words in the difference that the Office reads."""
    reference, mine = published(author)
    mine.follow("/correct/").form("body").send(body=BODY)
    queue = office.open("/admin/stakeholders/idea/queue/")
    difference = queue.follow("/ideaedit/")
    assert "kanarie" in difference.words
    assert dangers(difference.text) == []
    difference.follow("/do/approve/").form().send()
    public = anybody.page("idea-detail", reference)
    assert is_shown(public)
    assert dangers(public.text) == []


def test_case_08_in_mails(author, hostile, post):
    """Mails say the words as text; their HTML part runs nothing, and the bare address is whole."""
    mails = post.delivered()
    assert len(mails) >= 3
    for message in mails:
        part = message.get_body(("html",))
        assert part is None or dangers(part.get_content()) == []
    told = [words_of(each) for each in mails]
    assert all(SCRIPT in plain(words) for words in told)


def test_case_08_in_files(author, anybody, hostile):
    """A file holds the words as they were typed, and says that it is no page."""
    reference, _mine = hostile
    for kind, mime in (("csv", "text/csv"), ("json", "application/json")):
        file = anybody.page("idea-list", query=f"?format={kind}")
        assert file.response["Content-Type"].startswith(mime)
        assert file.response["X-Content-Type-Options"] == "nosniff"
        assert file.response["Content-Disposition"].startswith("attachment")
    rows = list(
        csv.DictReader(
            io.StringIO(anybody.page("idea-list", query="?format=csv").text.lstrip("\ufeff"))
        )
    )
    (row,) = [each for each in rows if reference in each.values()]
    assert BODY in row.values()
    feed = anybody.page("idea-feed")
    assert b"<script" not in feed.body
    assert "alert" in feed.text
