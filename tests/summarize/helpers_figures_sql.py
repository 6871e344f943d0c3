"""A made-up delivery of every table, and figures counted from it in plain SQL."""

from __future__ import annotations

import random
import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

CASES = Path(__file__).parent / "cases" / "figures_sql.toml"
PLACES = ("total", "year", "month", "agency", "district")
PERSONS = ("victim_sex", "victim_age")
CLASSES = ("intimate_partner", "other_family", "stranger", "undetermined", "not_applicable")
ORDER = ("intimate_partner", "undetermined", "other_family", "stranger", "not_applicable")
COUNTED = (*ORDER[:3],)

Delivery = dict[str, Any]
Counts = dict[tuple[str, str], tuple[int | None, int | None, int | None]]


def delivery(seed: int) -> Delivery:
    """Make incidents of two agencies in two and a half years, all that may belong to them, and blanks everywhere."""
    chance = random.Random(seed)
    given: Delivery = {
        "population": "all",
        "agencies": ["A", "B"],
        "period": [date(2019, 1, 1), date(2021, 6, 30)],
        "mapped": ["relationship.relationship_raw", "victim.injury_raw", "offense.weapon_raw"],
        "value": [
            {"value": "spouse", "count": 5},
            {"value": "the lodger", "count": 2, "reason": "unmapped"},
            {"count": 4, "reason": "missing"},
        ],
        "residents": [
            {"year": year, "district": district, "adults": 1000 + 100 * place + year - 2000}
            for place, district in enumerate(("1", "2"))
            for year in (2019, 2020)
        ],
        "tally": list(_tallies(chance)),
        "input": [],
    }
    for table in (
        "incident", "victim", "offender", "offense", "pair", "finding", "arrest", "charge", "call", "order", "history",
    ):  # fmt: skip
        given[table] = []
    for agency, i in ((agency, i) for agency in "AB" for i in range(1, 61)):
        _incident(given, {"agency": agency, "i": i}, chance)
    for _ in range(120):
        _call(given, chance)
    for _ in range(80):
        _order(given, chance)
    for _ in range(10):
        given["history"].append({
            "i": None, "agency": chance.choice("AB"), "event_kind": chance.choice(["arrest", "conviction"]),
            "happened_on": _day(chance), "person": chance.choice("abcdefgh"),
        })  # fmt: skip
    # One address, one number, one homicide: every figure has something to count.
    given["offense"][0]["offense_code"] = "09A"
    return given


def _day(chance: random.Random) -> date:
    return date(2019, 1, 1) + timedelta(chance.randint(0, 910))


def _incident(given: Delivery, key: Delivery, chance: random.Random) -> None:
    day = chance.choice([None, *[_day(chance)] * 6])
    killed = chance.random() < 0.3
    for _ in range(chance.randint(0, 2)):
        code = chance.choice([None, "13A", "13B", "120", "290"])
        given["offense"].append(key | {
            "offense_code": "09A" if killed else code, "grade": chance.choice([None, "felony", "misdemeanor"]),
            "weapon_codes": chance.choice([None, [], ["12"], ["95"], ["40"], ["85"], ["95", "20"]]),
            "location_code": chance.choice([None, "20", "13"]),
            "suspected_use": chance.choice([None, [], ["N"], ["A"], ["D", "C"], ["C"]]),
        })  # fmt: skip
    for v in range(1, chance.randint(1, 3)):
        given["victim"].append(key | {
            "v": v, "sex": chance.choice([None, "F", "F", "M", "X", "U"]), "race": chance.choice([None, "W", "B"]),
            "age_years": chance.choice([None, 0, 12, 13, 17, 18, 34, 40, 65]),
            "injury_codes": chance.choice([None, [], ["N"], ["M"], ["N", "B"]]),
            "person_number": chance.choice([None, *"abcdefgh"]), "person": chance.choice("abcdefgh"),
            "name": chance.choice([None, "x"]), "birth_date": chance.choice([None, date(1990, 1, 1)]),
        })  # fmt: skip
    for o in range(1, chance.randint(1, 3)):
        given["offender"].append(key | {
            "o": o, "age_years": chance.choice([None, 17, 40]), "offender_unknown": chance.random() < 0.2,
            "person_number": chance.choice([None, *"abcdefgh"]), "person": chance.choice("abcdefgh"),
            "name": chance.choice([None, "x"]), "birth_date": chance.choice([None, date(1990, 1, 1)]),
        })  # fmt: skip
    classes = [
        _pair(given, key | {"v": victim["v"], "o": offender["o"]}, chance)
        for victim in _of(given["victim"], key)
        for offender in _of(given["offender"], key)
    ]
    of_class = next((name for name in ORDER if name in classes), "undetermined")
    open_ = of_class == "undetermined"
    row = key | {
        "occurred_on": day, "occurred_time": chance.choice([None, time(1, 5), time(13, 0)]),
        "district": chance.choice([None, "1", "2"]), "dv_flag": chance.choice([None, True, False]),
        "clearance": chance.choice([None, "A", "B", "D", "N"]), "strangulation": chance.choice([None, True, False]),
        "children_present": chance.choice([None, True, False]),
        "homicide_suicide": chance.choice([None, True, False]),
        "class": of_class, "counted": of_class in COUNTED, "unflagged": open_ and chance.random() < 0.5,
    }  # fmt: skip
    given["incident"].append(row)
    if chance.random() < 0.15:
        given["incident"].append(row | {"row_fate": "duplicate"})
    for n in range(chance.choice([0, 1, 2])):
        _arrest(given, key, day, n, chance)


def _arrest(
    given: Delivery, key: Delivery, day: date | None, n: int, chance: random.Random
) -> None:
    number = f"{key['agency']}{key['i']}-{n}"
    arrested = None if day is None else day + timedelta(chance.randint(-3, 40))
    given["arrest"].append(key | {
        "o": chance.randint(1, 2), "arrested_on": chance.choice([None, arrested, arrested]), "arrest_number": number,
        "person_number": chance.choice([None, *"abcdefgh"]), "person": chance.choice("abcdefgh"),
    })  # fmt: skip
    for _ in range(chance.choice([0, 1, 1, 2])):
        start = arrested or date(2020, 1, 1)
        given["charge"].append({
            "agency": key["agency"], "i": chance.choice([None, key["i"]]),
            "arrest_number": chance.choice([None, *[number] * 4]),
            "filed": chance.choice([None, True, True, False]),
            "grade": chance.choice([None, *["felony", "misdemeanor", "violation"] * 3]),
            "disposition": chance.choice(
                [None, "convicted", "convicted", "dismissed", "acquitted", "diverted", "pending", "declined", "other"]
            ),
            "disposed_on": chance.choice([None, start + timedelta(chance.randint(-2, 300))]),
            "jail_days": chance.choice([None, 0, 10, 200, 500]), "probation_days": chance.choice([None, 0, 365]),
        })  # fmt: skip


def _pair(given: Delivery, key: Delivery, chance: random.Random) -> str:
    of_class = chance.choice([*CLASSES, "intimate_partner", "intimate_partner"])
    reasons = ["missing", "unmapped", "no_offender"]
    given["pair"].append(key | {
        "class": of_class, "reason": chance.choice(reasons) if of_class == "undetermined" else None,
        "tie": chance.choice(["spouse", "dating", "ex_dating"]) if of_class == "intimate_partner" else None,
        "code": chance.choice(["SE", "XR", None]), "conflict": chance.choice([None, [], ["flag_no"]]),
    })  # fmt: skip
    if chance.random() < 0.2 and of_class != "not_applicable":
        given["finding"].append(key | {"code": "IPVI-999"})
    return of_class


def _call(given: Delivery, chance: random.Random) -> None:
    day = _day(chance)
    given["call"].append({
        "agency": chance.choice("AB"), "i": chance.choice([None, *range(1, 65)]),
        "received_on": chance.choice([None, day, day]), "district": chance.choice([None, "1", "2"]),
        "call_type": chance.choice([None, "domestic", "domestic", "assault", "assault", "traffic", "alarm"]),
        "officer_initiated": chance.choice([None, True, False, False]),
        "address": chance.choice([None, "1 Elm St", "1 ELM ST ", "2 Oak St", f"{chance.randint(3, 99)} Oak St"]),
        "dispatched_on": chance.choice([None, day, day]), "dispatched_time": chance.choice([None, *[time(23, 40)] * 3]),
        "cleared_on": chance.choice([None, day, day + timedelta(1), day + timedelta(1)]),
        "cleared_time": chance.choice([None, *[time(0, 25)] * 3]),
    })  # fmt: skip


def _order(given: Delivery, chance: random.Random) -> None:
    day = _day(chance)
    given["order"].append({
        "agency": chance.choice("AB"), "i": None, "issued_on": chance.choice([None, day, day]),
        "served_on": chance.choice([None, day]), "violated_on": chance.choice([None, None, day]),
        "expires_on": chance.choice([None, day + timedelta(300)]), "civil": chance.choice([None, True, False]),
        "temporary": chance.choice([None, True, False]), "protected_person_number": chance.choice([None, *"abcdefgh"]),
        "respondent_person_number": chance.choice([None, *"abcdefgh"]),
    })  # fmt: skip


def _tallies(chance: random.Random) -> Any:
    for year in (2019, 2020):
        for place in range(4):
            area = {"year": year, "borough": "NS"[place % 2], "district": str(place), "i": None}
            yield area | {
                name: chance.choice([None, *[chance.randint(1, 90)] * 5])
                for name in ("ipv_dir", "ipv_felony_assault", "ipv_rape", "family_dir", "dv_felony_assault", "dv_rape")
            }  # fmt: skip
    measures = [
        "clients_served", "shelter_nights", "turned_away", "orders_petitioned", "orders_granted", "supervised",
        "supervised_ipv", "places",
    ]  # fmt: skip
    for measure in measures:
        for year, month in ((2019, 1), (2019, 2), (2020, 3), (2020, 4), (2020, None)):
            for agency, service in (("P", "shelter"), ("Q", None)):
                if chance.random() < 0.85:
                    yield {
                        "i": None, "year": year, "month": month, "agency": agency, "service": service,
                        "source": "letter", "measure": measure, "count": chance.randint(0, 50), "area_kind": None,
                    }  # fmt: skip


def _of(rows: list[Delivery], key: Delivery) -> list[Delivery]:
    return [row for row in rows if (row["agency"], row["i"]) == (key["agency"], key["i"])]


def persons(given: Delivery) -> pl.DataFrame:
    """Link the rows that stand for one person; some are not linked."""
    rows = [
        {"record_table": table, "record_id": place, "person_id": row["person"], "match_probability": 0.9}
        for table in ("victim", "offender", "arrest", "history")
        for place, row in enumerate(given[table], start=1)
        if place % 7
    ]  # fmt: skip
    return pl.DataFrame(rows)


def cases() -> dict[str, list[dict[str, str]]]:
    """Read the SQL of each figure."""
    listed = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    found: dict[str, list[dict[str, str]]] = {}
    for one in listed:
        for figure in one["figure"].split():
            found.setdefault(figure, []).append(one)
    return found


def database(given: Delivery, frames: dict[str, pl.DataFrame], values: pl.DataFrame) -> Any:
    """Open the delivery in DuckDB, with the views that cases count from."""
    con = duckdb.connect()
    for name, frame in frames.items():
        rows = (
            frame.filter(pl.col("row_fate").is_in(["new", "merged"]))
            if "row_fate" in frame.columns
            else frame
        )
        con.register(f"{name}_frame", rows.to_arrow(compat_level=pl.CompatLevel.oldest()))
        con.execute(f'CREATE TABLE "{name}_t" AS SELECT * FROM {name}_frame')
    duplicates = frames["incident"].filter(pl.col("row_fate") == "duplicate")
    con.register("dup_frame", duplicates.to_arrow(compat_level=pl.CompatLevel.oldest()))
    con.execute("CREATE TABLE duplicate_t AS SELECT * FROM dup_frame")
    con.register("values_frame", values.to_arrow(compat_level=pl.CompatLevel.oldest()))
    con.execute("CREATE TABLE word_t AS SELECT * FROM values_frame")
    found = pl.DataFrame(
        [{"incident_id": f"{row['agency']}:{row['i']}"} for row in given["finding"]]
    )
    con.register("finding_frame", found.to_arrow(compat_level=pl.CompatLevel.oldest()))
    con.execute("CREATE TABLE finding_t AS SELECT * FROM finding_frame")
    views = tomllib.loads(CASES.read_text(encoding="utf-8"))["view"]
    for name, text in views.items():
        con.execute(f"CREATE TEMP VIEW {name} AS {text}")
    return con


def counted(con: Any, case: dict[str, str], breakdowns: tuple[str, ...]) -> Counts:
    """Count what a case says, by every breakdown that it names or that its rows have the columns of."""
    if "sql" in case:
        return {(by, group): tuple(rest) for by, group, *rest in _rows(con, case["sql"])}  # type: ignore[misc]
    made: Counts = {}
    part = case.get("part")
    names = case.get("by", " ".join((*PLACES, *PERSONS) if "persons" in case else PLACES)).split()
    for by in names:
        if by not in breakdowns:
            continue
        place = by.removesuffix(case.get("part_name", "")).removesuffix("/") or "total"
        label = _label(place)
        if part and place != by:
            label = part if place == "total" else f"{label} || '/' || {part}"
        source = case["from"]
        if place in PERSONS:
            source = f"({source}) JOIN {place} USING ({case['persons']})"
        else:
            source = f"({source})"
        sql = (
            f"SELECT '{by}', {label}, {case['numerator']}, {case.get('denominator', 'NULL')},"
            f" {case.get('undetermined', 'NULL')} FROM {source} {'' if by == 'total' else 'GROUP BY ALL'}"
        )
        for _, group, *rest in _rows(con, sql):
            told = rest[1] is None or rest[1] > 0 or by == "total"
            if told and group is not None:
                made[by, group] = tuple(None if n is None else int(n) for n in rest)  # type: ignore[assignment]
    return made


def _rows(con: Any, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def _label(place: str) -> str:
    match place:
        case "total":
            return "'total'"
        case "district":
            return "coalesce(agency, 'unknown') || '/' || coalesce(district, 'unknown')"
        case _:
            return f"coalesce({place}, 'unknown')"
