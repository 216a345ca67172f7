"""Addresses."""

from django.urls import path

from . import views

app_name = "programme"
urlpatterns = [
    path("workstreams/", views.workstream_list, name="workstream-list"),
    path("workstreams/<slug:slug>/", views.workstream_detail, name="workstream-detail"),
]
