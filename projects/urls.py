"""Addresses: projects/ (sheets) and jury/ (sessions, and the jurors' own pages)."""

from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("projects/", views.sheet_list, name="sheet-list"),
    path("projects/new/<str:reference>/", views.sheet_from_idea, name="sheet-from-idea"),
    path("projects/<str:reference>/", views.sheet_detail, name="sheet-detail"),
    path("projects/<str:reference>/edit/", views.sheet_edit, name="sheet-edit"),
    path("projects/<str:reference>/do/<slug:name>/", views.sheet_move, name="sheet-move"),
    path("jury/", views.jury, name="jury"),
    path("jury/ballots/", views.ballot_list, name="ballot-list"),
    path("jury/ballots/<int:pk>/", views.ballot, name="ballot"),
    path("jury/ballots/<int:pk>/declaration/", views.declaration, name="declaration"),
    path("jury/rulings/<int:pk>/", views.ruling, name="ruling"),
    path("jury/<slug:slug>/", views.session_detail, name="session-detail"),
    path("jury/<slug:slug>/do/<slug:name>/", views.session_move, name="session-move"),
]
