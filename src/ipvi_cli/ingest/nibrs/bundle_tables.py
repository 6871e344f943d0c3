"""The files of a state-year bundle of the FBI's Crime Data Explorer, told by their names and read without losing a row.

The bundles of all years are one relational database written as CSV: a file for each table, whose rows point at each
other, and at look-up tables of codes, by numbers. Names of files and columns are upper-case in the older bundles and
lower-case in the newer ones; the newer ones state the offence by its code and not by a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.delimited import read_delimited
from ipvi_cli.ingest.nibrs.segments import Account
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, SOURCE_ROW, RawInput, ReadOptions
from ipvi_cli.model.finding import problem

HEART: Final = ("nibrs_incident", "nibrs_victim", "nibrs_victim_offender_rel")
"""Tables without which there is nothing to classify."""
EXPECTED: Final = ("nibrs_offense", "nibrs_offender", "nibrs_arrestee")
"""Tables without which the audit is incomplete."""
DETAILS: Final = (
    "nibrs_victim_offense",
    "nibrs_weapon",
    "nibrs_suspect_using",
    "nibrs_victim_injury",
    "nibrs_victim_circumstances",
    "nibrs_arrestee_weapon",
    "nibrs_month",
)
"""Tables that say more about a row of another."""
AGENCIES: Final = ("agencies", "cde_agencies")
LOOKUPS: Final = (
    "nibrs_relationship",
    "nibrs_offense_type",
    "nibrs_victim_type",
    "nibrs_cleared_except",
    "nibrs_location_type",
    "nibrs_weapon_type",
    "nibrs_using_list",
    "nibrs_injury",
    "nibrs_circumstances",
    "nibrs_arrest_type",
    "nibrs_age",
    "nibrs_ethnicity",
    "ref_race",
)

_WANTED: Final = frozenset({*HEART, *EXPECTED, *DETAILS, *AGENCIES, *LOOKUPS})
_ORPHAN: Final = "the row belongs to none that the bundle holds"
_TWICE: Final = "another row has the same number"
_REPEATED_NAME: Final = "IPVI-105"
_NOT_READ: Final = "IPVI-132"
ORPHAN: Final = "no_parent"
TWICE: Final = "number_twice"


def table_of(label: str) -> str:
    """Give the name of the table that a file of a bundle holds, by the file's name.

    Args:
        label: Name of the file in the delivery, ``MN-2018.zip!NIBRS_incident.csv`` for a member of an archive.
    """
    return label.rpartition("!")[2].rpartition("/")[2].lower().removesuffix(".csv")


def is_of_bundle(label: str, header: str) -> bool:
    """Say whether a file is of a bundle: by its name, and by a column that the table of this name has.

    Args:
        label: Name of the file in the delivery.
        header: Its first line.
    """
    table = table_of(label)
    names = {name.strip().strip('"').upper() for name in header.lstrip("\ufeff").split(",")}
    if table in AGENCIES:
        return {"AGENCY_ID", "ORI"} <= names
    ours = table.startswith("nibrs_") or table in ("ref_race", "ref_state")
    return (
        ours
        and label.lower().endswith(".csv")
        and any(name.endswith(("_ID", "_CODE")) for name in names)
    )


def missing(labels: Iterable[str]) -> list[str]:
    """Name the files of the first rank that a bundle lacks."""
    there = {table_of(label) for label in labels}
    return [f"{name}.csv" for name in EXPECTED if name not in there]


def bundles(labels: Iterable[str]) -> dict[str, list[str]]:
    """Put the files of several state-years apart, by the folder or archive that holds them."""
    apart: dict[str, list[str]] = {}
    for label in labels:
        name = label.rpartition("!")[2].rpartition("/")[2]
        apart.setdefault(label.removesuffix(name), []).append(label)
    return apart


@dataclass
class Tables:
    """The tables of one bundle.

    Attributes:
        raws: What was read, by table.
        accounts: The account of each file.
        problems: What was noticed.
    """

    raws: dict[str, RawInput]
    accounts: dict[str, Account] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=list)

    def __contains__(self, table: str) -> bool:
        return table in self.raws

    def columns(self, table: str) -> frozenset[str]:
        """Name the columns of a table, in capitals."""
        return frozenset(name.upper() for name in self.raws[table].columns)

    def frame(self, table: str) -> pl.DataFrame:
        """Give a table as it stands, its columns in capitals."""
        frame = pl.read_parquet(self.raws[table].data)
        taken: set[str] = {SOURCE_ROW}
        names = {}
        for name in frame.columns:
            if name != SOURCE_ROW and name.upper() not in taken:
                names[name] = name.upper()
                taken.add(name.upper())
        return frame.select(SOURCE_ROW, *names).rename(names)

    def rows(
        self, table: str, *, of: Mapping[str, pl.Series], key: str | None = None
    ) -> pl.DataFrame:
        """Give the rows of a table that count, and account for all.

        Args:
            table: Name of the table.
            of: Columns that name a row of another table, and the numbers that there are.
            key: Column that names its own rows.

        Returns:
            The rows: whole repetitions, rows that belong to no other and rows whose number another row has are left
            out, the last two to the quarantine.
        """
        frame = self.frame(table)
        again = ~frame.drop(SOURCE_ROW).hash_rows().is_first_distinct()
        orphan = pl.repeat(False, frame.height, eager=True)
        for column, known in of.items():
            orphan = orphan | ~frame[column].is_in(known.implode()).fill_null(False)
        twice = ~frame[key].is_first_distinct() if key is not None else pl.lit(False)
        why = pl.when(orphan).then(pl.lit(ORPHAN)).when(twice).then(pl.lit(TWICE))
        reason = pl.when(~again).then(why)
        marked = frame.with_columns(reason.alias("_refused"), again.alias("_again"))
        self._account(table, marked)
        good = pl.col("_refused").is_null() & ~pl.col("_again")
        return marked.filter(good).drop("_refused", "_again")

    def _account(self, table: str, marked: pl.DataFrame) -> None:
        raw = self.raws[table]
        refused = marked.filter(pl.col("_refused").is_not_null())
        words = (
            pl.when(pl.col("_refused") == ORPHAN).then(pl.lit(_ORPHAN)).otherwise(pl.lit(_TWICE))
        )
        cells = pl.struct(pl.exclude(SOURCE_ROW, "_refused", "_again")).struct.json_encode()
        set_aside = refused.select(
            SOURCE_ROW,
            pl.col("_refused").alias("reason_code"),
            words.alias("message"),
            pl.lit(None, pl.Int64).alias("byte_offset"),
            cells.cast(pl.Binary).alias("raw"),
        )
        for (reason,), part in set_aside.group_by("message", maintain_order=True):
            said = f"rows set aside: {part.height} ({reason})"
            first = int(part[SOURCE_ROW][0])
            self.problems.append(problem("IPVI-107", said, source_file=raw.file, source_row=first))
        repeated = int(marked["_again"].sum())
        if repeated:
            said = f"{repeated} rows repeat an earlier row and are not counted again"
            self.problems.append(problem("IPVI-136", said, source_file=raw.file))
        fates = {"duplicate": repeated}
        if table not in (*HEART[:2], *EXPECTED):
            fates["merged"] = marked.height - repeated - refused.height
        self.accounts[table] = Account(
            file=raw.file,
            rows_read=raw.rows_read,
            lines_skipped=raw.lines_skipped,
            quarantine=pl.concat(
                [pl.DataFrame(schema=QUARANTINE_SCHEMA), raw.quarantine, set_aside]
            ),
            fates={fate: count for fate, count in fates.items() if count},
        )

    def note(self) -> None:
        """Account for the tables of which every row is used as it stands, and pass on what reading noticed."""
        for table, raw in self.raws.items():
            if table not in self.accounts:
                self.rows(table, of={})
            for note in raw.notes:
                if note.code == _REPEATED_NAME:
                    # The FBI's own bundles repeat a column here and there.
                    continue
                self.problems.append(
                    problem(
                        note.code,
                        note.message,
                        column=note.column,
                        source_file=raw.file,
                        source_row=note.source_row,
                    )
                )


def read_tables(
    files: Mapping[str, Path], scratch: Path, told: Callable[[int, int], None] | None = None
) -> Tables:
    """Read the files of one bundle that are used.

    Args:
        files: Label of each file and where it lies.
        scratch: An existing folder of its own.
        told: Told how many files have been read.
    """
    raws = {}
    for number, (label, path) in enumerate(sorted(files.items())):
        table = table_of(label)
        if table not in _WANTED or table in raws:
            continue
        out = scratch / f"{number:04d}.parquet"
        raws[table] = read_delimited(path, label, ReadOptions(), out, lambda done, total: None)
        if told is not None:
            told(number + 1, len(files))
    tables = Tables(raws)
    read = {raw.file for raw in raws.values()}
    for label in sorted(files.keys() - read):
        said = "a table of property, drugs, bias, officers or the like, which is not audited; it was not read"
        tables.problems.append(problem(_NOT_READ, said, source_file=label))
    return tables
