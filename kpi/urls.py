"""Addresses."""

app_name = "kpi"
urlpatterns = []
