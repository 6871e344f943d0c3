"""Answers to `ipvi explain`: brings declarations and the rows of a workspace to the room that explains them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import explain as explaining
from ipvi_cli import pipeline
from ipvi_cli.classify import told
from ipvi_cli.explain.explanation import Explanation
from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.meanings import MEANINGS
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.pipeline.person_explaining import explain_person
from ipvi_cli.workspace import Workspace, find_workspace

_STATEMENTS: Final[dict[str, Any]] = {
    "victim_id": pl.String(),
    "offender_id": pl.String(),
    "relationship_raw": pl.String(),
    "code_system": pl.String(),
    "direction": pl.String(),
    "child_in_common": pl.Boolean(),
    "source_file": pl.String(),
    "source_row": pl.Int64(),
}


def explain(
    what: str,
    path: Path | None = None,
    *,
    code_system: str = "text",
    direction: str = "undeclared",
    profile: Path | str | None = None,
    show_values: bool = False,
) -> Explanation:
    """Explain a code, a word, or a record of a workspace.

    Args:
        what: ``kind:code``, a code that only one kind has, ``value:word``, or the identifier of an incident or a pair.
        path: Workspace; ``None`` for the only one in the current folder.
        code_system: Code system of a word.
        direction: Whose tie to whom a word states.
        profile: Profile whose own words a word is looked up in first.
        show_values: Whether rare words that no list holds are shown.

    Returns:
        The account.

    Raises:
        UsageError: Nobody knows what is asked about, or which workspace is meant.
        InputError: The workspace or the profile cannot be used.
    """
    rules = {row["code"]: row for row in pipeline.rules().iter_rows(named=True)}
    figures = {row["figure_id"]: row for row in pipeline.figures().iter_rows(named=True)}
    declared = {(one.kind, one.code): one for one in MEANINGS}
    definitions = {one.code: one for one in DEFINITIONS}
    known = _known(rules, figures)
    subject = explaining.find_subject(what, known)
    code = subject.code
    match subject.kind:
        case "value":
            return _word(code, code_system, direction, profile)
        case "record":
            return _record(what, path, known, show_values=show_values)
        case "rule":
            return explaining.explain_rule(rules[code])
        case "finding":
            findings = _output(path, "findings.parquet")
            return explaining.explain_finding(rules[code], findings)
        case "figure":
            return explaining.explain_figure(figures[code], _output(path, "figures.parquet"))
        case "definition":
            return explaining.explain_definition(definitions[code])
        case kind:
            return explaining.explain_meaning(declared[kind, code])


def _known(rules: Mapping[str, Any], figures: Mapping[str, Any]) -> dict[str, list[str]]:
    """Name every declared code by its kind."""
    codes: dict[str, list[str]] = {"rule": list(rules), "figure": list(figures)}
    for one in MEANINGS:
        codes.setdefault(one.kind, []).append(one.code)
    return {**codes, "definition": [one.code for one in DEFINITIONS]}


def _word(value: str, code_system: str, direction: str, profile: Path | str | None) -> Explanation:
    site_words: Mapping[str, str] = {}
    if profile is not None:
        parsed, _ = pipeline.load_profile(Path(), profile)
        site_words = parsed.site_words.get("relationship", {})
    steps, meaning = told.word_steps(
        value, code_system=code_system, direction=direction, site_words=site_words
    )
    return explaining.explain_word(
        value, steps, told.told(meaning), meaning.rule, meaning.relationship_class
    )


def _output(path: Path | None, name: str) -> pl.DataFrame | None:
    """Read an output of the workspace that is named or here; ``None`` where there is none."""
    try:
        workspace = find_workspace(path)
    except UsageError:
        return None
    return workspace.scan_output(name).collect() if workspace.has(name) else None


def _record(
    what: str, path: Path | None, known: Mapping[str, list[str]], *, show_values: bool
) -> Explanation:
    try:
        workspace = find_workspace(path)
    except UsageError as which:
        refusal = explaining.unknown(what, known)
        # Of several workspaces one has to be named, unless it is a code that was misspelt.
        several = "several" in which.what and not refusal.mend.startswith("Did you mean")
        raise (which if several else refusal) from None
    person = explain_person(what, workspace)
    if person is not None:
        return person
    if not workspace.has("incidents.parquet"):
        raise explaining.unknown(what, known)
    pairs = workspace.scan_output("pairs.parquet")
    incidents = workspace.scan_output("incidents.parquet")
    of_pair = pairs.filter(pl.col("pair_id") == what).select("incident_id").collect()
    pair_id = what if of_pair.height else None
    incident_id = of_pair.item(0, 0) if of_pair.height else what
    found = incidents.filter(pl.col("incident_id") == incident_id).collect()
    if not found.height:
        alike = incidents.filter(pl.col("incident_number") == what).select("incident_id")
        raise explaining.unknown(what, known, records=alike.head(3).collect().to_series())
    own = pairs.filter(pl.col("incident_id") == incident_id).collect()
    evidence = [one for each in own["evidence"] for one in each]
    rules = {*evidence, *(one.partition(":")[2] for one in evidence), *own["rule"].drop_nulls()}
    origins = {rule: told.origin(rule) for rule in sorted(rules)}
    record = explaining.Record(
        incident=found.row(0, named=True),
        pairs=own,
        statements=_statements(workspace, incident_id),
        rows=_rows(workspace, incident_id),
        steps=told.settling_steps(),
        origins={rule: one for rule, one in origins.items() if one.rests_on != rule},
        population=str(workspace.manifest["population"]),
    )
    return explaining.explain_record(record, pair_id=pair_id, show_values=show_values)


def _statements(workspace: Workspace, incident_id: str) -> pl.DataFrame:
    """Read the relationship rows of an incident, with how often each word occurs in the delivery."""
    if "relationship" not in workspace.tables:
        said = pl.DataFrame(schema=_STATEMENTS)
    else:
        own = pl.col("incident_id") == incident_id, pl.col("row_fate").is_in(COUNTED_FATES)
        said = workspace.scan("relationship").filter(*own).select(*_STATEMENTS).collect()
    words = workspace.scan_output(pipeline.KEPT_VALUES).select(
        "value", "code_system", "direction", "count", "incidents", "reason"
    )
    keys = ["relationship_raw", "code_system", "direction"]
    listed = words.rename({"value": "relationship_raw"}).collect()
    joined = said.join(listed, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.rename({"relationship_raw": "word"})


def _rows(workspace: Workspace, incident_id: str) -> pl.DataFrame:
    """Name the source rows of an incident."""
    frames = []
    for name in workspace.tables:
        table = workspace.scan(name, identity=False)
        if "incident_id" in table.collect_schema():
            own = table.filter(pl.col("incident_id") == incident_id)
            place = pl.col("source_file", "source_row", "row_fate")
            frames.append(own.select(pl.lit(name).alias("table"), place).collect())
    return pl.concat(frames)
