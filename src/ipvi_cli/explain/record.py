"""Why an incident, or one pair of it, got its class: what was said, what each step made of it, and what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import polars as pl

from ipvi_cli.explain.explanation import Explanation

SEEN_OFTEN: Final = 11
SEEN_WIDELY: Final = 3
"""Occurrences and incidents from which on an unmapped word can hardly be about one person."""

HIDDEN: Final = "hidden: a rare word that may name someone (--show-values shows it)"

_ROLL_UP: Final = (
    "intimate partner", "undetermined", "other family", "other domestic", "known not domestic", "stranger",
    "not applicable",
)  # fmt: skip
_DOMESTIC: Final = ("intimate_partner", "other_family", "other_domestic")
_BY_REASON: Final = {"not_called_for": "not_called_for", "otherwise_known_dv": "otherwise_known"}
"""Steps that leave a reason and no evidence, by that reason."""
_AGAINST: Final = "contradictions"


class OriginLike(Protocol):
    """What a rule rests on."""

    @property
    def rests_on(self) -> str:
        """The list and its entry, or the step."""

    @property
    def means(self) -> str:
        """What the entry means; empty where the rule alone does not say."""

    @property
    def source(self) -> str:
        """Where the entry comes from."""


@dataclass(frozen=True)
class Record:
    """All that a workspace holds of one incident.

    Attributes:
        incident: The classified incident.
        pairs: Its classified pairs.
        statements: Its relationship rows: ``victim_id``, ``offender_id``, ``word``, ``count``, ``incidents``,
            ``reason`` (of the word), ``code_system``, ``direction``, ``child_in_common``, ``source_file``,
            ``source_row``.
        rows: Its source rows: ``table``, ``source_file``, ``source_row``, ``row_fate``.
        steps: Steps that settle a pair, in order, and what each does.
        origins: What each rule rests on.
        population: Declared population.
    """

    incident: dict[str, Any]
    pairs: pl.DataFrame
    statements: pl.DataFrame
    rows: pl.DataFrame
    steps: Sequence[tuple[str, str]]
    origins: Mapping[str, OriginLike]
    population: str


def explain_record(record: Record, *, pair_id: str | None = None, show_values: bool) -> Explanation:
    """Say why an incident, or one pair of it, got its class.

    Args:
        record: What the workspace holds of the incident.
        pair_id: The pair, where one is asked about.
        show_values: Whether rare words that no list holds are shown, which may name someone.

    Returns:
        The account: the class in the title, how the pairs make the incident in the text, whether it counts and why in
        the facts, and tables of what was said, of the steps of each pair, and of the source rows.
    """
    incident = record.incident
    pairs = record.pairs
    said = record.statements
    if pair_id is not None:
        pairs = pairs.filter(pl.col("pair_id") == pair_id)
        said = _said_of(said, pairs.row(0, named=True))
    tables = {
        "What the record said": _words(said, show_values=show_values),
        "Pairs": _outcomes(pairs) if pair_id is None else pairs.clear(),
    }
    for pair in pairs.iter_rows(named=True):
        name = pair["pair_id"].removeprefix(f"{pair['incident_id']}:")
        tables[f"Pair {name}: {_outcome(pair)}"] = pl.DataFrame(
            list(_steps(pair, record)), schema=_STEPS, orient="row"
        )
    tables["Source rows"] = record.rows.sort("table", "source_file", "source_row")
    if pair_id is None:
        kind, code, title = (
            "incident",
            incident["incident_id"],
            _words_of(incident["incident_class"]),
        )
    else:
        pair = pairs.row(0, named=True)
        kind, code, title = "pair", pair_id, _words_of(pair["relationship_class"])
    facts = dict(_facts(record, pairs if pair_id else None))
    shown = {name: table for name, table in tables.items() if table.height}
    return Explanation(kind, code, title, _rolled_up(record), facts, shown)


_STEPS: Final[dict[str, pl.DataType]] = {
    "step": pl.String(),
    "does": pl.String(),
    "found": pl.String(),
    "result": pl.String(),
}


def _outcomes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Set the pairs beside each other."""
    within = pl.concat_str("incident_id", pl.lit(":"))
    return pairs.select(
        pl.col("pair_id").str.strip_prefix(within).alias("pair"),
        pl.col("relationship_class").alias("class"),
        pl.coalesce("tie", "reason").alias("tie_or_reason"),
        "basis",
        "rule",
        "conflict",
    )


def _steps(pair: dict[str, Any], record: Record) -> Iterator[tuple[str, str, str, str]]:
    """Go through the steps in order, with what each found and what it made of it."""
    for name, does in record.steps:
        found = [
            _evidence(one, name, record.origins)
            for one in pair["evidence"]
            if one.partition(":")[0] == name
        ]
        if name == _AGAINST:
            found = list(pair["conflict"])
        decided = pair["basis"] == name or _BY_REASON.get(pair["reason"]) == name
        result = _outcome(pair) if decided else "noted, class kept" if found else "nothing"
        if found and not decided and name != _AGAINST:
            result = "left open" if pair["basis"] is None else "kept as evidence"
        looked = "; ".join(found) or ("see above" if decided else "nothing")
        yield name, does, looked, result


def _evidence(one: str, step: str, origins: Mapping[str, OriginLike]) -> str:
    rule = one.partition(":")[2]
    if one == step:
        return "stated in a column"
    if rule == "unmapped":
        return "a word that no list holds"
    origin = origins.get(rule) or origins.get(one)
    if origin is None:
        return rule
    means = f" = {origin.means}" if origin.means else ""
    source = f" [{origin.source}]" if origin.source else ""
    return f"{origin.rests_on}{means}{source}"


def _outcome(pair: dict[str, Any]) -> str:
    words = _words_of(pair["relationship_class"])
    if pair["reason"]:
        return f"{words} ({_words_of(pair['reason'])})"
    return f"{words} ({_words_of(pair['tie'])})" if pair["tie"] else words


def _facts(record: Record, pairs: pl.DataFrame | None) -> Iterator[tuple[str, str]]:
    incident = record.incident
    if pairs is not None:
        pair = pairs.row(0, named=True)
        rule = pair["rule"]
        yield "tie", pair["tie"] or "none"
        yield "decided by", pair["basis"] or "nothing: the pair is open or not applicable"
        if rule:
            origin = record.origins.get(rule)
            yield "rule", f"{rule}, {origin.rests_on}" if origin else rule
            if origin and origin.source:
                yield "source", origin.source
        if pair["candidates"]:
            yield "may be", ", ".join(pair["candidates"])
        yield "conflicts", ", ".join(pair["conflict"]) or "none"
        yield "NIBRS code", pair["nibrs_code"] or "none"
    yield "incident", f"{incident['incident_id']}: {_words_of(incident['incident_class'])}"
    if incident["reason"]:
        yield "reason", incident["reason"]
    flag = {True: "yes", False: "no", None: "not stated"}[incident["dv_flag"]]
    yield "domestic violence flag", flag
    yield "several determinate classes", "yes" if incident["mixed"] else "no"
    yield "in the denominator", _counted(record)


def _rolled_up(record: Record) -> str:
    """Say how the pairs make the class of the incident."""
    incident = record.incident
    of_class = incident["incident_class"]
    if not record.pairs.height:
        reason = _words_of(incident["reason"] or "")
        return f"The incident has no pair of a victim and an offender, so it is {_words_of(of_class)} ({reason})."
    like = record.pairs.filter(pl.col("relationship_class") == of_class).height
    counted = f"Of its {record.pairs.height} pairs {like} {'is' if like == 1 else 'are'}"
    if record.pairs.height == 1:
        counted = "Its only pair is"
    order = ", ".join(_ROLL_UP)
    if of_class == "intimate_partner" and not like:
        return (
            f"Of its {record.pairs.height} pairs one is of intimate partners for certain, though the record"
            " does not say which: each stays open, and the incident is intimate partner."
        )
    return (
        f"An incident is of the first of these classes that any of its pairs has: {order}."
        f" {counted} {_words_of(of_class)}."
    )


def _counted(record: Record) -> str:
    """Say whether the incident is in the denominator, and why."""
    incident, pairs = record.incident, record.pairs
    if incident["incident_class"] == "not_applicable":
        return "no: no tie of two persons is called for"
    if record.population == "domestic":
        return "yes: the files are a census of domestic incidents, and every one that is applicable counts"
    if pairs["relationship_class"].is_in(_DOMESTIC).any():
        return "yes: a pair is of partners, family or household"
    if incident["dv_flag"]:
        return "yes: the agency flags it as domestic violence"
    if incident["in_denominator"]:
        return "yes, without a flag: the tie is undetermined and may be domestic (undetermined_unflagged)"
    return "no: no domestic pair, no flag, and no open tie that may be domestic"


def _said_of(said: pl.DataFrame, pair: dict[str, Any]) -> pl.DataFrame:
    """Keep the rows of a pair, and those that leave a person out."""
    return said.filter(
        (pl.col("victim_id") == pair["victim_id"]).fill_null(True)
        & (pl.col("offender_id") == pair["offender_id"]).fill_null(True)
    )


def _words(said: pl.DataFrame, *, show_values: bool) -> pl.DataFrame:
    """Show the words that the site's rule on rare words allows."""
    often = (pl.col("count") >= SEEN_OFTEN) & (pl.col("incidents") >= SEEN_WIDELY)
    mapped = (pl.col("reason") != "unmapped").fill_null(True) & pl.col("count").is_not_null()
    shown = pl.lit(show_values) | mapped | often.fill_null(False)
    word = (
        pl.when(pl.col("word").is_null())
        .then(pl.lit("(blank)"))
        .when(shown)
        .then("word")
        .otherwise(pl.lit(HIDDEN))
    )
    row = pl.concat_str("source_file", pl.lit(":"), "source_row")
    return said.select(
        word.alias("word"), "direction", "code_system", "child_in_common", row.alias("row")
    )


def _words_of(code: str) -> str:
    return code.replace("_", " ")
