"""Figures of persons as they are named and linked, and of groups of whom less is known."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.summarize.counting import OfLevel, OfMix, Together
from ipvi_cli.summarize.figure import COUNTS, OWN, Figure
from ipvi_cli.summarize.quality import INCIDENT, TIE
from ipvi_cli.summarize.scene import Scene

_BY_RACE: Final = ("victim_race", "year/victim_race", "agency/victim_race")


def _linked(scene: Scene, _figure: Figure) -> pl.DataFrame:
    assert scene.persons is not None
    records = scene.persons.select("record_table", "person_id")
    sizes = records.group_by("person_id").agg(n=pl.len()).collect(engine="streaming")
    by_table = (
        records.group_by("record_table")
        .agg(pl.col("person_id").n_unique().alias("persons"), rows=pl.len())
        .sort("record_table")
        .collect(engine="streaming")
    )
    alone = int((sizes["n"] == 1).sum())
    rows = [
        ("total", "total", sizes.height, int(sizes["n"].sum())),
        ("records", "one record", alone, sizes.height),
        ("records", "several records", sizes.height - alone, sizes.height),
        *(("table", table, persons, number) for table, persons, number in by_table.iter_rows()),
    ]
    return pl.DataFrame([(*row, None, None) for row in rows], schema=COUNTS, orient="row")


class _ByGroup(Together):
    """Counts by sex and age, and by race where it is told."""

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        makes = self.makes if scene.has("victim.race") else self.makes[:1]
        return Together(makes)(scene, figure)


FIGURES: Final = (
    Figure(
        "A11", "Names and birth dates filled", "persons",
        "victims and offenders with both a name and a date of birth / all who are persons and known", "share",
        (INCIDENT, "victim.name|offender.name", "victim.birth_date|offender.birth_date"), OWN,
        ("total", "role", "agency", "agency/role"),
        OfMix("identifier", "filled", part="role", denominator="persons"),
        note="one row of a person in an incident counts once",
    ),
    Figure(
        "A12", "Persons found by linking", "persons",
        "persons / rows of persons (in total and by table); persons with one record or several / persons", "share",
        ("persons",), OWN, ("total", "records", "table"), _linked,
        note="the fewer persons to the rows, the more of them were held to be the same",
    ),
    Figure(
        "J03", "Undetermined ties by group", "pairs",
        "undetermined pairs / pairs that call for a class, by the victim's race, sex and age", "share",
        (TIE, "victim.race|victim.sex"), OWN, ("total", "victim_sex", "victim_age", *_BY_RACE),
        _ByGroup(
            (
                OfLevel(
                    "pair", "undetermined", "pairs", by=("total", "victim_sex", "victim_age")
                ),
                OfMix("race", "undetermined", part="victim_race", denominator="pairs", by=_BY_RACE),
            )
        ),
        suppress=True, interval=True,
        note="as recorded, to see of whom less is known, never an input; refused rows have no group",
    ),
)  # fmt: skip
"""Figures A11, A12 and J03."""
