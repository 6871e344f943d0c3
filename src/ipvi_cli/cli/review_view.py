"""What the review loop looks like on a terminal: counts, and never a word that may name someone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.audit_view import value_parts
from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import percent, plural, span

if TYPE_CHECKING:
    from ipvi_cli.pipeline.review_loop import Applied, Asked
    from ipvi_cli.review import Agreement


def asked_parts(asked: Asked, *, show_values: bool) -> Iterator[RenderableType]:
    """Lay out what was written for a person to decide.

    Args:
        asked: Counts, and the words behind them.
        show_values: Whether rare site words are shown, which may name someone.
    """
    if asked.values is None:
        drawn = int(asked.counts["drawn"].sum())
        yield heading(f"Drawn: {drawn:,} of {int(asked.counts['size'].sum()):,} pairs")
        yield frame_table(asked.counts, lines=None)
        yield Text("Code each pair from its record, without looking at the class given here.")
        return
    yield heading("Undecided")
    yield frame_table(asked.counts, lines=None)
    yield from value_parts(asked.values, show_values=show_values)


def applied_lines(applied: Applied) -> Iterator[str]:
    """Say what was stored, and where it does not hold yet.

    Args:
        applied: What became of the filled file.
    """
    words = [plural(count, f"{kind} word") for kind, count in applied.words.items()]
    if applied.pairs:
        words.append(plural(applied.pairs, "pair"))
    yield f"Stored: {', '.join(words)}."
    if applied.profile is not None:
        yield f"The words are in {applied.profile}."
    elif applied.words:
        kept = "restricted/jurisdiction.toml of the workspace"
        if applied.left is not None:
            yield f"{applied.left} could not be changed."
        yield (
            f"The words are only in {kept}: put its [site_words] into your own profile, or name it with --profile"
            " at the next audit."
        )
    if set(applied.words) - {"relationship"}:
        yield "Words other than relationships take effect when the delivery is audited again."


def agreement_parts(agreement: Agreement) -> Iterator[RenderableType]:
    """Lay out how far the coder agrees.

    Args:
        agreement: What the codes of a sample say.
    """
    yield heading("Class given here (rows) against the coder's")
    short = {
        name: name.removeprefix("given_").replace("_", " ")
        for name in agreement.confusion.columns
        if name.startswith("given_")
    }
    yield frame_table(agreement.confusion.rename(short), lines=None)
    yield Text(f"\nCoded: {agreement.coded:,} of {agreement.drawn:,} pairs drawn.")
    yield Text(f"Agreement, weighted to all pairs: {percent(agreement.observed)}.")
    if agreement.kappa is not None and agreement.kappa_interval is not None:
        lower, upper = agreement.kappa_interval
        yield Text(
            f"Cohen's kappa: {agreement.kappa:.2f} (95 % interval {lower:.2f} to {upper:.2f})."
        )
    yield Text(
        f"Intimate partner share of the known pairs, as classified: {percent(agreement.share)}."
    )
    if agreement.corrected is not None and agreement.corrected_interval is not None:
        yield Text(
            f"The same corrected for misclassification: {percent(agreement.corrected)} (95 % interval"
            f" {span(*agreement.corrected_interval)}).",
            style="bold",
        )
    elif agreement.uncoded:
        names = ", ".join(name.replace("_", " ") for name in agreement.uncoded)
        yield Text(f"No corrected share: no pair of {names} was coded.")


def agreement_frame(agreement: Agreement) -> pl.DataFrame:
    """Give the agreement as one row for each measure: ``measure``, ``value``, ``lower``, ``upper``.

    Args:
        agreement: What the codes of a sample say. Cells of the confusion table are ``coded:ours>given``.
    """
    kappa = agreement.kappa_interval or (None, None)
    corrected = agreement.corrected_interval or (None, None)
    rows: list[tuple[str, float | None, float | None, float | None]] = [
        ("drawn", agreement.drawn, None, None),
        ("coded", agreement.coded, None, None),
        ("agreement", agreement.observed, None, None),
        ("kappa", agreement.kappa, *kappa),
        ("share", agreement.share, None, None),
        ("share_corrected", agreement.corrected, *corrected),
    ]
    cells = agreement.confusion.drop("coded").unpivot(index="relationship_class")
    for ours, given, count in cells.iter_rows():
        rows.append((f"coded:{ours}>{given.removeprefix('given_')}", count, None, None))
    schema = dict.fromkeys(("value", "lower", "upper"), pl.Float64)
    return pl.DataFrame(rows, schema={"measure": pl.String, **schema}, orient="row")
