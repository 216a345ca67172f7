"""Figures that come in: sent by one person or program, checked, released by another person."""
