"""Persons and classified incidents to histories, candidate levels and concentration."""
