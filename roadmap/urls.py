"""Addresses."""

from django.urls import path

from . import views

app_name = "roadmap"
urlpatterns = [
    path("", views.initiative_list, name="initiative-list"),
    path("timeline/", views.timeline_page, name="timeline"),
    path("milestones/", views.milestone_list, name="milestone-list"),
    path("milestones/<int:pk>/do/<slug:name>/", views.milestone_do, name="milestone-do"),
    path("editions/", views.edition_list, name="edition-list"),
    path("editions/<int:number>/", views.edition_detail, name="edition-detail"),
    path("decisions/<int:pk>/", views.publish_selection, name="publish-selection"),
    path("<slug:slug>/", views.initiative_detail, name="initiative-detail"),
    path("<slug:slug>/do/<slug:name>/", views.initiative_do, name="initiative-do"),
]
