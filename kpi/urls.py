"""Addresses."""

from django.urls import path

from . import views

app_name = "kpi"
urlpatterns = [
    path("", views.indicator_list, name="indicator-list"),
    path("<slug:code>/", views.indicator_detail, name="indicator-detail"),
    path("<slug:code>/record/", views.indicator_record, name="indicator-record"),
]
