"""``ipvi schema``: the shape of what goes in and comes out."""

from __future__ import annotations

import json
from typing import Any

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.LOOK_UP, 6, "ipvi schema", "ipvi schema --out schemas.json", "ipvi schema --out schemas"
)
def schema(out: options.FileOut = None, quiet: options.Quiet = False) -> int:
    """Print the JSON Schema of the profile and the data package of the tables and outputs, as one JSON object.

    With --out and a name that does not end in .json, each document goes to a file of its own in that folder.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    documents = pipeline.schema()
    if out is None or out.suffix == ".json":
        Screen("json", out, quiet=quiet).put(_text(documents))
        return 0
    for name, document in documents.items():
        Screen("json", out / name, quiet=quiet).put(_text(document))
    return 0


def _text(document: dict[str, Any]) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
