"""Versioned documents: the life of a text, what the database refuses, what changed between two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, InternalError, connections, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from core import documents
from core.differences import differences
from core.documents import DOCUMENT
from core.models import Document, DocumentVersion
from core.selectors import history_of
from core.workflow import PermissionRefused, TransitionRefused

TEXT = "# Report\n\nThe tram passes.\n"


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def document(staff):
    return documents.begin_document(title="Minutes 12", language="fr", by=staff, body=TEXT)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def approved(document, by):
    documents.circulate(document, until=tomorrow(), by=by)
    documents.approve(document, by=by)
    return document


def test_a_document_begins_as_a_draft_with_its_first_version(document, staff):
    version = documents.current_version(document)
    assert (version.number, version.body, version.author) == (1, TEXT.rstrip(), staff)
    assert document.status == "draft"
    assert [line.transition for line in history_of(document)] == ["begin"]


def test_the_same_words_make_no_new_version(document, staff):
    same = TEXT.replace("\n", "\r\n") + "\r\n"
    assert documents.save_version(document, same, by=staff).number == 1
    assert documents.save_version(document, TEXT + "More.", by=staff, note="more").number == 2
    assert document.versions.count() == 2


def test_the_whole_life_of_a_text_is_in_its_history(document, staff):
    documents.circulate(document, until=tomorrow(), by=staff)
    documents.correct(document, by=staff, note="a typing error")
    documents.save_version(document, "The bus passes.", by=staff)
    approved(document, staff)
    documents.sign(document, signed_by=" The chair ", by=staff)
    assert (document.status, document.signed_by) == ("signed", "The chair")
    assert document.circulated_until == tomorrow()
    moves = [line.transition for line in history_of(document)]
    assert moves[::-1] == ["begin", "circulate", "correct", "circulate", "approve", "sign"]


def test_what_is_circulated_is_taken_back_before_it_changes(document, staff):
    documents.circulate(document, until=tomorrow(), by=staff)
    with pytest.raises(TransitionRefused, match="take it back"):
        documents.save_version(document, "Other words.", by=staff)


def test_it_circulates_until_a_day_that_is_not_over(document, staff):
    with pytest.raises(TransitionRefused, match="today or later"):
        documents.circulate(document, until=timezone.localdate() - timedelta(days=1), by=staff)
    documents.circulate(document, until=timezone.localdate(), by=staff)


def test_an_empty_text_goes_nowhere(staff):
    empty = documents.begin_document(title="Minutes", language="nl", by=staff)
    assert documents.current_version(empty) is None
    with pytest.raises(TransitionRefused, match="no text"):
        documents.circulate(empty, until=tomorrow(), by=staff)
    with pytest.raises(TransitionRefused, match="no text"):
        documents.save_version(empty, " \n", by=staff)


def test_a_version_that_somebody_saved_meanwhile_is_told(document, staff):
    documents.save_version(document, "Second.", by=staff, after=1)
    with pytest.raises(TransitionRefused, match="version 2"):
        documents.save_version(document, "Third.", by=staff, after=1)


def test_a_signature_needs_a_name(document, staff):
    approved(document, staff)
    with pytest.raises(TransitionRefused, match="who signed"):
        documents.sign(document, signed_by=" ", by=staff)


@pytest.mark.parametrize("role", ["juror", "auditor", "administrator", "nobody", "superuser"])
def test_only_the_office_writes(role, document, users):
    somebody = users[role]
    with pytest.raises(PermissionRefused):
        documents.begin_document(title="x", language="fr", by=somebody)
    with pytest.raises(PermissionRefused):
        documents.save_version(document, "Other.", by=somebody)
    with pytest.raises(PermissionRefused):
        documents.circulate(document, until=tomorrow(), by=somebody)
    assert DOCUMENT.available(document, somebody) == []


def test_an_approved_text_changes_through_a_corrigendum_only(document, staff):
    with pytest.raises(TransitionRefused, match="not approved yet"):
        documents.begin_corrigendum(document, body="Read: bus.", by=staff)
    approved(document, staff)
    with pytest.raises(TransitionRefused, match="corrigendum"):
        documents.save_version(document, "Other.", by=staff)
    corrigendum = documents.begin_corrigendum(document, body="Read: bus.", by=staff)
    assert corrigendum.corrects == document
    assert (corrigendum.status, corrigendum.language) == ("draft", "fr")
    assert list(document.corrigenda.all()) == [corrigendum]


def test_the_database_refuses_a_version_of_an_approved_text(document, staff):
    approved(document, staff)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        DocumentVersion.objects.create(document=document, number=9, body="x", sha256="0")


def test_the_database_keeps_versions_as_they_were_saved(document):
    with pytest.raises(InternalError), transaction.atomic():
        document.versions.update(body="other")
    with pytest.raises(InternalError), transaction.atomic():
        document.delete()


@pytest.mark.parametrize("change", [{"status": "draft"}, {"title": "Other"}, {"language": "nl"}])
def test_the_database_undoes_no_approval(change, document, staff):
    approved(document, staff)
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


def test_a_signature_is_not_taken_back(document, staff):
    approved(document, staff)
    documents.sign(document, signed_by="The chair", by=staff)
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(status="approved")


def test_a_document_is_not_its_own_corrigendum(document):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(corrects=document)


@pytest.mark.django_db(transaction=True)
def test_six_writers_at_once_make_six_versions(document, staff):
    assert staff.roles  # loaded here, so that the threads share it
    start = Barrier(6)

    def write(number):
        start.wait()
        try:
            documents.save_version(document, f"Words {number}", by=staff)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert sorted(document.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def kinds(old, new):
    return [row.kind for row in differences(old, new)]


def test_a_difference_shows_words_and_leaves_out_what_stayed():
    lines = [f"line {n}" for n in range(12)]
    old = "\n".join([*lines, "The tram passes."])
    new = "\n".join([*lines, "The bus passes.", "New."])
    rows = differences(old, new)
    assert [row.kind for row in rows] == ["gap", "same", "same", "changed", "added"]
    assert rows[0].count == 10
    assert rows[3].parts == (
        ("same", "The "),
        ("removed", "tram"),
        ("added", "bus"),
        ("same", " passes."),
    )


def test_no_difference_between_the_same_words():
    assert kinds(TEXT, TEXT) == []
    assert kinds("a\nb\nc", "a\nc") == ["same", "removed", "same"]


LINES = st.lists(st.sampled_from(["", "a", "b c", "b d", "é œ", "<i>"]), max_size=9)


@given(LINES, LINES)
def test_both_wordings_can_be_read_from_the_difference(before, after):
    old, new = "\n".join(before), "\n".join(after)
    rows = differences(old, new)
    left, right = old.split("\n"), new.split("\n")
    for row in rows:
        if row.kind == "gap":
            assert left[: row.count] == right[: row.count]
            left, right = left[row.count :], right[row.count :]
            continue
        if row.kind != "added":
            assert left.pop(0) == side(row, "added")
        if row.kind != "removed":
            assert right.pop(0) == side(row, "removed")
    assert (left, right) == ([], []) or old == new


def side(row, without):
    return "".join(words for kind, words in row.parts if kind != without)


@pytest.mark.parametrize(("language", "word"), [("fr", "fr"), ("nl", "nl")])
def test_the_difference_on_a_page_is_marked_up_and_escaped(language, word, document, staff):
    old = documents.current_version(document)
    new = documents.save_version(document, "<b>The tram</b>", by=staff)
    context = {"rows": differences(old.body, new.body), "old": old, "new": new, "language": "fr"}
    with translation.override(language):
        html = render_to_string("ui/document_diff.html", context)
    assert "<ins>" in html
    assert "<del>" in html
    assert "<b>" not in html
    assert '<ol lang="fr">' in html
    assert f'class="visually-hidden" lang="{word}"' in html
