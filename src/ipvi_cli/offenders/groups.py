"""Offences in groups, with their tier of severity; packaged lists that name their sources."""

from __future__ import annotations

import io
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

VIOLENT: Final = "violent"
"""Group of offences against the person, told apart by whom they are against."""


@cache
def offense_groups() -> pl.DataFrame:
    """Give the packaged list of offences.

    Returns:
        ``code`` (NIBRS), ``group``, ``tier`` of severity from 1 to 6, ``ipv`` (``core`` or ``related`` where the
        offence counts as partner violence between partners, else null).
    """
    listed = pl.read_csv(io.BytesIO(data("offense_groups.csv")), infer_schema=False)
    return listed.with_columns(pl.col("tier").cast(pl.Int64)).drop("source")


@cache
def order_statutes() -> frozenset[str]:
    """Name the sections, by canonical citation, whose offence is the violation of an order."""
    listed = pl.read_csv(io.BytesIO(data("order_statutes.csv")), infer_schema=False)
    return frozenset(listed["statute"])


def data(name: str) -> bytes:
    """Read a packaged file of this room."""
    return (resources.files("ipvi_cli.offenders") / "data" / name).read_bytes()


def group_of(relationship_class: pl.Expr, group: pl.Expr, ipv: pl.Expr) -> pl.Expr:
    """Say which group an offence is of, between those it was between.

    Args:
        relationship_class: Class of the person's pairs in the incident, null without one.
        group: Group of the offence, null where no offence is known.
        ipv: Whether the offence is of the partner violence set, null where no offence is known.
    """
    partner = relationship_class == "intimate_partner"
    household = relationship_class.is_in(["other_family", "other_domestic"])
    plain = pl.when(group == VIOLENT).then(pl.lit("other_violent")).otherwise(group)
    plain = plain.fill_null("other")
    against = (
        pl.when(partner)
        .then(pl.lit("ipv"))
        .when(household)
        .then(pl.lit("other_domestic"))
        .otherwise(plain)
    )
    return pl.when(ipv | group.is_null()).then(against).otherwise(plain)
