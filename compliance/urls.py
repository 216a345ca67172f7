"""Addresses. They stand before those of the registry, so that no standard takes them."""

from django.urls import path

from . import views

app_name = "compliance"
urlpatterns = [
    path("standards/compliance/", views.matrix_page, name="matrix"),
    path("standards/compliance/statements/", views.statement_list, name="statement-list"),
    path(
        "standards/compliance/statements/<int:pk>/do/<slug:name>/",
        views.statement_do,
        name="statement-do",
    ),
]
