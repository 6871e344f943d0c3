"""A state-year bundle of the FBI's Crime Data Explorer to segment frames, by joins of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.actions import REPORTS, summarise
from ipvi_cli.ingest.nibrs.bundle_codes import PART_MISSING, Codes
from ipvi_cli.ingest.nibrs.bundle_tables import (
    AGENCIES,
    DETAILS,
    HEART,
    Tables,
    read_tables,
)
from ipvi_cli.ingest.nibrs.segments import Segments, Submission, segment_schema
from ipvi_cli.ingest.raw import SOURCE_ROW
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import PROBLEM_SCHEMA, problem

_BATCH: Final = 100_000
"""Incidents of a batch."""
_DATES: Final = ("%d-%b-%y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y", "%m/%d/%Y")
_KEYS: Final = ("report", "ori", "incident_number", "submission_month", "submission_year")


def read_bundle(
    files: Mapping[str, Path], scratch: Path, told: Callable[[int, int], None] | None = None
) -> Submission:
    """Read the files of one bundle.

    Args:
        files: Label of each file in the delivery and where it lies.
        scratch: An existing folder of its own.
        told: Told how many files have been read.

    Returns:
        The submission. A row is a row of a file; those that only say more about another are ``merged`` into it. The
        incident number is the bundle's own, for the agency's is not given out. Quarantined are rows that belong to
        none that is there.

    Raises:
        InputError: The incidents, the victims or their ties to offenders are missing, or nothing says what the
            numbers of the ties mean.
    """
    tables = read_tables(files, scratch, told)
    _require(tables, files)
    frames = _Bundle(tables).frames()
    tables.note()
    written = {}
    for level, frame in frames.items():
        written[level] = scratch / f"{level}.parquet"
        frame.select(*segment_schema(level)).sort("report", maintain_order=True).write_parquet(
            written[level], compression="lz4"
        )
    last = frames["incident"].height

    def batches() -> Iterator[Segments]:
        for start in range(0, last, _BATCH):
            inside = pl.col("report").is_between(start, start + _BATCH, closed="left")
            yield {
                level: pl.scan_parquet(place).filter(inside).collect()
                for level, place in written.items()
            }

    empty = pl.DataFrame(schema=REPORTS)
    return Submission(
        inputs=tuple(tables.accounts.values()),
        reports=pl.concat([empty, *(summarise(batch) for batch in batches())]),
        batches=batches,
        taken_for="a state-year bundle of the FBI's Crime Data Explorer: its files have the names of NIBRS tables",
        problems=pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *tables.problems]),
        published=True,
    )


def _require(tables: Tables, files: Mapping[str, Path]) -> None:
    lacking = [f"{name}.csv" for name in HEART if name not in tables]
    if lacking:
        raise InputError(
            f"the bundle holds no {', no '.join(lacking)}: there is nothing to classify.",
            where=next(iter(files), ""),
            mend="Download the state and year again, and leave all its files in one folder or archive.",
        )


@dataclass
class _Bundle:
    """The tables of a bundle on their way to segment frames."""

    tables: Tables

    def __post_init__(self) -> None:
        years = self.tables.frame("nibrs_incident")
        column = years["DATA_YEAR"] if "DATA_YEAR" in years.columns else pl.Series(dtype=pl.String)
        found = column.cast(pl.Int64, strict=False).drop_nulls().unique()
        self.codes = Codes(self.tables, frozenset(found))

    def frames(self) -> dict[str, pl.DataFrame]:
        """Give the frame of each level that the bundle holds."""
        incidents = self._incidents()
        frames = {"incident": incidents, "victim": self._victims(incidents)}
        for name, make in (
            ("nibrs_offense", self._offenses),
            ("nibrs_offender", self._offenders),
            ("nibrs_arrestee", self._arrestees),
        ):
            if name in self.tables:
                level = {"nibrs_arrestee": "arrestee"}.get(name, name.removeprefix("nibrs_"))
                frames[level] = make(incidents)
        self._say_missing()
        return frames

    def _say_missing(self) -> None:
        self.tables.problems += self.codes.problems()
        if "nibrs_relationship" in self.codes.lacking:
            raise InputError(
                "the bundle lacks nibrs_relationship.csv, and nothing says what the numbers of the relationships"
                " mean.",
                where=self.tables.raws["nibrs_victim_offender_rel"].file,
                mend="Put the look-up tables of the same download beside it.",
            )
        lacking = [f"{name}.csv" for name in DETAILS if name not in self.tables]
        if lacking:
            said = f"the bundle holds no {', '.join(lacking)}; what they say of other rows stays unknown"
            self.tables.problems.append(problem(PART_MISSING, said))

    def _incidents(self) -> pl.DataFrame:
        rows = self.tables.rows("nibrs_incident", of={}, key="INCIDENT_ID").with_row_index("report")
        known = self._months(self._agencies(rows))
        return known.select(
            pl.lit(self.tables.raws["nibrs_incident"].file).alias("source_file"),
            SOURCE_ROW,
            *_common(),
            *_KEYS,
            _day(known, "INCIDENT_DATE").alias("occurred_on"),
            _text(known, "REPORT_DATE_FLAG").alias("report_date"),
            _padded(_text(known, "INCIDENT_HOUR"), 2).alias("hour"),
            self.codes.read(known, "CLEARED_EXCEPT").alias("clearance"),
            _day(known, "CLEARED_EXCEPT_DATE").alias("cleared_on"),
            _text(known, "CARGO_THEFT_FLAG").alias("cargo_theft"),
            INCIDENT_ID=pl.col("INCIDENT_ID"),
        ).pipe(_filled, "incident")

    def _agencies(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the agency: by its ORI, or by the bundle's number where nothing tells the ORI."""
        rows = rows.with_columns(
            pl.col("report").cast(pl.Int64), pl.col("INCIDENT_ID").alias("incident_number")
        )
        name = next((one for one in AGENCIES if one in self.tables), None)
        number = _text(rows, "AGENCY_ID")
        if name is None or not {"AGENCY_ID", "ORI"} <= self.tables.columns(name):
            if "ORI" not in rows.columns:
                said = "the bundle holds no agencies.csv; its agencies are known by its own numbers alone"
                self.tables.problems.append(problem(PART_MISSING, said))
            return rows.with_columns(pl.coalesce(_text(rows, "ORI"), number).alias("ori"))
        oris = self.tables.frame(name).select("AGENCY_ID", pl.col("ORI").str.to_uppercase())
        known = dict(oris.drop_nulls().unique("AGENCY_ID", keep="first").iter_rows())
        told = rows["AGENCY_ID"].replace_strict(known, default=None, return_dtype=pl.String)
        return rows.with_columns(pl.coalesce(told, number).alias("ori"))

    def _months(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the month of the submission."""
        months = pl.DataFrame(
            schema=dict.fromkeys(("NIBRS_MONTH_ID", "MONTH_NUM", "DATA_YEAR"), pl.String)
        )
        key = "NIBRS_MONTH_ID"
        if "nibrs_month" in self.tables and {*months.columns} <= self.tables.columns("nibrs_month"):
            months = (
                self.tables.frame("nibrs_month").select(months.columns).unique(key, keep="first")
            )
        if key not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.String).alias(key))
        stated = months.select(
            key,
            _padded(pl.col("MONTH_NUM"), 2).alias("submission_month"),
            pl.col("DATA_YEAR").alias("submission_year"),
        )
        return rows.join(stated, on=key, how="left", maintain_order="left")

    def _offenses(self, incidents: pl.DataFrame) -> pl.DataFrame:
        rows = self._of_incident("nibrs_offense", incidents, "OFFENSE_ID")
        rows = self._with(rows, "nibrs_weapon", "OFFENSE_ID", "WEAPON", "weapons")
        rows = self._with(
            rows, "nibrs_suspect_using", "OFFENSE_ID", "SUSPECT_USING", "suspected_use"
        )
        return rows.with_columns(
            self.codes.read(rows, "OFFENSE").alias("offense_code"),
            _text(rows, "ATTEMPT_COMPLETE_FLAG").alias("attempted"),
            _padded(self.codes.read(rows, "LOCATION"), 2).alias("location"),
            _text(rows, "NUM_PREMISES_ENTERED").alias("premises"),
            _text(rows, "METHOD_ENTRY_CODE").alias("entry"),
        ).pipe(_filled, "offense")

    def _victims(self, incidents: pl.DataFrame) -> pl.DataFrame:
        rows = self._of_incident("nibrs_victim", incidents, "VICTIM_ID")
        rows = self._with(rows, "nibrs_victim_injury", "VICTIM_ID", "INJURY", "injuries")
        rows = self._with(
            rows, "nibrs_victim_circumstances", "VICTIM_ID", "CIRCUMSTANCES", "circumstances", 2
        )
        rows = self._with_offenses(rows)
        rows = rows.join(self._ties(rows), on="VICTIM_ID", how="left", maintain_order="left")
        return rows.with_columns(
            _padded(_text(rows, "VICTIM_SEQ_NUM"), 3).alias("victim_number"),
            self.codes.read(rows, "VICTIM_TYPE").alias("victim_type"),
            *self._person(rows),
        ).pipe(_filled, "victim")

    def _with_offenses(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the codes of the offences against each victim."""
        if not {"nibrs_offense", "nibrs_victim_offense"} <= self.tables.raws.keys():
            return rows
        offenses = self.tables.frame("nibrs_offense")
        of = {"VICTIM_ID": rows["VICTIM_ID"], "OFFENSE_ID": offenses["OFFENSE_ID"]}
        links = self.tables.rows("nibrs_victim_offense", of=of)
        codes = offenses.select(
            "OFFENSE_ID", self.codes.read(offenses, "OFFENSE").alias("offense_codes")
        ).unique("OFFENSE_ID", keep="first")
        told = links.join(codes, on="OFFENSE_ID", how="left", maintain_order="left")
        lists = told.group_by("VICTIM_ID", maintain_order=True).agg(
            pl.col("offense_codes").drop_nulls()
        )
        return rows.join(lists, on="VICTIM_ID", how="left", maintain_order="left")

    def _ties(self, victims: pl.DataFrame) -> pl.DataFrame:
        """Give the offenders of each victim with the victim's tie to them."""
        of = {"VICTIM_ID": victims["VICTIM_ID"]}
        if "nibrs_offender" in self.tables:
            offenders = self.tables.frame("nibrs_offender")
            of["OFFENDER_ID"] = offenders["OFFENDER_ID"]
            numbers = offenders.select("OFFENDER_ID", "OFFENDER_SEQ_NUM").unique("OFFENDER_ID")
            ties = self.tables.rows("nibrs_victim_offender_rel", of=of)
            ties = ties.join(numbers, on="OFFENDER_ID", how="left", maintain_order="left")
        else:
            ties = self.tables.rows("nibrs_victim_offender_rel", of=of)
            ties = ties.join(victims.select("VICTIM_ID", "INCIDENT_ID"), on="VICTIM_ID", how="left")
            rank = pl.col("OFFENDER_ID").cast(pl.Int64, strict=False).rank("dense")
            ties = ties.with_columns(
                rank.over("INCIDENT_ID").cast(pl.String).alias("OFFENDER_SEQ_NUM")
            )
        return (
            ties.with_columns(
                _padded(pl.col("OFFENDER_SEQ_NUM"), 2).alias("offender_numbers"),
                self.codes.read(ties, "RELATIONSHIP").alias("relationships"),
            )
            .sort("VICTIM_ID", SOURCE_ROW)
            .group_by("VICTIM_ID", maintain_order=True)
            .agg("offender_numbers", "relationships")
        )

    def _offenders(self, incidents: pl.DataFrame) -> pl.DataFrame:
        rows = self._of_incident("nibrs_offender", incidents, "OFFENDER_ID")
        return rows.with_columns(
            _padded(_text(rows, "OFFENDER_SEQ_NUM"), 2).alias("offender_number"),
            *self._person(rows),
        ).pipe(_filled, "offender")

    def _arrestees(self, incidents: pl.DataFrame) -> pl.DataFrame:
        rows = self._of_incident("nibrs_arrestee", incidents, "ARRESTEE_ID")
        rows = self._with(rows, "nibrs_arrestee_weapon", "ARRESTEE_ID", "WEAPON", "armed_with")
        return rows.with_columns(
            _padded(_text(rows, "ARRESTEE_SEQ_NUM"), 2).alias("arrestee_number"),
            _text(rows, "ARREST_NUM").alias("arrest_number"),
            _day(rows, "ARREST_DATE").alias("arrested_on"),
            self.codes.read(rows, "ARREST_TYPE").alias("arrest_type"),
            _text(rows, "MULTIPLE_INDICATOR").alias("multiple_arrests"),
            self.codes.read(rows, "OFFENSE").alias("offense_code"),
            _text(rows, "UNDER_18_DISPOSITION_CODE").alias("juvenile_disposition"),
            *self._person(rows),
        ).pipe(_filled, "arrestee")

    def _of_incident(self, table: str, incidents: pl.DataFrame, key: str) -> pl.DataFrame:
        """Give the rows of a table with the keys of their incident."""
        rows = self.tables.rows(table, of={"INCIDENT_ID": incidents["INCIDENT_ID"]}, key=key)
        keys = incidents.select("INCIDENT_ID", *_KEYS)
        return rows.join(keys, on="INCIDENT_ID", how="left", maintain_order="left").with_columns(
            pl.lit(self.tables.raws[table].file).alias("source_file"), *_common()
        )

    def _with(
        self, rows: pl.DataFrame, table: str, key: str, what: str, name: str, digits: int = 0
    ) -> pl.DataFrame:
        """Add the codes that another table gives for each row, as a list."""
        if table not in self.tables:
            return rows
        more = self.tables.rows(table, of={key: rows[key]})
        codes = more.select(key, self.codes.read(more, what).alias(name)).drop_nulls(name)
        padded = codes.with_columns(_padded(pl.col(name), digits))
        lists = padded.group_by(key, maintain_order=True).agg(name)
        return rows.join(lists, on=key, how="left", maintain_order="left")

    def _person(self, rows: pl.DataFrame) -> tuple[pl.Series | pl.Expr, ...]:
        return (
            self._age(rows),
            _text(rows, "SEX_CODE").alias("sex"),
            self.codes.read(rows, "RACE").alias("race"),
            self.codes.read(rows, "ETHNICITY").alias("ethnicity"),
            pl.coalesce(_text(rows, "RESIDENT_STATUS_CODE"), _text(rows, "RESIDENT_CODE")).alias(
                "resident"
            ),
        )

    def _age(self, rows: pl.DataFrame) -> pl.Expr:
        """Write ages as in the flat file: a range where one is given, then years, then the code of a word."""
        low, high = (_padded(_text(rows, f"AGE_RANGE_{end}_NUM"), 2) for end in ("LOW", "HIGH"))
        word = pl.lit(self.codes.read(rows, "AGE"))
        return pl.coalesce(
            pl.when(high > low).then(low + high),
            _padded(_text(rows, "AGE_NUM"), 2),
            pl.when(word.is_in(["NN", "NB", "BB", "00", "99"])).then(word),
        ).alias("age")


def _common() -> tuple[pl.Expr, ...]:
    return (pl.lit("new").alias("row_fate"), pl.lit("I").alias("action"))


def _filled(frame: pl.DataFrame, level: str) -> pl.DataFrame:
    """Add the columns of a level that the bundle does not fill."""
    schema = segment_schema(level)
    lacking = {name: dtype for name, dtype in schema.items() if name not in frame.columns}
    return frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in lacking.items())


def _text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Read a column that a layout may lack."""
    return pl.col(column) if column in frame.columns else pl.lit(None, pl.String)


def _padded(cells: pl.Expr | pl.Series, digits: int) -> pl.Expr:
    cell = pl.lit(cells) if isinstance(cells, pl.Series) else cells
    return cell.str.zfill(digits)


def _day(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Write a day as in the flat file."""
    cell = _text(frame, column)
    tried = [cell.str.to_datetime(form, strict=False, time_unit="us") for form in _DATES]
    return pl.coalesce(tried).dt.strftime("%Y%m%d")
