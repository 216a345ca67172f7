"""The table of acceptance cases names tests that exist, and every case of the indicators."""

from tests.acceptance import faults, known


def test_every_case_has_tests_that_exist():
    assert faults("acceptance-volet-4.md", 22, "kpi", "portal", "e2e") == []


def test_a_table_that_names_what_is_not_there_is_found_out():
    assert faults("acceptance-volet-4.md", 23, "portal") != []
    assert "test_every_case_has_tests_that_exist" in known("kpi")
