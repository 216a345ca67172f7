"""People who keep figures, and what their browsers send."""

import pytest

from core.seeding import read
from kpi import seed
from kpi.indices import seed as seed_index
from tests.factories import kpi as make


@pytest.fixture
def staff(make_user):
    return make_user("staff")


@pytest.fixture
def colleague(make_user):
    return make_user("secretary")


def sent_back(page) -> dict:
    """Return what a browser would send back of a form with its inlines, unchanged."""
    formsets = [each.formset for each in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form, *(each.management_form for each in formsets)]
    forms += [form for each in formsets for form in each.initial_forms]
    fields = {form[name].html_name: form[name].value() for form in forms for name in form.fields}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def uploader(client, users, login):
    """The client of an editor; Belgium and the Union are there."""
    for code in ("BE", "EU"):
        make.place(code)
    return login(users["staff"])


@pytest.fixture
def seeded():
    """DESI 2022 as it is seeded."""
    desi = read("facts", "desi_2022")
    make.FrameworkFactory(slug="desi-2022")
    seed.load_places()
    seed.load_desi(desi)
    seed_index.load(desi)
