"""Addresses."""

app_name = "governance"
urlpatterns = []
