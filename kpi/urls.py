"""Addresses."""

from django.urls import path

from . import import_views, views

app_name = "kpi"
urlpatterns = [
    path("", views.indicator_list, name="indicator-list"),
    # Before the codes: no indicator may be called so.
    path("imports/", import_views.import_list, name="import-list"),
    path("imports/new/", import_views.import_new, name="import-new"),
    path("imports/template/<slug:kind>/", import_views.import_template, name="import-template"),
    path("imports/tokens/", import_views.token_list, name="token-list"),
    path("imports/tokens/<int:pk>/revoke/", import_views.token_revoke, name="token-revoke"),
    path("imports/<int:pk>/", import_views.import_detail, name="import-detail"),
    path("imports/<int:pk>/failed/", import_views.import_failed, name="import-failed"),
    path("imports/<int:pk>/do/<slug:name>/", import_views.import_do, name="import-do"),
    path("<slug:code>/", views.indicator_detail, name="indicator-detail"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
]
