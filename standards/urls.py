"""Addresses."""

from django.urls import path

from . import views

app_name = "standards"
urlpatterns = [
    path("", views.standard_list, name="standard-list"),
    path("principles/", views.principle_list, name="principle-list"),
    path("<slug:slug>/", views.standard_detail, name="standard-detail"),
]
