"""Persons and classes to histories, chronicity and candidate levels; candidates for a team, never a verdict."""
