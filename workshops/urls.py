"""Addresses."""

from django.urls import path

from . import views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="workshop-list"),
    path("<int:pk>/", views.workshop_detail, name="workshop-detail"),
    path("<int:pk>/do/<slug:name>/", views.workshop_do, name="workshop-do"),
    path("<int:pk>/agenda/", views.agenda, name="agenda"),
    path("results/<int:pk>/", views.result, name="result"),
    path("results/<int:pk>/take-off/", views.take_off, name="take-off"),
    path("put-on-agenda/<str:reference>/", views.put_idea, name="put-idea"),
]
