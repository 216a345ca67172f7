"""Addresses for programs."""

from django.urls import path

from . import import_api

app_name = "kpi_api"
urlpatterns = [
    path("imports/", import_api.imports, name="imports"),
    path("imports/<int:pk>/", import_api.import_state, name="import-state"),
]
