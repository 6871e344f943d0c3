"""Several audits side by side: deliveries over time, jurisdictions among peers."""

from ipvi_cli.compare.columns import column_changes
from ipvi_cli.compare.differing import DIFFERING_SCHEMA, differing
from ipvi_cli.compare.funnel import FEWEST, FUNNEL_SCHEMA, funnels, has_funnel
from ipvi_cli.compare.funnel_chart import funnel_svg
from ipvi_cli.compare.in_place import IN_PLACE_SCHEMA, in_place_elsewhere
from ipvi_cli.compare.peer import Peer, named_apart, withheld_throughout
from ipvi_cli.compare.peers import PEER_SCHEMA, side_by_side
from ipvi_cli.compare.records import record_changes
from ipvi_cli.compare.side import Side
from ipvi_cli.compare.values import headline_changes, value_changes

__all__ = [
    "DIFFERING_SCHEMA",
    "FEWEST",
    "FUNNEL_SCHEMA",
    "IN_PLACE_SCHEMA",
    "PEER_SCHEMA",
    "Peer",
    "Side",
    "column_changes",
    "differing",
    "funnel_svg",
    "funnels",
    "has_funnel",
    "headline_changes",
    "in_place_elsewhere",
    "named_apart",
    "record_changes",
    "side_by_side",
    "value_changes",
    "withheld_throughout",
]
