"""Tables on terminals that are too narrow for them."""

from __future__ import annotations

import io

import polars as pl
import pytest
from rich.console import Console

from ipvi_cli.cli.tables import frame_table


@pytest.mark.parametrize("width", [24, 40, 59, 80])
def test_no_word_and_no_number_is_cut_however_narrow_the_terminal(width: int) -> None:
    frame = pl.DataFrame(
        {"class": ["intimate partner"], "incidents": [12345], "what to do": ["nothing at all"]}
    )
    screen = Console(file=io.StringIO(), width=width, color_system=None)

    screen.print(frame_table(frame))

    written = screen.file.getvalue()  # type: ignore[attr-defined]
    assert {"intimate", "partner", "12,345", "incidents", "nothing"} <= set(
        written.replace(":", " ").split()
    )
