"""``ipvi schema``: the shape of what goes in and comes out."""

from __future__ import annotations

import json

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.LOOK_UP, 5, "ipvi schema", "ipvi schema --out schemas.json")
def schema(out: options.FileOut = None, quiet: options.Quiet = False) -> int:
    """Print the JSON Schema of the profile and the data package of the tables and outputs, as one JSON object."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    text = json.dumps(pipeline.schema(), indent=2, ensure_ascii=False)
    Screen("json", out, quiet=quiet).put(f"{text}\n".encode())
    return 0
