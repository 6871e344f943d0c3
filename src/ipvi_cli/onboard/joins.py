"""How the files of a delivery hang together: keys, how numbers are written, and which agency is meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import polars as pl

from ipvi_cli.onboard.delivered import Delivered
from ipvi_cli.onboard.guess import Column
from ipvi_cli.onboard.shape import Placed, Shape

_YEAR_FIRST: Final = r"^[# ]*(\d{2}|\d{4})([-/])(\d+)$"
_ORI: Final = r"^[A-Z]{2}[A-Z0-9]\d{2}[A-Z0-9]{4}$"
_MOST_AGENCIES: Final = 400
_SAME: Final = 0.9
_WORTH_TELLING: Final = 0.2


@dataclass(frozen=True)
class Join:
    """How many values of a key column stand in a column of another file.

    Attributes:
        file: The file that refers.
        column: Its column.
        other_file: The file that is referred to.
        other_column: Its column.
        share: Share of the different values that are found there.
        share_normalised: The same after the drafted normalisation of incident numbers.
    """

    file: str
    column: str
    other_file: str
    other_column: str
    share: float
    share_normalised: float


@dataclass(frozen=True)
class Numbering:
    """How incident numbers are made alike.

    Attributes:
        strip: Characters to drop.
        century: Century of two-digit years.
        pad: Digits to which the end is padded.
        told: The evidence.
    """

    strip: str = ""
    century: int | None = None
    pad: int | None = None
    told: str = ""

    @property
    def changes(self) -> bool:
        """Whether anything is changed."""
        return bool(self.strip or self.century or self.pad)


@dataclass(frozen=True)
class AgencyGuess:
    """An agency that the files name."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


def numbering(numbers: Sequence[pl.Series]) -> Numbering:
    """Say how incident numbers have to be made alike, from how the files write them.

    Args:
        numbers: Columns of incident numbers.

    Returns:
        What to declare; nothing where the numbers are written one way only.
    """
    if not numbers:
        return Numbering()
    text = pl.concat([one.cast(pl.String) for one in numbers]).str.strip_chars().drop_nulls()
    text = text.filter(text != "")
    parts = text.str.extract_groups(_YEAR_FIRST).struct
    year, tail = parts.field("1").drop_nulls(), parts.field("3").drop_nulls()
    if text.is_empty() or year.len() < 0.9 * text.len():
        return Numbering()
    marks = text.str.starts_with("#").any()
    lengths = set(year.str.len_chars().unique().to_list())
    century = 20 if lengths == {2, 4} else None
    padded = tail.filter(tail.str.starts_with("0"))
    sizes = tail.str.len_chars()
    pad = None
    if padded.len() and sizes.n_unique() > 1:
        usual = Counter(padded.str.len_chars().to_list()).most_common(1)[0][0]
        if (sizes < usual).any():
            pad = int(usual)
    told = []
    if century:
        told.append("years with two and with four digits")
    if pad:
        told.append(
            f"the number after the year with and without zeros in front, {pad} digits with them"
        )
    if marks:
        told.append("a # in front of some")
    return Numbering("#" if marks else "", century, pad, "; ".join(told))


def normalise(numbers: pl.Series, how: Numbering) -> pl.Series:
    """Write incident numbers alike, as the drafted profile declares."""
    text = numbers.cast(pl.String).str.strip_chars().str.to_uppercase()
    if how.century:
        text = text.str.strip_chars_start(f"{how.strip} ").str.replace(
            r"^(\d{2})([^0-9])", f"{how.century}$1$2"
        )
    if how.strip:
        text = text.str.replace_all(re.escape(how.strip), "")
    if how.pad:
        digits = text.str.extract(r"(\d+)$", 1)
        frame = pl.DataFrame({"t": text, "d": digits})
        text = frame.select(
            pl.when(pl.col("d").is_not_null())
            .then(
                pl.concat_str(pl.col("t").str.replace(r"\d+$", ""), pl.col("d").str.zfill(how.pad))
            )
            .otherwise("t")
        ).to_series()
    return text


def find_joins(
    files: Sequence[tuple[Delivered, tuple[Column, ...]]], shapes: Sequence[Shape], how: Numbering
) -> tuple[Join, ...]:
    """Measure how the key columns of the files find each other.

    Args:
        files: Every file with its columns.
        shapes: How files feed the tables; their incident numbers are compared as normalised too.
        how: Drafted normalisation.

    Returns:
        Pairs of columns of which a share worth telling is found.
    """
    numbers = {
        one.file.file: one.get("keys", "incident_number")
        for one in shapes
        if one.get("keys", "incident_number")
    }
    keys = [
        (file, column, _values(file, column.name))
        for file, columns in files
        for column in columns
        if (column.values.unique or _is_number(numbers, file, column))
        and column.values.distinct > 1
    ]
    found = []
    for file, columns in files:
        for column in columns:
            mine = _is_number(numbers, file, column)
            words = column.header.words[-1:]
            if not mine and words not in (("ID",), ("NUMBER",)):
                continue
            own = _values(file, column.name)
            if own.len() < 2:
                continue
            for other, key, values in keys:
                theirs = _is_number(numbers, other, key)
                if other.file == file.file or not (
                    key.name.upper() == column.name.upper() or (mine and theirs)
                ):
                    continue
                share = _found(own, values)
                alike = (
                    _found(normalise(own, how), normalise(values, how))
                    if mine and theirs
                    else share
                )
                if max(share, alike) >= _WORTH_TELLING:
                    found.append(Join(file.file, column.name, other.file, key.name, share, alike))
    return tuple(found)


def _is_number(numbers: dict[str, Placed | None], file: Delivered, column: Column) -> bool:
    placed = numbers.get(file.file)
    return placed is not None and placed.source.name == column.name


def _values(file: Delivered, column: str) -> pl.Series:
    return file.cells[column].cast(pl.String).str.strip_chars().drop_nulls().unique()


def _found(own: pl.Series, values: pl.Series) -> float:
    own = own.unique()
    return float(own.is_in(values.implode()).sum()) / own.len() if own.len() else 0.0


def agencies(shapes: Sequence[Shape], how: Numbering) -> tuple[tuple[AgencyGuess, ...], bool]:
    """List the agencies that the files name.

    Args:
        shapes: How files feed the tables.
        how: Drafted normalisation of incident numbers.

    Returns:
        The agencies, and whether words of several kinds were set beside each other by the incidents that they share.
    """
    columns = [(one, placed) for one in shapes if (placed := one.get("keys", "agency"))]
    words: Counter[str] = Counter()
    for shape, placed in columns:
        text = (
            shape.file.cells[placed.source.name]
            .drop_nulls()
            .str.replace_all(r"\s+", " ")
            .str.strip_chars()
        )
        words.update(dict(text.str.to_uppercase().value_counts().iter_rows()))
    words.pop("", None)
    oris = sorted(word for word in words if re.match(_ORI, word))
    names = sorted(word for word in words if word not in oris)
    if len(words) > _MOST_AGENCIES:
        return (), False
    matched = _same_agencies(columns, oris, names, how) if oris and names else {}
    found = [AgencyGuess(ori, "", (matched[ori],) if ori in matched else ()) for ori in oris]
    taken = set(matched.values())
    used = {one.id for one in found}
    for name in names:
        if name not in taken:
            found.append(AgencyGuess(_slug(name, used), "", (name,)))
            used.add(found[-1].id)
    return tuple(found), bool(matched)


def _slug(name: str, used: set[str]) -> str:
    base = re.sub(r"[^A-Z0-9]+", "_", name).strip("_")[:20].strip("_") or "AGENCY"
    number, slug = 2, base
    while slug in used:
        slug, number = f"{base[:17]}_{number}", number + 1
    return slug


def _same_agencies(
    columns: Sequence[tuple[Shape, Placed]], oris: list[str], names: list[str], how: Numbering
) -> dict[str, str]:
    """Set names beside identifiers by the incident numbers that only one agency of a file has."""
    if len(oris) > 6 or len(names) != len(oris):
        return {}
    rows = []
    for shape, placed in columns:
        number = shape.get("keys", "incident_number")
        if number is None:
            continue
        agency = shape.file.cells[placed.source.name].str.replace_all(r"\s+", " ").str.strip_chars()
        rows.append(
            pl.DataFrame(
                {
                    "number": normalise(shape.file.cells[number.source.name], how),
                    "word": agency.str.to_uppercase(),
                }
            ).drop_nulls()
        )
    if not rows:
        return {}
    together = pl.concat(rows).unique()
    by_number = together.group_by("number").agg(
        pl.col("word").filter(pl.col("word").is_in(oris)).alias("ori"),
        pl.col("word").filter(pl.col("word").is_in(names)).alias("name"),
    )
    single = by_number.filter((pl.col("ori").list.len() == 1) & (pl.col("name").list.len() == 1))
    counts = {
        (ori, name): count
        for ori, name, count in single.select(
            pl.col("ori").list.first(), pl.col("name").list.first()
        )
        .group_by("ori", "name")
        .len()
        .iter_rows()
    }
    total = sum(counts.values())
    if not total:
        return {}
    best = max(
        permutations(names),
        key=lambda order: sum(counts.get(pair, 0) for pair in zip(oris, order, strict=True)),
    )
    agreeing = sum(counts.get(pair, 0) for pair in zip(oris, best, strict=True))
    return dict(zip(oris, best, strict=True)) if agreeing >= _SAME * total else {}
