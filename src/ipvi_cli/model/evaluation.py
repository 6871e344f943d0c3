"""What an evaluation gives: its columns, its outcomes and its windows, which rooms share."""

from __future__ import annotations

from typing import Final

import polars as pl

EVALUATION_SCHEMA: Final[dict[str, pl.DataType]] = {
    "part": pl.String(),
    "measure": pl.String(),
    "group": pl.String(),
    "window": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "undetermined": pl.Int64(),
    "value": pl.Float64(),
    "ci_lower": pl.Float64(),
    "ci_upper": pl.Float64(),
    "ci_method": pl.String(),
    "note": pl.String(),
}
"""One row for each measure of a group in a window. ``window`` is blank where there is none."""

PARTS: Final = (
    "process", "recidivism", "survival", "comparison", "harm", "series", "plan", "refused",
)  # fmt: skip
"""Parts of an evaluation; of what is refused, ``note`` says why and how much is needed."""

OUTCOMES: Final[dict[str, str]] = {
    "ipv_arrest": "arrested anew for intimate partner violence",
    "ipv_report": "reported anew for intimate partner violence",
    "same_victim": "reported anew against the same victim",
    "injury": "reported anew with an injured partner",
    "any_arrest": "arrested for anything",
    "order_violation": "violated a protective order",
}
"""Outcomes after a delivered notice; the first is the main one."""

MEASURES: Final[dict[str, str]] = {
    **OUTCOMES,
    "eligible": "persons eligible",
    "attempted": "a notice was attempted",
    "delivered": "a notice was delivered",
    "declined": "declined",
    "days_to_delivery": "days from the qualifying event to the notice",
    "victim_contact_before": "victim contacted before",
    "victim_contact_after": "victim contacted after",
    "service_accepted": "a service taken up",
    "consequence": "new prohibited behaviour met with a consequence",
    "violation_arrest": "violated orders followed by an arrest",
    "injured": "incidents with an injured partner",
    "both_arrested": "arrests of both partners",
    "per_victim": "incidents for each victim",
    "ipv_incidents": "intimate partner incidents",
    "ipv_arrests": "arrests for intimate partner violence",
}
"""Measures in plain words."""

WINDOWS: Final = (6, 12, 24)
"""Fixed windows in months."""

EVERYONE: Final = "all"
"""The group of all persons or of all months."""


def measured(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Bring rows to ``EVALUATION_SCHEMA``; what a row does not say is blank."""
    return pl.DataFrame(rows, schema=EVALUATION_SCHEMA)
