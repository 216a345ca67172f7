"""The back office: doors, buttons, concurrent edits and parity beside the field."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.functional import Promise

from core.admin_fields import WellAsked
from devtools.checkout import ROOT
from kpi.admin import BaselineInline
from kpi.models import Baseline, Indicator
from portal.models import NewsItem

CHANGE = "admin:portal_newsitem_change"


@pytest.fixture
def item(db):
    words = {
        f"{field}_{code}": f"{field} {code}" for field in ("title", "body") for code in ("fr", "nl")
    }
    return NewsItem.objects.create(slug="a", status="draft", published_on="2026-11-24", **words)


def form_data(response) -> dict:
    """Return what a browser would send back, unchanged."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not None}
    return data | {response.context["row_state_name"]: response.context["row_state"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 200),
        ("secretary", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("translator", 200),
        ("juror", 302),
        ("government", 302),
        ("nobody", 302),
    ],
)
def test_office_roles_enter_and_others_do_not(users, login, role, status):
    assert login(users[role]).get("/admin/").status_code == status


@pytest.mark.django_db
def test_the_admin_login_is_the_login_of_the_portal(client):
    response = client.get("/admin/login/", follow=True)
    assert "/accounts/login/" in response.redirect_chain[-1][0]


@pytest.mark.django_db
def test_a_status_is_shown_and_never_typed(users, login, item):
    page = login(users["staff"]).get(reverse(CHANGE, args=[item.pk]))
    assert "status" not in page.context["adminform"].form.fields
    assert [step.name for step in page.context["transitions"]] == ["publish"]


@pytest.mark.django_db
def test_a_button_asks_first_and_then_runs_the_verb(users, login, item):
    client = login(users["staff"])
    address = reverse("admin:portal_newsitem_transition", args=[item.pk, "publish"])
    assert client.get(address).status_code == 200
    item.refresh_from_db()
    assert item.status == "draft"
    assert client.post(address, {"note": "ready"}).status_code == 302
    item.refresh_from_db()
    assert item.status == "published"


@pytest.mark.django_db
def test_a_refusal_stands_on_the_page_and_changes_nothing(users, login, item):
    NewsItem.objects.update(title_nl="")
    address = reverse("admin:portal_newsitem_transition", args=[item.pk, "publish"])
    page = login(users["staff"]).post(address, {"note": ""})
    assert page.status_code == 200
    assert "title (Dutch)" in page.content.decode()
    item.refresh_from_db()
    assert item.status == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "role", "status"), [("publish", "auditor", 403), ("x", "staff", 404)]
)
def test_a_button_that_is_not_mine_does_not_work(users, login, item, name, role, status):
    address = reverse("admin:portal_newsitem_transition", args=[item.pk, name])
    assert login(users[role]).post(address).status_code == status


@pytest.mark.django_db
def test_an_auditor_reads_and_does_not_write(users, login, item):
    client = login(users["auditor"])
    assert client.get(reverse(CHANGE, args=[item.pk])).status_code == 200
    assert client.post(reverse(CHANGE, args=[item.pk]), {}).status_code == 403


@pytest.mark.django_db
def test_a_concurrent_edit_is_told_and_nothing_is_overwritten(users, login, item):
    client = login(users["staff"])
    mine = form_data(client.get(reverse(CHANGE, args=[item.pk]))) | {"title_fr": "Le mien"}
    NewsItem.objects.update(body_fr="de quelqu’un d’autre")
    page = client.post(reverse(CHANGE, args=[item.pk]), mine)
    assert page.status_code == 200
    assert "Somebody else changed this meanwhile" in page.content.decode()
    assert page.context["adminform"].form["title_fr"].value() == "Le mien"
    item.refresh_from_db()
    assert (item.title_fr, item.body_fr) == ("title fr", "de quelqu’un d’autre")
    again = form_data(page)
    assert client.post(reverse(CHANGE, args=[item.pk]), again).status_code == 302
    item.refresh_from_db()
    assert item.title_fr == "Le mien"


@pytest.mark.django_db
def test_emptying_one_language_of_a_public_row_is_an_error_beside_the_field(users, login, item):
    NewsItem.objects.update(status="published")
    client = login(users["staff"])
    data = form_data(client.get(reverse(CHANGE, args=[item.pk]))) | {"title_nl": ""}
    page = client.post(reverse(CHANGE, args=[item.pk]), data)
    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == ["title_nl"]


@pytest.mark.django_db
def test_french_and_dutch_stand_on_one_line_each_marked_with_its_language(users, login, item):
    page = login(users["staff"]).get(reverse(CHANGE, args=[item.pk]))
    lines = [
        field
        for _name, options in page.context["adminform"].fieldsets
        for field in options["fields"]
    ]
    assert ("title_fr", "title_nl", "title_en") in lines
    assert page.context["adminform"].form.fields["title_nl"].widget.attrs["lang"] == "nl"


@pytest.mark.django_db
def test_the_landing_page_counts_drafts_with_one_language(users, login, item):
    NewsItem.objects.update(body_nl="")
    page = login(users["staff"]).get("/admin/")
    assert [each.one_sided for each, _url in page.context["parity"]] == [1]


def fields_named_in_english_only() -> list[str]:
    """Return the fields of the back office whose name no catalogue can hold."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in admin.site._registry
        if model.__module__.split(".")[0] in {path.parent.name for path in ROOT.glob("*/apps.py")}
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if not (field.auto_created or field.name in {"id", "password"})
        and not isinstance(field.verbose_name, Promise)
    ]


def test_every_field_of_the_back_office_has_a_name_in_each_language():
    assert fields_named_in_english_only() == []


def cells_without_a_name() -> list[str]:
    """Return the rows of a table in a form whose fields one cannot name without seeing the head."""
    return [
        inline.__name__
        for keeper in admin.site._registry.values()
        for inline in keeper.inlines
        if issubclass(inline, admin.TabularInline)
        and not issubclass(inline, WellAsked)
        and set(inline.fields or ["all"]) - set(inline.readonly_fields)
        and inline.has_change_permission is admin.TabularInline.has_change_permission
    ]


def test_every_cell_of_a_table_that_is_filled_in_has_a_name():
    assert cells_without_a_name() == []


def test_a_cell_tells_the_head_of_its_column(rf):
    inline = BaselineInline(Indicator, admin.site)
    field = inline.formfield_for_dbfield(Baseline._meta.get_field("period"), rf.get("/"))
    assert field.widget.attrs["aria-label"] == "Period"


@pytest.mark.django_db
def test_every_text_that_lacks_is_told_beside_its_field_and_nowhere_else(users, login):
    page = login(users["staff"]).post("/admin/stakeholders/organisation/add/", {"legal_id": "12"})
    errors = page.context["adminform"].form.errors
    assert {"name_fr", "name_nl", "legal_id", "helix"} <= set(errors)
    assert "__all__" not in errors
