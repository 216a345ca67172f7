"""What translators do in the back office: they find texts and complete them, and nothing else."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from core.admin_filters import TextsFilter
from portal.models import NewsItem
from projects.models import Proposal
from tests.factories.projects import FrozenSheetFactory, Jury, SheetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def translator(client, users):
    client.force_login(users["translator"])
    return client


def change_url(obj):
    meta = obj._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])


def typed(response) -> dict:
    """What the form of a page sends when nothing is changed."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    inlines = response.context["inline_admin_formsets"]
    for inline in inlines:
        for field in inline.formset.management_form:
            values[field.html_name] = field.value()
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_translator_types_texts_only(translator):
    sheet = SheetFactory(problem_nl="", cost_likely=2000)
    page = translator.get(change_url(sheet))
    form = page.context["adminform"].form
    assert {"problem_fr", "problem_nl", "not_proofread"} <= set(form.fields)
    assert not {"reference", "call", "status", "cost_likely", "lead", "theme"} & set(form.fields)
    sent = typed(page) | {"problem_nl": "Er zijn er geen.", "cost_likely": "1"}
    assert translator.post(change_url(sheet), sent).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.problem_nl, sheet.cost_likely) == ("Er zijn er geen.", 2000)


def test_an_editor_types_everything(client, users):
    client.force_login(users["staff"])
    form = client.get(change_url(SheetFactory())).context["adminform"].form
    assert {"problem_nl", "reference", "cost_likely"} <= set(form.fields)


def test_what_is_frozen_is_frozen_for_translators_too(translator):
    sheet = FrozenSheetFactory()
    assert translator.get(change_url(sheet)).status_code == 200
    assert translator.post(change_url(sheet), {"problem_nl": "anders"}).status_code == 403


def test_a_translator_adds_deletes_and_moves_nothing(translator):
    sheet = SheetFactory(status="submitted")
    assert translator.get(reverse("admin:projects_projectsheet_add")).status_code == 403
    delete = reverse("admin:projects_projectsheet_delete", args=[sheet.pk])
    assert translator.post(delete, {"post": "yes"}).status_code == 403
    move = reverse("admin:projects_projectsheet_transition", args=[sheet.pk, "declare_eligible"])
    assert translator.post(move).status_code == 403
    assert not translator.get(change_url(sheet)).context["transitions"]


def test_what_only_verbs_write_stays_so(translator, make_user):
    jury = Jury(make_user)
    proposal = Proposal.objects.create(
        session=jury.session,
        sheet=jury.sheets[0],
        outcome="proposed",
        reasons_fr="a",
        reasons_nl="b",
    )
    assert translator.post(change_url(proposal), {"reasons_nl": "c"}).status_code == 403


def test_the_list_finds_texts_in_one_language_and_unread_ones(translator):
    one_sided = NewsItem.objects.create(slug="a", title_fr="Seul", status="draft")
    unread = NewsItem.objects.create(
        slug="b", title_fr="Deux", title_nl="Twee", status="draft", not_proofread=["nl"]
    )
    NewsItem.objects.create(slug="c", title_fr="Trois", title_nl="Drie", status="draft")
    address = reverse("admin:portal_newsitem_changelist")
    for value, found in ((TextsFilter.ONE_SIDED, one_sided), (TextsFilter.NOT_PROOFREAD, unread)):
        page = translator.get(address, {TextsFilter.parameter_name: value})
        assert list(page.context["cl"].result_list) == [found]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.STAFF, Role.SECRETARY, Role.TRANSLATOR}))
def test_nobody_else_completes_texts(client, users, role):
    client.force_login(users[role])
    answer = client.post(change_url(SheetFactory()), {"problem_nl": "anders"})
    assert answer.status_code in (302, 403)
    assert answer.status_code == 403 or "/login/" in answer["Location"]
