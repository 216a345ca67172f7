"""The front-end packages: what is copied is what pages ask for, and a half-done copy is redone."""

import json
import re

import pytest

from devtools import frontend

TEMPLATES = frontend.CHECKOUT / "templates"


def test_lock_file_names_no_host():
    lock = json.loads((frontend.CHECKOUT / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_every_icon_of_the_templates_is_in_the_sprite():
    used = set()
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', path.read_text()))
    assert used <= set(frontend.ICONS)


def test_every_vendor_file_that_pages_ask_for_is_copied():
    css = "".join(path.read_text() for path in (frontend.CHECKOUT / "static/css").glob("*.css"))
    html = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    asked = set(re.findall(r"vendor/([\w.-]+)", css + html))
    assert asked <= {*frontend.FILES, "icons.svg"}


@pytest.fixture
def vendor(tmp_path, monkeypatch):
    """A front end that is complete, in a folder of its own."""
    monkeypatch.setattr(frontend, "VENDOR", tmp_path)
    monkeypatch.setattr(frontend, "STAMP", tmp_path / ".stamp")
    monkeypatch.setattr(frontend, "PACKAGES", tmp_path)
    (tmp_path / "axe-core").mkdir()
    for name in (*frontend.FILES, "icons.svg", "axe-core/axe.min.js"):
        (tmp_path / name).touch()
    (tmp_path / ".stamp").write_text(frontend.fingerprint())
    return tmp_path


def test_a_complete_copy_of_this_lock_file_is_current(vendor):
    assert frontend.is_current()


@pytest.mark.parametrize("name", [".stamp", "icons.svg", "htmx.min.js", "axe-core/axe.min.js"])
def test_a_copy_that_lacks_something_is_not_current(vendor, name):
    (vendor / name).unlink()
    assert not frontend.is_current()


def test_a_copy_of_another_lock_file_is_not_current(vendor):
    (vendor / ".stamp").write_text("older")
    assert not frontend.is_current()


def test_a_failing_npm_is_told_in_a_sentence(vendor, monkeypatch, capsys):
    (vendor / ".stamp").unlink()

    def fail():
        raise frontend.FrontendError("npm could not fetch the packages")

    monkeypatch.setattr(frontend, "install", fail)
    assert frontend.main() == 1
    assert "npm could not fetch" in capsys.readouterr().err
