"""Addresses."""

app_name = "compliance"
urlpatterns = []
