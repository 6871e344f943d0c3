"""Where outputs lie on disk, and the one atomic writer that all of them go through."""

from ipvi_cli.workspace.spreadsheet import csv_bytes
from ipvi_cli.workspace.staging import Staging, stage
from ipvi_cli.workspace.store import (
    Workspace,
    find_workspace,
    is_workspace,
    open_workspace,
    reading,
)

__all__ = [
    "Staging",
    "Workspace",
    "csv_bytes",
    "find_workspace",
    "is_workspace",
    "open_workspace",
    "reading",
    "stage",
]
