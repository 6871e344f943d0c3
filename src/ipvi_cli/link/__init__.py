"""Offender, victim and other records to persons, each link with its evidence."""
