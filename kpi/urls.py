"""Addresses."""

from django.urls import path, register_converter

from . import dashboard_views, figure_views, open_data_views, views

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
    path("<slug:code>/", views.indicator_detail, name="indicator-detail"),
    path("<slug:code>/data.<datakind:kind>", open_data_views.indicator_data, name="indicator-data"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
]
