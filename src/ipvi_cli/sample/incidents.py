"""Which incidents a sample holds: when, in which agency, and of which true class."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ipvi_cli.sample.chance import Chance

LAST_YEAR = 2019
"""Last year of every sample: a clock would change its bytes."""

_EVENING = (
    *((hour, 3) for hour in range(7)),
    *((hour, 3) for hour in range(7, 16)),
    *((hour, 7) for hour in range(16, 24)),
)


@dataclass(frozen=True)
class Incident:
    """One incident, before anybody writes it down.

    Attributes:
        agency: Position of the agency.
        year: Year of its number.
        serial: Its number in that year and agency.
        occurred: Date and time.
        reported: Date of the report.
        meaning: True class, or what else it is drawn as.
    """

    agency: int
    year: int
    serial: int
    occurred: datetime
    reported: date
    meaning: str


@dataclass(frozen=True)
class Truth:
    """What the audit of an incident has to find.

    Attributes:
        incident_id: The canonical identifier.
        meaning: True class.
        reason: Why it is undetermined or not applicable.
        counted: Whether it is in the denominator.
        mixed: Whether pairs of several determinate classes are in it.
        flagged: Whether the agency flagged it as domestic; ``None``: not stated.
        related: Whether a pair of relatives is in it beside one whose tie is open.
    """

    incident_id: str
    meaning: str
    reason: str | None = None
    counted: bool = True
    mixed: bool = False
    flagged: bool | None = None
    related: bool = False


def span(years: int) -> tuple[date, date]:
    """Give the first and last day of a sample of so many years."""
    return date(LAST_YEAR - years + 1, 1, 1), date(LAST_YEAR, 12, 31)


def draw_incidents(
    meanings: Mapping[str, int], *, years: int, agencies: Sequence[int], chance: Chance
) -> list[Incident]:
    """Draw incidents of given true classes over the years, numbered in the order of their reports.

    Args:
        meanings: How many of each class.
        years: Number of years.
        agencies: Weights of the agencies.
        chance: Source of chance.

    Returns:
        The incidents in order of time.
    """
    start, end = span(years)
    days = (end - start).days
    drawn = []
    for meaning in chance.shuffled([m for m, count in meanings.items() for _ in range(count)]):
        day = start + timedelta(days=chance.between(0, days))
        clock = time(chance.weighted(_EVENING), chance.between(0, 59))
        lag = timedelta(days=chance.weighted(((0, 88), (1, 8), (2, 3), (3, 1))))
        agency = chance.weighted([(place, weight) for place, weight in enumerate(agencies)])
        reported = min(day + lag, end)
        drawn.append((reported, datetime.combine(day, clock), agency, meaning))
    drawn.sort()
    serials: Counter[tuple[int, int]] = Counter()
    incidents = []
    for reported, occurred, agency, meaning in drawn:
        serials[agency, reported.year] += 1
        serial = serials[agency, reported.year]
        incidents.append(Incident(agency, reported.year, serial, occurred, reported, meaning))
    return incidents


def write_truth(
    truths: Sequence[Truth], *, asked: Mapping[str, Any], files: Mapping[str, Mapping[str, int]]
) -> dict[str, bytes]:
    """Write what the audit has to find.

    Args:
        truths: One for each incident.
        asked: With which shape, seed, size and mess the sample was made.
        files: By file: records ``read``, those made to be ``quarantined`` or ``duplicate``, and planted slips.

    Returns:
        ``truth.json`` (counts) and ``incident_classes.csv`` (the class of each incident).
    """
    counted = [truth for truth in truths if truth.counted]
    open_ = [truth for truth in counted if truth.meaning == "undetermined"]
    counts = {
        "sample": dict(asked),
        "incidents": len(truths),
        "denominator": len(counted),
        "classes": dict(sorted(Counter(truth.meaning for truth in counted).items())),
        "reasons": dict(sorted(Counter(str(truth.reason) for truth in open_).items())),
        "undetermined_unflagged": sum(
            truth.flagged is not True and not truth.related for truth in open_
        ),
        "mixed": sum(truth.mixed for truth in truths),
        "outside_denominator": dict(
            sorted(Counter(truth.meaning for truth in truths if not truth.counted).items())
        ),
        "files": {name: dict(rows) for name, rows in files.items()},
    }
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(("incident_id", "incident_class", "reason", "in_denominator", "mixed"))
    for truth in sorted(truths, key=lambda one: one.incident_id):
        flags = (str(truth.counted).lower(), str(truth.mixed).lower())
        rows.writerow((truth.incident_id, truth.meaning, truth.reason or "", *flags))
    return {
        "truth.json": (json.dumps(counts, indent=2) + "\n").encode(),
        "incident_classes.csv": buffer.getvalue().encode(),
    }
