"""What a relationship word means, step by step."""

from __future__ import annotations

import polars as pl

from ipvi_cli.explain.explanation import Explanation
from ipvi_cli.model.meanings import meanings


def explain_word(
    value: str, steps: pl.DataFrame, means: str, rule: str | None, relationship_class: str
) -> Explanation:
    """Follow a word through the crosswalk.

    Args:
        value: The word as it was given.
        steps: What was tried, in order.
        means: What it came to.
        rule: What decided; ``None`` where nothing did.
        relationship_class: Class that it came to.
    """
    text = meanings("class")[relationship_class].text
    facts = {"means": means, "rule": rule or "none"}
    return Explanation("value", value, means, text, facts, {"Steps": steps})
