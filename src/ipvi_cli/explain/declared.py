"""What a declared code means: rules, figures, definitions, and the codes of pairs and levels."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ipvi_cli.explain.explanation import Explanation
from ipvi_cli.model.definitions import Definition
from ipvi_cli.model.meanings import Meaning

_SHORT: Final = {
    "count": "numerator", "of": "denominator", "open": "undetermined", "value": "value", "lower": "lower",
    "upper": "upper",
}  # fmt: skip
"""Columns of a figure under names that leave room on a narrow terminal."""

_SHOWN: Final = 10
"""First findings that are shown."""


def explain_rule(rule: dict[str, Any]) -> Explanation:
    """Say what a rule looks for.

    Args:
        rule: A row of the list of rules.
    """
    place = ".".join(part for part in (rule["table"], rule["column"]) if part)
    facts = {
        "severity": rule["severity"],
        "group": rule["group"],
        "looks at": place or "the whole delivery",
        "how to mend": rule["mend"],
        "source": rule["source"],
    }
    return Explanation(
        "rule", rule["code"], rule["name"], f"{rule['title']} {rule['why']}", facts
    )  # fmt: skip


def explain_finding(rule: dict[str, Any], findings: pl.DataFrame | None) -> Explanation:
    """Say what a rule looks for, and what it found.

    Args:
        rule: A row of the list of rules.
        findings: Findings of a workspace; ``None`` where there is none.

    Returns:
        The rule, the number of its findings, and the first of them with file and row.
    """
    told = explain_rule(rule)
    if findings is None:
        facts = {**told.facts, "found": "no workspace here to look into"}
        return Explanation("finding", told.code, told.title, told.text, facts)
    found = findings.filter(pl.col("code") == told.code)
    facts = {**told.facts, "found": f"{found.height:,}"}
    first = found.select("source_file", "source_row", "incident_id", "message").head(_SHOWN)
    title = f"First {first.height} of {found.height:,}"
    tables = {title: first} if first.height else {}
    return Explanation("finding", told.code, told.title, told.text, facts, tables)


def explain_figure(figure: dict[str, Any], figures: pl.DataFrame | None = None) -> Explanation:
    """Say what a figure counts, and what it came to.

    Args:
        figure: A row of the list of figures.
        figures: Figures of a workspace; ``None`` where there is none.
    """
    facts = {
        "counts": figure["counting_unit"],
        "broken down by": figure["by"],
        "needs": figure["needs"],
        "small cells withheld when published": "yes" if figure["suppress"] else "no",
        "source": figure["source"],
    }
    tables = {}
    if figures is not None:
        own = figures.filter(pl.col("figure_id") == figure["figure_id"])
        whole = own.filter(pl.col("by") == "total")
        shown = whole if whole.height else own
        notes = shown["note"].drop_nulls()
        if shown.height == notes.len() == 1:
            facts["note"] = notes.item()
        tables = (
            {
                "In the workspace": shown.select(
                    "group", **{name: pl.col(column) for name, column in _SHORT.items()}
                )
            }
            if shown.height
            else {}
        )
    text = f"{figure['formula'][0].upper()}{figure['formula'][1:]}."
    return Explanation("figure", figure["figure_id"], figure["title"], text, facts, tables)


def explain_definition(definition: Definition) -> Explanation:
    """Say whom a definition calls an intimate partner."""
    facts = {
        "former partners": definition.former,
        "dating partners": definition.dating,
        "child in common alone": definition.child_in_common,
        "cohabitants": definition.cohabitants,
        "otherwise known, flagged": definition.otherwise_known,
        "source": definition.source,
    }
    told = {name: words.replace("_", " ") for name, words in facts.items()}
    return Explanation("definition", definition.code, definition.title, definition.text, told)


def explain_meaning(meaning: Meaning) -> Explanation:
    """Say what a class, reason, tie, basis, conflict or level means."""
    named = f"level {meaning.code}" if meaning.kind == "level" else meaning.code.replace("_", " ")
    facts = {"source": meaning.source}
    return Explanation(meaning.kind, meaning.code, named, meaning.text, facts)
