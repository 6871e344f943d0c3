"""Several audits side by side: deliveries over time, jurisdictions among peers."""

from ipvi_cli.compare.columns import column_changes
from ipvi_cli.compare.records import record_changes
from ipvi_cli.compare.side import Side
from ipvi_cli.compare.values import headline_changes, value_changes

__all__ = ["Side", "column_changes", "headline_changes", "record_changes", "value_changes"]
