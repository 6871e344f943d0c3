"""Arrests of incidents and what became of them in court."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import DIMENSIONS, PART, VICTIMS
from ipvi_cli.summarize.keyed import KEY, beside, keyed
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.levels import Part

LINK: Final = "_link"
"""What an arrest and its charges share."""

_DECIDED: Final = ("convicted", "dismissed", "acquitted", "diverted", "other")
_IN_COURT: Final = (*_DECIDED, "pending")

CLOSED: Final = (*_DECIDED, "unknown")
"""Outcomes of arrests that are filed and no longer open; ``unknown`` may be any of the others."""

_GRADES: Final = {"violation": 1, "misdemeanor": 2, "felony": 3}

SENTENCE_DAYS: Final = (
    ("1-30", 1), ("31-90", 31), ("91-180", 91), ("181-365", 181), ("366+", 366),
)  # fmt: skip
"""Bands of days of a sentence with their shortest."""

_ARREST: Final = (
    "arrests", "before", "undated", "of_partner", "filed", "filing_blank", "closed", "outcome_blank", "convicted",
    "dismissed", "reduced", "grade_blank", "timed", "untimed", "disposed", "undisposed",
)  # fmt: skip
_CHARGE: Final = ("convictions", "jailed", "jail_blank")


@dataclass(frozen=True)
class Arrested:
    """Arrests of some incidents and their charges.

    Attributes:
        arrests: One row for each arrest, with what its incident and its charges are; ``None`` where there are none.
        charges: One row for each charge of these incidents; ``None`` where there are none.
    """

    arrests: pl.DataFrame | None
    charges: pl.DataFrame | None

    def incidents_with(self, what: str) -> pl.Series:
        """Give the keys of incidents with an ``arrest``, or with a charge that is ``filed`` or ``convicted``."""
        keys = pl.Series(KEY, [], pl.UInt64)
        if what == "arrest":
            return keys if self.arrests is None else self.arrests[KEY].unique()
        return keys if self.charges is None else self.charges.filter(what)[KEY].unique()


def arrests(part: Part, incidents: pl.DataFrame) -> Arrested:
    """Bring arrests and charges beside their incidents.

    Charges belong to an arrest by its number, where both tables give it, else to all arrests of the incident.

    Args:
        part: The incidents that are looked at.
        incidents: Their rows.
    """
    numbered = all(part.delivery.has(f"{name}.arrest_number") for name in ("arrest", "charge"))
    both = all(part.delivery.has(f"{name}.agency") for name in ("arrest", "charge"))
    number = (
        pl.concat_str("agency", pl.lit(":"), "arrest_number") if both else pl.col("arrest_number")
    )
    link = pl.when(number.is_not_null()).then(number.hash()) if numbered else pl.col(KEY)
    made = _arrests(part, incidents, link.alias(LINK))
    charges = _charges(part, incidents, link.alias(LINK), made if numbered else None)
    if made is not None:
        made = _with_outcome(made, charges)
    return Arrested(made, charges)


def of_arrests(part: Part, incidents: pl.DataFrame, arrested: Arrested) -> Iterable[Level]:
    """Give what is counted of arrests, of charges, and of how far incidents came."""
    made, charges = arrested.arrests, arrested.charges
    if made is not None:
        yield Level("arrest", made, _ARREST, unit="record_id", table="arrest")
        for name, days, timed in (
            ("arrest_days", "days", "timed"),
            ("disposition_days", "court_days", "disposed"),
        ):
            yield _parts(name, made.filter(timed), pl.col(days), "arrest")
        yield _parts("outcome", made.filter("of_partner"), pl.col("outcome"), "arrest")
    if charges is not None:
        partners = charges.filter("partner")
        yield Level("charge", _sentenced(partners), _CHARGE, unit="record_id", table="charge")
        convicted = partners.filter("convicted")
        kinds = [
            convicted.with_columns(
                pl.format("{}/{}", pl.lit(kind), _band(f"{kind}_days")).alias(PART)
            )
            for kind in ("jail", "probation")
        ]
        yield _parts("sentence", pl.concat(kinds), pl.col(PART), "charge")
    yield Level("stage", _stages(incidents, arrested), ("n", "open"))


def _parts(name: str, rows: pl.DataFrame, part: pl.Expr, table: str) -> Level:
    frame = rows.select(*DIMENSIONS, VICTIMS, KEY, "record_id", part.alias(PART), n=1)
    return Level(name, frame, ("n",), unit="record_id", table=table)


def _arrests(part: Part, incidents: pl.DataFrame, link: pl.Expr) -> pl.DataFrame | None:
    table = part.table("arrest")
    if table is None:
        return None
    persons = ["person_number"] if part.delivery.has("arrest.person_number") else []
    rows = table.select(
        KEY, "record_id", "arrested_on", link, keyed("offender_id", "_offender"),
        *(keyed(name, "_number") for name in persons),
    ).collect(engine="streaming")  # fmt: skip
    place = incidents.select(KEY, *DIMENSIONS, VICTIMS, "partner", "day")
    return beside(rows, place)


def _charges(
    part: Part, incidents: pl.DataFrame, link: pl.Expr, numbered: pl.DataFrame | None
) -> pl.DataFrame | None:
    """Read charges with their incident, their own or that of their arrest."""
    table = part.delivery.tables.get("charge")
    if table is None:
        return None
    group, filed = pl.col("disposition"), pl.lit(None, pl.Boolean)
    if part.delivery.has("charge.filed"):
        filed = pl.col("filed")
    implied = pl.when(group.is_in(_IN_COURT)).then(True).when(group == "declined").then(False)
    numbers = {
        "rank": (
            "grade",
            pl.col("grade").replace_strict(_GRADES, default=None, return_dtype=pl.Int8),
        ),
        "jail_days": ("jail_days", pl.col("jail_days")),
        "probation_days": ("probation_days", pl.col("probation_days")),
    }
    rows = (
        table.filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .with_columns(keyed())
        .select(
            KEY, "record_id", "disposition", "disposed_on", link, pl.coalesce(filed, implied).alias("filing"),
            *(
                (said if part.delivery.has(f"charge.{column}") else pl.lit(None, pl.Int64)).alias(name)
                for name, (column, said) in numbers.items()
            ),
        )
        .collect(engine="streaming")
    )  # fmt: skip
    if numbered is not None:
        known = (
            numbered.filter(pl.col(LINK).is_not_null())
            .group_by(LINK)
            .agg(pl.col(KEY).min().alias("_of"))
        )
        rows = rows.join(known, on=LINK, how="left").with_columns(
            pl.coalesce(KEY, "_of").alias(KEY)
        )
    place = incidents.select(KEY, *DIMENSIONS, VICTIMS, "partner")
    in_court = pl.col("filing").fill_null(True)
    return beside(rows, place).with_columns(
        pl.col("filing").fill_null(False).alias("filed"),
        (in_court & (group == "convicted")).fill_null(False).alias("convicted"),
        *((in_court & (group == name)).fill_null(False).alias(name) for name in (*_DECIDED[1:], "pending")),
        (in_court & group.is_null()).alias("unknown"),
    )  # fmt: skip


def _with_outcome(made: pl.DataFrame, charges: pl.DataFrame | None) -> pl.DataFrame:
    """Say of each arrest what became of its charges, all together."""
    partner = pl.col("partner")
    days = (pl.col("arrested_on") - pl.col("day")).dt.total_days()
    if charges is None:
        summary = pl.DataFrame(schema={LINK: pl.UInt64, **_SUMMARY})
    else:
        summary = _summary(charges)
    joined = made.join(summary, on=LINK, how="left", maintain_order="left")
    has = {
        name: pl.col(name).fill_null(False)
        for name, dtype in _SUMMARY.items()
        if dtype == pl.Boolean
    }
    outcome = (
        pl.when(has["pending"]).then(pl.lit("open"))
        .when(has["convicted"]).then(pl.lit("convicted"))
        .when(has["unknown"]).then(pl.lit("unknown"))
        .when(has["diverted"]).then(pl.lit("diverted"))
        .when(has["acquitted"]).then(pl.lit("acquitted"))
        .when(has["dismissed"]).then(pl.lit("dismissed"))
        .when(has["other"]).then(pl.lit("other"))
        .when(pl.col("stated").is_not_null()).then(pl.lit("not filed"))
        .otherwise(pl.lit("no charge"))
    )  # fmt: skip
    named = joined.with_columns(
        outcome.alias("outcome"),
        days.alias("days"),
        (pl.col("disposed_on") - pl.col("arrested_on")).dt.total_days().alias("court_days"),
    )
    closed = partner & pl.col("outcome").is_in(CLOSED)
    convicted = partner & (pl.col("outcome") == "convicted")
    lesser = convicted & (pl.col("convicted_rank") < pl.col("rank")).fill_null(False)
    timed = (pl.col("days") >= 0).fill_null(False)
    disposed = closed & (pl.col("court_days") >= 0).fill_null(False)
    return named.with_columns(
        pl.lit(1).alias("arrests"),
        (pl.col("days") < 0).fill_null(False).alias("before"),
        pl.col("days").is_null().alias("undated"),
        partner.alias("of_partner"),
        (partner & has["filed"]).alias("filed"),
        (partner & ~has["filed"] & ~has["stated"]).alias("filing_blank"),
        closed.alias("closed"),
        (closed & (pl.col("outcome") == "unknown")).alias("outcome_blank"),
        convicted.alias("convicted"),
        (closed & (pl.col("outcome") == "dismissed")).alias("dismissed"),
        lesser.alias("reduced"),
        (convicted & ~lesser & ~has["graded"]).alias("grade_blank"),
        (partner & timed).alias("timed"),
        (partner & ~timed).alias("untimed"),
        disposed.alias("disposed"),
        (closed & ~disposed).alias("undisposed"),
    )


_SUMMARY: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys((*_IN_COURT, "unknown", "filed", "stated", "graded"), pl.Boolean()),
    "rank": pl.Int64(),
    "convicted_rank": pl.Int64(),
    "disposed_on": pl.Date(),
}


def _summary(charges: pl.DataFrame) -> pl.DataFrame:
    decided = pl.any_horizontal(_DECIDED)
    return (
        charges.filter(pl.col(LINK).is_not_null())
        .group_by(LINK)
        .agg(
            pl.col(*_IN_COURT, "unknown", "filed").any(),
            pl.col("filing").is_not_null().all().alias("stated"),
            pl.col("rank").is_not_null().all().alias("graded"),
            pl.col("rank").max(),
            pl.col("rank").filter("convicted").max().alias("convicted_rank"),
            pl.col("disposed_on").filter(decided).max(),
        )
        .cast(pl.Schema(_SUMMARY))
    )


def _sentenced(charges: pl.DataFrame) -> pl.DataFrame:
    convicted = pl.col("convicted")
    return charges.with_columns(
        convicted.alias("convictions"),
        (convicted & (pl.col("jail_days") > 0).fill_null(False)).alias("jailed"),
        (convicted & pl.col("jail_days").is_null()).alias("jail_blank"),
    )


def _band(days: str) -> pl.Expr:
    label = pl.lit("unknown")
    for name, shortest in (("none", 0), *SENTENCE_DAYS):
        label = pl.when(pl.col(days) >= shortest).then(pl.lit(name)).otherwise(label)
    return label


def _stages(incidents: pl.DataFrame, arrested: Arrested) -> pl.DataFrame:
    """Give each incident once for each stage that it came to, all domestic ones and those between partners."""
    stages = {
        "2 incidents": pl.lit(True),
        "3 with an arrest": pl.col(KEY).is_in(arrested.incidents_with("arrest").implode()),
        "4 with a filed charge": pl.col(KEY).is_in(arrested.incidents_with("filed").implode()),
        "5 with a conviction": pl.col(KEY).is_in(arrested.incidents_with("convicted").implode()),
    }
    asked = {"domestic": ("domestic", "unflagged"), "intimate_partner": ("partner", "undetermined")}
    looked_at = incidents.filter("denominator").select(
        *DIMENSIONS, VICTIMS, KEY, *(name for names in asked.values() for name in names)
    )
    reaching = []
    for stage, reached in stages.items():
        of_stage = looked_at.filter(reached)
        for of, (counted, doubt) in asked.items():
            reaching.append(
                of_stage.filter(pl.col(counted) | pl.col(doubt)).select(
                    *DIMENSIONS, VICTIMS, KEY, pl.lit(f"{of}/{stage}").cast(pl.Categorical).alias(PART),
                    pl.col(counted).cast(pl.Int64).alias("n"),
                    pl.col(doubt).cast(pl.Int64).alias("open"),
                )
            )  # fmt: skip
    return pl.concat(reaching)
