"""What the FBI's edits find in the segments of a submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.edits import Edit, Ledger, live, problems, single_problems
from ipvi_cli.ingest.nibrs.edits_report import out_of_order, report_edits
from ipvi_cli.ingest.nibrs.edits_single import SINGLE
from ipvi_cli.ingest.nibrs.edits_victim import VICTIM
from ipvi_cli.ingest.nibrs.segments import KEYS, Segments, Submission
from ipvi_cli.model.finding import PROBLEM_SCHEMA, problem

EDITS: Final[dict[str, tuple[Edit, ...]]] = {**SINGLE, "victim": (*SINGLE["victim"], *VICTIM)}
"""All edits on single segments by level."""

_MONTHS: Final = "IPVI-157"
_STATES: Final = "IPVI-158"
_ARREST_AGAIN: Final = "IPVI-161"
_BOTH_GROUPS: Final = "IPVI-516"


class Judge:
    """Judges the segments of a submission, batch by batch, by the FBI's published edits.

    Segments that do not count (superseded, repeated, refused) are not judged; a repeated Group B arrest is told of.
    """

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._ledger = Ledger()
        self._months: set[str] = set()
        self._incidents: list[pl.Series] = []
        self._arrests: list[pl.DataFrame] = []
        lost = submission.problems.filter(pl.col("code") == refusals.DAMAGED)
        self._damaged = lost["incident_id"].drop_nulls().unique()

    def look(self, sent: Segments, written: Segments, aside: pl.DataFrame) -> None:
        """Judge a batch.

        Args:
            sent: Segments as sent, with their fates.
            written: The same segments with agencies and incident numbers as the tables write them.
            aside: Rows in the place of which an incident may stand without having been read.
        """
        frames = _placed(sent, aside)
        again = _repeated_arrests(sent)
        if again is not None:
            self._ledger.add(*again)
        damaged = self._damaged_reports(frames)
        for level, frame in frames.items():
            keys = written[level][frame["place"]].select(*KEYS)
            wanted = [
                edit
                for edit in EDITS.get(level, ())
                if not (edit.mandatory and self._submission.published)
            ]
            self._ledger.count(level, frame)
            self._submitted(frame)
            self._numbered(level, frame, keys)
            for rows in single_problems(level, wanted, frame, keys):
                self._ledger.add(level, rows)
        late = () if self._submission.published else out_of_order(frames)
        for one in (*late, *report_edits(frames, damaged)):
            if one.rows.height:
                keys = written[one.level][one.rows["place"]].select(*KEYS)
                told = problems(one.level, one.code, one.number, one.element, one.said, keys)
                self._ledger.add(one.level, told)

    def problems(self) -> pl.DataFrame:
        """Give what was found, ``PROBLEM_SCHEMA``."""
        file = self._submission.inputs[0].file
        whole = []
        if len(self._months) > 1 and not self._submission.published:
            said = f"segments are of {len(self._months)} months of submission (FBI edit 058)"
            whole.append(problem(_MONTHS, said, source_file=file))
        states = {ori[:2] for ori in self._submission.agencies}
        if len(states) > 1 and not self._submission.published:
            said = f"agencies are of {len(states)} states (FBI edit 059)"
            whole.append(problem(_STATES, said, source_file=file))
        return pl.concat(
            [
                pl.DataFrame(schema=PROBLEM_SCHEMA),
                self._ledger.problems(),
                *self._of_both_groups(),
                *whole,
            ]
        )

    def _numbered(self, level: str, frame: pl.DataFrame, keys: pl.DataFrame) -> None:
        """Keep the numbers of incidents and Group B arrests, which must differ."""
        if level == "incident":
            number = frame.select(_number("incident_number")).to_series()
            self._incidents.append(number)
        elif level == "group_b_arrest":
            self._arrests.append(keys.with_columns(frame.select(_number("arrest_number"))))

    def _of_both_groups(self) -> list[pl.DataFrame]:
        if not self._incidents or not self._arrests:
            return []
        arrests = pl.concat(self._arrests)
        both = arrests.filter(pl.col("number").is_in(pl.concat(self._incidents).implode()))
        said = "is also the number of an incident"
        level = "group_b_arrest"
        return [problems(level, _BOTH_GROUPS, "088", "arrest_number", said, both)]

    def _submitted(self, frame: pl.DataFrame) -> None:
        month = pl.concat_str("submission_year", "submission_month")
        found = frame.select(month.unique()).to_series().drop_nulls()
        self._months.update(found.filter(found.str.contains(r"^\d{6}$")))

    def _damaged_reports(self, frames: Segments) -> pl.Series:
        if self._damaged.is_empty() or "incident" not in frames:
            return pl.Series(dtype=pl.Int64)
        incident = pl.concat_str("ori", pl.lit(":"), "incident_number")
        hurt = frames["incident"].filter(incident.is_in(self._damaged.implode()))
        return hurt["report"]


def _number(column: str) -> pl.Expr:
    hashed = pl.concat_str("ori", pl.lit(":"), column).hash()
    return pl.when(pl.col(column).is_not_null()).then(hashed).alias("number")


def _placed(sent: Segments, aside: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Number the segments of each level and keep those that count and were read."""
    frames = live({level: frame.with_row_index("place") for level, frame in sent.items()})
    if "incident" not in frames or aside.is_empty():
        return frames
    read = frames["incident"].join(aside, on=["source_file", "source_row"], how="anti")
    return {**frames, "incident": read}


def _repeated_arrests(sent: Segments) -> tuple[str, pl.DataFrame] | None:
    level = "group_b_arrest"
    if level not in sent:
        return None
    again = sent[level].filter(pl.col("row_fate") == "duplicate")
    if again.is_empty():
        return None
    said = "is that of an arrest reported before, which is counted once"
    return level, problems(level, _ARREST_AGAIN, "751 or 759", "arrest_number", said, again)
