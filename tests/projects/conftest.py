"""A jury at work."""

import pytest

from projects import services
from tests.factories.projects import REASONS, DecisionFactory, Jury

#: Stands in a comment of a ballot: no page may show it.
CANARY = "canari-jaune-7391"


@pytest.fixture
def make_jury(make_user):
    """Return a maker of juries: ``make_jury(jurors=3, sheets=2)``."""

    def make(**options):
        return Jury(make_user, **options)

    return make


@pytest.fixture
def jury(make_jury):
    """Three jurors, one sheet, scoring open."""
    return make_jury()


@pytest.fixture
def published(make_jury):
    """A session that went all the way, three ballots with a canary in a comment."""
    jury = make_jury()
    for juror in range(3):
        jury.seal(juror, 0, 4, 3, comment=CANARY)
    jury.deliberate()
    sheet = jury.sheets[0]
    services.propose(jury.session, sheet, "proposed", by=jury.chair, **REASONS)
    services.record_vote(jury.session, by=jury.secretary)
    services.transmit(jury.session, by=jury.secretary)
    services.record_outcome(
        sheet, decision=DecisionFactory(), outcome="selected", by=jury.government, **REASONS
    )
    services.record_decision(jury.session, by=jury.government)
    services.publish_results(jury.session, by=jury.secretary)
    return jury
