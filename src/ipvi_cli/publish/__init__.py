"""The publish room: what may leave the building, and in what form."""

from ipvi_cli.publish.settings import SMALLEST_THRESHOLD, Disclosure
from ipvi_cli.publish.suppress import WITHHELD, suppress

__all__ = ["SMALLEST_THRESHOLD", "WITHHELD", "Disclosure", "suppress"]
