"""Addresses outside the languages: a link in a mail outlives the language of the browser."""

from django.urls import path

from . import views

urlpatterns = [
    path("u/<str:token>", views.unsubscribe, name="unsubscribe"),
    path("c/<int:pk>", views.click, name="click"),
]
