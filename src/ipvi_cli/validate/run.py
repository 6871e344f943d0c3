"""All rules over a delivery: canonical tables and classified pairs in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.model.finding import FINDING_SCHEMA, PROBLEM_SCHEMA, Frames, Progress
from ipvi_cli.model.profile import Profile
from ipvi_cli.validate.identity import with_ids
from ipvi_cli.validate.registry import RULES
from ipvi_cli.validate.rows import row_problems
from ipvi_cli.validate.rule import Rule
from ipvi_cli.validate.scope import InputLike, Scope, agency_of, base

ORDER: Final = (
    "code", "source_file", "source_row", "table", "column", "agency", "incident_id", "message",
)  # fmt: skip
"""Findings come in this order, so that equal data gives equal bytes."""


def validate(
    tables: Frames,
    profile: Profile,
    *,
    problems: pl.DataFrame,
    pairs: pl.LazyFrame | None = None,
    incidents: pl.LazyFrame | None = None,
    inputs: Sequence[InputLike] = (),
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Check a delivery against every declared rule.

    Args:
        tables: Canonical tables by name with all columns, every fate; an incident may have several rows.
        profile: What the columns mean; gives the period, the extract date and the control totals.
        problems: What reading noticed, ``PROBLEM_SCHEMA``.
        pairs: Classified pairs, as ``pairs.parquet`` holds them; without them the rules on pairs do not run.
        incidents: Classified incidents, as ``incidents.parquet`` holds them, with ``dv_flag``.
        inputs: The account of every input.
        progress: Told what is being checked.

    Returns:
        ``FINDING_SCHEMA``, sorted, none of them accepted; a finding that concerns a whole column or table has no row.
        Severities are the rules' own unless the profile says otherwise. The order of rows in the tables changes
        nothing.
    """
    scope = Scope(tables, profile, pairs, incidents, inputs)
    found = [problems.select(list(PROBLEM_SCHEMA))]
    found.append(row_problems(RULES, scope, progress))
    checks = [rule for rule in RULES if rule.check is not None]
    for done, rule in enumerate(checks):
        if progress is not None:
            progress(f"checking {rule.name}", done, len(checks))
        if rule.check is not None and _can_run(rule, scope):
            found.append(rule.check(scope))
    severities = {rule.code: rule.severity for rule in RULES} | profile.findings.severity
    severity = pl.col("code").replace_strict(severities, default="warning", return_dtype=pl.String)
    placed = (
        pl.concat(found)
        .with_columns(
            severity.alias("severity"),
            pl.coalesce("agency", agency_of()).alias("agency"),
            pl.lit(False).alias("accepted"),
        )
        .sort(ORDER)
    )
    return with_ids(placed).select(list(FINDING_SCHEMA))


def _can_run(rule: Rule, scope: Scope) -> bool:
    return rule.table is None or scope.has(base(rule.rows_of), *rule.needs)
