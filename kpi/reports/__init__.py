"""Errors that readers report in a figure."""
