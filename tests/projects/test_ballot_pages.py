"""The pages of a juror: declare, score, seal, take back; what is refused, and how it is told."""

import pytest
from django.utils import timezone

from projects import services
from projects.models import Ballot, JurySession

pytestmark = pytest.mark.django_db


def post(client, assignment, **data):
    return client.post(f"/fr/jury/ballots/{assignment.pk}/", data)


def test_a_juror_declares_saves_seals_and_takes_back(client, jury):
    assignment = jury.assignment()
    client.force_login(jury.jurors[0])
    address = f"/fr/jury/ballots/{assignment.pk}/"
    first = client.get(address).content.decode()
    assert jury.sheets[0].problem_fr not in first
    assert jury.sheets[0].summary_fr not in first
    client.post(f"{address}declaration/", {"answer": "none"})
    post(client, assignment, action="save", row_version=0, score_c1=5, comment_c2="à voir")
    page = client.get(address).content.decode()
    assert "à voir" in page
    assert "5,00" in page
    refused = post(client, assignment, action="seal", row_version=1, score_c1=5)
    assert refused.status_code == 409
    post(client, assignment, action="seal", row_version=1, score_c1=5, score_c2=2)
    ballot = Ballot.objects.get()
    assert ballot.status == "sealed"
    assert ballot.commitment in client.get(address).content.decode()
    post(client, assignment, action="reopen", row_version=2)
    ballot.refresh_from_db()
    assert (ballot.status, ballot.commitment) == ("draft", "")


def test_the_background_save_answers_in_json(client, jury):
    jury.declare()
    client.force_login(jury.jurors[0])
    address = f"/fr/jury/ballots/{jury.assignment().pk}/"
    data = {"action": "save", "row_version": 0, "score_c1": 5}
    answer = client.post(address, data, headers={"accept": "application/json"})
    assert answer.json()["row_version"] == 1
    stale = client.post(address, data, headers={"accept": "application/json"})
    assert stale.status_code == 409
    assert stale.json()["error"]


def test_a_conflict_of_versions_shows_both_texts_and_loses_none(client, jury):
    jury.declare()
    client.force_login(jury.jurors[0])
    assignment = jury.assignment()
    post(client, assignment, action="save", row_version=0, comment_c1="du téléphone")
    answer = post(client, assignment, action="save", row_version=0, comment_c1="du portable")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "du téléphone" in page
    assert "du portable" in page
    assert services.read_own_ballot(jury.assignment(), by=jury.jurors[0])[0].scores["c1"] == {
        "value": None,
        "comment": "du téléphone",
    }
    post(client, assignment, action="save", row_version=1, comment_c1="du portable")
    assert Ballot.objects.get().row_version == 2


def test_after_the_close_a_post_changes_nothing_says_so_and_keeps_the_text(client, jury):
    jury.seal(0, 0, 4, 3)
    JurySession.objects.update(closes_at=timezone.now() - timezone.timedelta(seconds=1))
    before = Ballot.objects.values().get()
    client.force_login(jury.jurors[0])
    answer = post(
        client, jury.assignment(), action="seal", row_version=1, score_c1=0, comment_c1="trop tard"
    )
    assert answer.status_code == 409
    assert "trop tard" in answer.content.decode()
    assert Ballot.objects.values().get() == before


@pytest.mark.parametrize(
    "bad",
    [
        {"row_version": "x", "action": "save"},
        {"action": "save"},
        {"row_version": 0, "action": "burn"},
        {"row_version": 0, "action": "save", "score_c1": 9},
        {"row_version": 0, "action": "save", "score_c1": "n/a", "score_c2": 5},
        {"row_version": 0, "action": "reopen"},
    ],
)
def test_bad_input_is_refused_in_words(client, jury, bad):
    jury.declare()
    client.force_login(jury.jurors[0])
    assert post(client, jury.assignment(), **bad).status_code == 409
    assert not Ballot.objects.exists()


def test_an_empty_seal_leads_to_each_criterion(client, jury):
    jury.declare()
    client.force_login(jury.jurors[0])
    address = f"/fr/jury/ballots/{jury.assignment().pk}/"
    answer = client.post(address, {"row_version": "0", "action": "seal"})
    assert answer.status_code == 409
    assert set(answer.context["form"].errors) == {"score_c1", "score_c2"}
    for code in ("c1", "c2"):
        assert f'data-field="div_id_score_{code}"' in answer.content.decode()
    answer = client.post(address, {"row_version": "0", "action": "seal", "abstained": "on"})
    assert set(answer.context["form"].errors) == {"reason"}
    assert not Ballot.objects.filter(status="sealed").exists()
