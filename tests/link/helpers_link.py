"""Made-up persons, each told of in several records with the slips that clerks make."""

from __future__ import annotations

import random

import polars as pl

SYLLABLES = "BA RO LI TEN MAR KO VES DU FI GAN HEL JO NIR PA SU WEX ZOR CLE QUI TY".split()  # noqa: SIM905
STREETS = ("Invented Road", "Nowhere Lane", "Placeholder Street", "Sample Avenue")


def invented(chance: random.Random, parts: int) -> str:
    """Make up a name that nobody has."""
    return "".join(chance.choice(SYLLABLES) for _ in range(parts))


def slip(chance: random.Random, text: str) -> str:
    """Exchange two letters, or lose one."""
    at = chance.randrange(1, len(text) - 1)
    if chance.random() < 0.5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :]


def records(persons: int, seed: int = 1) -> tuple[pl.DataFrame, list[int]]:
    """Make up records of persons, two or three each, and say whose each is."""
    chance = random.Random(seed)
    given_names = [invented(chance, 2) for _ in range(120)]
    surnames = [invented(chance, 3) for _ in range(300)]
    rows: list[dict[str, str | None]] = []
    whose: list[int] = []
    for person in range(persons):
        given, surname = chance.choice(given_names), chance.choice(surnames)
        year, month, day = chance.randint(1950, 2000), chance.randint(1, 12), chance.randint(2, 28)
        sex, house = chance.choice("FM"), f"{chance.randint(1, 900)} {chance.choice(STREETS)}"
        for copy in range(chance.choice((1, 2, 2, 3))):
            name, birth = f"{surname}, {given}", f"{year}-{month:02}-{day:02}"
            if copy and chance.random() < 0.25:
                name = f"{slip(chance, surname)}, {given}"
            elif copy and chance.random() < 0.2:
                name = f"{given}, {surname}"
            if copy and chance.random() < 0.1 and day <= 12:
                birth = f"{year}-{day:02}-{month:02}"
            elif copy and chance.random() < 0.15:
                birth = f"{year}-{month:02}-{chance.randint(2, 28):02}"
            moved = f"{chance.randint(1, 900)} {chance.choice(STREETS)}"
            rows.append(
                {
                    "name": name,
                    "birth": birth,
                    "sex": sex,
                    "address": moved if copy and chance.random() < 0.4 else house,
                }
            )
            whose.append(person)
    frame = pl.DataFrame(rows).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    return frame, whose


def with_rows(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Number made-up rows."""
    return pl.DataFrame(rows).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
