"""Addresses."""

from django.urls import path

from . import index_views, views

app_name = "kpi"
urlpatterns = [
    path("", views.indicator_list, name="indicator-list"),
    path("indices/", index_views.index_list, name="index-list"),
    path("indices/import/", index_views.index_import, name="index-import"),
    path("indices/import/<int:pk>/", index_views.index_import_review, name="index-import-review"),
    path("indices/<slug:code>/", index_views.index_detail, name="index-detail"),
    path("indices/<slug:code>/explain/", index_views.index_explain, name="index-explain"),
    path("<slug:code>/", views.indicator_detail, name="indicator-detail"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
]
