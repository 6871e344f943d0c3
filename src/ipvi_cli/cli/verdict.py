"""Which exit code a result deserves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipvi_cli.cli.exits import Exit
from ipvi_cli.cli.findings_view import reaches
from ipvi_cli.cli.options import FailOn

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit


def verdict(audit: Audit, threshold: FailOn) -> int:
    """Give the highest code that applies: an unread source before findings.

    Args:
        audit: What was found.
        threshold: Severity from which on findings count.
    """
    if audit.failures:
        return Exit.INPUT
    return Exit.FINDINGS if reaches(audit.findings, threshold) else Exit.CLEAN
