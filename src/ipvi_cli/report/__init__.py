"""Figures to pages and pictures."""
