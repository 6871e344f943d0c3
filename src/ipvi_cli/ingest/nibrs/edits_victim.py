"""Edits on single victim segments: what the type of victim and the connected offences allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.edits import Edit
from ipvi_cli.ingest.nibrs.edits_single import empty, has
from ipvi_cli.model import nibrs_codes as codes

_KIND: Final = pl.col("victim_type")
_ASSAULTS: Final = ("09A", "13A", "13B", "13C")
_HOMICIDE_OR_ASSAULT: Final = ("09A", "09B", "09C", "13A")
_INJURING: Final = (
    "100", "11A", "11B", "11C", "11D", "120", "13A", "13B", "210", "64A", "64B",
)  # fmt: skip
_CIRCUMSTANCES: Final = {
    "13A": ("01", "02", "03", "04", "05", "06", "08", "09", "10"),
    "09A": ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10"),
    "09B": ("30", "31", "32", "33", "34"),
    "09C": ("20", "21"),
}
_CIRCUMSTANCE_EDITS: Final = {"13A": "462", "09C": "463", "09A": "477", "09B": "477"}
_ASSAULTING: Final = ("13A", "13B", "13C")
_LESSER: Final[dict[str, tuple[str, ...]]] = {
    "09A": ("09B", *_ASSAULTING),
    "09B": _ASSAULTING,
    "11A": (*_ASSAULTING, "11D", "36A", "36B"),
    "11B": (*_ASSAULTING, "11D", "36A", "36B"),
    "11C": (*_ASSAULTING, "11D", "36A", "36B"),
    "11D": ("13B", "13C", "36A", "36B"),
    "120": (*_ASSAULTING, "23A", "23B", "23C", "23D", "23E", "23F", "23G", "23H", "240"),
    "13A": ("13B", "13C"),
    "13B": ("13C",),
}
"""Offences that are part of another one, or cannot have been done to the same victim (edit 478)."""


def _types() -> Iterator[Edit]:
    against = (
        ("464", codes.AGAINST_PERSONS, ~_KIND.is_in(codes.PERSONS)),
        ("465", codes.AGAINST_SOCIETY, _KIND != "S"),
        ("467", codes.AGAINST_PROPERTY, _KIND == "S"),
    )
    for number, offences, wrong in against:
        yield Edit(
            "IPVI-651", number, "victim_type", wrong & has("offense_codes", offences),
            "does not fit the kind of crime",
        )  # fmt: skip
    bad = (_KIND == "S") & has("offense_codes", ("220",))
    yield Edit("IPVI-651", "461", "victim_type", bad, "is society, and the offence is a burglary")
    bad = (_KIND == "L") & ~has("offense_codes", _ASSAULTS)
    said = "is an officer, and the offence is neither murder nor assault"
    yield Edit("IPVI-651", "482", "victim_type", bad, said)


def _persons() -> Iterator[Edit]:
    for column in ("age", "race"):
        bad = (_KIND == "I") & empty("victim", column)
        yield Edit("IPVI-227", "453", column, bad, "is blank for a person", True)
    # Records of lengths without elements 25A and 25B have them blank throughout.
    for column in ("age", "race", "sex"):
        bad = (_KIND == "L") & empty("victim", column)
        yield Edit("IPVI-227", "454", column, bad, "is blank for an officer", True)
    for column in ("officer_activity", "officer_assignment"):
        other = "officer_assignment" if column == "officer_activity" else "officer_activity"
        bad = (_KIND == "L") & empty("victim", column) & ~empty("victim", other)
        yield Edit("IPVI-227", "454", column, bad, "is blank for an officer", True)
    for column in ("ethnicity", "resident", "injuries", "offender_numbers"):
        bad = ~_KIND.is_in(codes.PERSONS) & ~empty("victim", column)
        said = "is given of a victim that is not a person"
        yield Edit("IPVI-652", "458", column, bad, said)
    for column in ("officer_activity", "officer_assignment", "officer_ori"):
        bad = (_KIND != "L") & ~empty("victim", column)
        yield Edit("IPVI-652", "483", column, bad, "is given of a victim that is no officer")


def _offences() -> Iterator[Edit]:
    bad = ~empty("victim", "circumstances") & ~has("offense_codes", _HOMICIDE_OR_ASSAULT)
    said = "is given, and the offence is neither homicide nor aggravated assault"
    yield Edit("IPVI-315", "419", "circumstances", bad, said)
    bad = ~empty("victim", "injuries") & ~has("offense_codes", _INJURING)
    yield Edit("IPVI-315", "419", "injuries", bad, "is given, and the offence has no injuries")
    tied = has("offense_codes", (*codes.AGAINST_PERSONS, "120"))
    bad = _KIND.is_in(codes.PERSONS) & ~empty("victim", "offender_numbers") & ~tied
    said = "is given, and no offence is against a person or a robbery"
    yield Edit("IPVI-653", "459", "offender_numbers", bad, said)
    bad = has("offense_codes", ("11A", "36B")) & ~pl.col("sex").is_in(["M", "F"])
    said = "is neither M nor F, and the offence is rape or statutory rape"
    yield Edit("IPVI-657", "469", "sex", bad, said)


def _circumstances() -> Iterator[Edit]:
    for offence, allowed in _CIRCUMSTANCES.items():
        only = has("offense_codes", (offence,)) & ~has(
            "offense_codes", tuple(set(_CIRCUMSTANCES) - {offence})
        )
        wrong = pl.col("circumstances").list.eval(~pl.element().is_in(allowed)).list.any()
        number = _CIRCUMSTANCE_EDITS[offence]
        said = "says what the offence does not allow"
        yield Edit("IPVI-655", number, "circumstances", only & wrong, said)
    justified = has("circumstances", ("20", "21"))
    bad = justified & pl.col("justifiable").is_null()
    yield Edit("IPVI-655", "455", "justifiable", bad, "is blank in a justifiable homicide", True)
    bad = ~justified.fill_null(False) & pl.col("justifiable").is_not_null()
    yield Edit("IPVI-655", "457", "justifiable", bad, "is given without a justifiable homicide")
    late = pl.col("circumstances").list.eval(pl.element() >= "10").list.any()
    bad = (pl.col("circumstances").list.len() > 1) & late
    said = "holds a code from 10 on beside another"
    yield Edit("IPVI-655", "456", "circumstances", bad, said)


def beside_its_part() -> pl.Expr:
    """Say whether a victim is connected to an offence and to one that is part of it or excludes it (478)."""
    return pl.any_horizontal(
        has("offense_codes", (graver,)) & has("offense_codes", lesser)
        for graver, lesser in _LESSER.items()
    )


VICTIM: Final[tuple[Edit, ...]] = (*_types(), *_persons(), *_offences(), *_circumstances())
"""Edits on single victim segments, beside those of every level."""
