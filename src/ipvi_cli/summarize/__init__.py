"""The summarize room: declared figures over tables, pairs and findings give mergeable counts."""

from ipvi_cli.summarize.figure import Figure
from ipvi_cli.summarize.present import audit_tables
from ipvi_cli.summarize.registry import figures, figures_frame
from ipvi_cli.summarize.run import summarize

__all__ = ["Figure", "audit_tables", "figures", "figures_frame", "summarize"]
