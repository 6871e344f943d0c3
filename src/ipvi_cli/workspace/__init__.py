"""Where outputs lie on disk, and the one atomic writer that all of them go through."""

from ipvi_cli.workspace.spreadsheet import csv_bytes, joined_lists, without_formulas
from ipvi_cli.workspace.staging import Staging, stage
from ipvi_cli.workspace.store import SUFFIX, Workspace, find_workspace, open_workspace
from ipvi_cli.workspace.tables import TableWriter

__all__ = [
    "SUFFIX",
    "Staging",
    "TableWriter",
    "Workspace",
    "csv_bytes",
    "find_workspace",
    "joined_lists",
    "open_workspace",
    "stage",
    "without_formulas",
]
