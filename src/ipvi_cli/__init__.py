"""Intimate Partner Violence Intervention: the data inquiry, as a library.

The stages of the command line are functions here, without the command line: ``from ipvi_cli import audit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit, audit, classify, crosswalk, ingest, summarize, validate

__all__ = ["Audit", "audit", "classify", "crosswalk", "ingest", "summarize", "validate"]


def __getattr__(name: str) -> Any:
    # The frames library is heavy; `ipvi --help` does without it.
    if name in __all__:
        from ipvi_cli import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
