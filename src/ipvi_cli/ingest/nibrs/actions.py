"""What the actions of a submission make of its reports: which stand, which are replaced, deleted or repeated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.segments import LEVEL_NUMBERS, LEVELS, Segments
from ipvi_cli.model.tables import FATES as ROW_FATES

ACTIONS: Final = ("I", "A", "M", "D", "R", "W")
"""What a submission does with a report or segment; any other is refused."""

REPORTS: Final[dict[str, pl.DataType]] = {
    "key": pl.UInt64(),
    "part": pl.UInt8(),
    "level": pl.UInt8(),
    "action": pl.Enum(ACTIONS),
    "opened": pl.Boolean(),
    "content": pl.UInt64(),
    "month": pl.Int32(),
}
"""One row for each report of an input, in order, so that the place is the report's number.

``key``: hash of what the report is about (``report_key``); ``part``: sequence number of a Group B arrest; ``level``:
of its first segment; ``opened``: whether it has an administrative segment, be it a damaged one; ``content``: hash of
its contents; ``month``: year and month of the submission, YYYYMM, null where they cannot be read."""

FATES: Final[dict[str, pl.DataType]] = {
    "row_fate": pl.Enum(ROW_FATES),
    "refusal": pl.Enum([refusals.REPEATED, refusals.ORPHAN]),
}
"""``refusal`` is the code of ``refusals`` where the report has to be set aside."""

_ORPHAN: Final = pl.lit(refusals.ORPHAN)
_OTHERS: Final = (0, 7)
_CHANGING: Final = ("A", "M")
_ALONE: Final = ("A", "M", "W", "D")
"""Actions whose segments may stand without their incident, which an earlier submission held."""
SEQUENCE: Final = {
    "offense": "offense_code",
    "property": "loss_type",
    "victim": "victim_number",
    "offender": "offender_number",
    "arrestee": "arrestee_number",
}
"""What tells the segments of a level apart within an incident."""


def report_key(level: pl.Expr, ori: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Hash what a report is about.

    Args:
        level: Level of its first segment.
        ori: Agency.
        number: Incident number; of a Group B arrest its transaction number, of a zero report its month.
    """
    kind = pl.when(level.is_in(_OTHERS)).then(level.cast(pl.String)).otherwise(pl.lit("A"))
    return pl.concat_str(kind, ori.fill_null(""), number.fill_null(""), separator=":").hash()


def play(inputs: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Play the actions of all inputs in the order of their submissions.

    Args:
        inputs: ``REPORTS`` of each input.

    Returns:
        ``FATES`` of each input's reports. A delete (D) is ``superseded`` together with what it deletes, a replaced
        report (by R, or by the same incident in a later input) likewise; a delete of a Group B arrest takes the
        arrestee whose sequence number it names, or all of the transaction number where it names none. An incident
        reported (I) again with the same contents is ``duplicate``, with others and without a delete between, in the
        same input, it is refused. A report without an administrative segment adds to one that its input holds
        anywhere; else an addition or change (A, M, W, D) stands by itself and the rest is refused.
    """
    if not inputs:
        return []
    told = [frame.with_columns(*_kinds()) for frame in inputs]
    contested = pl.concat([frame["key"] for frame in inputs]).is_duplicated()
    settled = [frame.select(_alone()).select(*FATES) for frame in told]
    if not contested.any():
        return settled
    shared = _shared(told, contested)
    again = _settled(_in_epochs(shared)).unique(["input", "place"])
    return [
        fates.with_columns(
            fates[name].scatter(mine["place"], mine[name]).alias(name) for name in FATES
        )
        if mine.height
        else fates
        for fates, mine in zip(
            settled,
            [again.filter(pl.col("input") == n) for n in range(len(inputs))],
            strict=True,
        )
    ]


def _kinds() -> tuple[pl.Expr, ...]:
    """Say of each report whether it is a whole one, deletes, or may stand without its incident."""
    other = pl.col("level").is_in(_OTHERS)
    loose = (pl.col("action").is_in(_CHANGING) & ~other).fill_null(False)
    return (
        ((pl.col("opened") & ~loose) | other).alias("whole"),
        (pl.col("action") == "D").fill_null(False).alias("deletes"),
        (pl.col("action").is_in(_ALONE) & ~pl.col("opened")).fill_null(False).alias("alone"),
    )


def _alone() -> tuple[pl.Expr, ...]:
    """Settle the reports of incidents of which there is one report."""
    return (
        _code(pl.when("deletes").then(pl.lit("superseded")).otherwise(pl.lit("new")), "row_fate"),
        _code(pl.when(~pl.col("whole") & ~pl.col("alone")).then(_ORPHAN), "refusal"),
    )


def _code(word: pl.Expr, name: str) -> pl.Expr:
    return word.cast(FATES[name]).alias(name)


def _shared(told: Sequence[pl.DataFrame], contested: pl.Series) -> pl.DataFrame:
    """Give the reports of incidents of which there are several, by incident and in the order of the submissions."""
    parts = []
    start = 0
    for number, frame in enumerate(told):
        mine = contested[start : start + frame.height]
        start += frame.height
        parts.append(
            frame.with_columns(
                pl.lit(number, pl.UInt32).alias("input"),
                pl.lit(frame["month"].min(), pl.Int32).alias("first_month"),
            )
            .with_row_index("place")
            .filter(mine)
        )
    ordered = pl.concat(parts).sort(pl.col("first_month").fill_null(0), "input", "place")
    return _by_arrestee(ordered.with_row_index("order")).sort("key", "order")


def _by_arrestee(ordered: pl.DataFrame) -> pl.DataFrame:
    """Tell the arrestees of a Group B arrest apart; a delete that names none stands with each of them."""
    group_b = pl.col("level") == LEVEL_NUMBERS["group_b_arrest"]
    of_all = group_b & pl.col("deletes") & pl.col("part").is_null()
    arrestees = ordered.filter(group_b).select("key", "part").unique()
    spread = ordered.filter(of_all).drop("part").join(arrestees, on="key")
    told = pl.concat([ordered.filter(~of_all), spread.select(ordered.columns)])
    alone = pl.when(group_b).then(pl.struct("key", "part").hash()).otherwise("key")
    return told.with_columns(alone.alias("key"))


def _in_epochs(told: pl.DataFrame) -> pl.DataFrame:
    """Number, for each incident, the times that it is begun anew: by a delete, a replacement or a later delivery."""
    before = pl.col("key").shift() == pl.col("key")
    elsewhere = before & (pl.col("input").shift() != pl.col("input"))
    other = pl.col("content").shift() != pl.col("content")
    resets = pl.col("whole") & (
        pl.col("deletes") | (pl.col("action") == "R") | (elsewhere & other)
    ).fill_null(False)
    return told.with_columns(resets.cast(pl.UInt32).cum_sum().over("key").alias("epoch"))


def _settled(told: pl.DataFrame) -> pl.DataFrame:
    """Settle every report: ``input``, ``place`` and ``FATES``."""
    stands = (pl.col("epoch") == pl.col("epoch").max().over("key")) & ~pl.col("deletes")
    told = told.with_columns(stands.alias("stands"))
    opening = told.filter(pl.col("whole") & pl.col("stands"))
    first = opening.unique("key", keep="first").select(
        "key", pl.col("content").alias("said"), pl.col("order").alias("first")
    )
    homes = told.filter(pl.col("whole") & ~pl.col("deletes")).select("key", "input").unique()
    told = told.join(first, on="key", how="left").join(
        homes.with_columns(home=pl.lit(True)), on=["key", "input"], how="left"
    )
    is_first = (pl.col("order") == pl.col("first")) | ~pl.col("whole")
    same = (pl.col("content") == pl.col("said")) | pl.col("level").is_in(_OTHERS)
    fate = (
        pl.when(~pl.col("stands"))
        .then(pl.lit("superseded"))
        .when(is_first)
        .then(pl.lit("new"))
        .otherwise(pl.lit("duplicate"))
    )
    refusal = (
        pl.when(pl.col("stands") & ~is_first & ~same)
        .then(pl.lit(refusals.REPEATED))
        .when(~pl.col("whole") & pl.col("home").is_null() & ~pl.col("alone"))
        .then(_ORPHAN)
    )
    return told.select("input", "place", _code(fate, "row_fate"), _code(refusal, "refusal"))


def summarise(segments: Segments) -> pl.DataFrame:
    """Give ``REPORTS`` of the reports of a batch, for formats that do not find it out while reading.

    Args:
        segments: Frames by level of whole reports.

    Returns:
        A row for each report, sorted by its number.
    """
    parts = [_summary(level, frame) for level, frame in segments.items() if not frame.is_empty()]
    if not parts:
        return pl.DataFrame(schema=REPORTS)
    together = pl.concat(parts).sort("report", "level", maintain_order=True)
    return (
        together.group_by("report", maintain_order=True)
        .agg(
            pl.col("key").first(),
            pl.col("part").first(),
            pl.col("level").first(),
            pl.col("action").first(),
            (pl.col("level") == 1).any().alias("opened"),
            pl.col("content").sum(),
            pl.col("month").first(),
        )
        .select(*REPORTS)
    )


def _summary(level: str, frame: pl.DataFrame) -> pl.DataFrame:
    number = LEVEL_NUMBERS[level]
    if level == "zero":
        about = pl.concat_str("report_year", "report_month", ignore_nulls=True)
    elif level == "group_b_arrest":
        about = pl.col("arrest_number")
    else:
        about = pl.col("incident_number")
    cells = [
        (pl.col(one.name) if one.slots == 1 else pl.col(one.name).list.join("|", ignore_nulls=True))
        .fill_null("")
        .alias(one.name)
        for one in LEVELS[level]
    ]
    month = pl.concat_str("submission_year", "submission_month").cast(pl.Int32, strict=False)
    arrestee = "arrestee_number" if level == "group_b_arrest" else None
    return frame.select(
        "report",
        report_key(pl.lit(number, pl.UInt8), pl.col("ori"), about).alias("key"),
        (pl.col(arrestee) if arrestee else pl.lit(None)).cast(pl.UInt8, strict=False).alias("part"),
        pl.lit(number, pl.UInt8).alias("level"),
        pl.col("action").cast(REPORTS["action"], strict=False),
        pl.concat_str(cells, separator="\x1f").hash(seed=number).alias("content"),
        month.alias("month"),
    )


def changed_keys(inputs: Iterable[pl.DataFrame]) -> pl.Series:
    """Name the incidents of which some report changes or deletes single segments, by ``key``."""
    single = (pl.col("action") == "M") | ((pl.col("action") == "D") & ~pl.col("opened"))
    changed = [
        frame.filter(single.fill_null(False) & ~pl.col("level").is_in(_OTHERS))["key"]
        for frame in inputs
    ]
    return pl.concat([pl.Series(dtype=pl.UInt64), *changed]).unique()


def slots(segments: Segments, keys: pl.Series) -> pl.DataFrame:
    """Give the segments of some incidents with what tells them apart.

    Args:
        segments: Frames by level.
        keys: The incidents, by ``key``.

    Returns:
        ``key``, ``level`` (its name), ``sequence``, ``report``, ``action``, in order of the reports.
    """
    parts = []
    for level, frame in segments.items():
        if LEVEL_NUMBERS[level] in _OTHERS:
            continue
        number = pl.lit(LEVEL_NUMBERS[level], pl.UInt8)
        keyed = frame.with_columns(
            report_key(number, pl.col("ori"), pl.col("incident_number")).alias("key")
        ).filter(pl.col("key").is_in(keys.implode()))
        parts.append(keyed.select("key", pl.lit(level).alias("level"), sequence(level), *_WHEN))
    empty = pl.DataFrame(schema=_SLOTS)
    return pl.concat([empty, *parts]).sort("report", maintain_order=True)


_WHEN: Final = ("report", "action")
_SLOTS: Final = {
    "key": pl.UInt64(),
    "level": pl.String(),
    "sequence": pl.String(),
    "report": pl.Int64(),
    "action": pl.String(),
}


def sequence(level: str) -> pl.Expr:
    """Give what tells a segment from the others of its level in the incident."""
    column = SEQUENCE.get(level)
    return (pl.lit("") if column is None else pl.col(column).fill_null("")).alias("sequence")


def replaced(found: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Find the segments that a later change (M) or delete (D) of the same segment replaces.

    Args:
        found: ``slots`` of each input.

    Returns:
        For each input ``level``, ``sequence`` and ``report`` of these segments.
    """
    if not found:
        return []
    rows = pl.concat(
        [frame.with_columns(pl.lit(n, pl.UInt32).alias("input")) for n, frame in enumerate(found)]
    ).with_row_index("order")
    last = pl.col("order").filter(pl.col("action").is_in(["M", "D"])).max()
    gone = rows.filter(pl.col("order") < last.over("key", "level", "sequence"))
    return [
        gone.filter(pl.col("input") == number).select("level", "sequence", "report").unique()
        for number in range(len(found))
    ]
