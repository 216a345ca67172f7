"""Demonstration rows tell how they came to their state, at the time when it happened."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from core.selectors import history_of
from governance.histories import ensure_with_history
from governance.models import Decision
from governance.seed import load
from tests.factories.governance import MeetingFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def values(**more) -> dict:
    texts = {f"{field}_{code}": "x" for field in Decision.public_fields for code in ("fr", "nl")}
    return {"meeting": MeetingFactory(), "decided_on": date(2026, 3, 31), **texts, **more}


def test_a_seeded_decision_was_taken_on_its_day():
    load()
    for decision in Decision.objects.all():
        (change,) = history_of(decision)
        assert timezone.localdate(change.at) == decision.decided_on
        assert (change.source, change.target) == ("proposed", decision.status)


def test_a_time_to_come_is_told_as_now():
    later = datetime(2999, 1, 1, tzinfo=UTC)
    key, moves = {"number": "GB-2026-90/D1"}, [("adopt", later)]
    made, is_new = ensure_with_history(Decision, key, "proposed", moves, **values(status="adopted"))
    assert is_new
    assert history_of(made).get().at <= timezone.now()
    assert ensure_with_history(Decision, key, "proposed", moves, status="adopted") == (made, False)


@pytest.mark.parametrize(
    ("moves", "status"), [(["adopt"], "rejected"), (["implement"], "implemented"), ([], "adopted")]
)
def test_a_history_that_cannot_have_happened_makes_no_row(moves, status):
    steps = [(name, NOON) for name in moves]
    with pytest.raises(ValueError, match="Decision"):
        ensure_with_history(
            Decision, {"number": "GB-2026-91/D1"}, "proposed", steps, **values(status=status)
        )
    assert not Decision.objects.exists()
