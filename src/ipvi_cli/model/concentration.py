"""How unequally events fall on persons, beside what chance alone would do, and how long it takes until the next one.

Everything is worked out from how many persons have how many events, so that nothing depends on the order of persons.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

BOOTSTRAP: Final = "bootstrap"
"""Name of the method of the interval in ``ci_method``."""

SEED: Final = 20170901
DRAWS: Final = 1_000
_COLUMNS: Final = ("size", "persons")


def sizes(events: pl.Series) -> pl.DataFrame:
    """Count the persons of each number of events.

    Args:
        events: Events of each person.

    Returns:
        ``size`` ascending, and ``persons``.
    """
    return (
        events.drop_nulls()
        .value_counts()
        .select(pl.nth(0).alias("size"), pl.nth(1).cast(pl.Int64).alias("persons"))
        .sort("size")
    )


def gini(counted: pl.DataFrame) -> float | None:
    """Give the Gini coefficient: 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n, with x ascending and i from 1.

    Args:
        counted: As ``sizes`` gives it; of 1, 1, 1, 1, 6 it is 0.4.

    Returns:
        From 0, where all have as many, to nearly 1; null where nobody has any.
    """
    found = _gini(*(counted[name].to_numpy() for name in _COLUMNS))
    return None if found is None else _rounded(found)


def generalised_gini(counted: pl.DataFrame) -> float | None:
    """Give the Gini coefficient against the most equal that so few events allow.

    With y_i the share of the i-th person, ascending, c events and n persons it is
    max(1/c, 1/n) * (2 * sum(i * y_i) - n - 1) - max(n/c, 1) + 1: events that are fewer than persons cannot fall on all,
    which is no concentration. Where there are at least as many as persons it is the Gini coefficient itself. Bernasco
    and Steenbeek 2017, "More places than crimes", Journal of Quantitative Criminology 33:451.

    Args:
        counted: As ``sizes`` gives it, persons without an event included.
    """
    plain = _gini(*(counted[name].to_numpy() for name in _COLUMNS))
    if plain is None:
        return None
    persons = int(counted["persons"].sum())
    events = int((counted["size"] * counted["persons"]).sum())
    spread = plain * persons
    return _rounded(max(1 / events, 1 / persons) * spread - max(persons / events, 1) + 1)


def gini_interval(counted: pl.DataFrame) -> tuple[float, float] | None:
    """Give the 95 % percentile interval of the Gini coefficient, drawing persons anew; the same for the same counts."""
    persons = int(counted["persons"].sum())
    if persons < 2:
        return None
    size, number = (counted[name].to_numpy() for name in _COLUMNS)
    drawn = np.random.Generator(np.random.PCG64(SEED)).multinomial(persons, number / persons, DRAWS)
    found = [one for one in (_gini(size, row) for row in drawn) if one is not None]
    if not found:
        return None
    least, most = np.quantile(found, [0.025, 0.975])
    return _rounded(float(least)), _rounded(float(most))


def by_chance(persons: int, events: int) -> pl.DataFrame:
    """Give how many persons chance alone would give how many events, of persons who have at least one.

    All are equally likely to have one at any time, so the number is Poisson; those without any are not on record, so it
    is cut off at zero, with the mean that was seen.

    Args:
        persons: Persons with an event.
        events: Their events.

    Returns:
        ``size`` ascending, and the expected ``persons``, in parts of persons.
    """
    mean = events / persons if persons else 1.0
    if mean <= 1:
        return pl.DataFrame({"size": [1], "persons": [float(persons)]})
    rate = _rate_of(mean)
    chances: list[float] = []
    chance, size = rate * math.exp(-rate) / -math.expm1(-rate), 1
    while chance > 1e-12 or size < rate:
        chances.append(chance)
        size += 1
        chance *= rate / size
    return pl.DataFrame(
        {"size": range(1, len(chances) + 1), "persons": [persons * one for one in chances]}
    )


def _rate_of(mean: float) -> float:
    """Find the rate of a Poisson count that has this mean where it is above zero, by halving."""
    least, most = 0.0, mean
    for _ in range(100):
        rate = (least + most) / 2
        if rate / -math.expm1(-rate) < mean:
            least = rate
        else:
            most = rate
    return most


def top(counted: pl.DataFrame, percent: float) -> tuple[int, float]:
    """Give how many persons a share of all is, at least one, and what those of them with the most have together.

    Args:
        counted: As ``sizes`` gives it; persons may be parts of persons.
        percent: Share of the persons, of 100; a part of a person is rounded up.
    """
    persons = float(counted["persons"].sum())
    number = _first(persons, percent)
    most = counted.sort("size", descending=True).with_columns(before=pl.col("persons").cum_sum())
    taken = (pl.lit(float(number)) - (pl.col("before") - pl.col("persons"))).clip(
        0, pl.col("persons")
    )
    return number, float(most.select((taken * pl.col("size")).sum()).item() or 0)


def _first(persons: float, percent: float) -> int:
    # A whole number of persons must not become one more by what a float lacks.
    return max(1, math.ceil(round(persons * percent / 100, 9))) if persons else 0


def survival(days: pl.Series, happened: pl.Series) -> pl.DataFrame:
    """Estimate by when the next event has come, of all who are followed for as long as the data go.

    The estimator of Kaplan and Meier (1958, JASA 53:457).

    Args:
        days: Days until the next event, or until the data end.
        happened: Whether the event came.

    Returns:
        ``days`` ascending, and ``come``: the share of whom it has come by then.
    """
    rows = pl.DataFrame({"days": days, "happened": happened})
    each = rows.group_by("days").agg(pl.len().alias("n"), pl.col("happened").sum()).sort("days")
    left = rows.height - pl.col("n").cum_sum() + pl.col("n")
    still = (1 - pl.col("happened") / left).cum_prod()
    return each.select("days", (1 - still).alias("come"))


def come_by(curve: pl.DataFrame, share: float) -> float | None:
    """Give the day by which the event has come for a share of all; null where the data end before."""
    reached = curve.filter(pl.col("come") >= share - 1e-12)
    return float(reached["days"][0]) if reached.height else None


def _gini(size: np.ndarray, number: np.ndarray) -> float | None:
    persons, whole = number.sum(), float((size * number).sum())
    if not whole:
        return None
    until = np.cumsum(number)
    # The sum of the places of those who have the same number.
    places = number * (2 * until - number + 1) / 2
    return float(2 * (size * places).sum() / (persons * whole) - (persons + 1) / persons)


def _rounded(value: float) -> float:
    """Cut what depends on the order of adding off."""
    return round(value, 9) + 0.0
