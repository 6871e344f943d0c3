"""The truth about persons: whom each record names, the level of each, and who were couples."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from ipvi_cli.sample.careers.level import true_level
from ipvi_cli.sample.careers.lives import Act, Life
from ipvi_cli.sample.careers.someone import Someone


def write_person_truth(
    lives: Sequence[Life],
    named: Iterable[tuple[str, int, str, Someone]],
    places: Mapping[str, Sequence[int]],
    orders: Sequence[tuple[str, Act]],
) -> dict[str, bytes]:
    """Write what is true of persons.

    Args:
        lives: All lives.
        named: File, place among its records, role and person of each record that names somebody.
        places: Line of each record by file.
        orders: Number of each order, and the act that it follows.

    Returns:
        ``person_records.csv`` (file, line, role, person), ``person_levels.csv`` (person, career, level and the counts
        behind it), ``person_couples.csv`` (offender, victim, incidents between them as partners) and
        ``person_orders.csv`` (order, respondent, protected, day of the violation).
    """
    records = [
        (file, str(places[file][place]), role, one.name)
        for file, place, role, one in named
        if file in places
    ]
    couples: dict[tuple[str, str], int] = {}
    levels = []
    for life in lives:
        own = [act for act in life.acts if act.meaning == "intimate_partner"]
        for act in own:
            if act.victim is not None:
                pair = (life.who.name, act.victim.name)
                couples[pair] = couples.get(pair, 0) + 1
        levels.append(
            (
                life.who.name, life.career, true_level(life.who, life.acts, life.notices),
                str(len(life.acts)), str(len(own)), str(sum(bool(act.charges) for act in own)),
                str(sum(one.delivered for one in life.notices)),
            )
        )  # fmt: skip
    return {
        "person_records.csv": _csv(("source_file", "source_row", "role", "person"), records),
        "person_levels.csv": _csv(
            ("person", "career", "level", "incidents", "ipv_incidents", "ipv_charged", "notices"),
            sorted(levels),
        ),
        "person_couples.csv": _csv(
            ("offender", "victim", "ipv_incidents"),
            [(*pair, str(count)) for pair, count in sorted(couples.items())],
        ),
        "person_orders.csv": _csv(
            ("order", "respondent", "protected", "violated_on"),
            [
                (
                    number,
                    act.offender.name,
                    "" if act.victim is None else act.victim.name,
                    "" if act.violated is None else act.violated.isoformat(),
                )
                for number, act in orders
            ],
        ),
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()
