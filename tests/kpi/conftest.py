"""People who keep figures."""

import pytest


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def colleague(make_user):
    return make_user("secretary")
