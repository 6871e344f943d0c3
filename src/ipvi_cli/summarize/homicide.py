"""Homicides: who was killed by whom, and what had been known of the two before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.model.incidents import one_per_incident
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import DIMENSIONS, NOBODY, PART, VICTIMS, victim_bits
from ipvi_cli.summarize.keyed import KEY, keyed
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

MURDER: Final = "09A"
"""NIBRS offence code of murder and nonnegligent manslaughter."""

_ORDER: Final = (
    "intimate_partner", "undetermined", "other_family", "other_domestic", "known_not_domestic", "stranger",
)  # fmt: skip
"""Classes of a victim by the pairs; the first that holds."""

_HOMICIDE: Final = (
    "homicides", "partner", "open", "female_adults", "female_partner", "female_open",
)  # fmt: skip
_DYAD: Final = ("dyads", "prior", "prior_blank", "ordered", "order_blank")
_KILLER: Final = ("killers", "arrested", "person_blank")
_ADULT: Final = 18


def homicides(scene: Scene) -> Iterable[Level]:
    """Give each victim of a homicide, each such incident between partners, and each pair and offender of these."""
    offences = _counted(scene, "offense").filter(pl.col("offense_code") == MURDER)
    keys = offences.select(keyed()).unique().collect(engine="streaming")[KEY].drop_nulls()
    if keys.is_empty():
        scene = _without_rows(scene)
    incidents = _incidents(scene, keys)
    pairs = _pairs(scene, keys, incidents)
    victims = _victims(pairs)
    yield Level("homicide", victims, _HOMICIDE, unit="_unit")
    by_class = victims.select(*DIMENSIONS, VICTIMS, KEY, "_unit", pl.col("class").alias(PART), n=1)
    yield Level("homicide_class", by_class, ("n",), unit="_unit")
    between = incidents.filter("partner")
    suicide = pl.col("homicide_suicide")
    yield Level(
        "homicide_incident",
        between.with_columns(
            n=1, suicide=suicide.fill_null(False), suicide_blank=suicide.is_null()
        ),
        ("n", "suicide", "suicide_blank"),
    )
    partners = pairs.filter(pl.col("relationship_class") == "intimate_partner")
    named = _named(scene, partners)
    dyads = _with_orders(scene, _with_contact(scene, named))
    yield Level("dyad", dyads, _DYAD, unit="_pair")
    yield Level("killer", _killers(scene, named), _KILLER, unit="_offender")


def _without_rows(scene: Scene) -> Scene:
    """Spare the reading of tables of which nothing would be kept."""

    def none_of(frame: pl.LazyFrame | None) -> pl.LazyFrame | None:
        return None if frame is None else frame.head(0)

    return replace(
        scene,
        tables={name: table.head(0) for name, table in scene.tables.items()},
        pairs=none_of(scene.pairs),
        incidents=none_of(scene.incidents),
        persons=none_of(scene.persons),
    )


def _counted(scene: Scene, table: str) -> pl.LazyFrame:
    return scene.tables[table].filter(pl.col("row_fate").is_in(COUNTED_FATES))


def _incidents(scene: Scene, keys: pl.Series) -> pl.DataFrame:
    dated_by = scene.dated_by("incident")
    day = pl.lit(None, pl.Date) if dated_by is None else pl.col(dated_by)
    among = pl.col(KEY).is_in(keys.implode())
    opened = scene.tables["incident"].with_columns(keyed()).filter(among).drop(KEY)
    suicide = scene.has("incident.homicide_suicide")
    rows = (
        one_per_incident(opened)
        .select(
            keyed(),
            (day.dt.year() * 12 + day.dt.month() - 1).cast(pl.Int32).alias("month"),
            "agency",
            "district",
            day.alias("day"),
            pl.col("homicide_suicide")
            if suicide
            else pl.lit(None, pl.Boolean).alias("homicide_suicide"),
            pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
        )
        .collect()
    )
    assert scene.incidents is not None
    partner = pl.col("in_denominator") & (pl.col("incident_class") == "intimate_partner")
    classes = scene.incidents.select(keyed(), partner.alias("partner")).filter(among)
    return rows.join(classes.collect(engine="streaming"), on=KEY, how="left").with_columns(
        pl.col("partner").fill_null(False)
    )


def _pairs(scene: Scene, keys: pl.Series, incidents: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs of homicides with what the victim is."""
    assert scene.pairs is not None
    among = pl.col(KEY).is_in(keys.implode())
    pairs = scene.pairs.select(
        keyed(), keyed("victim_id", "_victim"), keyed("offender_id", "_offender"), keyed("pair_id", "_pair"),
        "relationship_class",
    ).filter(among, pl.col("relationship_class") != "not_applicable")  # fmt: skip
    rows = pairs.collect(engine="streaming").join(incidents.drop(VICTIMS), on=KEY, how="inner")
    victims = pl.DataFrame(
        schema={"_victim": pl.UInt64, VICTIMS: pl.UInt16, "female_adult": pl.Boolean}
    )
    if "victim" in scene.tables:
        female = (pl.col("sex") == "F") & (pl.col("age_years") >= _ADULT)
        told = _counted(scene, "victim").select(
            keyed(),
            keyed("victim_id", "_victim"),
            victim_bits(),
            female.fill_null(False).alias("female_adult"),
        )
        found = told.filter(among).drop(KEY).collect(engine="streaming")
        victims = found.group_by("_victim").agg(pl.col(VICTIMS).min(), pl.col("female_adult").any())
    return rows.join(victims, on="_victim", how="left").with_columns(
        pl.col(VICTIMS).fill_null(NOBODY), pl.col("female_adult").fill_null(False)
    )


def _victims(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give each victim once; who is not named is another one in each incident."""
    place = {name: order for order, name in enumerate(_ORDER)}
    order = pl.col("relationship_class").replace_strict(place, return_dtype=pl.Int8)
    each = pairs.with_columns(order.alias("order"), pl.coalesce("_victim", KEY).alias("_unit"))
    once = each.group_by("_unit").agg(
        *(pl.col(name).first() for name in (KEY, *DIMENSIONS, VICTIMS)),
        pl.col("order").min(),
        pl.col("female_adult").any(),
    )
    of_class = pl.col("order").replace_strict(dict(enumerate(_ORDER)), return_dtype=pl.String)
    partner, open_ = pl.col("order") == 0, pl.col("order") == 1
    female = pl.col("female_adult")
    return once.with_columns(
        of_class.alias("class"),
        pl.lit(1).alias("homicides"),
        partner.alias("partner"),
        open_.alias("open"),
        female.alias("female_adults"),
        (female & partner).alias("female_partner"),
        (female & open_).alias("female_open"),
    )


def _named(scene: Scene, partners: pl.DataFrame) -> pl.DataFrame:
    """Bring the persons of a pair beside it, where persons were linked, and the agency's numbers of the two."""
    named = partners
    for role in ("victim", "offender"):
        key = f"_{role}"
        schema = {key: pl.UInt64, f"{role}_person": pl.String, f"{role}_number": pl.String}
        found = pl.DataFrame(schema=schema)
        if role in scene.tables:
            numbered = scene.has(f"{role}.person_number")
            number = pl.col("person_number") if numbered else pl.lit(None, pl.String)
            rows = _counted(scene, role).select(
                keyed(f"{role}_id", key), "record_id", number.alias(f"{role}_number")
            )
            wanted = rows.filter(pl.col(key).is_in(partners[key].implode())).collect(
                engine="streaming"
            )
            found = wanted.join(_persons_of(scene, role), on="record_id", how="left").rename(
                {"person_id": f"{role}_person"}
            )
            found = found.group_by(key).agg(
                pl.col(f"{role}_person", f"{role}_number").drop_nulls().sort().first()
            )
        named = named.join(found, on=key, how="left")
    return named


def _persons_of(scene: Scene, table: str) -> pl.DataFrame:
    if scene.persons is None:
        return pl.DataFrame(schema={"record_id": pl.Int64, "person_id": pl.String})
    of_table = scene.persons.filter(pl.col("record_table") == table)
    return of_table.select("record_id", pl.col("person_id").cast(pl.String)).collect()


def _with_contact(scene: Scene, named: pl.DataFrame) -> pl.DataFrame:
    """Say of each pair whether an earlier incident has both persons, whatever they were in it."""
    blank = pl.col("victim_person").is_null() | pl.col("offender_person").is_null()
    persons = pl.concat([named["victim_person"], named["offender_person"]]).drop_nulls().unique()
    seen = [
        _persons_of(scene, role)
        .filter(pl.col("person_id").is_in(persons.implode()))
        .lazy()
        .join(_counted(scene, role).select("record_id", keyed(name="_at")), on="record_id")
        .select("person_id", "_at")
        for role in ("victim", "offender")
        if role in scene.tables
    ]
    contacts = pl.concat(seen).unique().collect(engine="streaming")
    days = _days(scene, contacts["_at"])
    both = (
        named.select("_pair", "day", "victim_person", "offender_person")
        .join(contacts, left_on="victim_person", right_on="person_id")
        .join(contacts, left_on=["offender_person", "_at"], right_on=["person_id", "_at"])
        .join(days, on="_at")
    )
    earlier = both.filter(pl.col("on") < pl.col("day"))["_pair"]
    prior = pl.col("_pair").is_in(earlier.implode())
    return named.with_columns(
        pl.lit(1).alias("dyads"), prior.alias("prior"), (blank & ~prior).alias("prior_blank")
    )


def _days(scene: Scene, keys: pl.Series) -> pl.DataFrame:
    dated_by = scene.dated_by("incident")
    day = pl.lit(None, pl.Date) if dated_by is None else pl.col(dated_by)
    rows = _counted(scene, "incident").select(keyed(name="_at"), day.alias("on"))
    among = rows.filter(pl.col("_at").is_in(keys.implode())).collect(engine="streaming")
    return among.group_by("_at").agg(pl.col("on").drop_nulls().first())


def _with_orders(scene: Scene, named: pl.DataFrame) -> pl.DataFrame:
    """Say of each pair whether an order protected the one from the other on the day."""
    numbers = {
        "protected_person_number": "victim_number",
        "respondent_person_number": "offender_number",
    }
    blank = pl.any_horizontal(pl.col(list(numbers.values())).is_null())
    if not all(scene.has(f"order.{name}") for name in numbers):
        return named.with_columns(pl.lit(False).alias("ordered"), pl.lit(True).alias("order_blank"))
    orders = _counted(scene, "order").select(
        "agency",
        "issued_on",
        "expires_on",
        *(pl.col(name).alias(to) for name, to in numbers.items()),
    )
    known = named.filter(~blank).select("_pair", "agency", "day", *numbers.values())
    both = orders.join(known.lazy(), on=["agency", *numbers.values()]).collect(engine="streaming")
    begun = both.filter(pl.col("issued_on") <= pl.col("day"))
    held = pl.col("_pair").is_in(
        begun.filter(pl.col("expires_on") >= pl.col("day"))["_pair"].implode()
    )
    endless = pl.col("_pair").is_in(begun.filter(pl.col("expires_on").is_null())["_pair"].implode())
    return named.with_columns(
        held.alias("ordered"), ((blank | endless) & ~held).alias("order_blank")
    )


def _killers(scene: Scene, named: pl.DataFrame) -> pl.DataFrame:
    """Give each offender once, and whether the person was arrested before the day."""
    once = named.filter(pl.col("_offender").is_not_null()).unique(
        "_offender", keep="first", maintain_order=True
    )
    arrests = []
    for table, day in (("arrest", "arrested_on"), ("history", "happened_on")):
        if table in scene.tables:
            rows = _counted(scene, table)
            if table == "history":
                rows = rows.filter(pl.col("event_kind") == "arrest")
            of_persons = _persons_of(scene, table).filter(
                pl.col("person_id").is_in(once["offender_person"].drop_nulls().implode())
            )
            dated = rows.select("record_id", pl.col(day).alias("on"))
            arrests.append(of_persons.lazy().join(dated, on="record_id").select("person_id", "on"))
    before = pl.Series("_offender", [], pl.UInt64)
    if arrests:
        each = pl.concat(arrests).collect(engine="streaming")
        both = once.join(each, left_on="offender_person", right_on="person_id")
        before = both.filter(pl.col("on") < pl.col("day"))["_offender"]
    arrested = pl.col("_offender").is_in(before.implode())
    return once.with_columns(
        pl.lit(1).alias("killers"),
        arrested.alias("arrested"),
        pl.col("offender_person").is_null().alias("person_blank"),
    )
