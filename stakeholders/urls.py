"""Addresses."""

from django.urls import path

from .views import frames, ideas, intake, organisations, subscriptions, tracking

app_name = "stakeholders"
urlpatterns = [
    path("ideas/", ideas.idea_list, name="idea-list"),
    path("ideas/new/", intake.idea_new, name="idea-new"),
    path("ideas/similar/", intake.idea_similar, name="idea-similar"),
    path("ideas/sent/", intake.idea_sent, name="idea-sent"),
    path("ideas/confirm/<str:token>/", intake.idea_confirm, name="idea-confirm"),
    path("ideas/track/", tracking.idea_track, name="idea-track"),
    path("ideas/track/<str:token>/", tracking.idea_tracking, name="idea-tracking"),
    path("ideas/<slug:reference>/", ideas.idea_detail, name="idea-detail"),
    path("stakeholders/", organisations.organisation_list, name="organisation-list"),
    path(
        "stakeholders/<slug:slug>/", organisations.organisation_detail, name="organisation-detail"
    ),
    path("register/grid/", frames.register_grid, name="register-grid"),
    path("register/matrix/", frames.register_matrix, name="register-matrix"),
    path("register/silence/", frames.register_silence, name="register-silence"),
    path("register/balance/", frames.register_balance, name="register-balance"),
    path("register/<slug:slug>/assessments/", frames.assessment_history, name="assessment-history"),
    path("register/<slug:slug>/assess/", frames.assessment_add, name="assessment-add"),
    path("subscribe/", subscriptions.subscribe, name="subscribe"),
    path(
        "subscribe/confirm/<str:token>/",
        subscriptions.subscribe_confirm,
        name="subscribe-confirm",
    ),
]
