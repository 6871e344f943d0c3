"""The true candidate level of a person, written down from the definition and not from the program that finds it.

The rules are those that are published or reconstructed for the approach of High Point, as shipped: D, C, B by number
or on notice, A by number or by weapon.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ipvi_cli.sample.careers.someone import Someone

if TYPE_CHECKING:
    from ipvi_cli.sample.careers.lives import Act, Notice

_WEAPONS: Final = ("KNIFE - KITCHEN", "HANDGUN SHOWN")
"""Weapons of the vocabulary that count: never hands, objects or what is not known."""

ORDER_DAYS: Final = 365


def order_days(act: Act) -> tuple[date, date]:
    """Give the days from the service of an order that follows an act to its expiry."""
    served = act.day + timedelta(days=4)
    return served, served + timedelta(days=ORDER_DAYS)


def mark_violations(acts: Sequence[Act]) -> None:
    """Mark each order of a person with the first arrest in force for an act against whom it protects.

    Only acts that count for the level are marked, so that no violation says more of a person than the acts do.

    Args:
        acts: The person's acts, in order.
    """
    for order in acts:
        if not order.order:
            continue
        broken = (
            act.day
            for act in acts
            if act.victim is order.victim
            and act.arrested
            and _counts(act)
            and _under(order, act.day)
        )
        order.violated = next(broken, None)


def _counts(act: Act) -> bool:
    partner = act.meaning == "intimate_partner"
    return partner and not act.sealed and not act.dual and act.offender.age(act.day) >= 18


def true_level(
    who: Someone, acts: Sequence[Act], notices: Sequence[Notice], *, until: date | None = None
) -> str:
    """Say the level of a person.

    Args:
        who: The person.
        acts: The person's acts.
        notices: The person's notifications.
        until: Last day that is known.

    Returns:
        ``A`` to ``D``, or ``none``.
    """
    known = [act for act in acts if until is None or act.day <= until]
    may_count = [
        act for act in known if not act.sealed and act.dual != "open" and who.age(act.day) >= 18
    ]
    partner = [act for act in may_count if act.meaning == "intimate_partner"]
    charged = sum(bool(act.charges) for act in partner)
    if charged >= 3 or any(act.weapon in _WEAPONS for act in partner):
        return "A"
    told = [
        one.notified
        for one in notices
        if one.delivered and one.level in "CD" and (until is None or one.notified <= until)
    ]
    breaking = [act.day for act in partner]
    breaking += [
        act.day
        for act in may_count
        if act.crime.code == "520" and any(_under(order, act.day) for order in known if order.order)
    ]
    if charged >= 2 or any(day > min(told) for day in breaking if told):
        return "B"
    if charged:
        return "C"
    return "D" if partner else "none"


def _under(order: Act, day: date) -> bool:
    served, expires = order_days(order)
    return served <= day <= expires
