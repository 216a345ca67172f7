"""Addresses outside the languages."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("favicon.ico", views.favicon, name="favicon"),
]
