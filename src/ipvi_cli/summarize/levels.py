"""Incidents, pairs, victims and offenders with what is counted of each: one reading for all figures of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.incidents import one_per_incident
from ipvi_cli.model.tables import COUNTED_FATES, FATES
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
from ipvi_cli.summarize.keyed import KEY, alike, beside, bits_of, held_by, keyed
from ipvi_cli.summarize.level import Level

SIZE: Final = 2_000_000
"""Incidents that are looked at together: some 500 MB."""

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

MAJOR_INJURIES: Final = ("B", "I", "L", "O", "T", "U")
"""NIBRS data element 33 without minor and none."""

_NOT_PERSONS: Final = ("B", "F", "G", "R", "S", "O")
_FIREARMS: Final = ("11", "12", "13", "14", "15")
_WEAPONS: Final = (*_FIREARMS, "20", "30", "35", "50", "60", "65", "70", "85")
"""NIBRS data element 13 but for personal weapons (40), other (90), unknown (95) and none (99)."""

_CODED, _WEAPON_STATED, _WEAPON, _FIREARM = 1, 2, 4, 8

_INCIDENT: Final = (
    "incidents", "offender_unknown", "repeated", "implausible", "domestic", "unflagged", "denominator", "partner",
    "undetermined", "timed", "untimed", "coded", "uncoded", "weapon_blank", "weapon", "firearm",
)  # fmt: skip
_PAIR: Final = (
    "pairs", "stated", "undetermined", "required", "blank", "conflict", "partner", "former", "uncoded",
)  # fmt: skip
_VICTIM: Final = ("persons", "injury_blank", "injured", "major")
_ROLE: Final = ("under_18", "age_unknown")
ROLES: Final = ("victim", "offender")
_READ: Final = ("incident", "offense", *ROLES)


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
    """

    tables: Frames
    pairs: pl.LazyFrame | None
    incidents: pl.LazyFrame
    implausible: pl.Series
    dated_by: str | None
    agencies: frozenset[str]
    aged: Collection[str]


def levels(delivery: Delivery, progress: Progress | None = None) -> dict[str, Cells]:
    """Count everything that figures of incidents and persons are made of.

    Args:
        delivery: A delivery that has incidents.
        progress: Told how far it is.

    Returns:
        The counts of each level by its name; a level whose tables are not there is absent.
    """
    fates = _fates(delivery.tables)
    parts = -(-sum(fates["incident"].values()) // SIZE) or 1
    made: dict[str, list[Cells]] = {}
    for part in range(parts):
        if progress is not None:
            progress("figures", part, parts)
        for level in _Part(delivery, fates, part, parts).levels():
            made.setdefault(level.name, []).append(count(level.frame, level.measures))
    whole = {name: merged(cells) for name, cells in made.items()}
    agencies = delivery.agencies.union(whole["incident"].places["agency"].drop_nulls())
    return {
        name: replace(cells, several_agencies=len(agencies) > 1) for name, cells in whole.items()
    }


def _fates(tables: Frames) -> dict[str, dict[str, int]]:
    """Count the rows of each table by what became of them; where all feed counts none need be left out."""
    named = [name for name in _READ if name in tables]
    each = [(pl.col("row_fate") == fate).sum().alias(fate) for fate in FATES]
    counts = pl.collect_all([tables[name].select(each) for name in named], engine="streaming")
    return {
        name: {fate: rows for fate, rows in frame.row(0, named=True).items() if rows}
        for name, frame in zip(named, counts, strict=True)
    }


class _Part:
    """The levels of some of the incidents; small enough to be joined in memory."""

    def __init__(
        self, delivery: Delivery, fates: Mapping[str, Mapping[str, int]], part: int, parts: int
    ) -> None:
        self.delivery = delivery
        self.fates = fates
        self.part = part
        self.parts = parts

    def levels(self) -> Iterable[Level]:
        victims = self._victims()
        incidents = self._incidents(victims)
        offences = self._offences()
        partner = pl.col("partner")
        yield Level("hour", _by_hour(incidents.filter("timed")), ("n",))
        if offences is None:
            bits = pl.repeat(None, incidents.height, dtype=pl.UInt8, eager=True)
        else:
            bits = bits_of(offences, "bits", incidents[KEY])
        yield Level("incident", _with_offences(incidents, bits), _INCIDENT)
        place = incidents.select(KEY, *DIMENSIONS, VICTIMS, "partner")
        if offences is not None:
            coded = beside(offences.filter(pl.col(PART).is_not_null()), place).filter(partner)
            if not alike(offences[KEY], incidents[KEY]):
                coded = coded.filter(pl.struct(KEY, PART).hash().is_first_distinct())
            yield Level("offense", coded.with_columns(n=1), ("n",))
        if self.delivery.pairs is None:
            return
        pairs = self._pairs(self.delivery.pairs, place, victims)
        yield Level("pair", pairs, _PAIR)
        for name, of in (("reason", "undetermined"), ("tie", "partner")):
            parts = pairs.filter(pl.col(of)).select(
                *DIMENSIONS, VICTIMS, pl.col(name).alias(PART), n=1
            )
            yield Level(name, parts, ("n",))
        partners = pairs.filter(partner)
        # The persons of an incident's only pair are in no other.
        each = _named if alike(pairs[KEY], place[KEY]) else _each
        yield Level("victim", each(partners, "_victim"), _VICTIM)
        roles = [
            each(partners, f"_{role}").select(
                *DIMENSIONS, VICTIMS, pl.lit(role).alias(PART),
                pl.col(f"{role}_under_18").alias("under_18"),
                pl.col(f"{role}_under_18").is_null().alias("age_unknown"),
            )
            for role in ROLES
            if role in self.delivery.aged
        ]  # fmt: skip
        if roles:
            yield Level("role", pl.concat(roles), _ROLE)

    def _of_part(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        frame = frame.with_columns(keyed())
        return frame.filter(pl.col(KEY) % self.parts == self.part) if self.parts > 1 else frame

    def _table(self, name: str) -> pl.LazyFrame | None:
        table = self.delivery.tables.get(name)
        if table is None:
            return None
        if not self.fates[name].keys() <= set(COUNTED_FATES):
            table = table.filter(pl.col("row_fate").is_in(COUNTED_FATES))
        return self._of_part(table)

    def _incidents(self, victims: pl.DataFrame | None) -> pl.DataFrame:
        table = self._of_part(self.delivery.tables["incident"])
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
        ).collect(engine="streaming")
        of_class, counted = pl.col("incident_class"), pl.col("in_denominator")
        classes = (
            self._of_part(self.delivery.incidents)
            .select(
                KEY,
                counted.alias("denominator"),
                (counted & (of_class == "intimate_partner")).alias("partner"),
                (counted & (of_class == "undetermined")).alias("undetermined"),
                (counted & pl.col("undetermined_unflagged")).alias("unflagged"),
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
        frame = self._table(table)
        if frame is None:
            return pl.Series(KEY, [], pl.UInt64)
        return frame.filter(which).select(KEY).collect(engine="streaming")[KEY]

    def _victims(self) -> pl.DataFrame | None:
        frame = self._table("victim")
        if frame is None:
            return None
        injuries = pl.col("injury_codes").list
        return (
            frame.filter(pl.col("victim_type").is_in(_NOT_PERSONS).fill_null(False).not_())
            .select(
                KEY,
                keyed("victim_id", "_victim"),
                victim_bits(),
                (injuries.len() > 0).fill_null(False).not_().alias("injury_blank"),
                injuries.agg((pl.element() != "N").any()).alias("injured"),
                injuries.agg(pl.element().is_in(MAJOR_INJURIES).any()).alias("major"),
            )
            .collect(engine="streaming")
        )

    def _offences(self) -> pl.DataFrame | None:
        frame = self._table("offense")
        if frame is None:
            return None
        weapons = pl.col("weapon_codes").list
        kinds = {
            _CODED: pl.col("offense_code").is_not_null(),
            _WEAPON_STATED: weapons.agg((pl.element().str.head(2) != "95").any()),
            _WEAPON: weapons.agg(pl.element().str.head(2).is_in(_WEAPONS).any()),
            _FIREARM: weapons.agg(pl.element().str.head(2).is_in(_FIREARMS).any()),
        }
        bits = pl.sum_horizontal(
            kind.fill_null(False).cast(pl.UInt8) * bit for bit, kind in kinds.items()
        )
        return frame.select(
            KEY, pl.col("offense_code").cast(pl.Categorical).alias(PART), bits.cast(pl.UInt8).alias("bits")
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
            self._of_part(pairs)
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


def _by_hour(incidents: pl.DataFrame) -> pl.DataFrame:
    """Name the hour and weekday; by month or district there would be more cells than incidents."""
    hour, weekday = pl.col("clock") // 7, pl.col("clock") % 7
    names = weekday.replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String)
    label = pl.concat_str(hour.cast(pl.String).str.zfill(2), names, separator="/")
    clocks = incidents.lazy().group_by("agency", "clock").agg(n=pl.len())
    cells = clocks.collect(engine="streaming")
    return cells.select(
        pl.lit(None, pl.Int32).alias("month"),
        "agency",
        pl.lit(None, pl.String).alias("district"),
        pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
        label.alias(PART),
        "n",
    )


def _with_offences(incidents: pl.DataFrame, bits: pl.Series) -> pl.DataFrame:
    def has(bit: int) -> pl.Expr:
        return pl.col("bits") & bit != 0

    partner = pl.col("partner")
    return incidents.with_columns(bits.fill_null(0).alias("bits")).with_columns(
        (partner & has(_CODED)).alias("coded"),
        (partner & ~has(_CODED)).alias("uncoded"),
        (partner & ~has(_WEAPON_STATED)).alias("weapon_blank"),
        (partner & has(_WEAPON)).alias("weapon"),
        (partner & has(_FIREARM)).alias("firearm"),
    )


def _once(victims: pl.DataFrame) -> pl.DataFrame:
    """Bring the rows of a victim together: what is known before what is not, whatever the order of the rows."""
    return victims.group_by("_victim").agg(
        # The bits of what is unknown are the highest of their kind.
        pl.col(VICTIMS).min(),
        pl.col("injury_blank").all(),
        pl.col("injured", "major").any(),
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
