"""Shape ``nyc``: counts by year and community district in the layout of two published snapshots."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ipvi_cli.sample.chance import Chance, split
from ipvi_cli.sample.incidents import span
from ipvi_cli.sample.paper import template

INCIDENTS: Final = 36_000
INTIMATE: Final = 20_500
YEARS: Final = 2

_BOROUGHS = {
    "Bronx": ("BX", 12), "Brooklyn": ("BK", 18), "Manhattan": ("MN", 12), "Queens": ("QN", 14),
    "Staten Island": ("SI", 3),
}  # fmt: skip
_ASSAULTS, _RAPES = 0.045, 0.003
_PLACE = ("Report_Year", "Comm_Dist_ Boro", "Comm_District")
_IPV_HEADER = (*_PLACE, "IPV_DIR", "IPV_Fel_Assault ", "DV_Fel_Assault ", "IPV_Rape ", "DV_Rape ")
_FAM_HEADER = (*_PLACE, "FAM_DIR", "FAM_Fel_Assault ", "DV_Fel_Assault ", "FAM_Rape ", "DV_Rape ")

Row = tuple[str | int, ...]


@dataclass(frozen=True)
class _Area:
    """What was counted in one district and year: reports, felony assaults and rapes, by tie."""

    year: int
    borough: str
    district: int
    ipv: tuple[int, int, int]
    family: tuple[int, int, int]

    def row(self, own: tuple[int, int, int]) -> Row:
        """The district's row in the file of one tie; the domestic counts are the sum of both."""
        assaults, rapes = (self.ipv[i] + self.family[i] for i in (1, 2))
        return (self.year, self.borough, self.district, own[0], own[1], assaults, own[2], rapes)


def make_snapshot(
    *, seed: int, incidents: int, intimate: int, years: int, mess: float, asked: Mapping[str, Any]
) -> tuple[dict[str, bytes], str, dict[str, bytes]]:
    """Make the delivery, the profile and the truth of the shape.

    Args:
        seed: Seed.
        incidents: Domestic incident reports in the districts, over all years.
        intimate: Number of them that are intimate partner.
        years: Number of years.
        mess: Share of messy cells, and of totals with the wrong label.
        asked: What the truth says that the sample was made with.

    Returns:
        Files, profile, truth.
    """
    areas = _areas(seed, incidents, intimate, years)
    chance = Chance(seed, "snapshot hand")
    ipv_rows = [area.row(area.ipv) for area in areas]
    family_rows, extra, totals = _with_totals(areas, Chance(seed, "extra areas"))
    wrong = _mislabel(family_rows, mess, chance)
    files = {
        "synthetic_ipv_snapshot.csv": _written(_IPV_HEADER, ipv_rows, chance, mess, "\r\n"),
        "synthetic_family_snapshot.csv": _written(_FAM_HEADER, family_rows, chance, mess, "\n"),
    }
    truth = {
        "sample": dict(asked),
        "years": {str(year): _sums(areas, extra, year) for year in sorted({a.year for a in areas})},
        "district_rows": len(areas),
        "joint_interest_and_unknown_rows": len(extra),
        "total_rows": totals,
        "mislabelled_total_rows": wrong,
    }
    start, end = span(years)
    profile = template("nyc", {"START": start, "END": end})
    return files, profile, {"truth.json": (json.dumps(truth, indent=2) + "\n").encode()}


def _areas(seed: int, incidents: int, intimate: int, years: int) -> list[_Area]:
    chance = Chance(seed, "districts")
    places = [
        (year, borough, district)
        for year in range(span(years)[0].year, span(years)[1].year + 1)
        for borough, (_, districts) in _BOROUGHS.items()
        for district in range(1, districts + 1)
    ]
    sizes = {place[1:]: chance.between(40, 160) for place in places}

    def counted(total: int, share: float) -> list[int]:
        weights = [sizes[place[1:]] * chance.between(90, 110) for place in places]
        return split(round(total * share), weights)

    family = incidents - intimate
    ipv = zip(*(counted(intimate, share) for share in (1, _ASSAULTS, _RAPES)), strict=True)
    fam = zip(*(counted(family, share) for share in (1, _ASSAULTS, _RAPES)), strict=True)
    return [
        _Area(*place, one, other) for place, one, other in zip(places, ipv, fam, strict=True)
    ]  # fmt: skip


def _with_totals(areas: Sequence[_Area], chance: Chance) -> tuple[list[Row], list[Row], int]:
    """Rows of the family file: districts, then the joint-interest area, Unknown and Total of each borough."""
    rows: list[Row] = []
    extra: list[Row] = []
    totals = 0
    for year in sorted({area.year for area in areas}):
        for borough, (short, _) in _BOROUGHS.items():
            own = [
                area.row(area.family) for area in areas if (area.year, area.borough) == (year, borough)
            ]  # fmt: skip
            few = chance.between(0, 3)
            joint = (year, borough, f"{short}JIA", chance.between(1, 15), 0, few, 0, 0)
            unknown = (year, borough, "Unknown", chance.between(0, 8), 0, 0, 0, 0)
            own += [joint, unknown]
            extra += [joint, unknown]
            sums = [sum(int(row[place]) for row in own) for place in range(3, len(_FAM_HEADER))]
            rows += [*own, (year, borough, "Total", *sums)]
            totals += 1
    return rows, extra, totals


def _mislabel(rows: list[Row], mess: float, chance: Chance) -> int:
    """Give some totals the label of the first borough, as the publisher has done."""
    right = [
        place
        for place, row in enumerate(rows)
        if row[2] == "Total" and row[1] != next(iter(_BOROUGHS))
    ]
    count = max(1, round(len(right) * mess / 2)) if mess > 0 else 0
    for place in chance.shuffled(right)[:count]:
        row = rows[place]
        rows[place] = (row[0], next(iter(_BOROUGHS)), *row[2:])
    return count


def _sums(areas: Sequence[_Area], extra: Sequence[Row], year: int) -> dict[str, int]:
    own = [area for area in areas if area.year == year]
    rest = [row for row in extra if row[0] == year]
    sums = {
        f"{tie}_{what}": sum(getattr(area, tie)[place] for area in own)
        for tie in ("ipv", "family")
        for place, what in enumerate(("dir", "felony_assault", "rape"))
    }
    citywide = {"family_dir_citywide": sums["family_dir"] + sum(int(row[3]) for row in rest)}
    return sums | citywide


def _written(
    header: Sequence[str], rows: Sequence[Row], chance: Chance, mess: float, newline: str
) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=newline)
    writer.writerow(header)
    for row in rows:
        borough = f"{row[1]} " if chance.hit(mess) else row[1]
        counts = [f"{one:,}" if chance.hit(mess) else one for one in row[3:]]
        writer.writerow((row[0], borough, row[2], *counts))
    return buffer.getvalue().encode()
