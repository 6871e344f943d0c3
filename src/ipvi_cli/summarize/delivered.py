"""Levels that are made of a table of its own, by the names under which figures ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from ipvi_cli.summarize import calls, homicide, identifiers, orders, totals
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

DELIVERED: Final[dict[str, Callable[[Scene], Iterable[Level]]]] = {
    **dict.fromkeys(("call", "call_type"), calls.calls),
    "call_address": calls.addresses,
    "call_stage": calls.stages,
    "identifier": identifiers.identifiers,
    **dict.fromkeys(totals.LEVELS, totals.totals),
    **dict.fromkeys(("order", "order_kind"), orders.orders),
    **dict.fromkeys(
        ("homicide", "homicide_class", "homicide_incident", "dyad", "killer"), homicide.homicides
    ),
}
"""What makes each of them; what makes one makes those that lie beside it too."""
