"""The publish room: what may leave the building, and in what form."""

from ipvi_cli.publish.package import Release, package, public, refuse_names
from ipvi_cli.publish.settings import SMALLEST_THRESHOLD, Disclosure
from ipvi_cli.publish.snapshot import (
    LAYOUT,
    MEANINGS,
    in_layout,
    of_incidents,
    of_tallies,
    withhold,
)
from ipvi_cli.publish.suppress import TABLE_WITHHELD, WITHHELD, suppress

__all__ = [
    "LAYOUT",
    "MEANINGS",
    "SMALLEST_THRESHOLD",
    "TABLE_WITHHELD",
    "WITHHELD",
    "Disclosure",
    "Release",
    "in_layout",
    "of_incidents",
    "of_tallies",
    "package",
    "public",
    "refuse_names",
    "suppress",
    "withhold",
]
