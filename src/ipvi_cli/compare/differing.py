"""What the figures of several jurisdictions rest on, and where they differ in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from ipvi_cli.compare.peer import Peer, of_most

DIFFERING_SCHEMA: Final[dict[str, pl.DataType]] = {
    "what": pl.String(),
    "jurisdiction": pl.String(),
    "here": pl.String(),
    "most": pl.String(),
    "differs": pl.Boolean(),
}
"""One row for each thing that figures rest on and each jurisdiction. ``most`` is what more than half of them have, null
where there is no such thing."""

_SHARE: Final = "B09"
_OTHER_DEFINITIONS: Final = {
    "S01": "incidents", "S02": "victims", "S03": "pairs", "S04": "offenders",
}  # fmt: skip


def _period(peer: Peer) -> str:
    period = peer.told.period
    return "not declared" if period is None else f"{period[0]} to {period[1]}"


_RESTS_ON: Final[Mapping[str, Callable[[Peer], str]]] = {
    "population": lambda peer: peer.told.population,
    "period": _period,
    "months": lambda peer: "not declared" if peer.months is None else str(peer.months),
    "denominator": lambda peer: peer.told.denominator,
    "every source read": lambda peer: "yes" if peer.told.complete else "no",
    "version of the tool": lambda peer: peer.version,
    "rules and crosswalks": lambda peer: peer.rules[:12],
    "counts withheld up to": lambda peer: str(peer.threshold),
    "limits of what is undetermined": lambda peer: (
        f"{peer.told.known_only:.0%} and {peer.told.range:.0%}"
    ),
}


def differing(peers: Sequence[Peer]) -> pl.DataFrame:
    """Say what the figures of each jurisdiction rest on.

    Args:
        peers: At least two, in the order in which they are shown.

    Returns:
        ``DIFFERING_SCHEMA``: population, period, denominator, version, rules, thresholds; how much is undetermined,
        which differs where it is beyond the jurisdiction's own first limit; and how far the share moves under other
        definitions of a partner, which differs where it moves as far as the jurisdictions lie apart.
    """
    rows: list[tuple[str, str, str, str | None, bool]] = []
    for what, of in _RESTS_ON.items():
        values = [of(peer) for peer in peers]
        most = of_most(values)
        rows += [
            (what, peer.name, value, most, value != most)
            for peer, value in zip(peers, values, strict=True)
        ]
    rows += [_undetermined(peer) for peer in peers]
    for figure, unit in _OTHER_DEFINITIONS.items():
        rows += _moved(peers, figure, unit)
    return pl.DataFrame(rows, schema=DIFFERING_SCHEMA, orient="row")


def _undetermined(peer: Peer) -> tuple[str, str, str, str | None, bool]:
    row = peer.rows(_SHARE, "total").drop_nulls(["undetermined", "denominator"])
    row = row.filter(pl.col("denominator") > 0)
    if row.is_empty():
        return ("undetermined", peer.name, "not known", None, True)
    doubt = row["undetermined"][0] / row["denominator"][0]
    return ("undetermined", peer.name, f"{doubt:.1%}", None, doubt > peer.told.known_only)


def _moved(
    peers: Sequence[Peer], figure: str, unit: str
) -> list[tuple[str, str, str, str | None, bool]]:
    """Say between what the share lies under the definitions and choices of figures S01 to S04."""
    spans = {peer.name: _span(peer, figure) for peer in peers}
    own = [
        row["value"][0]
        for peer in peers
        if (row := peer.rows(figure, "definition").filter(pl.col("group") == "ipvi")).height
        and row["value"][0] is not None
    ]
    apart = max(own) - min(own) if len(own) > 1 else None
    what = f"share of {unit} by definition"
    rows: list[tuple[str, str, str, str | None, bool]] = []
    for name, span in spans.items():
        if span is None:
            rows.append((what, name, "not known", None, True))
            continue
        least, most = span
        rows.append(
            (what, name, f"{least:.1%} to {most:.1%}", None, apart is None or most - least >= apart)
        )
    return rows


def _span(peer: Peer, figure: str) -> tuple[float, float] | None:
    values = peer.figures.filter(pl.col("figure_id") == figure)["value"].drop_nulls().to_list()
    return (min(values), max(values)) if values else None
