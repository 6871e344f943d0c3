"""Row rules: one pass that finds what is filled, one that counts, and one only for the rules that fail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

import polars as pl

from ipvi_cli.model.finding import Progress
from ipvi_cli.validate.keys import compact
from ipvi_cli.validate.listed import is_whole, kept, located
from ipvi_cli.validate.rule import Rule, nothing, problems, said
from ipvi_cli.validate.scope import Scope, base


def row_problems(
    rules: Sequence[Rule], scope: Scope, progress: Progress | None = None
) -> pl.DataFrame:
    """Find the rows that fail row rules.

    Args:
        rules: Rules of any tables; of those that look at groups only the needed columns are looked at.
        scope: The delivery; the numbers of filled cells that are seen on the way are left in it.
        progress: Told which table is being checked.

    Returns:
        A frame of ``PROBLEM_SCHEMA``, in no order. Three values: a comparison with null fails nothing, and a rule
        whose columns hold nothing at all does not run.
    """
    by_view = {
        view: tuple(group)
        for view, group in groupby(
            sorted((one for one in rules if one.bad is not None), key=lambda one: one.rows_of),
            lambda one: one.rows_of,
        )
    }
    needed: dict[str, set[str]] = {}
    for rule in rules:
        needed.setdefault(base(rule.rows_of), set()).update(rule.needs)
    plain = [view for view in by_view if base(view) == view]
    found = [nothing()]
    # Tables come before the views that join them, so that a join whose columns are blank is never made.
    for done, view in enumerate([*plain, *(view for view in by_view if view not in plain)]):
        if progress is not None:
            progress(f"checking {view}", done, len(by_view))
        found.extend(_of_view(view, by_view[view], needed, scope))
    return pl.concat(found)


def _of_view(
    view: str, of_view: tuple[Rule, ...], needed: dict[str, set[str]], scope: Scope
) -> Iterable[pl.DataFrame]:
    table = base(view)
    if not scope.has(table):
        return
    if view == table:
        _look_at_cells(table, needed[table], scope)
    conditions: dict[str, pl.Expr] = {}
    for rule in of_view:
        expression = rule.bad(scope.profile) if rule.bad is not None else None
        # What a view joins is not a column of the table itself and is not looked for in it.
        if expression is not None and scope.has(table, *rule.needs):
            conditions[rule.code] = expression
    if not conditions:
        return
    parts = scope.view(view)
    if not parts:
        return
    counts = [bad.sum().alias(code) for code, bad in conditions.items()]
    counted = pl.concat(part.select(counts).collect(engine="streaming") for part in parts)
    failing = counted.sum().row(0, named=True)
    rules = {rule.code: rule for rule in of_view}
    single: dict[str, pl.Expr] = {}
    for code, bad in conditions.items():
        count = failing[code]
        if not count:
            continue
        if _is_whole(rules[code], count, scope.rows(table)):
            message = f"{count:,} of {scope.rows(table):,} rows: {rules[code].message}"
            yield said(code, message, table=rules[code].table, column=rules[code].column)
        else:
            single[code] = bad
    if single:
        yield _fetch(parts, single, rules, scope, table)


def _look_at_cells(table: str, needed: Collection[str], scope: Scope) -> None:
    """Count the filled cells of the columns that rules need; much is blank, and a rule on it need not be evaluated."""
    used = sorted(name for name in needed if scope.has(table, name))
    rows = scope.table(table)
    if rows is not None and used:
        filled = rows.select(pl.col(used).count()).collect(engine="streaming").row(0, named=True)
        scope.filled.update({(table, name): count for name, count in filled.items()})


def _is_whole(rule: Rule, count: int, rows: int) -> bool:
    if rule.group == "required" and count == rows:
        return rows > 1
    return is_whole(count, rows) and rule.view != "pairs+ages"


def _fetch(
    parts: tuple[pl.LazyFrame, ...],
    conditions: dict[str, pl.Expr],
    rules: dict[str, Rule],
    scope: Scope,
    table: str,
) -> pl.DataFrame:
    names = kept(scope, parts[0], table)
    failing = pl.concat(
        part.filter(pl.any_horizontal(list(conditions.values())))
        .select(*names, *(bad.alias(code) for code, bad in conditions.items()))
        .collect(engine="streaming")
        for part in parts
    )
    failing = located(scope, compact(failing), table)
    return pl.concat(
        problems(
            code, failing.filter(pl.col(code)), rules[code].message,
            table=rules[code].table, column=rules[code].column,
        )
        for code in conditions
    )  # fmt: skip
