"""The mail of shared minutes: its words in the language of each reader, the minutes in theirs."""

import io

import pytest
from pypdf import PdfReader

from core import mail
from stakeholders import services
from tests.factories.meetings import shared
from tests.factories.stakeholders import ContactFactory
from tests.stakeholders.conftest import mails_to

SUBJECTS = {"fr": "Compte rendu", "nl": "Verslag", "en": "Minutes"}


@pytest.fixture
def readers(meeting):
    """One person invited for each language; the meeting itself is in French."""
    meeting.language = "fr"
    meeting.save()
    found = {code: ContactFactory(language=code, email=f"{code}@example.org") for code in SUBJECTS}
    meeting.contacts.set(found.values())
    return found


@pytest.mark.parametrize(
    ("language", "correct_by", "which"),
    [
        ("fr", "Répondez", ""),
        ("nl", "Antwoord", "Het verslag is in het Frans"),
        ("en", "Answer", "The minutes are in French"),
    ],
)
def test_the_words_around_the_minutes_are_the_readers(
    readers, meeting, staff, language, correct_by, which
):
    shared(meeting, staff)
    (sent,) = mails_to(f"{language}@example.org")
    assert sent.language == language
    assert sent.subject.startswith(SUBJECTS[language])
    for part in (sent.text, sent.html):
        assert correct_by in part
        assert which in part
        assert "Un pilote." in part
    assert '<div lang="fr">' in sent.html
    if not which:
        assert "in French" not in sent.text
        assert "en français" not in sent.text


def test_each_reader_gets_the_minutes_as_pdf_once(readers, meeting, staff, server):
    shared(meeting, staff)
    server.data_answers = ["450 later"]
    messages = [mails_to(f"{code}@example.org")[0] for code in SUBJECTS]
    tries = [[mail.send(each.pk) for each in messages] for _round in range(3)]
    assert tries == [[False, True, True], [True, False, False], [False] * 3]
    assert {each["content-language"] for each in server.received} == set(SUBJECTS)
    papers = [part for each in server.received for part in each.iter_attachments()]
    assert len(papers) == 3
    for paper in papers:
        page = PdfReader(io.BytesIO(paper.get_content()))
        assert page.trailer["/Root"]["/Lang"].startswith("fr")
        assert "Un pilote." in page.pages[0].extract_text()


def test_corrected_minutes_go_out_as_their_next_version(readers, meeting, staff):
    shared(meeting, staff)
    services.correct_minutes(meeting, by=staff, body="Deux pilotes.")
    services.share_minutes(meeting, by=staff)
    first, second = mails_to("nl@example.org")
    numbers = [each.attachments.get().version.number for each in (first, second)]
    assert numbers == [1, 2]
