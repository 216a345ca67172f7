"""Addresses."""

from django.urls import path

from . import segment_views, views

app_name = "campaigns"
urlpatterns = [
    path("news/campaigns/", views.campaign_list, name="campaign-list"),
    path("news/campaigns/<slug:slug>/", views.campaign_detail, name="campaign-detail"),
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
    path("communication-plans/", views.plan_list, name="plan-list"),
    path("communication-plans/<int:pk>/", views.plan_detail, name="plan-detail"),
]
