"""Addresses for machines, below /api/v1/, outside the languages."""

from django.urls import path

from . import index_api

app_name = "kpi_api"
urlpatterns = [
    path("index-scores/", index_api.index_scores, name="index-scores"),
]
