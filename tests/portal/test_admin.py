"""Back office of programme and portal: the pages open for their readers, and for nobody else."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from portal import seed as portal_seed
from programme import seed as programme_seed

pytestmark = pytest.mark.django_db

MODELS = [
    model for label in ("programme", "portal") for model in apps.get_app_config(label).get_models()
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_and_form_open(login, make_user, model):
    programme_seed.load()
    portal_seed.load()
    assert admin.site.is_registered(model)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    client = login(make_user("staff"))
    assert client.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    url = reverse(f"{name}_change", args=[model.objects.first().pk])
    assert client.get(url).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_auditor_reads_and_does_not_write(login, make_user, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    client = login(make_user("auditor"))
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 403
