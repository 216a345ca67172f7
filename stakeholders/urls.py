"""Addresses."""

from django.urls import path

from .views import (
    attachments,
    corrections,
    ecosystem,
    exchanges,
    frames,
    ideas,
    intake,
    meetings,
    organisations,
    own_data,
    papers,
    reports,
    subscriptions,
    suggestions,
    tracking,
)

app_name = "stakeholders"
urlpatterns = [
    path("ideas/", ideas.idea_list, name="idea-list"),
    path("ideas/new/", intake.idea_new, name="idea-new"),
    path("ideas/similar/", intake.idea_similar, name="idea-similar"),
    path("ideas/sent/", intake.idea_sent, name="idea-sent"),
    path("ideas/confirm/<str:token>/", intake.idea_confirm, name="idea-confirm"),
    path("ideas/track/", tracking.idea_track, name="idea-track"),
    path("ideas/track/<str:token>/", tracking.idea_tracking, name="idea-tracking"),
    path("ideas/files/<int:pk>/", attachments.idea_file, name="idea-file"),
    path("ideas/track/<str:token>/correct/", corrections.idea_correct, name="idea-correct"),
    path("ideas/track/<str:token>/data/", own_data.idea_data, name="idea-data"),
    path("ideas/track/<str:token>/data.json", own_data.idea_data_json, name="idea-data-json"),
    path("ideas/track/<str:token>/data.pdf", own_data.idea_data_pdf, name="idea-data-pdf"),
    path("ideas/track/<str:token>/erase/", own_data.idea_erase, name="idea-erase"),
    path("ideas/form.pdf", papers.idea_blank, name="idea-blank"),
    path("ideas/reported/", reports.idea_reported, name="idea-reported"),
    path("ideas/<slug:reference>/", ideas.idea_detail, name="idea-detail"),
    path("ideas/<slug:reference>/report/", reports.idea_report, name="idea-report"),
    path("stakeholders/", organisations.organisation_list, name="organisation-list"),
    path("stakeholders/ecosystem/", ecosystem.ecosystem_map, name="ecosystem"),
    path("stakeholders/bilaterals/", meetings.bilateral_list, name="bilateral-list"),
    path("register/log/", exchanges.exchange_log, name="exchange-log"),
    path("register/log/new/", exchanges.exchange_new, name="exchange-new"),
    path(
        "register/log/organisations/",
        suggestions.organisations,
        name="exchange-organisations",
    ),
    path("register/log/people/", suggestions.people, name="exchange-people"),
    path("register/log/<int:pk>/", exchanges.exchange_detail, name="exchange"),
    path("register/log/<int:pk>/promise/", exchanges.commitment_new, name="commitment-new"),
    path("register/meetings/", meetings.meetings, name="meetings"),
    path("register/meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("register/meetings/round/", meetings.political_round, name="political-round"),
    path("register/meetings/<int:pk>/", meetings.meeting_detail, name="meeting"),
    path(
        "register/meetings/<int:pk>/minutes.pdf", meetings.meeting_minutes, name="meeting-minutes"
    ),
    path("register/meetings/<int:pk>/do/<slug:name>/", meetings.meeting_do, name="meeting-do"),
    path(
        "register/organisations/<slug:slug>/",
        exchanges.organisation_timeline,
        name="organisation-timeline",
    ),
    path("register/people/<int:pk>/", exchanges.contact_timeline, name="contact-timeline"),
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
