"""Intimate Partner Violence Intervention: the data inquiry, as a library.

The whole of it is one function: ``from ipvi_cli import audit``. The other commands are functions of
``ipvi_cli.pipeline``; their names here are those of the rooms.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit, audit, crosswalk

__all__ = ["Audit", "audit", "crosswalk"]

# Freed memory goes back to the system after half a second unless Polars is told otherwise while it is loaded, and the
# next table fetches it again page by page: a tenth of an audit. What the user has set stays.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:3000")


def __getattr__(name: str) -> Any:
    # The frames library is heavy; `ipvi --help` does without it.
    if name in __all__:
        from ipvi_cli import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
