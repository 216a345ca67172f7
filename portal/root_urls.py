"""Addresses outside the languages."""

from django.urls import path, re_path

from . import catalogue_views, views

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", views.sitemap_part, name="sitemap-part"),
    path("catalog", catalogue_views.catalogue_any, name="catalogue"),
    re_path(
        r"^catalog\.(?P<ending>ttl|jsonld|rdf)$",
        catalogue_views.catalogue_file,
        name="catalogue-file",
    ),
    re_path(
        r"^catalog/(?P<kind>indicators|frameworks|lists)/(?P<key>[-\w]+)$",
        catalogue_views.catalogue_dataset,
        name="catalogue-dataset",
    ),
]
