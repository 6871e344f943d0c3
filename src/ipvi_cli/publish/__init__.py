"""Figures to what may leave the building: suppression, pseudonyms, a described package."""
