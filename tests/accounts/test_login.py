"""Logging in: password, code by mail, second factor, limits, languages."""

import re
import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail as outbox
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import SECOND_FACTOR_ROLES, Role
from core import mail
from core.models import Message

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def url(name, language="fr", **kwargs):
    with translation.override(language):
        return reverse(name, kwargs=kwargs or None)


def deliver():
    """Do what the worker does, and return the mails."""
    for pk in Message.objects.filter(status="queued").values_list("pk", flat=True):
        mail.send(pk)
    return outbox.outbox


def log_in(client, user, language="fr", password=PASSWORD, **more):
    fields = {"login": user.email, "password": password}
    return client.post(url("account_login", language), fields, **more)


def is_logged_in(client):
    return "_auth_user_id" in client.session


PUBLIC_PAGES = {
    "account_login": {"fr": "Se connecter", "nl": "Aanmelden"},
    "account_signup": {"fr": "pas besoin de compte", "nl": "geen account nodig"},
    "account_request_login_code": {"fr": "avec un code", "nl": "met een code"},
    "account_reset_password": {"fr": "Mot de passe oublié", "nl": "Wachtwoord vergeten"},
    "account_reset_password_done": {"fr": "Regardez", "nl": "Kijk in uw e-mail"},
    "account_reset_password_from_key_done": {"fr": "fonctionne", "nl": "werkt nu"},
    "account_inactive": {"fr": "fermé", "nl": "gesloten"},
}


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_the_public_account_pages_speak_both_languages(client, settings, name, language):
    response = client.get(url(name, language))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    assert PUBLIC_PAGES[name][language] in page
    assert f"{settings.SITE['name']}</title>" in page
    for code, region in settings.SITE["signature"].items():
        assert f'<span lang="{code}">{region}</span>' in page


OWN_PAGES = {
    "account_change_password": {"fr": "Changer le mot de passe", "nl": "wachtwoord wijzigen"},
    "account_email": {"fr": "administrateur", "nl": "beheerder"},
    "account_email_verification_sent": {"fr": "administrateur", "nl": "beheerder"},
    "account_language": {"fr": "Langue des e-mails", "nl": "Taal van de e-mails"},
    "account_logout": {"fr": "Se déconnecter", "nl": "Afmelden"},
    "mfa_index": {"fr": "Second facteur", "nl": "Tweede factor"},
}


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("name", OWN_PAGES)
def test_the_own_account_pages_speak_both_languages(client, users, name, language):
    assert client.get(url(name, language)).status_code == 302
    client.force_login(users["staff"])
    page = client.get(url(name, language)).content.decode()
    assert OWN_PAGES[name][language] in page


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_password_opens_the_desk_in_the_language_of_the_page(client, make_user, language):
    user = make_user("juror", language="en")
    response = log_in(client, user, language)
    assert response.status_code == 302
    assert response.url == url("portal:desk", language)
    assert response.cookies["language"].value == language
    assert is_logged_in(client)
    user.refresh_from_db()
    assert user.language == "en"


def test_the_first_login_remembers_the_language_of_the_page(client, make_user):
    user = make_user("juror")
    response = log_in(client, user, "nl")
    user.refresh_from_db()
    assert user.language == "nl"
    assert response.url == url("portal:desk", "nl")


def test_the_case_of_an_address_does_not_matter(client, make_user):
    user = make_user(email="zoe@example.org")
    user.email = "ZOE@Example.org"
    log_in(client, user)
    assert is_logged_in(client)


@pytest.mark.parametrize(("language", "words"), [("fr", "incorrect"), ("nl", "niet juist")])
def test_a_wrong_password_is_told_alike_for_known_and_unknown(client, make_user, language, words):
    user = make_user()
    known = log_in(client, user, language, password="wrong")
    user.email = "nobody@example.org"
    unknown = log_in(client, user, language, password="wrong")
    for response in (known, unknown):
        assert response.status_code == 200
        assert words in response.content.decode()
    assert not is_logged_in(client)


def test_the_sixth_wrong_password_waits_even_if_the_next_is_right(client, make_user):
    user = make_user()
    for _ in range(5):
        log_in(client, user, password="wrong")
    page = log_in(client, user).content.decode()
    assert "Trop d’essais" in page
    assert not is_logged_in(client)


def test_too_many_requests_get_a_page_of_ours(client, make_user):
    user = make_user()
    answers = {
        client.post(url("account_request_login_code", "nl"), {"email": user.email}).status_code
        for _ in range(8)
    }
    assert 429 in answers or Message.objects.count() <= 3


def test_a_closed_account_does_not_log_in(client, make_user):
    user = make_user(is_active=False)
    log_in(client, user)
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "votre code"), ("nl", "uw code"), ("en", "your code")]
)
def test_a_code_by_mail_opens_once(client, make_user, language, words):
    user = make_user("juror", language=language)
    client.post(url("account_request_login_code", "fr"), {"email": user.email})
    (message,) = deliver()
    assert words in message.subject
    code = re.search(r"^\S{4,}$", message.body.split("--")[0], re.M).group()
    assert code in message.alternatives[0].content
    page = client.get(url("account_confirm_login_code", language)).content.decode()
    assert user.email in page
    response = client.post(url("account_confirm_login_code", language), {"code": code})
    assert response.url == url("portal:desk", language)
    assert is_logged_in(client)
    client.logout()
    client.post(url("account_confirm_login_code", language), {"code": code})
    assert not is_logged_in(client)


def test_a_wrong_code_does_not_open(client, make_user):
    client.post(url("account_request_login_code"), {"email": make_user().email})
    page = client.post(url("account_confirm_login_code"), {"code": "nope"}).content.decode()
    assert "incorrect" in page
    assert not is_logged_in(client)


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_a_strangers_address_gets_no_mail_and_the_same_answer(client, make_user, name):
    known = client.post(url(name), {"email": make_user().email})
    stranger = client.post(url(name), {"email": "stranger@example.org"})
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url)
    assert [message.to for message in deliver()] == [[User.objects.get().email]]


def test_a_forgotten_password_is_replaced_through_the_mail(client, make_user, settings):
    settings.SITE_URL = "https://portal.example.org"
    user = make_user(language="nl")
    client.post(
        url("account_reset_password", "fr"), {"email": user.email}, headers={"host": "evil.example"}
    )
    (message,) = deliver()
    assert "wachtwoord" in message.subject
    link = re.search(r"https://portal\.example\.org(/nl/\S+)", message.body).group(1)
    page = client.get(link, follow=True)
    fields = {"password1": "vier woorden samen gezet", "password2": "vier woorden samen gezet"}
    done = client.post(page.redirect_chain[-1][0], fields, follow=True)
    assert "werkt nu" in done.content.decode()
    log_in(client, user, password=fields["password1"])
    assert is_logged_in(client)
    assert "vervangen" in deliver()[-1].body
    again = client.get(link, follow=True).content.decode()
    assert "werkt niet meer" in again


def test_a_changed_password_is_told_to_its_owner(client, make_user):
    user = make_user(language="fr")
    client.force_login(user)
    fields = {
        "oldpassword": PASSWORD,
        "password1": "quatre mots bien choisis",
        "password2": "quatre mots bien choisis",
    }
    assert client.post(url("account_change_password"), fields).status_code == 302
    (message,) = deliver()
    assert "a été modifié" in message.body


@pytest.mark.parametrize("password", ["short", "123456789012345", "passwordpassword1"[:8]])
def test_a_weak_password_is_refused(client, make_user, password):
    client.force_login(make_user())
    fields = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(url("account_change_password"), fields).status_code == 200


def test_nobody_registers(client):
    fields = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post(url("account_signup"), fields)
    assert not User.objects.exists()


def test_the_own_address_is_not_changed_here(client, users):
    client.force_login(users["juror"])
    response = client.post(url("account_email"), {"action_add": "", "email": "x@example.org"})
    assert response.status_code == 405


def test_the_language_of_the_mails_is_chosen_on_the_account_page(client, make_user):
    user = make_user(language="fr")
    client.force_login(user)
    assert client.post(url("account_language"), {"language": "de"}).status_code == 200
    assert client.post(url("account_language"), {"language": "nl"}).status_code == 302
    user.refresh_from_db()
    assert user.language == "nl"


@pytest.fixture
def obligatory(settings):
    settings.MFA_OBLIGATORY = True


@pytest.mark.usefixtures("obligatory")
@pytest.mark.parametrize("role", list(Role))
def test_some_roles_set_up_a_second_factor_first(client, users, role):
    client.force_login(users[role])
    for address in (url("portal:desk"), "/admin/", "/admin/login/"):
        response = client.get(address)
        sent_away = response.status_code == 302 and response.url.endswith("/2fa/totp/activate/")
        assert sent_away == (role in SECOND_FACTOR_ROLES), address
    assert client.get(url("account_logout")).status_code == 200


@pytest.mark.usefixtures("obligatory")
def test_a_bare_superuser_sets_it_up_too(client, users):
    client.force_login(users["superuser"])
    assert client.get("/admin/").url.endswith("/2fa/totp/activate/")


@pytest.mark.usefixtures("obligatory")
def test_the_door_of_the_back_office_is_that_of_the_portal(client, users):
    fields = {"username": users["staff"].email, "password": PASSWORD}
    response = client.post("/admin/login/?next=/admin/", fields)
    assert response.status_code == 302
    assert "/accounts/login/" in response.url
    assert not is_logged_in(client)


def code_of(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.usefixtures("obligatory")
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_second_factor_from_picture_to_login(
    client, make_user, language, django_capture_on_commit_callbacks
):
    user = make_user("staff", language=language)
    log_in(client, user, language)
    again = client.get(url("mfa_activate_totp", language), follow=True)
    assert again.redirect_chain[0][0].startswith(url("account_reauthenticate", language))
    client.post(url("account_reauthenticate", language), {"password": PASSWORD})
    page = client.get(url("mfa_activate_totp", language))
    assert 'src="data:image/svg+xml' in page.content.decode()
    secret = page.context["form"].secret
    assert 'href="otpauth://totp/' in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("mfa_activate_totp", language), {"code": code_of(secret)})
    assert response.status_code == 302, response.context["form"].errors
    assert client.get(url("portal:desk", language)).status_code in (200, 302)
    codes = client.get(url("mfa_view_recovery_codes", language))
    assert codes.status_code == 200
    recovery = codes.context["unused_codes"][0]
    assert recovery in codes.content.decode()
    assert f'href="{url("portal:desk", language)}"' in codes.content.decode()
    assert client.get(url("mfa_index", language)).status_code == 200
    assert client.get(url("mfa_generate_recovery_codes", language)).status_code == 200
    assert client.get(url("mfa_deactivate_totp", language)).status_code == 200
    words = {"fr": "application d’authentification", "nl": "authenticatie-app"}[language]
    assert any(words in message.body for message in deliver())

    client.logout()
    assert log_in(client, user, language).url == url("mfa_authenticate", language)
    assert not is_logged_in(client)
    wrong = client.post(url("mfa_authenticate", language), {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/admin/").status_code == 302
    client.post(url("mfa_authenticate", language), {"code": recovery})
    assert is_logged_in(client)


def test_a_second_factor_may_be_confirmed_again(client, users):
    user = users["juror"]
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)
    for name in ("mfa_reauthenticate", "account_reauthenticate"):
        assert client.get(url(name)).status_code == 200
        assert "c’est bien vous" in client.get(url(name)).content.decode()


def test_a_mail_of_allauth_that_we_do_not_know_is_a_fault(rf):
    from accounts.adapter import PortalAccountAdapter

    with pytest.raises(KeyError):
        PortalAccountAdapter().send_mail("account/email/unheard_of", "x@example.org", {})


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "ne fonctionne plus"), ("nl", "werkt niet meer")]
)
def test_a_dead_link_asks_for_no_password(client, language, words):
    address = url("account_reset_password_from_key", language, uidb36="1", key="abc-def")
    page = client.get(address).content.decode()
    assert f"{words} ·" in page
    assert 'name="password1"' not in page
    assert url("account_reset_password", language) in page


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_whoever_gets_no_mail_is_told_how_to_go_on(client, language):
    page = client.get(url("account_reset_password_done", language)).content.decode()
    for name in ("account_reset_password", "account_request_login_code"):
        assert f'href="{url(name, language)}"' in page


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_a_form_is_refused_in_the_language_of_the_page(client, name):
    page = client.post(url(name, "nl"), {}).content.decode()
    assert "novalidate" in page
    assert "Dit kan nog niet worden verzonden" in page


def test_a_code_that_rolls_over_while_it_is_typed_still_works(client, make_user):
    user = make_user("juror")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    with time_machine.travel(1_800_000_029, tick=False):
        code = code_of(secret)
    for later, works in ((1_800_000_031, True), (1_800_000_095, False)):
        client.logout()
        with time_machine.travel(later, tick=False):
            log_in(client, user)
            client.post(url("mfa_authenticate"), {"code": code})
        assert is_logged_in(client) == works


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize(
    "password", ["court", "123456789012345", "q1w2e3r4t5y6", "zoe.dupont@example"]
)
def test_why_a_password_is_refused_stands_in_the_language_of_the_page(
    client, make_user, language, password
):
    client.force_login(make_user(email="zoe.dupont@example.org"))
    fields = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    answer = client.post(url("account_change_password", language), fields)
    words = answer.context["form"].errors["password1"]
    assert words
    assert not [each for each in words if "assword" in each]
