"""Intimate Partner Violence Intervention: the data inquiry."""
