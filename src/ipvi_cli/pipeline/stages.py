"""The order of the rooms: read, classify, validate, link, offenders, summarize; and what each command gives back.

Classification comes before validation because several rules look at the classified pairs (a domestic violence flag
that contradicts the tie, a spouse under age, a direction that looks reversed).
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import classify as classifying
from ipvi_cli import review as reviewing
from ipvi_cli import summarize as summarizing
from ipvi_cli import validate as validating
from ipvi_cli.ingest.run import Ingested, InputRecord
from ipvi_cli.ingest.run import ingest as read_delivery
from ipvi_cli.model.careers import Careers
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.incidents import one_per_incident
from ipvi_cli.model.linked import THRESHOLDS
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.model.tables import TABLES
from ipvi_cli.pipeline.settings import (
    PROFILE_NAME,
    accepted_findings,
    coder,
    default_workspace,
    load_profile,
)
from ipvi_cli.workspace import (
    Staging,
    Workspace,
    find_workspace,
    is_workspace,
    reading,
    stage,
)
from ipvi_cli.workspace.accepted import read_accepted, write_accepted
from ipvi_cli.workspace.manifest import MANIFEST, read_manifest

KEPT_PROFILE: Final = "restricted/jurisdiction.toml"
KEPT_VALUES: Final = "restricted/relationship_values.parquet"
KEPT_UNMAPPED: Final = "restricted/unmapped_words.csv"
_KEPT_PROBLEMS: Final = "restricted/read_problems.parquet"
_KEPT_ACCEPTED: Final = "restricted/accepted_findings.parquet"
KEPT_ORIGIN: Final = "restricted/profile_file.txt"
KEPT_DECISIONS: Final = "restricted/decisions.csv"
REVIEW_FILE: Final = "restricted/review.csv"
SAMPLE_FILE: Final = "restricted/sample.csv"
HISTORY: Final = "history"
_MOST_LINKED: Final = 20_000
"""Records of persons up to which an audit links them too: some ten seconds of one processor."""
RELEASES: Final = "restricted/published"
_CARRIED: Final = (
    KEPT_DECISIONS, "restricted/review*", "restricted/sample*", "restricted/person_key",
    "restricted/link_decisions.csv", "restricted/link_review*", "restricted/published/*/*",
)  # fmt: skip
"""What persons did in a workspace, which a new audit into the same place takes over."""

_TOLD: Final = ("offenders", "candidate_lists")
"""Entries of a manifest that stay when another step is taken."""


@dataclass(frozen=True)
class Audit:
    """What an audit, or a part of it, gives to whoever shows it.

    Attributes:
        profile: What the columns mean.
        inputs: The account of every input.
        failures: One line for each source or file that could not be read.
        workspace: Where everything lies; ``None`` when nothing was kept.
        headline: Incidents in the denominator by class; ``None`` for a delivery of tallies only.
        linked: Of the intimate ones, those that rest on another incident of the same two persons alone.
        findings: ``FINDING_SCHEMA``.
        grouped: Findings by rule with their count and first rows.
        values: Distinct relationship words with their rows, incidents and class; confidential.
        figures: ``FIGURE_SCHEMA``.
        tables: Tables ready to be shown.
        control: What the cover letter states, what was seen, and the difference.
        asks: What to ask the jurisdiction for.
        accepted: The list of accepted findings in force, ``BASELINE_SCHEMA``.
        taken_for: One line for each submission whose format was recognised: what it was taken for, and why.
        told: What a step adds to the manifest, and what earlier steps added.
    """

    profile: Profile
    inputs: tuple[InputRecord, ...]
    failures: tuple[str, ...]
    workspace: Path | None
    headline: classifying.Headline | None = None
    linked: int = 0
    findings: pl.DataFrame | None = None
    grouped: pl.DataFrame | None = None
    values: pl.DataFrame | None = None
    figures: pl.DataFrame | None = None
    tables: Mapping[str, pl.DataFrame] | None = None
    control: pl.DataFrame | None = None
    asks: tuple[str, ...] = ()
    accepted: pl.DataFrame | None = None
    taken_for: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def jurisdiction(self) -> str:
        """Name of the jurisdiction."""
        return self.profile.jurisdiction.name

    @property
    def period(self) -> tuple[date, date] | None:
        """Declared window, both days included."""
        period = self.profile.jurisdiction.period
        return (period.start, period.end) if period is not None else None

    @property
    def complete(self) -> bool:
        """Whether every source was there and could be read."""
        return not self.failures

    @property
    def population(self) -> str:
        """Declared population, which decides the denominator."""
        return self.profile.jurisdiction.population

    @property
    def denominator_words(self) -> str:
        """The denominator in words."""
        told = (self.profile.jurisdiction.denominator or "").removeprefix("of ")
        return told or (
            "domestic incidents"
            if self.population == "domestic"
            else "incidents with a domestic pair, a domestic flag or an undetermined tie that may be domestic"
        )

    @property
    def rows(self) -> dict[str, int]:
        """Rows read, accepted and quarantined, over all inputs."""
        return {
            "read": sum(record.rows_read for record in self.inputs),
            "accepted": sum(record.rows_accepted for record in self.inputs),
            "quarantined": sum(record.rows_quarantined for record in self.inputs),
        }


def audit(
    delivery: Path,
    *,
    profile: Path | str | None = None,
    out: Path | None = None,
    xlsx: bool = False,
    format_in: str | None = None,
    link: bool | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Read, classify, validate, link and summarize a delivery into a workspace.

    Args:
        delivery: A folder, or one file.
        profile: A profile, the name of a shipped one, or ``None`` for the one beside the delivery.
        out: The workspace; by default named after the jurisdiction, in the current folder.
        xlsx: Whether to write the printed tables as a workbook too.
        format_in: NIBRS format as which a delivery without a profile is read, whatever its content looks like.
        link: Whether records are linked to persons, where they name any, for figures of persons and candidate levels.
        progress: Told what is being done.

    Returns:
        Everything that is to be shown.

    Raises:
        InputError: The delivery or the profile cannot be used.
        OutputError: The workspace cannot be written.
    """

    def step(done: Audit, ingested: Ingested, staging: Staging) -> Audit:
        tables = _Tables(staging, ingested.tables)
        done = _classify(done, tables, staging, progress)
        done = _validate(done, ingested.problems, tables, staging, progress)
        if link is not False:
            _link(tables, staging, progress, whatever=link is True)
            done = _place(done, tables, staging, progress)
        done = _summarize(done, tables, staging, progress)
        if xlsx:
            staging.write_xlsx("audit.xlsx", dict(done.tables or {}), title=done.jurisdiction)
        return done

    return _anew(delivery, profile, out, format_in, progress, step)


def ingest(
    delivery: Path,
    *,
    profile: Path | str | None = None,
    out: Path | None = None,
    format_in: str | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Read a delivery into canonical tables, quarantine and manifest; arguments as for ``audit``."""
    return _anew(delivery, profile, out, format_in, progress, lambda done, *_: done)


def validate(
    path: Path | None,
    *,
    profile: Path | str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    baseline: Path | None = None,
    write_baseline: Path | None = None,
    format_in: str | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Check a delivery, leaving nothing behind, or a workspace, whose findings are renewed.

    Args:
        path: A delivery or a workspace; ``None`` for the only workspace in the current folder.
        profile: A profile, for a delivery.
        select: Codes of rules, or beginnings of codes, whose findings are given back; none: of every rule.
        ignore: Codes, or beginnings of codes, whose findings are left out, even where selected.
        baseline: A list of accepted findings, in place of the profile's.
        format_in: As for ``audit``.
        write_baseline: File that takes what is given back as the new list, keeping the notes of the one in force.
        progress: Told what is being done.

    Returns:
        The findings; a workspace keeps those of every rule.

    Raises:
        UsageError: No rule's code begins so.
        InputError: The delivery, the profile or the list of accepted findings cannot be used.
    """
    wanted = validating.wanted_codes(select, ignore) if select or ignore else None
    first = write_baseline is not None
    if path is None or is_workspace(path):
        accepted = None if baseline is None else read_accepted(baseline, may_lack=first)

        def made(
            workspace: Workspace, staging: Staging, done: Audit, told: Progress | None
        ) -> Audit:
            return _validated_again(
                workspace, staging, _start_accepted(done, staging, accepted), told
            )

        done = again(path, made, progress)
        return _as_asked(done, wanted, write_baseline)
    parsed, text = load_profile(path, profile, format_in)
    accepted = accepted_findings(parsed, path, profile, baseline, may_lack=first)
    with (
        tempfile.TemporaryDirectory(prefix="ipvi-") as folder,
        stage(Path(folder) / "check.audit", inputs=[path]) as staging,
    ):
        ingested = _ingest(path, parsed, text, staging, progress)
        tables = _Tables(staging, ingested.tables)
        done = _start(parsed, ingested, staging, accepted)
        done = _classify(done, tables, staging, progress)
        done = _validate(done, ingested.problems, tables, staging, progress)
        _seal(done, staging)
    return _as_asked(replace(done, workspace=None), wanted, write_baseline)


def classify(path: Path | None = None, *, progress: Progress | None = None) -> Audit:
    """Classify the pairs and incidents of a workspace anew."""
    return again(path, _classified_again, progress)


def summarize(
    path: Path | None = None, *, xlsx: bool = False, progress: Progress | None = None
) -> Audit:
    """Make the figures of a workspace anew."""

    return again(path, lambda *given: summarized_again(*given, xlsx=xlsx), progress)


class _Tables:
    """Canonical tables of a workspace in the making, as frames by name."""

    def __init__(self, staging: Staging, names: Iterable[str]) -> None:
        self.frames = {name: staging.scan(name) for name in TABLES if name in set(names)}

    def once(self) -> dict[str, pl.LazyFrame]:
        """Give the tables with one row for each incident."""
        if "incident" not in self.frames:
            return self.frames
        return {**self.frames, "incident": one_per_incident(self.frames["incident"])}


def _ingest(
    delivery: Path, profile: Profile, text: str, staging: Staging, progress: Progress | None
) -> Ingested:
    ingested = read_delivery(delivery, profile, staging, coder(profile), progress)
    for file, rows in ingested.quarantine.items():
        staging.write_quarantine(file, rows)
    staging.write_text(KEPT_PROFILE, text)
    staging.write_frame(_KEPT_PROBLEMS, ingested.problems)
    if ingested.unmapped.height:
        staging.write_csv(KEPT_UNMAPPED, ingested.unmapped)
    return ingested


def _anew(
    delivery: Path,
    profile: Path | str | None,
    out: Path | None,
    format_in: str | None,
    progress: Progress | None,
    step: Callable[[Audit, Ingested, Staging], Audit],
) -> Audit:
    """Read a delivery into a workspace, which takes over what persons did in the one before, and go on from there."""
    parsed, text = load_profile(delivery, profile, format_in)
    accepted = accepted_findings(parsed, delivery, profile)
    place = out or default_workspace(parsed)
    with stage(place, inputs=[delivery]) as staging:
        _take_over(place, staging)
        _remember(delivery, profile, staging)
        ingested = _ingest(delivery, parsed, text, staging, progress)
        _keep_history(place, ingested.inputs, staging)
        done = step(_start(parsed, ingested, staging, accepted), ingested, staging)
        _seal(done, staging)
    return replace(done, workspace=place)


def _take_over(out: Path, staging: Staging) -> None:
    """Keep the decisions of the workspace that is replaced, and the files that a person may be filling in."""
    out = out.expanduser()
    for path in sorted(path for pattern in _CARRIED for path in out.glob(pattern)):
        if path.is_file():
            staging.write_bytes(path.relative_to(out).as_posix(), path.read_bytes())


def _keep_history(out: Path, inputs: Sequence[InputRecord], staging: Staging) -> None:
    """Keep manifest and figures of the deliveries that were audited here before; the same delivery is no other one."""
    out = out.expanduser()
    before = read_manifest(out)
    kept = sorted(path for path in out.glob(f"{HISTORY}/*/*") if path.is_file())
    for path in kept:
        staging.write_bytes(path.relative_to(out).as_posix(), path.read_bytes())
    if before is None or _delivered(before["inputs"]) == _delivered(asdict(one) for one in inputs):
        return
    number = len({path.parent for path in kept}) + 1
    digest = hashlib.sha256(json.dumps(_delivered(before["inputs"])).encode()).hexdigest()
    for name in (MANIFEST, "figures.parquet"):
        if (out / name).is_file():
            place = f"{HISTORY}/{number:04d}-{digest[:12]}/{name}"
            staging.write_bytes(place, (out / name).read_bytes())


def _delivered(inputs: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return sorted([item["file"], item["sha256"]] for item in inputs)


def _remember(delivery: Path, profile: Path | str | None, staging: Staging) -> None:
    """Note which file the profile came from, so that decisions about words can be written into it."""
    folder = delivery if delivery.is_dir() else delivery.parent
    path = folder / PROFILE_NAME if profile is None else Path(profile)
    if path.is_file():
        staging.write_text(KEPT_ORIGIN, f"{path.resolve()}\n")


def _start(
    profile: Profile, ingested: Ingested, staging: Staging, accepted: pl.DataFrame | None
) -> Audit:
    done = Audit(
        profile=profile,
        inputs=ingested.inputs,
        failures=ingested.failures,
        workspace=staging.path,
        taken_for=ingested.taken_for,
    )
    return _start_accepted(done, staging, accepted)


def _start_accepted(done: Audit, staging: Staging, accepted: pl.DataFrame | None) -> Audit:
    """Keep the list of accepted findings with the workspace, so that its findings can be renewed."""
    if accepted is None:
        return done
    staging.write_frame(_KEPT_ACCEPTED, accepted)
    return replace(done, accepted=accepted)


def _classify(done: Audit, tables: _Tables, staging: Staging, progress: Progress | None) -> Audit:
    if "incident" not in tables.frames:
        return done
    policy = classifying.Policy(
        population=done.profile.jurisdiction.population,
        site_words=done.profile.site_words.get("relationship", {}),
        reviews=_reviews(staging.path / KEPT_DECISIONS),
        statutes=frozenset(done.profile.statutes.confirmed),
        state=done.profile.jurisdiction.state,
        linked=done.profile.classify.linked,
    )
    classified = classifying.classify(tables.once(), policy, progress)
    pairs = staging.write_frame("pairs.parquet", classified.pairs)
    incidents = staging.write_frame("incidents.parquet", classified.incidents)
    staging.write_frame(KEPT_VALUES, classified.values)
    limits = done.profile.limits
    head = classifying.headline(incidents, known_only=limits.known_only, range_=limits.range)
    linked = classifying.linked_only(pairs, incidents) if policy.linked else 0
    return replace(done, headline=head, linked=linked, values=classified.values)


def _link(tables: _Tables, staging: Staging, progress: Progress | None, *, whatever: bool) -> None:
    """Link records to persons, where any table names one and they are not so many that it would take minutes."""
    from ipvi_cli.pipeline import linking

    if not whatever and linking.person_records(tables.frames) > _MOST_LINKED:
        if progress is not None:
            progress("too many records to link here: `ipvi link` does it", 0, 0)
        return
    linking.link_tables(tables.frames, staging, secret=linking.given_key(None), progress=progress)


def _reviews(path: Path) -> dict[str, classifying.Review]:
    """Read what persons decided about single pairs."""
    if not path.is_file():
        return {}
    kept = reviewing.read_decisions(path.read_bytes())
    columns = kept.select("pair_id", "incident_id", "decision", "decided_by")
    return {pair: classifying.Review(*decided) for pair, *decided in columns.iter_rows()}


def _validate(
    done: Audit,
    problems: pl.DataFrame,
    tables: _Tables,
    staging: Staging,
    progress: Progress | None,
) -> Audit:
    pairs, incidents = _scans(staging)
    findings = validating.validate(
        tables.frames,
        done.profile,
        problems=problems,
        pairs=pairs,
        incidents=incidents,
        inputs=done.inputs,
        progress=progress,
    )
    findings = validating.accept(findings, done.accepted)
    staging.write_frame("findings.parquet", findings)
    for agency, rows in sorted(validating.fix_lists(findings).items()):
        staging.write_csv(f"fix_lists/{re.sub(r'[^A-Za-z0-9_.-]', '_', agency)}.csv", rows)
    return replace(
        done,
        findings=findings,
        grouped=validating.grouped(findings),
        control=_control(done),
        asks=_asks(done, tables, findings),
    )


def _place(done: Audit, tables: _Tables, staging: Staging, progress: Progress | None) -> Audit:
    """Bring the histories of linked persons together, and place these at candidate levels."""
    from ipvi_cli.pipeline.offending import renewed

    return renewed(done, tables.frames, staging, progress)


def _summarize(done: Audit, tables: _Tables, staging: Staging, progress: Progress | None) -> Audit:
    pairs, incidents = _scans(staging)
    persons = staging.path / "persons.parquet"
    assert done.findings is not None
    figures_made = summarizing.summarize(
        tables.frames,
        pairs=pairs,
        incidents=incidents,
        values=done.values,
        findings=done.findings,
        inputs=done.inputs,
        profile=done.profile,
        plausibility_codes=validating.PLAUSIBILITY_CODES,
        progress=progress,
        persons=pl.scan_parquet(persons) if persons.is_file() else None,
        careers=careers_of(staging.path, done),
    )
    staging.write_frame("figures.parquet", figures_made)
    return replace(
        done, figures=figures_made, tables=summarizing.audit_tables(figures_made, done.headline)
    )


def careers_of(workspace: Path, done: Audit) -> Careers | None:
    """Read the histories of persons of a workspace, where it has any."""
    files = [workspace / f"{name}.parquet" for name in ("offenders", "events", "couples")]
    if not all(file.is_file() for file in files):
        return None
    offenders, events, couples = (pl.scan_parquet(file) for file in files)
    told = done.told.get("offenders", {})
    return Careers(
        offenders, events, couples, told.get("criteria", ""), told.get("as_of"), THRESHOLDS
    )


def _scans(staging: Staging) -> tuple[pl.LazyFrame | None, pl.LazyFrame | None]:
    pairs, incidents = staging.path / "pairs.parquet", staging.path / "incidents.parquet"
    if not incidents.is_file():
        return None, None
    return pl.scan_parquet(pairs), pl.scan_parquet(incidents)


def _control(done: Audit) -> pl.DataFrame:
    """Set what the cover letter states beside what was seen."""
    stated = done.profile.control
    head = done.headline
    seen = {
        "rows": (stated.rows, done.rows["read"]),
        "incidents": (stated.incidents, head.incidents if head else None),
        "intimate_partner": (stated.intimate_partner, head.intimate_partner if head else None),
    }
    rows = [
        (what, said, saw, saw - said if saw is not None else None, stated.source)
        for what, (said, saw) in seen.items()
        if said is not None
    ]
    columns = {
        "what": pl.String,
        "stated": pl.Int64,
        "seen": pl.Int64,
        "difference": pl.Int64,
        "source": pl.String,
    }
    return pl.DataFrame(rows, schema=columns, orient="row")


def _asks(done: Audit, tables: _Tables, findings: pl.DataFrame) -> tuple[str, ...]:
    """Say what to ask the jurisdiction for, the most telling first."""
    asks = []
    mapped = {
        (table.table, column): item
        for source in done.profile.sources
        for table in source.tables
        for column, item in table.columns.items()
    }
    if "incident" in tables.frames and ("relationship", "relationship_raw") not in mapped:
        asks.append(
            "the relationship of victim and offender for each pair, with its code list and its direction; without it"
            " nothing can be said about intimate partners"
        )
    relation = mapped.get(("relationship", "relationship_raw"))
    if relation is not None and relation.direction == "undeclared":
        asks.append(
            "whether the relationship column states what the victim was to the offender, or the reverse"
        )
    if "incident" in tables.frames and done.profile.jurisdiction.period is None:
        asks.append("the first and last day that the extract covers")
    if "incident" in tables.frames and done.profile.control.rows is None:
        asks.append("the number of rows and incidents that were sent, to be checked on receipt")
    absent = findings.filter(pl.col("code") == "IPVI-130")
    if absent.height:
        asks.append("the files that the profile names and the delivery lacks")
    return tuple(asks)


def _as_asked(done: Audit, wanted: Sequence[str] | None, write_baseline: Path | None) -> Audit:
    """Leave out the findings of unwanted rules, and accept the others where that is asked for."""
    assert done.findings is not None
    findings = done.findings
    if wanted is not None:
        findings = findings.filter(pl.col("code").is_in(wanted))
    if write_baseline is not None:
        listed = validating.baseline(findings, done.accepted)
        write_accepted(write_baseline, listed)
        findings = validating.accept(findings, listed)
    return replace(done, findings=findings, grouped=validating.grouped(findings))


def _seal(done: Audit, staging: Staging) -> dict[str, Any]:
    return staging.write_manifest(
        version=version("ipvi-cli"),
        profile_sha256=done.profile.sha256,
        rules_sha256=_rules_sha256(),
        complete=done.complete,
        inputs=[asdict(record) for record in done.inputs],
        more={
            "jurisdiction": done.jurisdiction,
            "population": done.population,
            "failures": list(done.failures),
            **done.told,
        },
    )


def _rules_sha256() -> str:
    """Hash the rules and the packaged crosswalks, so that a changed number can be told from changed data."""
    parts = [validating.rules_sha256(), classifying.crosswalks_sha256()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


Step = Callable[[Workspace, Staging, Audit, Progress | None], Audit]


def require_classified(workspace: Workspace) -> None:
    """Refuse a workspace without classified incidents.

    Args:
        workspace: Any workspace.

    Raises:
        InputError: It has none.
    """
    if "incident" not in workspace.tables or not workspace.has("pairs.parquet"):
        raise InputError(
            "holds no classified incidents.",
            where=str(workspace.path),
            mend="Run `ipvi audit` on a delivery with incidents and persons.",
        )


def audit_of(workspace: Workspace) -> Audit:
    """Give what a workspace tells of its audit: profile, inputs, failures; no frames.

    Args:
        workspace: Any workspace.

    Raises:
        InputError: Its profile cannot be used any more.
    """
    manifest = workspace.manifest
    return Audit(
        profile=parse_profile(workspace.read_text(KEPT_PROFILE), where=KEPT_PROFILE),
        inputs=tuple(InputRecord(**item) for item in manifest["inputs"]),
        failures=tuple(manifest["failures"]),
        workspace=workspace.path,
        told={name: manifest[name] for name in _TOLD if name in manifest},
    )


def again(path: Path | None, step: Step, progress: Progress | None) -> Audit:
    """Redo a step of a workspace and put the result in its place."""
    workspace = find_workspace(path)
    before = audit_of(workspace)
    with reading(workspace), stage(workspace.path, keep=True) as staging:
        done = step(workspace, staging, before, progress)
        workspace.require_kept(_seal(done, staging), staging.path)
    return done


def _classified_again(
    workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
) -> Audit:
    return _classify(done, _Tables(staging, workspace.tables), staging, progress)


def _validated_again(
    workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
) -> Audit:
    problems = pl.read_parquet(staging.path / _KEPT_PROBLEMS)
    tables = _Tables(staging, workspace.tables)
    if done.accepted is None and workspace.has(_KEPT_ACCEPTED):
        done = replace(done, accepted=workspace.scan_output(_KEPT_ACCEPTED).collect())
    if done.headline is None:
        done = _classify(done, tables, staging, progress)
    return _validate(done, problems, tables, staging, progress)


def careers_again(
    workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
) -> Audit:
    """Work histories, levels and the figures of a workspace out anew, whose persons have changed."""
    done = _place(done, _Tables(staging, workspace.tables), staging, progress)
    return figured_again(workspace, staging, done, progress)


def figured_again(
    workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
) -> Audit:
    """Make the figures of a workspace anew from what it holds; where it has none yet there is nothing to renew."""
    if not workspace.has("figures.parquet"):
        return done
    values = staging.path / KEPT_VALUES
    held = replace(
        done,
        findings=pl.read_parquet(staging.path / "findings.parquet"),
        values=pl.read_parquet(values) if values.is_file() else None,
    )
    return _summarize(held, _Tables(staging, workspace.tables), staging, progress)


def summarized_again(
    workspace: Workspace,
    staging: Staging,
    done: Audit,
    progress: Progress | None,
    *,
    xlsx: bool = False,
) -> Audit:
    """Classify, validate and summarize a workspace anew; persons stay as they were linked."""
    done = _classified_again(workspace, staging, done, progress)
    done = _validated_again(workspace, staging, done, progress)
    if workspace.has("persons.parquet"):
        done = _place(done, _Tables(staging, workspace.tables), staging, progress)
    done = _summarize(done, _Tables(staging, workspace.tables), staging, progress)
    if xlsx:
        staging.write_xlsx("audit.xlsx", dict(done.tables or {}), title=done.jurisdiction)
    return done
