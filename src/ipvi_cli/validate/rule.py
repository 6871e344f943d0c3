"""What a rule is: declared once, with everything that is shown of it and how its findings are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from ipvi_cli.model.finding import PROBLEM_SCHEMA, Severity
from ipvi_cli.model.profile import Profile

if TYPE_CHECKING:
    from ipvi_cli.validate.scope import Scope

Group = Literal[
    "structure", "required", "type", "code-list", "range", "chronology", "uniqueness", "reference",
    "plausibility", "dv-flag", "completeness", "volume", "heaping", "lag", "filter", "control",
    "duplicate", "tally",
]  # fmt: skip

Bad = Callable[[Profile], pl.Expr | None]
"""Given the profile: an expression that is true for a bad row, or ``None`` when the rule does not apply."""

Check = Callable[["Scope"], pl.DataFrame]
"""Given the whole delivery: what is wrong, as ``problems`` makes it."""

OWN: Final = "A data-quality rule of this project."
"""Source of a rule that no published standard fixes."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One declared rule.

    Without ``bad`` and ``check`` a rule is found while reading, and its message comes with the problem.

    Attributes:
        code: ``IPVI-`` and three digits; never reused and never given another meaning.
        name: The bad pattern in kebab case.
        severity: ``error`` where a published rule says must or a number would be wrong; else ``warning`` or ``info``.
        group: What kind of rule it is.
        title: The bad pattern in one sentence.
        why: Why it matters.
        mend: What to do about it.
        source: Standard and section, or ``OWN``.
        table: Canonical table that the findings are about.
        column: Column that the findings name.
        needs: Columns that must hold anything at all for the rule to run; null never fails.
        view: Rows that must be there, and that ``bad`` is evaluated on: those of ``table`` unless it says otherwise.
        bad: Expression for single rows.
        check: Function for groups of rows and several tables.
        message: What a finding of ``bad`` says: columns and their relation, never a value.
    """

    code: str
    name: str
    severity: Severity
    group: Group
    title: str
    why: str
    mend: str
    source: str = OWN
    table: str | None = None
    column: str | None = None
    needs: tuple[str, ...] = ()
    view: str | None = None
    bad: Bad | None = None
    check: Check | None = None
    message: str = ""

    @property
    def stage(self) -> Literal["read", "row", "frame"]:
        """Where its findings come from: reading, a row expression, or a function over frames."""
        if self.bad is not None:
            return "row"
        return "read" if self.check is None else "frame"

    @property
    def rows_of(self) -> str:
        """Name of the view that a row expression is evaluated on."""
        return self.view or self.table or ""


def always(expression: pl.Expr) -> Bad:
    """Make a row condition that no profile changes."""
    return lambda _profile: expression


def nibrs(edit: str) -> str:
    """Cite an edit of the FBI's NIBRS data submission specification."""
    return f"FBI NIBRS edit {edit}."


def problems(
    code: str,
    rows: pl.DataFrame,
    message: pl.Expr | str,
    *,
    table: str | None = None,
    column: pl.Expr | str | None = None,
) -> pl.DataFrame:
    """Make one problem of each row.

    Args:
        code: Rule code.
        rows: Rows with whatever they have of ``agency``, ``incident_id``, ``source_file`` and ``source_row``.
        message: What to say, without any cell's value.
        table: Canonical table concerned.
        column: Column concerned.

    Returns:
        A frame of ``PROBLEM_SCHEMA``.
    """
    given = {
        "code": pl.lit(code),
        "table": pl.lit(table, pl.String),
        "column": column if isinstance(column, pl.Expr) else pl.lit(column, pl.String),
        "message": message if isinstance(message, pl.Expr) else pl.lit(message),
    }
    return rows.select(
        (
            given.get(name)
            if name in given
            else (pl.col(name) if name in rows.columns else pl.lit(None))
        )
        .cast(dtype)  # type: ignore[union-attr]
        .alias(name)
        for name, dtype in PROBLEM_SCHEMA.items()
    )


def said(code: str, message: str, **place: str | None) -> pl.DataFrame:
    """Make one problem about a whole table, column or agency.

    Args:
        code: Rule code.
        message: What to say, without any cell's value.
        place: ``table``, ``column``, ``agency`` or ``source_file``.

    Returns:
        A frame of one row, ``PROBLEM_SCHEMA``.
    """
    row = {name: place.get(name) for name in PROBLEM_SCHEMA} | {"code": code, "message": message}
    return pl.DataFrame([row], schema=PROBLEM_SCHEMA)


def nothing() -> pl.DataFrame:
    """Give no problem."""
    return pl.DataFrame(schema=PROBLEM_SCHEMA)
