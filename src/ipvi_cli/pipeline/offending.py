"""Histories, candidate levels and the named list of a workspace: reads and writes for the room of offenders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import classify as classifying
from ipvi_cli import pipeline
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.offending import HIDDEN
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_faults import suggest
from ipvi_cli.offenders.aggregates import overlap
from ipvi_cli.offenders.candidates import NOTE, candidates, cover
from ipvi_cli.offenders.criteria import SHIPPED, Criteria, parse_criteria, shipped_text
from ipvi_cli.offenders.events import STATUTE_SCHEMA, Histories, histories
from ipvi_cli.offenders.groups import order_statutes
from ipvi_cli.offenders.harm import Weights, parse_weights
from ipvi_cli.offenders.levels import Extent
from ipvi_cli.offenders.run import Part, assess_part, profile_part, together
from ipvi_cli.offenders.seen import seen_by
from ipvi_cli.pipeline import Audit, figured_again
from ipvi_cli.pipeline.linking import PERSONS, link_tables
from ipvi_cli.pipeline.stages import require_classified
from ipvi_cli.workspace import Staging, Workspace, csv_bytes
from ipvi_cli.workspace.spreadsheet import xlsx_bytes

OFFENDERS: Final = "offenders.parquet"
EVENTS: Final = "events.parquet"
COUPLES: Final = "couples.parquet"
CANDIDATES: Final = "restricted/candidates"
KEPT_CRITERIA: Final = "restricted/criteria.toml"
KEPT_WEIGHTS: Final = "restricted/weights.csv"

PART: Final = 250_000
"""Records of persons that are worked through at a time."""


@dataclass(frozen=True)
class Placed:
    """What is shown of a run: counts, and nobody.

    Attributes:
        criteria: The criteria in force.
        as_of: The last day that is known; ``None`` for all that was delivered.
        tables: Counts by title.
        gaps: What the data cannot show, in words.
        workspace: The workspace.
        list_files: Files of the named list, where one was asked for.
    """

    criteria: Criteria
    as_of: date | None
    tables: Mapping[str, pl.DataFrame]
    gaps: tuple[str, ...]
    workspace: Path
    list_files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class ListAsked:
    """A named list that was asked for.

    Attributes:
        purpose: What it is for.
        recipients: Public keys of ``age`` that it is encrypted to; none leaves it plain.
    """

    purpose: str
    recipients: tuple[str, ...] = ()


def load_criteria(named: str) -> tuple[Criteria, str]:
    """Read criteria, shipped or from a file.

    Args:
        named: A file, or the name of a shipped set.

    Returns:
        The criteria and their text.

    Raises:
        InputError: There are none of that name, or they cannot be used.
    """
    text = shipped_text(named)
    if text is None:
        path = Path(named)
        if not path.is_file():
            raise InputError(
                f"there are no such criteria{suggest(named, SHIPPED)}.",
                where=named,
                mend=f"Name a file, or a shipped set: {', '.join(SHIPPED)}.",
            )
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise InputError(
                "cannot be read as UTF-8 text.", where=named, mend="Save it as UTF-8."
            ) from None
    return parse_criteria(text, where=named), text


def offenders(
    path: Path | None = None,
    *,
    criteria: str = SHIPPED[0],
    as_of: date | None = None,
    weights: Path | None = None,
    asked: ListAsked | None = None,
    progress: Progress | None = None,
) -> Placed:
    """Bring histories together and place persons at candidate levels.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        criteria: A criteria file, or the name of a shipped set.
        as_of: The last day that is known; nothing from after it is looked at.
        weights: Harm weights with their sources.
        asked: The named list, where one is wanted.
        progress: Told what is being done.

    Returns:
        Counts. The workspace gets ``offenders.parquet``, ``events.parquet`` and ``couples.parquet``, which are
        pseudonymous, the criteria's hash in its manifest, and the named list in ``restricted/`` where it is asked for.

    Raises:
        InputError: The workspace, the criteria or the weights cannot be used.
        UsageError: Encryption is asked for and is not installed, or a recipient is no public key.
    """
    rules, text = load_criteria(criteria)
    weights_given = None if weights is None else _bytes(weights)
    weighed = None if weights_given is None else parse_weights(weights_given, where=str(weights))
    seal = _sealer(asked.recipients) if asked is not None and asked.recipients else None
    made: list[Placed] = []

    def step(workspace: Workspace, staging: Staging, done: Audit, told: Progress | None) -> Audit:
        require_classified(workspace)
        tables = {name: staging.scan(name) for name in workspace.tables}
        persons, loose = linked_persons(workspace, staging, tables, told)
        staging.write_text(KEPT_CRITERIA, text)
        if weights_given is None:
            staging.drop(KEPT_WEIGHTS)
        else:
            staging.write_bytes(KEPT_WEIGHTS, weights_given)
        tables, pairs = seen_by(tables, workspace.scan_output("pairs.parquet"), as_of)
        extent = _extent(done, tables, as_of)
        statutes = statute_meanings(tables, done.profile)
        whole = _assess(tables, pairs, persons, statutes, rules, extent, weighed, staging, told)
        counts = _counts(whole, tables, persons, weighed)
        if loose is not None:
            wide = _assess(tables, pairs, loose, statutes, rules, extent, None, None, told)
            side = wide.levels.select("level", loose_links="persons")
            counts["Candidate levels"] = counts["Candidate levels"].join(
                side, on="level", how="left", maintain_order="left"
            )
        gaps = tuple(_gaps(whole, tables, rules, extent))
        entry = _entry(rules, as_of)
        kept = {**done.told, "offenders": entry}
        files: tuple[Path, ...] = ()
        if asked is not None:
            named = candidates(whole.offenders, tables, persons, rules)
            sheet = cover(
                rules, jurisdiction=done.jurisdiction, purpose=asked.purpose, gaps=gaps,
                as_of=str(as_of or extent.until or "all that was delivered"),
            )  # fmt: skip
            names = _write_list(staging, sheet, named, seal)
            files = tuple(workspace.path / name for name in names)
            lists = [*done.told.get("candidate_lists", ()), {"purpose": asked.purpose, **entry,
                     "files": names, "persons": named.height}]  # fmt: skip
            kept["candidate_lists"] = lists
        made.append(Placed(rules, as_of, counts, gaps, workspace.path, files))
        return figured_again(workspace, staging, replace(done, told=kept), told)

    pipeline.again(path, step, progress)
    return made[0]


def renewed(
    done: Audit, tables: Frames, staging: Staging, progress: Progress | None = None
) -> Audit:
    """Work histories and levels out anew in a workspace in the making, by the criteria and weights that it keeps.

    Args:
        done: What was done so far; the day that it stands on stays.
        tables: Canonical tables with their identifying columns.
        staging: Takes ``offenders.parquet``, ``events.parquet`` and ``couples.parquet``, or loses them where no
            record is linked or nothing is classified.
        progress: Told what is being done.
    """
    pairs, named = staging.path / "pairs.parquet", staging.path / PERSONS
    if "incident" not in tables or not pairs.is_file() or not named.is_file():
        for name in (OFFENDERS, EVENTS, COUPLES):
            staging.drop(name)
        told = {name: entry for name, entry in done.told.items() if name != "offenders"}
        return replace(done, told=told)
    kept = staging.path / KEPT_CRITERIA
    text = kept.read_text(encoding="utf-8") if kept.is_file() else shipped_text(SHIPPED[0]) or ""
    rules = parse_criteria(text, where=KEPT_CRITERIA)
    weights = staging.path / KEPT_WEIGHTS
    weighed = parse_weights(_bytes(weights), where=KEPT_WEIGHTS) if weights.is_file() else None
    stood = done.told.get("offenders", {}).get("as_of")
    as_of = None if stood is None else date.fromisoformat(stood)
    seen, known = seen_by(tables, pl.scan_parquet(pairs), as_of)
    extent = _extent(done, seen, as_of)
    statutes = statute_meanings(seen, done.profile)
    persons, _ = _of_thresholds(staging)
    found = _histories(seen, known, persons, statutes, staging, progress)
    each = [profile_part(part, rules, extent, weighed) for part in found]
    _keep(staging, pl.concat(each).sort("person_id"))
    return replace(done, told={**done.told, "offenders": _entry(rules, as_of)})


def _entry(rules: Criteria, as_of: date | None) -> dict[str, str | None]:
    return {
        "criteria": rules.name,
        "criteria_sha256": rules.sha256,
        "as_of": None if as_of is None else as_of.isoformat(),
    }


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise InputError("cannot be read.", where=str(file), mend="Check the path.") from None


def linked_persons(
    workspace: Workspace, staging: Staging, tables: Frames, progress: Progress | None
) -> tuple[pl.LazyFrame, pl.LazyFrame | None]:
    """Read who is who, linking records first where that was not done.

    Args:
        workspace: The workspace.
        staging: Where it is made anew.
        tables: Canonical tables, identifying columns included.
        progress: Told what is being done.

    Returns:
        ``record_table`` (of orders with the role), ``record_id``, ``person_id`` and ``match_probability``, at the
        strict and at the loose threshold.

    Raises:
        InputError: No records of persons could be brought together.
    """
    if not workspace.has(PERSONS) and link_tables(tables, staging, progress=progress) is None:
        raise InputError(
            "names nobody whose records could be brought together.",
            where=str(workspace.path),
            mend="Map names, birth dates or person numbers in the profile, and audit again.",
        )
    return _of_thresholds(staging)


def _of_thresholds(staging: Staging) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Read who is who, at the strict and at the loose threshold."""
    rows = pl.scan_parquet(staging.path / PERSONS)
    named = (
        pl.when(pl.col("record_table") == "order")
        .then(pl.concat_str("record_table", pl.lit("/"), "role"))
        .otherwise("record_table")
        .alias("record_table")
    )
    strict = rows.select(named, "record_id", "person_id", "match_probability")
    wide = rows.select(
        named, "record_id", person_id="person_id_loose", match_probability="match_probability_loose"
    )
    return strict, wide


def _extent(done: Audit, tables: Frames, as_of: date | None) -> Extent:
    since, until = done.period or (None, None)
    if as_of is not None:
        until = as_of if until is None else min(until, as_of)
    return Extent(charges="charge" in tables, since=since, until=until)


def statute_meanings(tables: Frames, profile: Profile) -> pl.DataFrame:
    """Say what each citation stands for, by the packaged list and what the profile confirms.

    Args:
        tables: Canonical tables, identifying columns included.
        profile: Names the state and the confirmed sections.

    Returns:
        ``STATUTE_SCHEMA``.
    """
    cited = [
        tables[name].select("statute").drop_nulls().unique().collect(engine="streaming")
        for name in ("arrest", "charge", "history")
        if name in tables and "statute" in tables[name].collect_schema()
    ]
    if not cited:
        return pl.DataFrame(schema=STATUTE_SCHEMA)
    values = pl.concat(cited)["statute"].unique().sort()
    matched = classifying.match_statutes(values, profile.jurisdiction.state)
    own = pl.col("statute").is_in(sorted(profile.statutes.confirmed))
    basis = (
        pl.when((pl.col("implies") == "yes") & own)
        .then(pl.lit("partner"))
        .when(pl.col("implies").is_in(["yes", "any", "review"]))
        .then(pl.lit("open"))
    )
    breach = pl.col("statute").is_in(sorted(order_statutes())).fill_null(False)
    return matched.select("value", basis.alias("basis"), breach.alias("order_violation"))


def _assess(
    tables: Frames,
    pairs: pl.LazyFrame,
    persons: pl.LazyFrame,
    statutes: pl.DataFrame,
    rules: Criteria,
    extent: Extent,
    weights: Weights | None,
    staging: Staging | None,
    progress: Progress | None,
) -> Part:
    """Work through the persons part by part and count, and keep what is made where a staging takes it."""
    strangled = _strangled(tables)
    whole = together(
        [
            assess_part(found, rules, extent, strangled=strangled, weights=weights)
            for found in _histories(tables, pairs, persons, statutes, staging, progress)
        ]
    )
    if staging is not None:
        _keep(staging, whole.offenders)
    return whole


def _histories(
    tables: Frames,
    pairs: pl.LazyFrame,
    persons: pl.LazyFrame,
    statutes: pl.DataFrame,
    staging: Staging | None,
    progress: Progress | None,
) -> Iterator[Histories]:
    """Give the histories of the persons part by part; a staging takes what may be shown of each."""
    tell = progress or (lambda what, done, total: None)
    records = int(persons.select(pl.len()).collect(engine="streaming").item())
    number = max(1, -(-records // PART))
    for place in range(number):
        tell("histories", place, number)
        found = histories(tables, pairs, persons, statutes=statutes, part=(place, number))
        if staging is not None:
            hidden = pl.col("left_out").is_in(HIDDEN).fill_null(False)
            shown = {"events": found.events, "couples": found.couples}
            for name, frame in shown.items():
                frame.filter(~hidden).write_parquet(staging.scratch / f"{name}{place:04}.parquet")
        yield found


def _keep(staging: Staging, offenders: pl.DataFrame) -> None:
    for name, out in (("events", EVENTS), ("couples", COUPLES)):
        staging.write_frame(out, pl.scan_parquet(staging.scratch / f"{name}[0-9]*.parquet"))
    staging.write_frame(OFFENDERS, offenders)


def _strangled(tables: Frames) -> pl.DataFrame | None:
    table = tables["incident"]
    if "strangulation" not in table.collect_schema():
        return None
    told = table.filter(pl.col("strangulation").is_not_null())
    grouped = told.group_by("incident_id").agg(pl.col("strangulation").max())
    frame = grouped.collect(engine="streaming")
    return frame if frame.height else None


def _counts(
    whole: Part, tables: Frames, persons: pl.LazyFrame, weights: Weights | None
) -> dict[str, pl.DataFrame]:
    listed = _of_partner(tables, persons, "partner_list", ["focus"])
    spells = None
    if "supervision" in tables:
        running = {
            **tables,
            "supervision": tables["supervision"].filter(pl.col("ended_on").is_null()),
        }
        spells = _of_partner(running, persons, "supervision", ["agency", "kind"])
    counts = {
        "Candidate levels": whole.levels,
        "Reasons": whole.reasons,
        "Raised nobody": whole.left_out,
        "Under neighbouring criteria": whole.what_if,
        "Markers of grave danger in partner incidents (aggregate)": whole.markers,
    }
    known = overlap(whole.offenders, listed, spells)
    if known.height:
        counts["Known to partners, of A and B"] = known
    if weights is not None and whole.unweighted is not None:
        harm = whole.offenders.group_by("level").agg(
            pl.len().alias("persons"), pl.col("incidents").sum(), pl.col("harm").sum(),
            pl.col("harm_unweighted").sum().alias("incidents_without_weight"),
        )  # fmt: skip
        counts[f"Harm in {weights.unit}, beside counts"] = harm.sort("level")
        counts["Offences without a weight"] = whole.unweighted
    return counts


def _of_partner(
    tables: Frames, persons: pl.LazyFrame, name: str, columns: list[str]
) -> pl.DataFrame | None:
    if name not in tables:
        return None
    whose = persons.filter(pl.col("record_table") == name).select("record_id", "person_id")
    rows = tables[name].join(whose, on="record_id", how="inner")
    return rows.select("person_id", *columns).unique().collect(engine="streaming")


def _gaps(whole: Part, tables: Frames, rules: Criteria, extent: Extent) -> list[str]:
    """Say in words what the data cannot show."""
    gaps = []
    years = rules.floor.history_years
    if extent.since is None:
        gaps.append(
            "The profile declares no period, so every level below A is at least what it says."
        )
    elif bool(whole.offenders["reasons"].list.contains("floor_truncated").any()):
        gaps.append(
            f"The extract begins on {extent.since}, less than {years} years back: levels are floors."
        )
    if not extent.charges:
        counts = rules.event.arrest_alone_counts != "never"
        gaps.append(
            "No charges were delivered: "
            + ("an arrest counts as a charge event." if counts else "nobody can be charged.")
        )
    if "arrest" not in tables and not extent.charges:
        gaps.append(
            "No arrests were delivered either: nobody can be above D but by a weapon or a notice."
        )
    if "history" not in tables:
        gaps.append("No priors were delivered.")
    events, persons = (
        whole.priors.row(0, named=True)["events"],
        whole.priors.row(0, named=True)["persons"],
    )
    if events:
        gaps.append(
            f"{events:,} priors of {persons:,} persons are under a domestic section that is not confirmed to"
            " protect partners alone: they do not count."
        )
    if "order" not in tables:
        gaps.append(
            "No protective orders were delivered: violations and weapons under an order are not seen."
        )
    return gaps


def _write_list(
    staging: Staging, sheet: pl.DataFrame, named: pl.DataFrame, seal: Any | None
) -> list[str]:
    """Write cover and list as CSV and workbook, encrypted where that is asked for."""
    book = xlsx_bytes({"Cover": sheet, "Candidates": named}, title=f"Candidates {NOTE}")
    contents = {
        f"{CANDIDATES}.csv": csv_bytes(named),
        f"{CANDIDATES}_cover.csv": csv_bytes(sheet),
        f"{CANDIDATES}.xlsx": book,
    }
    names = []
    for name, content in contents.items():
        for old in (name, f"{name}.age"):
            staging.drop(old)
        written = name if seal is None else f"{name}.age"
        staging.write_bytes(written, content if seal is None else seal(content))
        names.append(written)
    return names


def _sealer(recipients: tuple[str, ...]) -> Any:
    """Give what encrypts to public keys of ``age``."""
    try:
        import pyrage
    except ImportError:
        raise UsageError(
            "encryption needs the extra 'encrypt'.",
            mend='Install it: pip install "ipvi-cli[encrypt]".',
        ) from None
    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except Exception:
        raise UsageError(
            "a recipient is no public key of age.",
            mend="It begins with age1; `age-keygen` makes one.",
        ) from None
    return lambda content: pyrage.encrypt(content, keys)
