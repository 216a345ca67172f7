"""Addresses."""

from django.urls import path

from . import views

app_name = "campaigns"
urlpatterns = [
    path("news/campaigns/", views.campaign_list, name="campaign-list"),
    path("news/campaigns/<slug:slug>/", views.campaign_detail, name="campaign-detail"),
    path("news/campaigns/<slug:slug>/links/", views.check_links, name="check-links"),
    path("news/pictures/<str:sha256>/", views.picture, name="picture"),
    path("news/campaigns/<slug:slug>/preview/", views.preview, name="preview"),
    path("news/campaigns/<slug:slug>/progress/", views.progress, name="progress"),
    path(
        "news/campaigns/<slug:slug>/preview/<str:language>/",
        views.preview_mail,
        name="preview-mail",
    ),
    path("communication-plans/", views.plan_list, name="plan-list"),
    path("communication-plans/<int:pk>/", views.plan_detail, name="plan-detail"),
]
