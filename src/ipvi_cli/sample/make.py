"""A synthetic jurisdiction of a shape: its delivery, its profile, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ipvi_cli.model.errors import UsageError
from ipvi_cli.sample import careers as lives
from ipvi_cli.sample import incident_reports, nibrs, records_system, snapshot

_SHAPES: Final = {
    "dir": (incident_reports, incident_reports.make_reports),
    "rms": (records_system, records_system.make_records),
    "nyc": (snapshot, snapshot.make_snapshot),
    "nibrs": (nibrs, nibrs.make_submission),
}
_CAREERS: Final = (1_000, 600, 3)
_EVALUATED: Final = (4_000, 2_400, 6)
"""Incidents, those of them that are intimate partner, and years of samples with careers and with an effect."""

_MOST_EFFECT: Final = 3
_MOST_YEARS: Final = 19
"""Incident numbers begin with the last two digits of a year of this century."""


@dataclass(frozen=True)
class Sample:
    """A synthetic jurisdiction.

    Attributes:
        files: The delivery, by file name.
        profile: Text of its ``jurisdiction.toml``; empty where none is needed.
        truth: What an audit has to find, by file name; it belongs beside the delivery, never inside.
    """

    files: dict[str, bytes]
    profile: str
    truth: dict[str, bytes]


def make_sample(
    shape: str,
    *,
    seed: int = 1,
    incidents: int | None = None,
    intimate: int | None = None,
    years: int | None = None,
    mess: float = 0.1,
    careers: bool = False,
    effect: float | None = None,
) -> Sample:
    """Make a synthetic jurisdiction; the same arguments give the same bytes.

    Args:
        shape: ``dir`` (a flat export of domestic incident reports), ``rms`` (a records system's files, two agencies),
            ``nyc`` (published counts by district) or ``nibrs`` (a NIBRS flat file, without a profile).
        seed: Seed.
        incidents: Number of incidents, of all kinds in ``rms``; in ``nyc`` of domestic incident reports in districts.
            ``None``: as many as the shape usually has.
        intimate: Number of them that are intimate partner. ``None``: the shape's usual share.
        years: Number of years, the last of them 2019. ``None``: as many as the shape usually has.
        mess: Share of messy cells, and how many rows are repeated or damaged, from 0 to 1. No mess changes a count.
        careers: Whether persons recur: a few over many incidents, with arrests, charges, orders and partners' files.
        effect: What is left of the incidents with partners after a delivered notification, as a share: 0.7 is 30 %
            fewer, 1 no effect. ``None``: nobody is notified.

    Returns:
        Files, profile and truth as bytes; nothing is written.

    Raises:
        UsageError: There is no such shape, or the numbers contradict each other.
    """
    if shape not in _SHAPES:
        raise UsageError(f"there is no shape '{shape}'.", mend=f"Shapes: {', '.join(_SHAPES)}.")
    _check_careers(shape, careers, effect)
    usual, make = _SHAPES[shape]
    common = usual.INCIDENTS, usual.INTIMATE, usual.YEARS
    if careers:
        common = _CAREERS if effect is None else _EVALUATED
    total = common[0] if incidents is None else incidents
    partners = round(total * common[1] / common[0]) if intimate is None else intimate
    span = common[2] if years is None else years
    if total < 1 or not 0 <= partners <= total:
        raise UsageError(
            f"{partners} of {total} incidents cannot be intimate partner.",
            mend="Give --intimate a number from 0 to --incidents, and --incidents at least 1.",
        )
    if not 1 <= span <= _MOST_YEARS or not 0 <= mess <= 1:
        raise UsageError(
            "the number of years or the mess is out of range.",
            mend=f"Give --years a number from 1 to {_MOST_YEARS}, and --mess one from 0 to 1.",
        )
    asked: dict[str, Any] = {
        "shape": shape,
        "seed": seed,
        "incidents": total,
        "intimate": partners,
        "years": span,
        "mess": mess,
    }
    size: dict[str, Any] = {
        "seed": seed,
        "incidents": total,
        "intimate": partners,
        "years": span,
        "mess": mess,
    }
    if careers:
        asked |= {"careers": True, "effect": effect}
        return Sample(*lives.make_careers(**size, effect=effect, asked=asked))
    return Sample(*make(**size, asked=asked))


def _check_careers(shape: str, careers: bool, effect: float | None) -> None:
    if careers and shape != "rms":
        raise UsageError(
            f"the shape '{shape}' has no careers.",
            mend="Give --shape rms: only a records system's files tell of arrests, charges and orders.",
        )
    if effect is None:
        return
    if not careers:
        raise UsageError("--effect needs careers.", mend="Give --careers too.")
    if not 0 <= effect <= _MOST_EFFECT:
        raise UsageError(
            "the effect is out of range.",
            mend=f"Give --effect a number from 0 to {_MOST_EFFECT}; 1 is no effect.",
        )
