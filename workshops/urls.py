"""Addresses."""

app_name = "workshops"
urlpatterns = []
