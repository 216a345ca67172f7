"""Composite indices: their files, their arithmetic, their pages."""
