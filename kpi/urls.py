"""Addresses."""

from django.urls import path

from . import follow_views, programme_page, report_views, views

app_name = "kpi"
urlpatterns = [
    path("", views.indicator_list, name="indicator-list"),
    path("programme/", programme_page.programme, name="programme"),
    path("reported/", report_views.figure_reported, name="figure-reported"),
    path("reports/", report_views.report_list, name="report-list"),
    path("reports/<int:pk>/", report_views.report_detail, name="report-detail"),
    path("<slug:code>/", views.indicator_detail, name="indicator-detail"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
    path("<slug:code>/follow/", follow_views.indicator_follow, name="indicator-follow"),
    path("<slug:code>/report/", report_views.figure_report, name="figure-report"),
]
