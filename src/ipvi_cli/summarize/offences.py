"""What the offences of an incident are, one bit for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

_VIOLENT: Final = ("09A", "11A", "11B", "11C", "120", "13A")
_FIREARMS: Final = ("11", "12", "13", "14", "15")
_WEAPONS: Final = (*_FIREARMS, "20", "30", "35", "50", "60", "65", "70", "85")
"""NIBRS data element 13 but for personal weapons (40), other (90), unknown (95) and none (99)."""


_RESIDENCE: Final = "20"
"""NIBRS data element 9."""

_INTOXICANTS: Final = ("A", "D")
"""NIBRS data element 8 without computer equipment and not applicable."""

OFFENCE_BITS: Final = {
    name: 1 << place
    for place, name in enumerate(
        (
            "coded", "weapon_stated", "weapon", "firearm", "asphyxiation", "violent", "aggravated", "felony", "graded",
            "placed", "residence", "use_stated", "influenced",
        )
    )
}  # fmt: skip
"""What any offence of an incident is."""


def offence_bits(has: Callable[[str], bool]) -> pl.Expr:
    """Give the bits of an offence, ``OFFENCE_BITS``, as far as the delivery tells."""
    bits = pl.sum_horizontal(
        kind.fill_null(False).cast(pl.UInt16) * OFFENCE_BITS[name]
        for name, kind in _kinds(has).items()
    )
    return bits.cast(pl.UInt16).alias("bits")


def _kinds(has: Callable[[str], bool]) -> dict[str, pl.Expr]:
    """Say what an offence is, as far as the delivery tells."""
    code, weapons, use = (
        pl.col("offense_code"),
        pl.col("weapon_codes").list,
        pl.col("suspected_use").list,
    )
    kinds = {
        "coded": code.is_not_null(),
        "weapon_stated": weapons.agg((pl.element().str.head(2) != "95").any()),
        "weapon": weapons.agg(pl.element().str.head(2).is_in(_WEAPONS).any()),
        "firearm": weapons.agg(pl.element().str.head(2).is_in(_FIREARMS).any()),
        "asphyxiation": weapons.agg((pl.element().str.head(2) == "85").any()),
        "violent": code.is_in(_VIOLENT),
        "aggravated": code == "13A",
    }
    if has("offense.grade"):
        kinds |= {"felony": pl.col("grade") == "felony", "graded": pl.col("grade").is_not_null()}
    if has("offense.location_code"):
        kinds |= {
            "residence": pl.col("location_code") == _RESIDENCE,
            "placed": pl.col("location_code").is_not_null(),
        }
    if has("offense.suspected_use"):
        kinds |= {
            "use_stated": use.len() > 0,
            "influenced": use.agg(pl.element().is_in(_INTOXICANTS).any()),
        }
    return kinds


def offence(name: str) -> pl.Expr:
    """Say whether any offence of an incident is of a kind; ``OFFENCE_BITS`` names them."""
    return pl.col("bits") & OFFENCE_BITS[name] != 0


def with_offences(incidents: pl.DataFrame, bits: pl.Series) -> pl.DataFrame:
    """Bring beside incidents what their offences are, and what that says of those between partners."""
    partner = pl.col("partner")
    return incidents.with_columns(bits.fill_null(0).alias("bits")).with_columns(
        (partner & offence("coded")).alias("coded"),
        (partner & ~offence("coded")).alias("uncoded"),
        (partner & ~offence("weapon_stated")).alias("weapon_blank"),
        (partner & offence("weapon")).alias("weapon"),
        (partner & offence("firearm")).alias("firearm"),
    )
