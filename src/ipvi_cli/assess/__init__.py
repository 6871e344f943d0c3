"""The partners' policies, resources and capacity."""

from ipvi_cli.assess.assessed import (
    OUT_OF,
    against_volumes,
    by_area,
    capacities,
    disagreements,
    gaps,
    not_known,
)
from ipvi_cli.assess.blank import agency_roles, blank
from ipvi_cli.assess.filled import Filled, read_filled

__all__ = [
    "OUT_OF",
    "Filled",
    "against_volumes",
    "agency_roles",
    "blank",
    "by_area",
    "capacities",
    "disagreements",
    "gaps",
    "not_known",
    "read_filled",
]
