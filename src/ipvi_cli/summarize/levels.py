"""Incidents, pairs, victims and offenders with what is counted of each: one reading for all figures of persons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.incidents import one_per_incident
from ipvi_cli.model.tables import COUNTED_FATES, FATES
from ipvi_cli.summarize.arrests import arrests, of_arrests
from ipvi_cli.summarize.cells import (
    DIMENSIONS,
    NOBODY,
    PART,
    VICTIMS,
    Cells,
    count,
    merged,
    victim_bits,
)
from ipvi_cli.summarize.detail import of_partners
from ipvi_cli.summarize.identifiers import NOT_PERSONS
from ipvi_cli.summarize.keyed import KEY, alike, beside, bits_of, held_by, keyed
from ipvi_cli.summarize.level import Level
from ipvi_cli.summarize.offences import offence_bits, with_offences

SIZE: Final = 2_000_000
"""Incidents that are looked at together: some 500 MB."""

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

MAJOR_INJURIES: Final = ("B", "I", "L", "O", "T", "U")
"""NIBRS data element 33 without minor and none."""

_MORE_OF_INCIDENTS: Final = ("clearance", "strangulation", "children_present", "homicide_suicide")
"""Columns that few figures look at; they are read where they are filled."""

_INCIDENT: Final = (
    "incidents", "offender_unknown", "repeated", "implausible", "domestic", "unflagged", "denominator", "partner",
    "undetermined", "timed", "untimed", "coded", "uncoded", "weapon_blank", "weapon", "firearm",
)  # fmt: skip
_PAIR: Final = (
    "pairs", "stated", "undetermined", "required", "blank", "conflict", "partner", "former", "uncoded",
)  # fmt: skip
_VICTIM: Final = ("persons", "injury_blank", "injured", "major")
_ROLE: Final = ("under_18", "age_unknown")
_RESIDENT: Final = ("adult", "adult_open")
ROLES: Final = ("victim", "offender")
_READ: Final = ("incident", "offense", *ROLES, "arrest", "charge")


@dataclass(frozen=True)
class Delivery:
    """What the levels are made of.

    Attributes:
        tables: Canonical tables, all rows.
        pairs: Classified pairs.
        incidents: Classified incidents.
        implausible: Incidents of the findings on ages, one row for each finding.
        dated_by: Column that says in which month an incident is, or ``None``.
        agencies: Agencies that are declared.
        aged: Which of ``ROLES`` have ages.
        has: Says whether a column such as ``offense.grade`` is filled.
        traced: Whether each pair keeps its key, so that it can be named.
    """

    tables: Frames
    pairs: pl.LazyFrame | None
    incidents: pl.LazyFrame
    implausible: pl.Series
    dated_by: str | None
    agencies: frozenset[str]
    aged: Collection[str]
    has: Callable[[str], bool]
    traced: bool = False


def levels(delivery: Delivery, progress: Progress | None = None) -> dict[str, Cells]:
    """Count everything that figures of incidents and persons are made of.

    Args:
        delivery: A delivery that has incidents.
        progress: Told how far it is.

    Returns:
        The counts of each level by its name; a level whose tables are not there is absent.
    """
    made: dict[str, list[Cells]] = {}
    for level in each_level(delivery, progress):
        made.setdefault(level.name, []).append(count(level.frame, level.measures))
    whole = {name: merged(cells) for name, cells in made.items()}
    agencies = delivery.agencies.union(whole["incident"].places["agency"].drop_nulls())
    return {
        name: replace(cells, several_agencies=len(agencies) > 1) for name, cells in whole.items()
    }


def each_level(delivery: Delivery, progress: Progress | None = None) -> Iterable[Level]:
    """Give everything that is counted of incidents and persons one by one, some of the incidents after others."""
    fates = _fates(delivery.tables)
    parts = -(-sum(fates["incident"].values()) // SIZE) or 1
    sliced = parts > 1 and _lies_alike(delivery, fates)
    for part in range(parts):
        if progress is not None:
            progress("figures", part, parts)
        yield from Part(delivery, fates, part, parts, sliced=sliced).levels()


def _lies_alike(delivery: Delivery, fates: Mapping[str, Mapping[str, int]]) -> bool:
    """Say whether every table has one row for each incident, all in the same order: then a part is a slice of each."""
    frames = [*(delivery.tables[name] for name in fates), delivery.incidents]
    if delivery.pairs is not None:
        frames.append(delivery.pairs)
    heights = pl.collect_all([frame.select(pl.len()) for frame in frames], engine="streaming")
    if any(of.keys() != {"new"} for of in fates.values()) or not all(
        map(heights[0].equals, heights)
    ):
        return False
    keys = (frame.select(keyed()).collect(engine="streaming")[KEY] for frame in frames)
    first = next(keys)
    return all(alike(first, others) for others in keys)


def _fates(tables: Frames) -> dict[str, dict[str, int]]:
    """Count the rows of each table by what became of them; where all feed counts none need be left out."""
    named = [name for name in _READ if name in tables]
    each = [(pl.col("row_fate") == fate).sum().alias(fate) for fate in FATES]
    counts = pl.collect_all([tables[name].select(each) for name in named], engine="streaming")
    return {
        name: {fate: rows for fate, rows in frame.row(0, named=True).items() if rows}
        for name, frame in zip(named, counts, strict=True)
    }


class Part:
    """The levels of some of the incidents; small enough to be joined in memory."""

    def __init__(
        self,
        delivery: Delivery,
        fates: Mapping[str, Mapping[str, int]],
        part: int,
        parts: int,
        *,
        sliced: bool,
    ) -> None:
        self.delivery = delivery
        self.fates = fates
        self.part = part
        self.parts = parts
        self.sliced = sliced

    def levels(self) -> Iterable[Level]:
        """Give what is counted of the incidents of this part."""
        victims = self._victims()
        opened = self._incidents(victims)
        offences = self._offences()
        yield Level("hour", _by_hour(opened.filter("timed"), each=self.delivery.traced), ("n",))
        if offences is None:
            bits = pl.repeat(None, opened.height, dtype=pl.UInt16, eager=True)
        else:
            bits = bits_of(offences, "bits", opened[KEY])
        incidents = with_offences(opened, bits)
        yield Level("incident", incidents, _INCIDENT)
        place = incidents.select(KEY, *DIMENSIONS, VICTIMS, "partner")
        if offences is not None:
            coded = beside(offences.filter(pl.col(PART).is_not_null()), place).filter("partner")
            if not alike(offences[KEY], incidents[KEY]):
                coded = coded.filter(pl.struct(KEY, PART).hash().is_first_distinct())
            yield Level("offense", coded.with_columns(n=1), ("n",))
        pairs = None
        if self.delivery.pairs is not None:
            pairs = self._pairs(self.delivery.pairs, place, victims)
            yield from self._of_pairs(pairs, place)
        arrested = arrests(self, incidents)
        yield from of_arrests(self, incidents, arrested)
        yield from of_partners(self, incidents, arrested, pairs)

    def _of_pairs(self, pairs: pl.DataFrame, place: pl.DataFrame) -> Iterable[Level]:
        yield Level("pair", pairs, _PAIR, unit="_pair")
        for name, of in (("reason", "undetermined"), ("tie", "partner")):
            parts = pairs.filter(pl.col(of)).select(
                *_of_a_pair(pairs), pl.col(name).alias(PART), n=1
            )
            yield Level(name, parts, ("n",), unit="_pair")
        if "race" in pairs.columns:
            by_race = pairs.select(
                *_of_a_pair(pairs), pl.col("race").alias(PART), "pairs", "undetermined"
            )
            yield Level("race", by_race, ("pairs", "undetermined"), unit="_pair")
        partners = pairs.filter("partner")
        # The persons of an incident's only pair are in no other.
        each = _named if alike(pairs[KEY], place[KEY]) else _each
        yield Level("victim", each(partners, "_victim"), _VICTIM, unit="_victim")
        roles = [
            each(partners, f"_{role}").select(
                *DIMENSIONS, VICTIMS, KEY, pl.lit(role).alias(PART), pl.col(f"_{role}").alias("_person"),
                pl.col(f"{role}_under_18").alias("under_18"),
                pl.col(f"{role}_under_18").is_null().alias("age_unknown"),
            )
            for role in ROLES
            if role in self.delivery.aged
        ]  # fmt: skip
        if roles:
            yield Level("role", pl.concat(roles), _ROLE, unit="_person")
        if self.delivery.has("population.adults"):
            yield Level("resident", _residents(pairs), _RESIDENT, unit="_victim")

    def of_part(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Keep the rows of the incidents of this part, with their key."""
        if self.sliced:
            frame = frame.slice(self.part * SIZE, SIZE)
        frame = frame.with_columns(keyed())
        if self.parts == 1 or self.sliced:
            return frame
        # Every part reads the whole table.
        return frame.filter(pl.col(KEY) % self.parts == self.part)

    def table(self, name: str) -> pl.LazyFrame | None:
        """Give the rows of a table that feed counts, of the incidents of this part, with their key."""
        table = self.delivery.tables.get(name)
        if table is None:
            return None
        if not self.fates[name].keys() <= set(COUNTED_FATES):
            table = table.filter(pl.col("row_fate").is_in(COUNTED_FATES))
        return self.of_part(table)

    def _incidents(self, victims: pl.DataFrame | None) -> pl.DataFrame:
        table = self.of_part(self.delivery.tables["incident"])
        fates = self.fates["incident"]
        if "merged" in fates:
            opened = one_per_incident(table.drop(KEY)).with_columns(keyed())
        else:
            opened = table if fates.keys() == {"new"} else table.filter(pl.col("row_fate") == "new")
        dated_by = self.delivery.dated_by
        month = (
            pl.col(dated_by).dt.year() * 12 + pl.col(dated_by).dt.month() - 1
            if dated_by is not None
            else pl.lit(None, pl.Int32)
        )
        day, time = pl.col("occurred_on"), pl.col("occurred_time")
        rows = opened.select(
            KEY,
            month.cast(pl.Int32).alias("month"),
            pl.col("agency", "district").cast(pl.Categorical),
            (time.dt.hour().cast(pl.Int16) * 7 + day.dt.weekday() - 1).alias("clock"),
            pl.lit(None, pl.Date).alias("day")
            if dated_by is None
            else pl.col(dated_by).alias("day"),
            *(name for name in _MORE_OF_INCIDENTS if self.delivery.has(f"incident.{name}")),
        ).collect(engine="streaming")
        of_class, counted = pl.col("incident_class"), pl.col("in_denominator")
        flagged = ["dv_flag"] if self.delivery.has("incident.dv_flag") else []
        classes = (
            self.of_part(self.delivery.incidents)
            .select(
                KEY,
                counted.alias("denominator"),
                (counted & (of_class == "intimate_partner")).alias("partner"),
                (counted & (of_class == "undetermined")).alias("undetermined"),
                (counted & pl.col("undetermined_unflagged")).alias("unflagged"),
                (of_class == "undetermined").alias("open"),
                (of_class != "not_applicable").alias("applicable"),
                *(of_class.cast(pl.Categorical) for _ in flagged),
                *flagged,
            )
            .collect(engine="streaming")
        )
        known_clock = pl.col("clock").is_not_null()
        known = self._keys("offender", pl.col("offender_unknown").fill_null(False).not_())
        twice = table.filter(pl.col("row_fate") == "duplicate")
        repeated = pl.Series(KEY, [], pl.UInt64)
        if "duplicate" in fates:
            repeated = twice.select(KEY).collect(engine="streaming")[KEY].unique()
        ages = self.delivery.implausible.hash().alias(KEY).value_counts(name="implausible")
        rows = beside(rows, classes, how="left")
        rows = beside(rows, ages, how="left") if ages.height else rows.with_columns(implausible=0)
        # A join leaves the rows in any order, so this comes after the last one.
        bits = None if victims is None else bits_of(victims, VICTIMS, rows[KEY])
        return rows.with_columns(
            (pl.lit(NOBODY, pl.UInt16) if bits is None else bits.fill_null(NOBODY)).alias(VICTIMS),
            pl.lit(1).alias("incidents"),
            held_by(rows[KEY], known).not_().alias("offender_unknown"),
            held_by(rows[KEY], repeated).alias("repeated"),
            (pl.col("denominator") & ~pl.col("unflagged")).alias("domestic"),
            (pl.col("partner") & known_clock).alias("timed"),
            (pl.col("partner") & ~known_clock).alias("untimed"),
        )

    def _keys(self, table: str, which: pl.Expr) -> pl.Series:
        frame = self.table(table)
        if frame is None:
            return pl.Series(KEY, [], pl.UInt64)
        return frame.filter(which).select(KEY).collect(engine="streaming")[KEY]

    def _victims(self) -> pl.DataFrame | None:
        frame = self.table("victim")
        if frame is None:
            return None
        injuries = pl.col("injury_codes").list
        return (
            frame.filter(pl.col("victim_type").is_in(NOT_PERSONS).fill_null(False).not_())
            .select(
                KEY,
                keyed("victim_id", "_victim"),
                victim_bits(),
                *(
                    [pl.col("race").cast(pl.Categorical)]
                    if self.delivery.has("victim.race")
                    else []
                ),
                (injuries.len() > 0).fill_null(False).not_().alias("injury_blank"),
                injuries.agg((pl.element() != "N").any()).alias("injured"),
                injuries.agg(pl.element().is_in(MAJOR_INJURIES).any()).alias("major"),
            )
            .collect(engine="streaming")
        )

    def _offences(self) -> pl.DataFrame | None:
        frame = self.table("offense")
        if frame is None:
            return None
        return frame.select(
            KEY, pl.col("offense_code").cast(pl.Categorical).alias(PART), offence_bits(self.delivery.has)
        ).collect(engine="streaming")  # fmt: skip

    def _pairs(
        self, pairs: pl.LazyFrame, place: pl.DataFrame, victims: pl.DataFrame | None
    ) -> pl.DataFrame:
        of_class, reason, code = (
            pl.col(name) for name in ("relationship_class", "reason", "nibrs_code")
        )
        partner = of_class == "intimate_partner"
        pair = of_class != "not_applicable"
        undetermined = of_class == "undetermined"
        no_offender = (undetermined & (reason == "no_offender")).fill_null(False)
        rows = (
            self.of_part(pairs)
            .select(
                KEY,
                keyed("victim_id", "_victim"),
                keyed("offender_id", "_offender"),
                pair.alias("pairs"),
                (pair & ~undetermined).alias("stated"),
                undetermined.alias("undetermined"),
                (pair & ~no_offender).alias("required"),
                (undetermined & (reason == "missing")).alias("blank"),
                (pair & (pl.col("conflict").list.len() > 0)).alias("conflict"),
                partner.alias("partner"),
                (partner & code.is_in(["XS", "XR"])).alias("former"),
                (partner & code.is_null()).alias("uncoded"),
                pl.col("reason", "tie").cast(pl.Categorical),
                "victim_under_18",
                "offender_under_18",
                *([keyed("pair_id", "_pair")] if self.delivery.traced else []),
            )
            .collect(engine="streaming")
        )
        rows = beside(rows, place.drop(VICTIMS, "partner"))
        if victims is None:
            return rows.with_columns(
                pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
                pl.lit(True).alias("persons"),
                *(pl.lit(None, pl.Boolean).alias(name) for name in _VICTIM[1:]),
            )
        told = beside(rows, victims.drop(KEY), on="_victim", how="left")
        if told.height > rows.height:
            told = beside(rows, _once(victims), on="_victim", how="left")
        return told.with_columns(
            pl.col(VICTIMS).fill_null(NOBODY),
            pl.col("injury_blank").fill_null(True),
            pl.lit(True).alias("persons"),
        )


def _by_hour(incidents: pl.DataFrame, *, each: bool) -> pl.DataFrame:
    """Name the hour and weekday; by month or district there would be more cells than incidents.

    Args:
        incidents: Incidents whose hour and day are known.
        each: Whether each incident stays for itself.
    """
    hour, weekday = pl.col("clock") // 7, pl.col("clock") % 7
    names = weekday.replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String)
    named = pl.concat_str(hour.cast(pl.String).str.zfill(2), names, separator="/")
    if each:
        rows = incidents.with_columns(n=1)
    else:
        clocks = incidents.lazy().group_by("agency", "clock").agg(n=pl.len())
        rows = clocks.collect(engine="streaming").with_columns(pl.lit(None, pl.UInt64).alias(KEY))
    return rows.select(
        pl.lit(None, pl.Int32).alias("month"),
        "agency",
        pl.lit(None, pl.String).alias("district"),
        pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
        KEY,
        named.alias(PART),
        "n",
    )


def _once(victims: pl.DataFrame) -> pl.DataFrame:
    """Bring the rows of a victim together: what is known before what is not, whatever the order of the rows."""
    return victims.group_by("_victim").agg(
        # The bits of what is unknown are the highest of their kind.
        pl.col(VICTIMS).min(),
        pl.col("injury_blank").all(),
        pl.col("injured", "major").any(),
        *(pl.col(name).min() for name in victims.columns if name == "race"),
    )


def _of_a_pair(pairs: pl.DataFrame) -> list[str]:
    """Name what every count of pairs keeps."""
    return [*DIMENSIONS, VICTIMS, KEY, *(name for name in ("_pair",) if name in pairs.columns)]


def _residents(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give each victim of an intimate or undetermined tie once: an adult's and a partner's, for certain or perhaps."""
    of_any = _named(pairs.filter(pl.col("partner") | pl.col("undetermined")), "_victim")
    partner = pl.col("partner").any()
    young = pl.col("victim_under_18").first()
    return of_any.group_by("_victim", maintain_order=True).agg(
        *(pl.col(name).first() for name in (KEY, *DIMENSIONS)),
        pl.col(VICTIMS).bitwise_or(),
        (partner & (young.eq_missing(False))).alias("adult"),
        (young.fill_null(False).not_() & ~(partner & young.eq_missing(False))).alias("adult_open"),
    )


def _named(pairs: pl.DataFrame, person: str) -> pl.DataFrame:
    return pairs.filter(pl.col(person).is_not_null())


def _each(pairs: pl.DataFrame, person: str) -> pl.DataFrame:
    """Keep one pair of each person, with the groups of all victims of the person's pairs."""
    named = _named(pairs, person)
    first = named[person].is_first_distinct()
    if not first.all():
        groups = named.select(pl.col(VICTIMS).bitwise_or().over(person)).to_series()
        named = named.with_columns(groups)
    return named.filter(first)
