"""Addresses that replace some of allauth's: the address of an account is the administrator's."""

from django.urls import path

from . import views

urlpatterns = [
    path("email/", views.email_address, name="account_email"),
    path("language/", views.language, name="account_language"),
    path("confirm-email/", views.email_address, name="account_email_verification_sent"),
]
