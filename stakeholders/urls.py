"""Addresses."""

from django.urls import path

from . import views

app_name = "stakeholders"
urlpatterns = [
    path("ideas/", views.idea_list, name="idea-list"),
    path("ideas/new/", views.idea_new, name="idea-new"),
    path("ideas/similar/", views.idea_similar, name="idea-similar"),
    path("ideas/sent/", views.idea_sent, name="idea-sent"),
    path("ideas/confirm/<str:token>/", views.idea_confirm, name="idea-confirm"),
    path("ideas/track/", views.idea_track, name="idea-track"),
    path("ideas/track/<str:token>/", views.idea_tracking, name="idea-tracking"),
    path("ideas/<slug:reference>/", views.idea_detail, name="idea-detail"),
    path("stakeholders/", views.organisation_list, name="organisation-list"),
    path("stakeholders/<slug:slug>/", views.organisation_detail, name="organisation-detail"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/confirm/<str:token>/", views.subscribe_confirm, name="subscribe-confirm"),
]
