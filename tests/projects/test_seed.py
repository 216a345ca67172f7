"""The demo content: complete, marked, loaded once."""

import pytest
from django.apps import apps

from governance import seed as governance_seed
from governance.models import Mandate
from programme import seed as programme_seed
from projects import seed, selectors, services
from projects.models import Ballot, JurySession, ProjectSheet, SheetIdea, SheetOutcome
from stakeholders import seed as stakeholders_seed
from workshops import seed as workshops_seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    for each in (programme_seed, stakeholders_seed, governance_seed, workshops_seed, seed):
        each.load()


def test_who_votes_in_the_jury_sits_for_the_government_and_is_public(loaded):
    jury = Mandate.objects.filter(body__slug="jury-demo")
    groups = {votes: jury.filter(votes=votes).values_list("helix", flat=True) for votes in (1, 0)}
    assert list(groups[1]) == ["public"] * 8
    assert list(groups[0]) == ["", ""], "nothing says which group an expert is of"


def counts():
    return {model: model.objects.count() for model in apps.get_app_config("projects").get_models()}


def test_loading_twice_changes_nothing(loaded):
    before = counts()
    seed.load()
    assert counts() == before
    assert ProjectSheet.objects.filter(is_demo=False).count() == 0


def test_the_story_is_whole(loaded, make_user):
    finished = JurySession.objects.get(status="published")
    rows = selectors.public_results(finished)
    assert len(rows) == 6
    assert all(row.mean is not None and row.figures.count >= 6 for row in rows)
    assert SheetOutcome.objects.count() == 6
    assert SheetIdea.objects.count() == 13
    assert all(sheet.workshops.exists() for sheet in ProjectSheet.objects.all())


def test_the_demo_juror_can_score_now(loaded, make_user):
    session = JurySession.objects.get(status="scoring_open")
    juror = make_user("juror", email=seed.DEMO_JUROR)
    assignment = session.assignments.filter(mandate__contact__email=seed.DEMO_JUROR).first()
    assignment.mandate.contact.user = juror
    assignment.mandate.contact.save()
    services.declare(assignment, "none", by=juror)
    codes = session.rubric.criteria.values_list("code", flat=True)
    answers = services.Answers({code: {"value": 3, "comment": ""} for code in codes})
    services.seal_ballot(assignment, answers, by=juror, row_version=0)
    assert Ballot.objects.get(assignment=assignment).status == "sealed"


def test_without_demo_content_there_is_nothing(db):
    seed.load(demo=False)
    assert not any(counts().values())
