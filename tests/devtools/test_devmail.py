"""The page of the caught mails: in the demonstration only, and harmless with hostile mail."""

import os
import subprocess
import sys
from email.message import EmailMessage

import pytest
from django.test import override_settings
from django.urls import include, path

from devtools.checkout import ROOT
from devtools.checks import production_environ
from devtools.mailsink import MailFolder, MailSink

LIST_ROUTES = """
import django
django.setup()
from django.urls import get_resolver
print([str(entry.pattern) for entry in get_resolver().url_patterns])
"""


@pytest.mark.parametrize(("name", "exists"), [("prod", False), ("dev", True)])
def test_the_page_exists_in_the_demonstration_only(name, exists, tmp_path):
    settings = {"DJANGO_SETTINGS_MODULE": f"smartcity.settings.{name}", "STATE_DIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", LIST_ROUTES],
        cwd=ROOT,
        env=os.environ | production_environ() | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert ("dev/mail/" in result.stdout) is exists


urlpatterns = [path("dev/mail/", include("smartcity.devmail"))]


@pytest.fixture
def sent_mail(tmp_path, settings):
    """A mail with a text and an HTML part, sent through a real sink; the key of its file."""
    settings.STATE_DIR = tmp_path
    folder = tmp_path / "mail"
    folder.mkdir()
    sink = MailSink(MailFolder(folder))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    from django.core.mail import EmailMultiAlternatives

    mail = EmailMultiAlternatives(
        "Votre idée <b>reçue</b>",
        "Confirmez : https://example.org/confirm?a=1",
        "Office <office@example.org>",
        ["one@example.org"],
        bcc=["hidden@example.org"],
        headers={"Content-Language": "fr"},
    )
    mail.attach_alternative("<html><head></head><p onclick=x>Bonjour</p></html>", "text/html")
    mail.attach("Reçu.pdf", b"%PDF-1.7", "application/pdf")
    mail.send()
    sink.close()
    (file,) = folder.glob("*.eml")
    return file.stem


@override_settings(ROOT_URLCONF=__name__)
def test_the_html_part_is_confined_and_its_links_open_elsewhere(sent_mail, client):
    answer = client.get(f"/dev/mail/{sent_mail}/html/")
    assert answer.content.startswith(b'<html><head><base target="_blank"></head>')
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@override_settings(ROOT_URLCONF=__name__)
def test_what_is_attached_is_saved_under_its_name(sent_mail, client):
    answer = client.get(f"/dev/mail/{sent_mail}/1/")
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert client.get(f"/dev/mail/{sent_mail}/2/").status_code == 404
    assert client.get(f"/dev/mail/{sent_mail}/0/").status_code == 404


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("key", ["1-0", "nothing", "..%2F..%2Fsecret_key"])
def test_an_unknown_mail_is_not_found(sent_mail, client, key):
    from django.urls import Resolver404, resolve

    address = f"/dev/mail/{key}/html/"
    try:
        view, _, arguments = resolve(address, urlconf=__name__)
    except Resolver404:
        return
    from django.http import Http404
    from django.test import RequestFactory

    with pytest.raises(Http404):
        view(RequestFactory().get(address), **arguments)


def test_the_page_knows_who_really_got_a_mail(sent_mail):
    from smartcity.devmail import mail_or_404

    mail = mail_or_404(sent_mail)
    assert mail.subject == "Votre idée <b>reçue</b>"
    assert mail.recipients == "one@example.org, hidden@example.org"
    assert mail.language == "fr"
    assert isinstance(mail.text, str)
    assert mail.arrived_at.year >= 2026


def test_message_without_parts_has_no_html():
    from smartcity.devmail import CaughtMail

    message = EmailMessage()
    message.set_content("Bonjour")
    mail = CaughtMail("1-0", message)
    assert (mail.text, mail.html, mail.subject) == ("Bonjour\n", None, "")
