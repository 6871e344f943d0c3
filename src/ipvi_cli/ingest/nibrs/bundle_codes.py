"""The numbers of a bundle and the NIBRS codes that they stand for, by its own look-up tables."""

from __future__ import annotations

from importlib import resources
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.bundle_tables import Tables
from ipvi_cli.model.finding import problem

PART_MISSING: Final = "IPVI-154"

_KNOWN_YEAR: Final = 2018
"""Year of the bundle whose numbers are packaged: another year may number its codes anew."""

_LOOKUPS: Final = {
    "RELATIONSHIP": ("nibrs_relationship", "RELATIONSHIP_ID", "RELATIONSHIP_CODE"),
    "OFFENSE": ("nibrs_offense_type", "OFFENSE_TYPE_ID", "OFFENSE_CODE"),
    "VICTIM_TYPE": ("nibrs_victim_type", "VICTIM_TYPE_ID", "VICTIM_TYPE_CODE"),
    "CLEARED_EXCEPT": ("nibrs_cleared_except", "CLEARED_EXCEPT_ID", "CLEARED_EXCEPT_CODE"),
    "LOCATION": ("nibrs_location_type", "LOCATION_ID", "LOCATION_CODE"),
    "WEAPON": ("nibrs_weapon_type", "WEAPON_ID", "WEAPON_CODE"),
    "SUSPECT_USING": ("nibrs_using_list", "SUSPECT_USING_ID", "SUSPECT_USING_CODE"),
    "INJURY": ("nibrs_injury", "INJURY_ID", "INJURY_CODE"),
    "CIRCUMSTANCES": ("nibrs_circumstances", "CIRCUMSTANCES_ID", "CIRCUMSTANCES_CODE"),
    "ARREST_TYPE": ("nibrs_arrest_type", "ARREST_TYPE_ID", "ARREST_TYPE_CODE"),
    "AGE": ("nibrs_age", "AGE_ID", "AGE_CODE"),
    "ETHNICITY": ("nibrs_ethnicity", "ETHNICITY_ID", "ETHNICITY_CODE"),
    "RACE": ("ref_race", "RACE_ID", "RACE_CODE"),
}
"""What a column states: its look-up table, its number there and its code there."""


class Codes:
    """The codes of one bundle.

    Attributes:
        lacking: Look-up tables that are missed and cannot be replaced.
    """

    def __init__(self, tables: Tables, years: frozenset[int]) -> None:
        self.lacking: set[str] = set()
        self._tables = tables
        self._known = years == {_KNOWN_YEAR}

    def read(self, frame: pl.DataFrame, what: str) -> pl.Series:
        """Give the codes of the rows of a table.

        Args:
            frame: Rows, column names in capitals.
            what: What is asked for, a key of the look-up tables.

        Returns:
            The codes; null where none is stated or the number is not in the look-up table.
        """
        table, number, code = _LOOKUPS[what]
        if code in frame.columns:
            return frame[code]
        if number not in frame.columns:
            return pl.Series(code, [None], pl.String).new_from_index(0, frame.height)
        known = self._lookup(table, number, code, frame[number])
        return frame[number].replace_strict(known, default=None, return_dtype=pl.String)

    def _lookup(self, table: str, number: str, code: str, used: pl.Series) -> dict[str, str | None]:
        if table in self._tables:
            own = self._tables.frame(table)
            if {number, code} <= set(own.columns):
                return dict(own.select(number, code).drop_nulls(number).iter_rows())
        packaged = _packaged().get(table, {}) if self._known else {}
        if not packaged and used.null_count() < len(used):
            self.lacking.add(table)
        return dict(packaged)

    def problems(self) -> list[pl.DataFrame]:
        """Say which look-up tables are missed."""
        if not self.lacking:
            return []
        said = (
            f"the bundle lacks the look-up tables {', '.join(sorted(self.lacking))}, and nothing says what its numbers"
            " mean; these codes are not read"
        )
        return [problem(PART_MISSING, said)]


def _packaged() -> dict[str, dict[str, str]]:
    """Give the numbers of the bundles of 2018, the only ones of which they are known."""
    text = (
        resources.files("ipvi_cli.ingest.nibrs") / "data" / "bundle_codes_2018.csv"
    ).read_bytes()
    found: dict[str, dict[str, str]] = {}
    for table, number, code in pl.read_csv(text, infer_schema=False).iter_rows():
        found.setdefault(table, {})[number] = code
    return found
