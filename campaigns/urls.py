"""Addresses."""

from django.urls import path

from . import plan_pages, segment_views, views

app_name = "campaigns"
urlpatterns = [
    path("news/campaigns/", views.campaign_list, name="campaign-list"),
    path("news/campaigns/<slug:slug>/", views.campaign_detail, name="campaign-detail"),
    path("news/campaigns/<slug:slug>/links/", views.check_links, name="check-links"),
    path("news/pictures/<str:sha256>/", views.picture, name="picture"),
    path("news/campaigns/<slug:slug>/preview/", views.preview, name="preview"),
    path("news/campaigns/<slug:slug>/progress/", views.progress, name="progress"),
    path("news/campaigns/<slug:slug>/recipient/", segment_views.recipient, name="recipient"),
    path(
        "news/campaigns/<slug:slug>/recipient/mail/",
        segment_views.recipient_mail,
        name="recipient-mail",
    ),
    path(
        "news/campaigns/<slug:slug>/recipient/people/",
        segment_views.recipient_people,
        name="recipient-people",
    ),
    path(
        "news/campaigns/<slug:slug>/preview/<str:language>/",
        views.preview_mail,
        name="preview-mail",
    ),
    path("news/segments/", segment_views.segment_list, name="segment-list"),
    path("news/segments/new/", segment_views.segment_new, name="segment-new"),
    path(
        "news/segments/organisations/",
        segment_views.segment_organisations,
        name="segment-organisations",
    ),
    path("news/segments/<int:pk>/", segment_views.segment_detail, name="segment-detail"),
    path("news/segments/<int:pk>/<slug:act>/", segment_views.segment_do, name="segment-do"),
    path("communication-plans/", plan_pages.plan_list, name="plan-list"),
    path("communication-plans/<int:pk>/", plan_pages.plan_detail, name="plan-detail"),
    path("communication-plans/<int:pk>/pdf/", plan_pages.plan_pdf, name="plan-pdf"),
    path("communication-plans/<int:pk>/do/<slug:name>/", plan_pages.plan_do, name="plan-do"),
    path(
        "communication-plans/<int:pk>/versions/<int:number>/",
        plan_pages.plan_version,
        name="plan-version",
    ),
    path(
        "communication-plans/<int:pk>/versions/<int:number>/pdf/",
        plan_pages.plan_version_pdf,
        name="plan-version-pdf",
    ),
    path(
        "communication-plans/actions/<int:pk>/do/<slug:name>/",
        plan_pages.action_do,
        name="action-do",
    ),
    path(
        "communication-plans/figures/<int:pk>/reading/",
        plan_pages.plan_reading,
        name="plan-reading",
    ),
]
