"""Offender, victim and other records to persons, each link with its evidence."""

from ipvi_cli.link.clerical import asked_pairs, decided_rows
from ipvi_cli.link.comparisons import known_model
from ipvi_cli.link.fields import RAW
from ipvi_cli.link.gather import LABELS, ROLES, Gathered, gather, names_anybody
from ipvi_cli.link.persons import link_rows, person_rows, quality_rows
from ipvi_cli.link.run import LOOSE, STRICT, Decisions, Linked, link_records

__all__ = [
    "LABELS",
    "LOOSE",
    "RAW",
    "ROLES",
    "STRICT",
    "Decisions",
    "Gathered",
    "Linked",
    "asked_pairs",
    "decided_rows",
    "gather",
    "known_model",
    "link_records",
    "link_rows",
    "names_anybody",
    "person_rows",
    "quality_rows",
]
