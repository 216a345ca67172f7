"""Addresses."""

app_name = "roadmap"
urlpatterns = []
