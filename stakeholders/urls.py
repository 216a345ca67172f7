"""Addresses."""

app_name = "stakeholders"
urlpatterns = []
