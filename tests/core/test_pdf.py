"""PDFs are read back: words, tags, language, title; hostile text stays text."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core import pdf
from core.markdown import body_tree
from core.models import Document, DocumentVersion

HOSTILE = [
    "#let x = 1",
    "#panic()",
    r"back\slash \n \\ end",
    "<script>alert(1)</script>",
    "«é œ»",
    "$ x^2 $",
    "@reference <label>",
    '"] #image("x.png")',
]


def data(body="", **changes):
    return {
        "title": "Procès-verbal « é œ »",
        "author": "Smart City Office",
        "kicker": "Réunion bilatérale",
        "running": "Procès-verbal",
        "meta": ["Version 2", "1er mars 2026"],
        "demo": "",
        "body": body_tree(body),
        **changes,
    }


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def words(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).split())


@pytest.mark.parametrize(("language", "page"), [("fr", "Page 1 sur 1"), ("nl", "Pagina 1 van 1")])
def test_a_pdf_is_tagged_and_says_its_language_and_title(language, page):
    made = pdf.render("document", data("# Un\n\nTexte."), language)
    root = read(made).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert read(made).metadata.title == "Procès-verbal « é œ »"
    assert page in words(made)


def tags(node, found):
    """Collect the kinds of the structure elements below ``node``, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            tags(each, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node["/S"])
        tags(node.get("/K", []), found)
    return found


def test_the_structure_is_that_of_the_text():
    body = "# A\n\nWords *here* [there](https://example.org)\n\n- one\n- two\n\n#### B\n\n> said"
    root = read(pdf.render("document", data(body), "fr")).trailer["/Root"]
    found = tags(root["/StructTreeRoot"], [])
    assert [tag for tag in found if tag.startswith("/H")] == ["/H1", "/H2", "/H3"]
    assert found.count("/LI") == 2
    assert {"/P", "/L", "/Link", "/Em", "/BlockQuote"} <= set(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_wrote_stays_words(text):
    fields = {"title": text, "running": text, "kicker": text, "meta": [text]}
    body = [{"kind": "paragraph", "children": [{"kind": "text", "text": text}]}]
    made = pdf.render("document", data() | fields | {"body": body}, "nl")
    assert words(made).count(text.replace("  ", " ")) >= 4
    assert read(made).metadata.title == text


def test_a_link_is_followed_where_its_scheme_is_harmless():
    body = "[good](https://example.org/a?b=1&c=2) [bad](file:///etc/passwd)"
    page = read(pdf.render("document", data(body), "fr")).pages[0]
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert links == ["https://example.org/a?b=1&c=2"]


def test_the_same_data_give_the_same_bytes():
    first = pdf.render("document", data("Texte."), "fr")
    assert pdf.render("document", data("Texte."), "fr") == first
    assert pdf.render("document", data("Autre."), "fr") != first


def test_a_character_that_no_font_has_is_a_box():
    made = pdf.render("document", data("Bravo 😀 漢 \x07 œuvre ξ"), "fr")
    assert f"Bravo {pdf.UNKNOWN} {pdf.UNKNOWN} œuvre ξ" in words(made)


def test_data_that_a_template_does_not_know_are_refused():
    with pytest.raises(pdf.typst.TypstError, match="unknown node"):
        pdf.render("document", data() | {"body": [{"kind": "table"}]}, "fr")


def test_numbers_of_pages_go_up():
    made = pdf.render("document", data("Texte.\n\n" * 120), "nl")
    last = len(read(made).pages)
    assert last > 1
    assert f"Pagina {last} van {last}" in words(made)


@pytest.mark.parametrize(
    ("language", "day"), [("fr", "1er octobre 2026"), ("nl", "1 oktober 2026")]
)
def test_a_version_of_a_document_says_what_it_is(language, day):
    text = Document(title="Verslag 3", language=language, status="draft")
    at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    version = DocumentVersion(document=text, number=4, body="# Tram\n\nTexte", at=at)
    made = words(pdf.document(version, kicker="CIRB", is_demo=True))
    assert made.index("CIRB") < made.index("Verslag 3") < made.index(day) < made.index("Tram")
    assert {"fr": "Version 4", "nl": "Versie 4"}[language] in made
    assert "monstrati" in made
    assert "monstrati" not in words(pdf.document(version))


def test_headings_leave_out_no_level_and_none_is_empty():
    tree = body_tree("### a\n\n# \n\n# b\n\n#### c\n\n## d")
    assert [node["level"] for node in tree] == [1, 1, 2, 2]


SIGNS = st.sampled_from(
    [*"#*_`[]()<>!-+> \n\\$@\"'0.é œ😀\t", "- ", "\n\n", "1. ", "## ", "[a](b:c)"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SIGNS, max_size=60).map("".join))
def test_whatever_is_written_becomes_a_pdf(body):
    assert pdf.render("document", data(body), "fr").startswith(b"%PDF-")


def test_deep_nesting_is_laid_out_flat():
    made = pdf.render("document", data(">" * 15 + " deep\n\n" + "  - x\n" * 3), "fr")
    assert "deep" in words(made)
