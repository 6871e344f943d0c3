"""Who a finding is: an identity that stays when rows move, so that a known finding is known again next month."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import polars as pl

_APART: Final = "\x1f"
_AT_ONCE: Final = 100_000


def with_ids(findings: pl.DataFrame) -> pl.DataFrame:
    """Give each finding its identity.

    It is a hash of the rule, the table and the column, and of the incident; for a finding about no incident, of the
    agency and the input instead. Findings that agree in all of this are numbered in the order in which they stand.
    Row numbers and messages are left out: both change when an extract grows. So a further finding of the same kind at
    the same place has an identity of its own, and when one of several is mended it is the last one that goes.

    Args:
        findings: Findings in their order, with ``code``, ``table``, ``column``, ``agency``, ``incident_id`` and
            ``source_file``.

    Returns:
        The findings with ``finding_id``: 16 hexadecimal digits, no two alike.
    """
    of_incident = pl.col("incident_id").is_not_null()
    place = pl.when(of_incident).then("incident_id").otherwise(
        pl.concat_str(pl.lit(""), pl.col("agency", "source_file").fill_null(""), separator=_APART)
    )  # fmt: skip
    what = pl.concat_str(
        "code", pl.col("table", "column").fill_null(""), place, separator=_APART
    ).alias("key")
    keys = findings.select(what)
    numbered = keys.select(pl.concat_str("key", _numbers(keys.to_series()), separator=_APART))
    parts = [_hashed(part.to_series()) for part in numbered.iter_slices(_AT_ONCE)]
    ids = pl.concat(parts) if parts else pl.Series("finding_id", dtype=pl.String)
    return findings.with_columns(ids)


def _numbers(keys: pl.Series) -> pl.Series:
    """Number the equal keys from 1 in their order; most keys stand once, and those need no grouping."""
    again = keys.is_duplicated()
    numbers = pl.repeat(1, keys.len(), dtype=pl.UInt32, eager=True)
    if not again.any():
        return numbers
    counted = keys.filter(again).to_frame("key").select(pl.col("key").cum_count().over("key"))
    return numbers.scatter(again.arg_true(), counted.to_series())


def _hashed(keys: pl.Series) -> pl.Series:
    # The standard library's hash, because that of polars may change from one version to the next.
    ids = [blake2b(key, digest_size=8).hexdigest() for key in keys.cast(pl.Binary).to_list()]
    return pl.Series("finding_id", ids, dtype=pl.String)
