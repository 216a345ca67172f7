"""A jury at work."""

import pytest

from tests.factories.projects import Jury


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
