"""Addresses."""

from django.urls import path, register_converter

from . import figure_views, views
from .counting import views as programme_page
from .dashboards import views as dashboard_views
from .imports import views as import_views
from .indices import views as index_views
from .news import views as follow_views
from .open_data import views as open_data_views
from .reports import views as report_views

register_converter(open_data_views.DataKind, "datakind")

app_name = "kpi"
urlpatterns = [
    path("", views.indicator_list, name="indicator-list"),
    path("dashboards/", dashboard_views.strategy, name="dashboard"),
    path("dashboards/municipalities/", dashboard_views.municipalities, name="municipalities"),
    path("dashboards/<slug:kind>/<slug:slug>/", dashboard_views.of, name="dashboard-of"),
    path("compare/", figure_views.compare, name="compare"),
    path("<slug:code>/chart.svg", figure_views.indicator_svg, name="indicator-svg"),
    path("<slug:code>/embed/", figure_views.indicator_embed, name="indicator-embed"),
    path("data.<datakind:kind>", open_data_views.all_data, name="all-data"),
    path(
        "frameworks/<slug:slug>/data.<datakind:kind>",
        open_data_views.framework_data,
        name="framework-data",
    ),
    path("indices/", index_views.index_list, name="index-list"),
    path("indices/import/", index_views.index_import, name="index-import"),
    path("indices/import/<int:pk>/", index_views.index_import_review, name="index-import-review"),
    path(
        "indices/import/<int:pk>/failed/",
        index_views.index_import_failed,
        name="index-import-failed",
    ),
    path("indices/<slug:code>/", index_views.index_detail, name="index-detail"),
    path("indices/<slug:code>/explain/", index_views.index_explain, name="index-explain"),
    path("programme/", programme_page.programme, name="programme"),
    path("reported/", report_views.figure_reported, name="figure-reported"),
    path("reports/", report_views.report_list, name="report-list"),
    path("reports/<int:pk>/", report_views.report_detail, name="report-detail"),
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
    path("<slug:code>/data.<datakind:kind>", open_data_views.indicator_data, name="indicator-data"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
    path("<slug:code>/follow/", follow_views.indicator_follow, name="indicator-follow"),
    path("<slug:code>/report/", report_views.figure_report, name="figure-report"),
]
