"""The doctor's findings as a person reads them."""

from __future__ import annotations

import polars as pl
from rich.table import Table
from rich.text import Text

from ipvi_cli.cli.tables import plain_table
from ipvi_cli.cli.text import visible


def checkup_table(found: pl.DataFrame) -> Table:
    """Show what was looked at, and how to mend what is not fine.

    Args:
        found: What ``checkup`` gives.
    """
    table = plain_table("what", "found", "")
    for row in found.iter_rows(named=True):
        told = Text(visible(row["mend"] or ""), style="bold")
        table.add_row(visible(row["what"]), visible(row["found"]), told)
    return table
