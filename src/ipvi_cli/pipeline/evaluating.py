"""An evaluation of a workspace: reads notices and histories, and keeps what they come to."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.evaluate import charts, harm, matched, months, notices, outcomes, plan, series
from ipvi_cli.evaluate.process import process
from ipvi_cli.evaluate.recidivism import recidivism
from ipvi_cli.evaluate.survival import kaplan_meier, spells, survival
from ipvi_cli.model.classified import CLASSES
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.evaluation import EVALUATION_SCHEMA, OUTCOMES, measured
from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_faults import suggest
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.offenders.events import histories
from ipvi_cli.offenders.seen import incident_days
from ipvi_cli.pipeline.harm_facts import partner_facts
from ipvi_cli.pipeline.offending import PART, linked_persons, statute_meanings
from ipvi_cli.pipeline.stages import Audit, again, require_classified
from ipvi_cli.workspace import Staging, Workspace

EVALUATION: Final = "evaluation.parquet"
PICTURES: Final = "evaluation"

SERIES: Final = {
    "ipv_incidents": "intimate partner incidents",
    "ipv_arrests": "arrests for intimate partner violence",
}
"""What is counted by month, in words; the first is compared with a comparison series."""

_NO_INJURY: Final = "N"


@dataclass(frozen=True)
class Evaluated:
    """What an evaluation comes to.

    Attributes:
        rows: ``EVALUATION_SCHEMA``.
        sentences: What each series shows, in plain words.
        cautions: What must be known with the numbers.
        refused: What is not printed, why, and how much is needed.
        files: Pictures in the workspace.
        workspace: The workspace.
    """

    rows: pl.DataFrame
    sentences: tuple[str, ...]
    cautions: tuple[str, ...]
    refused: tuple[str, ...]
    files: tuple[Path, ...]
    workspace: Path


@dataclass
class _Found:
    parts: list[pl.DataFrame] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)

    def refuse(self, measure: str, why: str) -> None:
        self.parts.append(measured([{"part": "refused", "measure": measure, "note": why}]))


@dataclass(frozen=True)
class _Histories:
    outcomes: pl.DataFrame
    couples: pl.DataFrame


def evaluate(
    path: Path | None = None,
    *,
    start: date | None = None,
    comparison: str | None = None,
    planned: bool = False,
    progress: Progress | None = None,
) -> Evaluated:
    """Evaluate the intervention of a workspace, or plan what an evaluation could show.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        start: When the intervention began; by default the first delivered notice.
        comparison: What it does not reach: a class of incidents, or a CSV file with ``month`` and ``count``.
        planned: Whether a plan is wanted, which needs no notices.
        progress: Told what is being done.

    Returns:
        What it comes to. The workspace gets ``evaluation.parquet`` and pictures in ``evaluation/``.

    Raises:
        UsageError: The statistics are not installed, or there is no such class of incidents or file.
        InputError: The workspace holds no notices, or no classified incidents.
    """
    if importlib.util.find_spec("statsmodels") is None or importlib.util.find_spec("scipy") is None:
        raise UsageError(
            "an evaluation needs the extra 'evaluate'.",
            mend='Install it: pip install "ipvi-cli[evaluate]".',
        )
    beside = _comparison_file(comparison)
    made: list[Evaluated] = []

    def step(workspace: Workspace, staging: Staging, done: Audit, told: Progress | None) -> Audit:
        require_classified(workspace)
        if not planned and "notification" not in workspace.tables:
            raise InputError(
                "holds no table notification: who was notified is not known.",
                where=str(workspace.path),
                mend="Map the partners' list of notices in the profile and audit again; --plan needs none.",
            )
        tables = {name: staging.scan(name) for name in workspace.tables}
        found = _Found()
        if planned:
            _plan(workspace, tables, done.profile, start, found)
        else:
            _evaluate(
                workspace, staging, tables, done.profile, start, comparison, beside, found, told
            )
        frame = pl.concat([pl.DataFrame(schema=EVALUATION_SCHEMA), *found.parts])
        refused = frame.filter(pl.col("part") == "refused").select("measure", "note").iter_rows()
        if not planned:
            staging.drop(PICTURES)
            staging.write_frame(EVALUATION, frame)
            for name, picture in found.pictures.items():
                staging.write_text(f"{PICTURES}/{name}.svg", picture)
        made.append(
            Evaluated(
                frame,
                tuple(found.sentences),
                tuple(found.cautions),
                tuple(f"{measure}: {note}" for measure, note in refused),
                tuple(workspace.path / PICTURES / f"{name}.svg" for name in found.pictures),
                workspace.path,
            )
        )
        return done

    again(path, step, progress)
    return made[0]


def _comparison_file(named: str | None) -> pl.DataFrame | None:
    if named is None or named in CLASSES:
        return None
    file = Path(named)
    if not file.is_file():
        raise UsageError(
            f"there is no such class of incidents and no such file{suggest(named, CLASSES)}.",
            where=named,
            mend="Name a class, as other_family, or a CSV file with month and count.",
        )
    return months.parse_series(file.read_bytes(), named)


def _evaluate(
    workspace: Workspace,
    staging: Staging,
    tables: Frames,
    profile: Profile,
    start: date | None,
    comparison: str | None,
    beside: pl.DataFrame | None,
    found: _Found,
    told: Progress | None,
) -> None:
    persons, _ = linked_persons(workspace, staging, tables, told)
    notified = notices.of_persons(tables["notification"], persons)
    follow = notices.followed(notified)
    known = incident_days(tables["incident"]).collect(engine="streaming")
    since, until = _extent(profile, known)
    follow = follow.filter(pl.col("index_on") <= until)
    loose = notified.height - int(notified["linked"].sum())
    if loose:
        found.cautions.append(
            f"{loose:,} of {notified.height:,} notices name nobody whose records are linked: they are in the process"
            " counts and nowhere else."
        )
    elsewhere = (
        persons.filter(pl.col("record_table") != "notification").select("person_id").unique()
    )
    found.cautions.extend(notices.doubtful(notified, elsewhere.collect(engine="streaming"), until))
    history = _histories(workspace, tables, profile, persons, known, told)
    found.parts.append(process(notified, follow, history.outcomes, until))
    _after_notices(follow, history, until, tables, found, profile.publish.threshold)
    _beside_others(follow, history, until, found)
    first = notices.delivered(notified)["notified_on"].min()
    began = start or (first if isinstance(first, date) else None)
    if began is None:
        found.refuse(
            "series", "no notice was delivered on a known day; name the start with --start"
        )
        return
    spans = months.whole_months(since, until)
    counts = {"ipv_incidents": _of_class(workspace, known, "intimate_partner", spans)}
    if "arrest" in tables:
        held = history.outcomes.filter(pl.col("outcome") == "ipv_arrest")
        counts["ipv_arrests"] = months.monthly(held.unique(["person_id", "event"])["date"], spans)
    watched = _harm(workspace, tables, persons, follow, history, began, (since, until), known)
    found.parts.append(watched)
    changes = _changes(tables)
    people = _people(tables)
    other = beside
    if comparison in CLASSES:
        other = _of_class(workspace, known, str(comparison), spans)
    for measure, counted in counts.items():
        side = other if measure == "ipv_incidents" else None
        _series(measure, counted, began, changes, people, side, comparison, profile, found)
    found.cautions.extend(harm.alarms(watched, _fell(found.parts)))


def _harm(
    workspace: Workspace,
    tables: Frames,
    persons: pl.LazyFrame,
    follow: pl.DataFrame,
    history: _Histories,
    start: date,
    extent: tuple[date, date],
    known: pl.DataFrame,
) -> pl.DataFrame:
    pairs = workspace.scan_output("pairs.parquet")
    incidents, victims = partner_facts(tables, pairs, persons, known)
    again_, with_victim = outcomes.same_victim(follow, history.couples)
    around = harm.around_start(incidents, victims, start, *extent)
    return pl.concat([around, harm.soon_after(follow, again_, with_victim, extent[1])])


def _fell(parts: list[pl.DataFrame]) -> bool:
    """Say whether incidents between partners fell beyond chance."""
    rows = pl.concat(parts).filter(
        pl.col("part") == "series",
        pl.col("measure") == "ipv_incidents",
        pl.col("window") == "change",
    )
    return bool((rows["ci_upper"] < 0).any())


def _extent(profile: Profile, known: pl.DataFrame) -> tuple[date, date]:
    """Give the first and last day of the data: as declared, else of the incidents themselves."""
    period = profile.jurisdiction.period
    if period is not None:
        return period.start, period.end
    first, last = known["date"].min(), known["known_on"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise InputError(
            "holds no dated incidents.", mend="Map occurred_on or reported_on in the profile."
        )
    return first, last


def _histories(
    workspace: Workspace,
    tables: Frames,
    profile: Profile,
    persons: pl.LazyFrame,
    known: pl.DataFrame,
    told: Progress | None,
) -> _Histories:
    """Bring histories together part by part, and keep what an evaluation looks at."""
    tell = told or (lambda what, done, total: None)
    pairs = workspace.scan_output("pairs.parquet")
    statutes = statute_meanings(tables, profile)
    injured = _injured(tables, pairs, persons)
    records = int(persons.select(pl.len()).collect(engine="streaming").item())
    number = max(1, -(-records // PART))
    events, couples = [], []
    for place in range(number):
        tell("histories", place, number)
        made = histories(tables, pairs, persons, statutes=statutes, part=(place, number))
        events.append(outcomes.outcome_events(made.events, known, injured))
        couples.append(made.couples)
    return _Histories(pl.concat(events), pl.concat(couples))


def _injured(tables: Frames, pairs: pl.LazyFrame, persons: pl.LazyFrame) -> pl.DataFrame:
    """Name the offenders of an injured partner: ``incident_id``, ``person_id``."""
    hurt = (
        tables["victim"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .filter(pl.col("injury_codes").list.eval(pl.element() != _NO_INJURY).list.any())
        .select("incident_id", "victim_id")
    )
    whose = (
        tables["offender"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .join(persons.filter(pl.col("record_table") == "offender"), on="record_id", how="inner")
        .select("offender_id", "person_id")
    )
    partners = pairs.filter(pl.col("relationship_class") == "intimate_partner")
    of_victim = partners.join(hurt, on=["incident_id", "victim_id"], how="semi")
    named = of_victim.select("incident_id", "offender_id").join(
        whose, on="offender_id", how="inner"
    )
    return named.select("incident_id", "person_id").unique().collect(engine="streaming")


def _recorded(tables: Frames, happened: pl.DataFrame) -> dict[str, str]:
    """Say of each outcome that the delivery cannot show what is missing."""
    missing = {}
    if "arrest" not in tables:
        for name in ("ipv_arrest", "any_arrest"):
            missing[name] = "no arrests were delivered"
    told = tables["victim"].select((pl.col("injury_codes").list.len() > 0).any())
    if not told.collect(engine="streaming").item():
        missing["injury"] = "injuries are not recorded"
    if not (happened["outcome"] == "order_violation").any():
        orders = "no protective orders were delivered" if "order" not in tables else (
            "no order delivered has a day of violation"
        )  # fmt: skip
        missing["order_violation"] = f"{orders}, and no offence of violating one is recorded"
    return missing


def _after_notices(
    follow: pl.DataFrame,
    history: _Histories,
    until: date,
    tables: Frames,
    found: _Found,
    threshold: int,
) -> None:
    if not follow.height:
        found.refuse("recidivism", "no notice was delivered to a person whose records are linked")
        return
    again_, with_victim = outcomes.same_victim(follow, history.couples)
    every = pl.concat([history.outcomes, again_.cast(dict(history.outcomes.schema))])  # type: ignore[arg-type]
    missing = _recorded(tables, history.outcomes)
    for name in OUTCOMES:
        if name in missing:
            found.refuse(name, missing[name])
            continue
        whom = follow
        if name == "same_victim":
            whom = follow.join(with_victim, on="person_id", how="semi")
        found.parts.append(recidivism(whom, every, name, until))
    main = next(name for name in OUTCOMES if name not in missing)
    spent = spells(follow, every, main, until)
    if not spent.height:
        found.refuse("survival", "nobody was seen for a day after the notice")
        return
    found.parts.append(survival(spent, main))
    levels = spent["level"].unique().sort().to_list()
    of_level = {level: spent.filter(pl.col("level") == level) for level in levels}
    curves = {level: kaplan_meier(rows["time"], rows["event"]) for level, rows in of_level.items()}
    picture = charts.survival_chart(curves, f"Share not {OUTCOMES[main]}", threshold)
    if picture is not None:
        found.pictures["survival"] = picture
    found.cautions.append(
        "Shares after a notice are of persons listed at a peak of trouble: they fall with no programme at all, and say"
        " nothing of what would have been without the notice."
    )


def _beside_others(follow: pl.DataFrame, history: _Histories, until: date, found: _Found) -> None:
    """Compare notified persons with others of the same history, or say why not."""
    days = history.outcomes.unique(["person_id", "outcome", "event"], maintain_order=True)
    reports = days.filter(pl.col("outcome") == "ipv_report").select("person_id", "date")
    arrests = days.filter(pl.col("outcome") == "ipv_arrest").select("person_id", "date")
    rows = matched.match(follow, reports, arrests, until)
    compared = matched.compare(rows, reports)
    laid = matched.comparison_rows(compared, "ipv_report")
    found.parts.append(laid)
    if (laid["part"] == "comparison").any():
        found.cautions.append(matched.WARNING)


def _of_class(
    workspace: Workspace, known: pl.DataFrame, name: str, spans: pl.Series
) -> pl.DataFrame:
    incidents = workspace.scan_output("incidents.parquet").filter(pl.col("incident_class") == name)
    ids = incidents.select("incident_id").collect(engine="streaming")
    days = known.join(ids, on="incident_id", how="semi")["date"]
    return months.monthly(days, spans)


def _changes(tables: Frames) -> list[date]:
    if "change" not in tables:
        return []
    rows = tables["change"].filter(pl.col("row_fate").is_in(COUNTED_FATES))
    days = rows.select("changed_on").drop_nulls().collect(engine="streaming")["changed_on"]
    return sorted(set(days.to_list()))


def _people(tables: Frames) -> Mapping[int, int] | None:
    if "population" not in tables:
        return None
    rows = tables["population"].filter(
        pl.col("row_fate").is_in(COUNTED_FATES),
        pl.col("district").is_null() & pl.col("district_raw").is_null(),
    )
    counts = rows.select("year", people=pl.coalesce("adults", "people")).drop_nulls()
    found = counts.group_by("year").agg(pl.col("people").max()).collect(engine="streaming")
    return dict(found.filter(pl.col("people") > 0).iter_rows())


def _series(
    measure: str,
    counted: pl.DataFrame,
    start: date,
    changes: list[date],
    people: Mapping[int, int] | None,
    comparison: pl.DataFrame | None,
    named: str | None,
    profile: Profile,
    found: _Found,
) -> None:
    kept = months.without_start(counted, start)
    if comparison is not None:
        kept = kept.join(comparison.select("month"), on="month", how="semi")
        comparison = comparison.join(kept.select("month"), on="month", how="semi")
        why = series.too_little(comparison, start)
        if why is not None:
            found.refuse("comparison series", why)
            return
    why = series.too_little(kept, start)
    if why is not None:
        found.refuse(measure, why)
        return
    used, unusable = months.told_apart(kept["month"].to_list(), start, changes)
    fitted = series.fit(kept, start, changes=used, people=people, comparison=comparison)
    found.parts.append(series.series_rows(fitted, measure))
    words = None
    if comparison is not None:
        words = (
            named.replace("_", " ") + " incidents"
            if named in CLASSES and named
            else "the comparison series"
        )
    found.sentences.append(series.sentence(fitted, SERIES[measure], start, words))
    title = f"{SERIES[measure].capitalize()} by month"
    found.pictures[measure] = charts.series_chart(
        fitted.months, start, title, profile.publish.threshold
    )
    for day in unusable:
        found.cautions.append(
            f"{SERIES[measure]}: a known change on {day} is too near the start, or too near an end, to be told apart"
            " from what is estimated."
        )


def _plan(
    workspace: Workspace, tables: Frames, profile: Profile, start: date | None, found: _Found
) -> None:
    known = incident_days(tables["incident"]).collect(engine="streaming")
    since, until = _extent(profile, known)
    spans = months.whole_months(since, until)
    counted = _of_class(workspace, known, "intimate_partner", spans)
    given = None
    if "notification" in tables:
        rows = notices.of_persons(
            tables["notification"],
            pl.LazyFrame(
                schema={"record_table": pl.String, "record_id": pl.Int64, "person_id": pl.String}
            ),
        )
        given = notices.delivered(rows)["notified_on"]
    first = given.min() if given is not None and len(given) else None
    began = start or (first if isinstance(first, date) else None)
    if began is None:
        last = spans.max()
        if not isinstance(last, date):
            found.refuse("plan", "the data hold no whole month")
            return
        began = until
        found.cautions.append(
            f"No start is known: the plan takes the end of the data, {until}. --start names another."
        )
    before = counted.filter(pl.col("month") < began.replace(day=1))
    if before.height < months.LEAST_MONTHS:
        found.refuse(
            "ipv_incidents",
            f"{before.height} whole months before the start: at least {months.LEAST_MONTHS} are needed",
        )
    elif _mean(before) < months.LEAST_MEAN:
        found.refuse(
            "ipv_incidents",
            f"{_mean(before):.1f} a month on average: at least {months.LEAST_MEAN} are needed",
        )
    else:
        found.parts.append(plan.series_plan(before, began, "ipv_incidents"))
    if given is not None and len(given):
        length = max(1.0, (until - began).days / 30.4375)
        found.parts.append(plan.notice_plan(len(given) / length, began))
    found.cautions.append(
        "Power by the normal approximation on (negative binomial) counts, with the dispersion of the months before and"
        " a level that stays: a trend or a recording change makes less visible."
    )


def _mean(counted: pl.DataFrame) -> float:
    return float(counted["count"].sum()) / max(1, counted.height)
