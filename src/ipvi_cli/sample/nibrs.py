"""Shape ``nibrs``: what agencies submit to their state, a NIBRS flat file that needs no profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ipvi_cli.model.nibrs_layout import LEAST
from ipvi_cli.sample.chance import Chance, split
from ipvi_cli.sample.incidents import Incident, Truth, draw_incidents, write_truth
from ipvi_cli.sample.nibrs_flat import segment_lines
from ipvi_cli.sample.paper import some

INCIDENTS: Final = 600
INTIMATE: Final = 200
YEARS: Final = 1

_FILE: Final = "submission.txt"
_ORIS: Final = ("ZZ0050000", "ZZ0050100")
_SIZES: Final = (7, 3)
_NOBODY: Final = "no_suspect"
_OTHERS: Final = {
    "other_family": 20, "other_domestic": 4, "undetermined": 10, "known_not_domestic": 33, "stranger": 20, _NOBODY: 13,
}  # fmt: skip
_CODES: Final = {
    "intimate_partner": (("BG", 50), ("SE", 20), ("XR", 15), ("CS", 6), ("XS", 5), ("HR", 2)),
    "other_family": (("PA", 5), ("CH", 4), ("SB", 5), ("OF", 3), ("IL", 2), ("SP", 1), ("CF", 1)),
    "other_domestic": (("CO", 4), ("FC", 1)),
    "known_not_domestic": (("AQ", 6), ("FR", 4), ("NE", 2), ("ER", 1), ("OK", 3)),
    "stranger": (("ST", 1),),
    "undetermined": (("RU", 1),),
}
"""What the victim was to the offender (NIBRS data element 35), and how often."""

_CRIMES: Final = (
    (("13B", "40", "M"), 60),
    (("13C", "", ""), 25),
    (("13A", "20", "L"), 10),
    (("13A", "12", "N"), 5),
)
"""Offence, weapon and injury, and how often."""

_LENGTHS: Final = (
    {"incident": 88, "offense": 71, "victim": 141, "offender": 46, "arrestee": 110},
    {"incident": 87, "offense": 63, "victim": 129, "offender": 45, "arrestee": 110},
)
"""Each agency's record versions."""

_LISTS: Final = (
    "weapons", "offense_codes", "injuries", "offender_numbers", "relationships", "suspected_use", "bias",
    "circumstances", "armed_with",
)  # fmt: skip

Segments = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Segment:
    agency: int
    level: str
    cells: dict[str, Any]


def make_submission(
    *, seed: int, incidents: int, intimate: int, years: int, mess: float, asked: Mapping[str, Any]
) -> tuple[dict[str, bytes], str, dict[str, bytes]]:
    """Make the submission and the truth of the shape.

    Mess is what submissions have: reports deleted and sent again with another tie, segments cut short beside the whole
    ones, lines without the blanks at their end, blank lines, two kinds of line ends and none at the end of the file.

    Args:
        seed: Seed.
        incidents: Number of incidents that stand when all actions are played.
        intimate: Number of them that are intimate partner.
        years: Number of years.
        mess: Share of messy reports.
        asked: What the truth says that the sample was made with.

    Returns:
        Files, no profile, truth.
    """
    others = split(incidents - intimate, list(_OTHERS.values()))
    meanings = {"intimate_partner": intimate, **dict(zip(_OTHERS, others, strict=True))}
    drawn = draw_incidents(
        meanings, years=years, agencies=_SIZES, chance=Chance(seed, "nibrs/incidents")
    )
    facts, hand = Chance(seed, "nibrs/facts"), Chance(seed, "nibrs/hand")
    reports = [_report(one, facts) for one in drawn]
    again = set(hand.shuffled(range(len(drawn)))[: some(len(drawn), 0.3, mess)])
    sent: list[_Segment] = []
    deleted = 0
    for place, (one, report) in enumerate(zip(drawn, reports, strict=True)):
        if place in again and one.meaning != _NOBODY:
            victim = {**report["victim"], "relationships": [hand.pick(("ST", "BG", "RU"))]}
            gone: Segments = {"incident": {**report["incident"], "action": "D"}}
            undone = [*_sent({**report, "victim": victim}, one), *_sent(gone, one)]
            deleted += len(undone)
            sent += undone
        sent += _sent(report, one)
    lines = _lines(sent)
    written, cut = _spoilt(lines, hand, mess)
    counts = {"read": len(lines) + cut, "quarantined": cut, "duplicate": 0, "deleted": deleted}
    truths = [_truth(one) for one in drawn]
    return {_FILE: written}, "", write_truth(truths, asked=asked, files={_FILE: counts})


def _truth(one: Incident) -> Truth:
    identifier = f"{_ORIS[one.agency]}:{_number(one)}"
    if one.meaning == _NOBODY:
        return Truth(identifier, "undetermined", "no_offender", counted=False)
    counted = one.meaning in ("intimate_partner", "other_family", "other_domestic", "undetermined")
    reason = "unknown" if one.meaning == "undetermined" else None
    return Truth(identifier, one.meaning, reason, counted)


def _number(one: Incident) -> str:
    return f"{one.year % 100:02d}-{one.serial:06d}"


def _report(one: Incident, facts: Chance) -> Segments:
    """Draw the segments of a report, by level."""
    code, weapon, hurt = facts.weighted(_CRIMES)
    sexes = facts.weighted(((("F", "M"), 75), (("M", "F"), 20), (("F", "F"), 5)))
    tie = "" if one.meaning == _NOBODY else facts.weighted(_CODES[one.meaning])
    if tie == "HR":
        sexes = ("M", "M")
    ages = (facts.between(20, 60), facts.between(20, 60))
    if tie in ("PA", "SP"):
        ages = (facts.between(50, 70), facts.between(20, 30))
    elif tie in ("CH", "CF", "FC"):
        ages = (facts.between(1, 17), facts.between(35, 50))
    report: Segments = {
        "incident": {
            "occurred_on": f"{one.occurred:%Y%m%d}", "hour": f"{one.occurred:%H}", "clearance": "N",
        },
        "offense": {
            "offense_code": code, "attempted": "C", "suspected_use": ["N"], "bias": ["88"], "location": "20",
            "weapons": [weapon] if weapon else [],
        },
        "victim": {
            "victim_number": "001", "offense_codes": [code], "victim_type": "I", "age": f"{ages[0]:02d}",
            "sex": sexes[0], "race": facts.pick("WB"), "ethnicity": "N", "resident": "R",
            "injuries": [hurt] if hurt else [],
            "offender_numbers": [] if one.meaning == _NOBODY else ["01"],
            "relationships": [tie] if tie else [],
        },
        "offender": {"offender_number": "00"},
    }  # fmt: skip
    if code == "13A":
        report["victim"]["circumstances"] = ["01"]
    if tie:
        person = {"age": f"{ages[1]:02d}", "sex": sexes[1], "race": facts.pick("WB")}
        report["offender"] = {"offender_number": "01", **person}
        if facts.hit(0.35):
            report["arrestee"] = {
                "arrestee_number": "01", "arrest_number": f"A{_number(one)}",
                "arrested_on": f"{one.occurred:%Y%m%d}", "arrest_type": "O", "multiple_arrests": "N",
                "offense_code": code, "armed_with": ["01"], **person, "resident": "R",
            }  # fmt: skip
    return report


def _sent(report: Segments, one: Incident) -> list[_Segment]:
    """Give the segments of a report with their keys."""
    key = {
        "action": "I", "submission_month": f"{one.reported:%m}", "submission_year": f"{one.reported:%Y}",
        "ori": _ORIS[one.agency], "incident_number": _number(one),
    }  # fmt: skip
    return [_Segment(one.agency, level, {**key, **cells}) for level, cells in report.items()]


def _lines(sent: Sequence[_Segment]) -> list[str]:
    """Write segments, those of one agency and level at once."""
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, segment in enumerate(sent):
        alike[segment.agency, segment.level].append(place)
    lines = [""] * len(sent)
    for (agency, level), places in alike.items():
        rows = [sent[place].cells for place in places]
        names = dict.fromkeys(name for row in rows for name in row)
        schema = {name: pl.List(pl.String) if name in _LISTS else pl.String for name in names}
        frame = pl.DataFrame(rows, schema=schema)
        written = segment_lines(level, frame, length=_LENGTHS[agency][level])["line"]
        for place, line in zip(places, written, strict=True):
            lines[place] = line
    return lines


def _spoilt(lines: list[str], hand: Chance, mess: float) -> tuple[bytes, int]:
    """Spoil lines, and say how many were cut short; the whole segment stands before each of these."""
    count = some(len(lines), 0.02, mess)
    cut = {place: hand.between(20, 36) for place in hand.shuffled(range(len(lines)))[:count]}
    text = []
    for place, line in enumerate(lines):
        end = "\n" if hand.hit(mess / 2) else "\r\n"
        least = LEAST[int(line[4])]
        bare = line.rstrip().ljust(least) if hand.hit(mess) else line
        text.append(f"{bare}{end}")
        if place in cut:
            text.append(f"{line[: cut[place]]}{end}")
        if hand.hit(mess / 10):
            text.append(end)
    whole = "".join(text)
    return (whole.rstrip("\r\n") if mess else whole).encode("ascii"), len(cut)
