"""Addresses."""

from django.urls import path, re_path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("programme/", views.programme, name="programme"),
    path("search/", views.search, name="search"),
    path("journeys/", views.journeys, name="journeys"),
    path("journeys/<str:reference>/", views.journey, name="journey"),
    path("news/", views.news, name="news"),
    # The campaigns and their segments stand under news/, in an app of their own.
    re_path(
        r"^news/(?!campaigns/|segments/)(?P<slug>[-\w]+)/$", views.news_detail, name="news-detail"
    ),
    path("questions/", views.questions, name="questions"),
    path("transparency/", views.transparency, name="transparency"),
    path("open-data/", views.open_data, name="open-data"),
    path("open-data/api/", views.api, name="api"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("my-data/", views.my_data, name="my-data"),
    path("contact/", views.contact, name="contact"),
    path("desk/", views.desk, name="desk"),
]
