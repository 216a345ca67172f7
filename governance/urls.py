"""Addresses."""

from django.urls import path

from . import views

app_name = "governance"
urlpatterns = [
    path("", views.index, name="index"),
    path("bodies/<slug:slug>/", views.body_detail, name="body-detail"),
    path("meetings/<slug:number>/", views.meeting_detail, name="meeting-detail"),
    path("meetings/<slug:number>/do/<slug:name>/", views.meeting_do, name="meeting-do"),
    path("decisions/", views.decision_list, name="decision-list"),
    path("decisions/<slug:slug>/", views.decision_detail, name="decision-detail"),
    path("decisions/<slug:slug>/do/<slug:name>/", views.decision_do, name="decision-do"),
    path("actions/<int:pk>/do/<slug:name>/", views.action_do, name="action-do"),
]
