"""Whatever is typed into the form of an idea: an error beside its field, or safe storage."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stakeholders.models import Idea
from tests.factories.files import chosen, claimed_png, picture
from tests.factories.programme import ThemeFactory
from tests.stakeholders.conftest import WORDS, address, old_stamp

pytestmark = pytest.mark.django_db

#: What people and programs put into fields, one of each kind.
NASTY = {
    "control": "a\x01\x02\x0b\x7fb",
    "zero": "a\x00b",
    "emoji": "👩🏽‍🦽🏳️‍🌈" * 10,
    "right_to_left": "\u202eegrahc\u202c ولد",
    "combining": "Z" + "\u0301" * 500,
    "html": '<script>alert(1)</script><img src=x onerror="alert(2)">',
    "link": "javascript:alert(1) data:text/html;base64,PHNjcmlwdD4=",
    "template": "{{ settings.SECRET_KEY }}{% debug %}${7*7}%(x)s %s",
    "sql": "'; DROP TABLE stakeholders_idea; --",
    "formula": '=HYPERLINK("http://example.org";"x")',
    "header": "a\r\nBcc: everybody@example.org\r\n\r\nx",
    "surrogate_escape": "\ud7ff\ue000\ufffe\uffff",
    "blank": " \t\u00a0\u2003\u200b ",
    "long": "x" * 300_000,
}
FIELDS = (
    *("title", "body", "expected_benefit", "theme", "workstream", "municipality", "language"),
    *("submitter_type", "organisation_claimed", "display", "name", "email", "notify", "consent"),
    *("stamp", "website", "picture_words", "picture_rights"),
)
#: Fields whose words are stored as they were typed.
WRITTEN = ("title", "body", "expected_benefit", "organisation_claimed")


@pytest.fixture
def theme(db):
    return ThemeFactory()


def as_stored(text: str) -> str:
    """Return typed words as a form keeps them: trimmed, with one kind of line end."""
    return re.sub(r"\r\n|\r", "\n", text).strip()


def check(client, theme, changes) -> str:
    """Send the form with ``changes``; return "error" or "stored" after looking at either."""
    cache.clear()
    data = {**WORDS, "theme": str(theme.pk), "stamp": old_stamp(), **changes}
    before = Idea.objects.count()
    response = client.post(address("idea-new"), data)
    assert response.status_code in (200, 302), response.status_code
    if response.status_code == 200:
        form = response.context["form"]
        assert form.errors
        assert Idea.objects.count() == before
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "data-error-summary" in page
        for name in form.errors:
            assert name in ("__all__", "stamp") or f'href="#id_{name}"' in page
        return "error"
    if data.get("website"):
        assert Idea.objects.count() == before
        return "stored"
    idea = Idea.objects.latest("pk")
    for name in WRITTEN:
        if name in changes:
            assert as_stored(getattr(idea, name)) == as_stored(changes[name])
    return "stored"


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_every_kind_of_input(field, kind, client, theme):
    check(client, theme, {field: NASTY[kind]})


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    changes=st.dictionaries(
        st.sampled_from(FIELDS),
        st.one_of(st.sampled_from(list(NASTY.values())), st.text(max_size=400)),
        max_size=6,
    )
)
def test_no_mixture_breaks_the_form(changes, client, theme):
    with transaction.atomic():
        check(client, theme, changes)
        transaction.set_rollback(True)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_was_stored_is_shown_as_text(client, theme, language, users):
    words = f"{NASTY['html']} {NASTY['template']} {NASTY['link']}"
    title = NASTY["html"]
    assert check(client, theme, {"title": title, "body": words}) == "stored"
    idea = Idea.objects.get()
    Idea.objects.filter(pk=idea.pk).update(status="published", reference="SCO-2026-77777")
    for path in ("/ideas/SCO-2026-77777/", "/ideas/", "/ideas/feed.atom", "/search/?q=alert"):
        page = client.get(f"/{language}{path}").content.decode()
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    page = client.get(f"/{language}/ideas/SCO-2026-77777/").content.decode()
    assert escape(NASTY["html"]) in page
    assert 'href="javascript:' not in page
    client.force_login(users["staff"])
    office = client.get(f"/admin/stakeholders/idea/{idea.pk}/change/").content.decode()
    assert "<script>alert" not in office
    table = client.get(f"/{language}/ideas/?format=csv").content.decode()
    assert not re.search(r'(^|[,;])"?[=+@-]HYPER', table)


@pytest.mark.parametrize("field", ["title", "body", "email"])
def test_ten_megabytes_are_refused_in_words(field, client, theme):
    data = {**WORDS, "theme": str(theme.pk), "stamp": old_stamp(), field: "x" * 10_000_000}
    response = client.post(address("idea-new"), data)
    assert response.status_code in (200, 400, 413)
    assert not Idea.objects.exists()
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        ("plan.pdf", b""),
        ("plan.pdf", b"%PDF-1.7\n" + b"\x00" * 500),
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("photo.png", claimed_png(1, 50_000)),
        ("photo.png", claimed_png(50_000, 50_000)),
        ("photo.jpg", picture()[:-20]),
        ("../../etc/passwd", b"root:x:0:0"),
        ("x" * 400 + ".jpg", b"GIF89a<script>alert(1)</script>"),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
    ],
)
def test_a_malformed_file_is_an_error_beside_its_field(name, content, client, theme):
    data = {"files_chosen": chosen(name, content), "picture_rights": "on"}
    sent = {**WORDS, "theme": str(theme.pk), "stamp": old_stamp(), **data}
    response = client.post(address("idea-new"), sent)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Idea.objects.exists()
    assert WORDS["body"] in response.content.decode()


def test_a_picture_keeps_no_place_and_no_camera(client, theme):
    data = {"files_chosen": chosen("photo.jpg", picture(gps=True)), "picture_rights": "on"}
    assert check(client, theme, data) == "stored"
