"""Indicators that compute themselves from the portal's own records."""
