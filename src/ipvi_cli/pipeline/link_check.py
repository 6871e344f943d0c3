"""Linking tried on plain files of person records whose persons are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli import link as linking
from ipvi_cli.link import labelled
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.finding import Progress
from ipvi_cli.pipeline.linking import stored_model

_SAME = ("same", "match", "is_match", "clerical_match_score")


@dataclass(frozen=True)
class Checked:
    """What linking records with known persons gave.

    Attributes:
        agreement: Precision, recall and F1 at each threshold; ``None`` where nothing says whose the records are.
        quality: ``QUALITY_SCHEMA``.
        used: Column by field.
        ignored: Columns that were not used.
    """

    agreement: pl.DataFrame | None
    quality: pl.DataFrame
    used: Mapping[str, str]
    ignored: tuple[str, ...]


def check_linking(
    files: Sequence[Path],
    *,
    labels: str | None = None,
    columns: Mapping[str, str] | None = None,
    model: Path | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Link records of plain CSV files, and judge the links by what is known of them.

    Args:
        files: One file, whose records are linked with each other, or two, of which only pairs between them are judged.
        labels: A column that says whose each record is; or a file with such a column and the records' names, or with
            pairs of names and, in ``match``, whether they are one person's. By default a column named as such, or the
            records' names where they are those of FEBRL.
        columns: Columns by what they hold, where their names do not say it.
        model: Weights stored by an earlier run.
        progress: Told what is being done.

    Raises:
        InputError: A file cannot be read, or holds no person records or no names.
        UsageError: A column is not there.
    """
    frames = [_read(file) for file in files]
    for frame, file in zip(frames, files, strict=True):
        if frame.columns != frames[0].columns:
            raise InputError(
                "has other columns than the first file.",
                where=str(file),
                mend="Give both the same.",
            )
    records = pl.concat(
        [frame.with_columns(pl.lit(number).alias("file|")) for number, frame in enumerate(frames)]
    )
    used = _used(records, columns or {}, files[0])
    named = labelled.first_of(records.columns, labelled.RECORD_NAMES)
    person, judged = _known(records, labels, named)
    raw = records.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        *(pl.col(column).alias(field) for field, column in used.items()),
    )
    if "birth" in used:
        raw = raw.with_columns(labelled.year_first(raw["birth"]).alias("birth"))
    weights = None if model is None else stored_model(model)
    linked = linking.link_records(raw, model=weights, progress=progress)
    between = records["file|"] if len(files) > 1 else None
    found = None
    if person is not None or judged is not None:
        found = labelled.agreement(linked, person=person, judged=judged, file=between)
    own = labels or labelled.first_of(records.columns, labelled.PERSON_NAMES)
    told = {*used.values(), "file|", named, own}
    ignored = tuple(column for column in records.columns if column not in told)
    return Checked(found, linking.quality_rows(linked, {}), used, ignored)


def _read(file: Path) -> pl.DataFrame:
    """Read a CSV as texts, blanks trimmed, empty cells null."""
    try:
        frame = pl.read_csv(file, infer_schema=False, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError):
        raise InputError(
            "cannot be read as a CSV with a header.", where=str(file), mend="Check the path."
        ) from None
    frame = frame.rename({name: name.strip() for name in frame.columns})
    bare = pl.all().str.strip_chars()
    return frame.with_columns(bare).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in frame.columns
    )


def _used(records: pl.DataFrame, columns: Mapping[str, str], file: Path) -> dict[str, str]:
    strange = [field for field in columns if field not in labelled.FIELDS]
    absent = [column for column in columns.values() if column not in records.columns]
    if strange or absent:
        raise UsageError(
            f"--column names what is not there: {', '.join([*strange, *absent])}.",
            mend=f"It takes FIELD=COLUMN, FIELD one of {', '.join(labelled.FIELDS)}.",
        )
    used = labelled.recognised(records.columns, columns)
    if not {"name", "surname"} & used.keys():
        raise InputError(
            "has no column that is known to hold names.",
            where=str(file),
            mend="Say which with --column surname=COLUMN or --column name=COLUMN.",
        )
    return used


def _known(
    records: pl.DataFrame, labels: str | None, named: str | None
) -> tuple[pl.Series | None, pl.DataFrame | None]:
    """Find out whose each record is, or of which pairs it is known."""
    if labels is not None and labels in records.columns:
        return records[labels], None
    if labels is None:
        own = labelled.first_of(records.columns, labelled.PERSON_NAMES)
        if own is not None:
            return records[own], None
        return (labelled.person_in_record_name(records[named]) if named else None), None
    file = Path(labels)
    if not file.is_file():
        raise UsageError(
            f"'{labels}' is neither a column of the records nor a file.", mend="Check --labels."
        )
    if named is None:
        raise InputError(
            f"no column names the records ({', '.join(labelled.RECORD_NAMES)}).",
            where="--records",
            mend="Name the column of whose they are with --labels COLUMN.",
        )
    said = _read(file)
    places = records.select(pl.col(named).alias("record"), pl.int_range(pl.len()).alias("place"))
    names = [pair for pair in labelled.PAIR_NAMES if {*pair} <= {*said.columns}]
    if names:
        return None, _pairs(said, names[0], places)
    record = labelled.first_of(said.columns, (named, *labelled.RECORD_NAMES))
    person = next((name for name in said.columns if name != record), None)
    if record is None or person is None:
        raise InputError(
            "has no column with the names of records and one with their persons.",
            where=str(file),
            mend=f"Name them {named} and person, or give pairs as id_l, id_r and match.",
        )
    known = said.select(pl.col(record).alias("record"), pl.col(person).alias("person"))
    joined = places.join(known.unique("record"), on="record", how="left", maintain_order="left")
    return joined["person"], None


def _pairs(said: pl.DataFrame, names: tuple[str, str], places: pl.DataFrame) -> pl.DataFrame:
    """Give the judged pairs as rows ``a`` and ``b`` with ``same``."""
    judged = labelled.first_of(said.columns, _SAME)
    yes: Any = pl.lit(True)
    if judged is not None:
        yes = pl.col(judged).str.to_lowercase().is_in(["1", "1.0", "true", "yes", "same", "match"])
    pairs = said.select(pl.col(names[0]).alias("l"), pl.col(names[1]).alias("r"), yes.alias("same"))
    for side, end in (("l", "a"), ("r", "b")):
        own = places.rename({"record": side, "place": end}).unique(side)
        pairs = pairs.join(own, on=side, how="inner", maintain_order="left")
    return pairs.select("a", "b", "same")
