"""Case 21: what the Office thinks and whom it knows, the Office alone reads, by any door."""

import pytest

from tests.factories.register import AssessmentFactory, BilateralFactory, InteractionFactory
from tests.factories.stakeholders import ContactFactory, OrganisationFactory
from tests.stakeholders.acceptance.conftest import EMAIL, IDEAS
from tests.stakeholders.conftest import address

pytestmark = pytest.mark.django_db
REMARK, RATIONALE = "Remarque-kanarie", "Jugement-kanarie"
PRIVATE = (REMARK, RATIONALE, "Kanarie Naam", EMAIL, "+32 470 00 00 01")


@pytest.fixture
def organisation():
    """A listed organisation, judged by the Office."""
    row = OrganisationFactory(slug="atelier")
    AssessmentFactory(organisation=row, influence=5, rationale=RATIONALE)
    return row


@pytest.fixture
def doors(organisation) -> dict[str, str]:
    """Every internal page of the register, by name: those of frames, log, meetings, people."""
    person = ContactFactory(name="Kanarie Naam", phone="+32 470 00 00 01")
    exchange = InteractionFactory(subject=REMARK)
    meeting = BilateralFactory(organisation=organisation)
    names = {
        "grid": ("register-grid",),
        "matrix": ("register-matrix",),
        "silence": ("register-silence",),
        "balance": ("register-balance",),
        "assessments": ("assessment-history", organisation.slug),
        "log": ("exchange-log",),
        "exchange": ("exchange", exchange.pk),
        "meetings": ("meetings",),
        "meeting": ("meeting", meeting.pk),
        "organisation": ("organisation-timeline", organisation.slug),
        "person": ("contact-timeline", person.pk),
    }
    found = {name: address(*arguments) for name, arguments in names.items()}
    files = {
        f"{name}.{kind}": f"{found[name]}?format={kind}"
        for name in ("grid", "matrix")
        for kind in ("json", "csv")
    }
    office = {
        "contact": f"/admin/stakeholders/contact/{person.pk}/change/",
        "assessment list": "/admin/stakeholders/stakeholderassessment/",
        "contributions": "/admin/stakeholders/ideanote/",
        "mails": "/admin/core/message/",
    }
    return found | files | office


def test_case_21_anonymous_visitors_are_asked_to_log_in(doors, browser):
    """Without an account each internal address leads to the login, and tells nothing."""
    visitor = browser("fr")
    for name, path in doors.items():
        page = visitor.open(path)
        assert "/login/" in page.path, name
        assert not any(words in page.text for words in PRIVATE), name


@pytest.mark.parametrize("role", [None, "board", "juror", "facilitator", "translator"])
def test_case_21_a_normal_account_is_refused(doors, browser, make_user, role):
    """An account of a member, a juror, a facilitator or a translator is refused at each door."""
    visitor = browser("fr", make_user(*[role] if role else []))
    for name, path in doors.items():
        page = visitor.open(path)
        assert page.status in (403, 404) or "/login/" in page.path, (name, page.status)
        assert not any(words in page.text for words in PRIVATE), name


def test_case_21_the_office_reads_all_of_it(doors, office):
    """The twin: the staff open each of these doors, and find what is written there."""
    texts = {name: office.open(path) for name, path in doors.items()}
    assert {page.status for page in texts.values()} == {200}
    assert RATIONALE in texts["assessments"].text
    assert REMARK in texts["log"].text
    assert "Kanarie Naam" in texts["contact"].text
    assert '"influence": 5' in texts["grid.json"].text


def test_case_21_a_remark_about_an_idea_is_on_no_public_page(
    published, author, anybody, office, browser, make_user
):
    """A note, the reason of a decision and the address of the author stand in the back office, and
    neither in a page, nor in a file, nor in a search, whoever asks; nor behind the secret link."""
    reference, mine = published(author, display="name", name="Zoé D.")
    row = office.row(reference)
    notes = row.follow("/notes/")
    notes.form("text").send(text=REMARK)
    begun = row.follow("/statement/answer/").form("outcome")
    begun.send("keep", outcome="accepted", note=RATIONALE, body_fr="Oui.", body_nl="Ja.")
    assert REMARK in row.follow("/notes/").words
    office_row = office.row(reference).text
    assert RATIONALE in office_row
    for visitor in (
        anybody,
        browser(author.language, make_user()),
        browser("fr", make_user("juror")),
    ):
        pages = [visitor.page("idea-detail", reference)]
        for query in ("", "?format=json", "?format=csv", f"?search={REMARK}", f"?search={EMAIL}"):
            pages.append(visitor.page("idea-list", query=query))
        for words in (REMARK, RATIONALE, EMAIL, "kanarie"):
            found = visitor.open(f"/fr/search/?q={words}")
            assert reference not in found.words
        pages += [visitor.page("idea-feed"), visitor.open(f"/fr/journeys/{reference}/")]
        for page in pages:
            text = page.text.replace(f"search={REMARK}", "").replace(f'value="{REMARK}"', "")
            text = text.replace("zoe%40example.org", "").replace(f'value="{EMAIL}"', "")
            assert not any(each in text for each in (RATIONALE, "Oui.<")), page.path
            assert page.path.endswith((REMARK, EMAIL)) or not any(
                each in text for each in (REMARK, EMAIL)
            ), page.path
        assert visitor.open(notes.path).status == 403 or "/login/" in visitor.open(notes.path).path
    behind = author.open(mine.path).text + author.open(mine.path + "data.json").text
    assert REMARK not in behind
    assert RATIONALE not in behind
    assert IDEAS[author.language]["title"] in behind
