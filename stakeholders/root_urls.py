"""Addresses outside the languages: a link in a mail outlives the language of the browser."""

from django.urls import path

from .views import following

urlpatterns = [path("f/<str:token>", following.preference_page, name="preferences")]
