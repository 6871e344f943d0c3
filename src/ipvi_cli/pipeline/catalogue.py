"""What needs no delivery: the rules, figures, profiles and schemas, what a word maps to, and made-up jurisdictions."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli import classify as classifying
from ipvi_cli import summarize as summarizing
from ipvi_cli import validate as validating
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.pipeline.settings import PROFILE_NAME


def crosswalk(
    values: Sequence[str],
    *,
    kind: str = "relationship",
    code_system: str = "text",
    direction: str = "undeclared",
) -> pl.DataFrame:
    """Say what each word of a list maps to, and why.

    Args:
        values: Words, in any number and order.
        kind: Kind of words.
        code_system: Code system that they are of.
        direction: Whose tie to whom relationship words state.

    Returns:
        One row for each word, in order: ``value``, the class (``mapped_to`` for other kinds), ``reason``,
        ``nibrs_code``, ``candidates``, ``rule``.
    """
    words = pl.Series("value", list(values), dtype=pl.String)
    walk = classifying.load_crosswalk(kind)
    mapped = walk.map_values(
        words.unique(maintain_order=True), code_system=code_system, direction=direction
    )
    name = "relationship_class" if kind == "relationship" else "mapped_to"
    columns = ["value", name, "reason", "nibrs_code", "candidates", "rule"]
    have = [column for column in columns if column in mapped.columns]
    joined = words.to_frame().join(
        mapped.select(have), on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    blanks = {"nibrs_code": pl.String(), "candidates": pl.List(pl.String())}
    return joined.with_columns(
        pl.lit(None, dtype).alias(column) for column, dtype in blanks.items() if column not in have
    ).select(columns)


def sample(
    folder: Path,
    *,
    shape: str,
    seed: int,
    incidents: int | None,
    intimate: int | None,
    years: int | None,
    mess: float,
    careers: bool = False,
    effect: float | None = None,
) -> tuple[Path, Path]:
    """Write a synthetic jurisdiction, and its truth beside it.

    Args:
        folder: Where the delivery goes; the truth goes to ``<folder>-truth``.
        shape: ``dir``, ``rms``, ``nyc`` or ``nibrs``.
        seed: Seed; the same seed gives the same bytes.
        incidents: Number of incidents.
        intimate: Number of them that are intimate partner.
        years: Number of years.
        mess: Share of messy cells and rows, from 0 to 1.
        careers: Whether persons recur over incidents.
        effect: What is left of recidivism after a notification, as a share.

    Returns:
        The delivery and the truth.
    """
    from ipvi_cli.sample import make_sample
    from ipvi_cli.workspace.files import write_tree

    made = make_sample(
        shape, seed=seed, incidents=incidents, intimate=intimate, years=years, mess=mess,
        careers=careers, effect=effect,
    )  # fmt: skip
    truth = folder.with_name(f"{folder.name}-truth")
    own = {PROFILE_NAME: made.profile.encode()} if made.profile else {}
    write_tree(folder, {**made.files, **own})
    write_tree(truth, made.truth)
    return folder, truth


def rules(*, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> pl.DataFrame:
    """List the rules: code, severity, title, source; arguments as for ``validate``."""
    wanted = validating.wanted_codes(select, ignore)
    return validating.rules_frame().filter(pl.col("code").is_in(wanted))


def figures() -> pl.DataFrame:
    """List the figures: code, unit, title, source."""
    return summarizing.figures_frame()


def profiles() -> pl.DataFrame:
    """List the shipped profiles by the name that ``--profile`` takes."""
    rows = []
    for item in sorted(
        (resources.files("ipvi_cli") / "profiles").iterdir(), key=lambda one: one.name
    ):
        if item.name.endswith(".toml"):
            profile = parse_profile(item.read_text(encoding="utf-8"), where=item.name)
            rows.append(
                (
                    item.name.removesuffix(".toml"),
                    profile.jurisdiction.name,
                    profile.jurisdiction.population,
                )
            )
    return pl.DataFrame(
        rows,
        schema={"profile": pl.String, "title": pl.String, "population": pl.String},
        orient="row",
    )


def schema() -> dict[str, Any]:
    """Give the JSON Schema of the profile and the data package of the tables and outputs."""
    from ipvi_cli.model.schemas import schemas

    return schemas()
