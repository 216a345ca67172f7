"""The table of acceptance cases names tests that exist, and every case of the campaigns."""

from tests.acceptance import faults


def test_every_case_has_tests_that_exist():
    assert faults("acceptance-campaigns.md", 25, "campaigns", "stakeholders") == []
