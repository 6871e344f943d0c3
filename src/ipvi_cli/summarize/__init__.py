"""The summarize room: declared figures over tables, pairs and findings give mergeable counts."""

from ipvi_cli.summarize.behind import behind
from ipvi_cli.summarize.counted import counted
from ipvi_cli.summarize.counting import Side
from ipvi_cli.summarize.figure import Figure
from ipvi_cli.summarize.present import audit_tables
from ipvi_cli.summarize.registry import definitions_frame, figures, figures_frame
from ipvi_cli.summarize.run import summarize
from ipvi_cli.summarize.scene import Scene

__all__ = [
    "Figure",
    "Scene",
    "Side",
    "audit_tables",
    "behind",
    "counted",
    "definitions_frame",
    "figures",
    "figures_frame",
    "summarize",
]
