"""The dashboards and the map of the municipalities."""
