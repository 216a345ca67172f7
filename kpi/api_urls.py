"""Addresses of the API, outside the languages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from .imports import api as import_api
from .indices import api as index_api
from .open_data import api

app_name = "api"
urlpatterns = [
    path("", api.Root.as_view(), name="root"),
    path("openapi.json", login_not_required(SpectacularJSONAPIView.as_view()), name="openapi"),
    path("indicators/", api.IndicatorList.as_view(), name="indicator-list"),
    path("indicators/<slug:code>/", api.IndicatorDetail.as_view(), name="indicator-detail"),
    path("observations/", api.ObservationList.as_view(), name="observation-list"),
    path("frameworks/", api.FrameworkList.as_view(), name="framework-list"),
    path("frameworks/<slug:slug>/", api.FrameworkDetail.as_view(), name="framework-detail"),
    path("places/", api.PlaceList.as_view(), name="place-list"),
    path("places/<str:code>/", api.PlaceDetail.as_view(), name="place-detail"),
    path("index-scores/", index_api.index_scores, name="index-scores"),
    path("imports/", import_api.imports, name="imports"),
    path("imports/<int:pk>/", import_api.import_state, name="import-state"),
    # Stays the last: what no other address has taken is told in JSON too.
    path("<path:rest>", api.Nothing.as_view(), name="nothing"),
]
