"""What the counts of figures have to do with each other, so that one that is withheld is not worked out from others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ipvi_cli.model.definitions import OWN_DEFINITION

Side = Literal["numerator", "denominator", "undetermined"]
"""Which of the three counts of a row of figures."""

PLACES: Final = ("total", "year", "month", "agency", "district", "victim_sex", "victim_age")
"""Breakdowns into groups of the same things; any other breakdown is into what things are made of."""


@dataclass(frozen=True)
class Counted:
    """What a count of a figure adds up. Two counts of the same level, measure, place, part and group are one.

    Attributes:
        figure_id: The figure.
        by: Its breakdown.
        side: Which of the counts of a row.
        level: The things that are counted.
        measure: What is counted of them.
        place: Of ``PLACES``, what the group names first; ``total`` where it names a part only.
        part: Name of what the group ends with; empty where it names a place only.
        whole: Whether the count is of all things of the place, whatever the part.
    """

    figure_id: str
    by: str
    side: Side
    level: str
    measure: str
    place: str
    part: str = ""
    whole: bool = False


SAME: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("detail", "partners"): ("incident", "partner"),
    ("detail", "exceptional"): ("clearance", "n"),
    ("call_address", "domestic"): ("call", "domestic"),
    ("reason", "n"): ("pair", "undetermined"),
    ("race", "undetermined"): ("pair", "undetermined"),
    ("race", "pairs"): ("pair", "pairs"),
    ("tie", "n"): ("pair", "partner"),
    ("hour", "n"): ("incident", "timed"),
    ("flag", "n"): ("incident", "incidents"),
    ("outcome", "n"): ("arrest", "of_partner"),
    ("order_kind", "n"): ("order", "orders"),
    ("homicide_class", "n"): ("homicide", "homicides"),
    ("call_type", "n"): ("call", "calls"),
    ("S01", "denominator"): ("incident", "denominator"),
    ("prior", "things"): ("offender", "things"),
    ("supervised", "things"): ("offender", "things"),
    ("respondent", "things"): ("offender", "things"),
    ("felon", "things"): ("offender", "things"),
    ("placed", "placed"): ("offender", "things"),
    ("linked", "things"): ("incident", "partner"),
    ("floor", "things"): ("offender", "things"),
    ("arrest", "timed or untimed"): ("arrest", "of_partner"),
    ("arrest", "disposed or undisposed"): ("arrest", "closed"),
}  # fmt: skip
"""Measures of a level, all parts together, that are a measure of another one."""

PART_IS: Final[dict[tuple[str, str, str], tuple[str, str]]] = {
    ("clearance", "n", "D"): ("detail", "refused"),
    ("call_type", "n", "domestic"): ("call", "domestic"),
    ("homicide_class", "n", "intimate_partner"): ("homicide", "partner"),
    ("homicide_class", "n", "undetermined"): ("homicide", "open"),
    ("S01", "numerator", OWN_DEFINITION.code): ("incident", "partner"),
    ("S01", "undetermined", OWN_DEFINITION.code): ("incident", "undetermined"),
    ("S02", "numerator", OWN_DEFINITION.code): ("victim", "persons"),
    ("S03", "numerator", OWN_DEFINITION.code): ("pair", "partner"),
    ("reason", "n", "missing"): ("pair", "blank"),
    ("reason", "n", "no_offender"): ("pair", "no_offender"),
    ("row", "read", "quarantined"): ("row", "quarantined"),
    ("prior", "things", "0"): ("prior", "none"),
    ("placed", "things", "none"): ("placed", "none"),
    ("role", "under_18", "victim"): ("victim", "under_18"),
    ("sentence", "n", "jail/unknown"): ("charge", "jail_blank"),
    ("T05", "numerator", "ipv_dir"): ("tally_change", "now"),
    ("T05", "denominator", "ipv_dir"): ("tally_change", "before"),
    ("outcome", "n", "convicted"): ("arrest", "convicted"),
    ("outcome", "n", "dismissed"): ("arrest", "dismissed"),
    ("outcome", "n", "unknown"): ("arrest", "outcome_blank"),
    ("outcome", "n", "no charge"): ("arrest", "filing_blank"),
    ("call_stage", "n", "domestic/2 incidents"): ("incident", "domestic"),
    ("call_stage", "n", "intimate_partner/2 incidents"): ("incident", "partner"),
    ("call_stage", "n", "intimate_partner/3 with an arrest"): ("detail", "arrest"),
    ("call_stage", "open", "domestic/2 incidents"): ("incident", "unflagged"),
    ("call_stage", "open", "intimate_partner/2 incidents"): ("incident", "undetermined"),
    ("call_stage", "n", "domestic/1 calls"): ("call", "domestic"),
    ("call_stage", "n", "intimate_partner/1 calls"): ("call", "partner"),
    ("call_stage", "open", "domestic/1 calls"): ("call", "untyped"),
    ("call_stage", "open", "intimate_partner/1 calls"): ("call", "unreported"),
}
"""Single parts that are a measure of another level."""

IN_NO_FIGURE: Final = (
    ("pair", "no_offender"),
    ("row", "quarantined"),
    ("prior", "none"),
    ("placed", "none"),
    ("victim", "under_18"),
)
"""Of the measures that single parts are, those that stand in no figure of their own."""

BY_LAST: Final[dict[tuple[str, str, str], tuple[str, str]]] = {
    ("flag", "n", "intimate_partner"): ("incident", "partner"),
}
"""Measures that parts of several names make up which end alike, such as a class over all flags."""

BY_FIRST: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("sentence", "n"): ("charge", "convictions"),
}
"""Measures of which parts of several names that begin alike each make up all, such as the days of each sentence."""

ADDS_UP: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    ("row", ("accepted", "quarantined"), "read"),
    ("placed", ("placed", "none"), "things"),
    ("pair", ("required", "no_offender"), "pairs"),
    ("incident", ("domestic", "unflagged"), "denominator"),
    ("incident", ("timed", "untimed"), "partner"),
    ("incident", ("coded", "uncoded"), "partner"),
    ("pair", ("stated", "undetermined"), "pairs"),
    ("call", ("reported", "unreported"), "domestic"),
)
"""Level, measures, and the measure that they make up."""

AT_MOST: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (("incident", "denominator"), ("incident", "partner"), ("incident", "undetermined")),
    (("incident", "undetermined"), ("incident", "unflagged")),
    (("incident", "domestic"), ("incident", "partner")),
    (("incident", "incidents"), ("incident", "denominator")),
    (("incident", "incidents"), ("incident", "offender_unknown")),
    (("incident", "incidents"), ("incident", "repeated")),
    (("incident", "incidents"), ("violent", "violent")),
    (("incident", "weapon"), ("incident", "firearm")),
    (("incident", "partner"), ("incident", "weapon"), ("incident", "weapon_blank")),
    (("incident", "partner"), ("detail", "with_offender")),
    (("incident", "weapon_blank"), ("detail", "strangled_blank")),
    (("incident", "partner"), ("detail", "arrest")),
    (("incident", "partner"), ("clearance", "n"), ("detail", "clearance_blank")),
    (("clearance", "n"), ("detail", "refused")),
    (("detail", "with_offender"), ("detail", "arrest_made")),
    (("detail", "arrest"), ("detail", "arrest_made")),
    (("violent", "violent"), ("violent", "aggravated")),
    (("violent", "violent"), ("violent", "violent_partner"), ("violent", "violent_open")),
    (("violent", "violent_partner"), ("violent", "aggravated_partner")),
    (("violent", "violent_open"), ("violent", "aggravated_open")),
    (("pair", "pairs"), ("pair", "conflict")),
    (("pair", "pairs"), ("pair", "required")),
    (("pair", "required"), ("pair", "blank")),
    (("pair", "undetermined"), ("pair", "blank")),
    (("pair", "partner"), ("pair", "former"), ("pair", "uncoded")),
    (("pair", "stated"), ("pair", "partner")),
    (("pair", "partner"), ("victim", "persons")),
    (("pair", "partner"), ("incident", "partner")),
    (("victim", "persons"), ("incident", "partner")),
    (("victim", "injured"), ("victim", "major")),
    (("victim", "persons"), ("resident", "adult"), ("victim", "under_18")),
    (("victim", "persons"), ("resident", "adult")),
    (("victim", "persons"), ("housed", "persons")),
    (("victim", "persons"), ("victim", "injured"), ("victim", "injury_blank")),
    (("call", "domestic"), ("call", "public_domestic")),
    (("call", "untyped"), ("call", "public_untyped")),
    (("call", "domestic"), ("call", "timed")),
    (("homicide", "homicides"), ("homicide", "female_adults")),
    (("homicide", "partner"), ("homicide", "female_partner")),
    (("arrest", "arrests"), ("arrest", "of_partner")),
    (("arrest", "of_partner"), ("arrest", "filed"), ("arrest", "filing_blank")),
    (("arrest", "of_partner"), ("arrest", "closed")),
    (("arrest", "of_partner"), ("arrest", "timed")),
    (("arrest", "closed"), ("arrest", "disposed")),
    (("arrest", "convicted"), ("arrest", "reduced"), ("arrest", "grade_blank")),
    (("offense", "n"), ("incident", "coded")),
    (("offender", "things"), ("victims_each", "things")),
    (("offender", "things"), ("prior", "any"), ("prior", "none")),
    (("prior", "any"), ("prior", "own"), ("prior", "other")),
    (("prior", "any"), ("prior", "other")),
    (("tally_dir", "ipv"), ("tally_shared", "ipv")),
    (("tally_dir", "ipv"), ("tally_change", "now")),
)
"""First a measure of a level, then others that together are no more than it."""

OVERLAP: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (("incident", "partner"), ("detail", "arrest"), ("detail", "with_offender"), ("detail", "arrest_made")),
)  # fmt: skip
"""A measure, two that lie within it, and what lies in both: the two make up no more than the first and the last."""

UNDER_18: Final = ("0-12", "13-17")
"""Groups of age of those under 18."""

ONE_VICTIM: Final = frozenset(
    {"pair", "reason", "tie", "race", "victim", "homicide", "homicide_class"}
)
"""Levels of which each thing has a single victim, so that groups of victims add up to the total.

Elsewhere a thing counts in each group that it has a victim of: the groups make up no less than the total, and none is
more than it."""

YEAR_WITHOUT_MONTH: Final = frozenset({"clients", "refuge", "petition", "caseload", "places"})
"""Levels of which a year may be told without a month, so that months make up no more than their year."""

NO_COUNTS: Final = ("B02", "B11")
"""Figures whose numbers are places in an order of types of call: they count nobody."""

DEFINED: Final = ("S01", "S02", "S03", "S04")
"""Figures that ask several definitions of a partner about the same things; each counts no fewer things than the next
to the last one, which counts pairs."""

COUNT_ALIKE: Final[tuple[tuple[str, str], ...]] = (
    ("ipvi", "vawa"),
    ("ipvi", "cohabitants_left_out"),
    ("cdc", "nibrs"),
)
"""Definitions that count the same things."""

COUNT_NO_MORE: Final[tuple[tuple[str, str], ...]] = (
    ("ipvi", "vawa"), ("ipvi", "cdc"), ("ipvi", "former_left_out"), ("ipvi", "dating_left_out"),
    ("cohabitants_counted", "ipvi"),
)  # fmt: skip
"""Definitions of which the second counts nothing that the first does not."""

REACH_ALIKE: Final[tuple[tuple[str, str], ...]] = (
    ("ipvi", "vawa"),
    ("ipvi", "cdc"),
    ("ipvi", "cohabitants_counted"),
)
"""Definitions that count or leave open the same things."""

REACH_NO_FURTHER: Final[tuple[tuple[str, str], ...]] = (
    ("ipvi", "nibrs"), ("ipvi", "cohabitants_left_out"), ("ipvi", "former_left_out"), ("ipvi", "dating_left_out"),
)  # fmt: skip
"""Definitions of which the second counts or leaves open nothing that the first does not."""

LINKED: Final = ("A12", "D", "E", "H", "J01", "J02")
"""How the codes of figures of linked persons begin."""

OF_LINKED: Final[dict[str, tuple[str, ...]]] = {
    "D01": ("total",),
    "D02": ("total",),
    "D03": ("total",),
    "D04": ("total",),
    "D05": ("victims",),
    "D11": ("step",),
    "D12": ("total",),
    "E01": ("total",),
    "E02": ("total",),
    "E03": ("priors",),
    "E07": ("total",),
    "E09": ("total",),
    "E10": ("total",),
    "E11": ("total",),
    "H01": ("total", "level"),
    "H03": ("total", "level"),
}
"""Breakdowns of figures of linked persons of which all relations are declared; no other one is shown to others."""

OF_WHOLE_DISTRIBUTION: Final[dict[str, tuple[str, ...]]] = {
    "D06": ("top",),
    "D07": ("people",),
    "D08": ("total",),
}
"""Figures that are worked out from how many incidents each offender has."""

DISTRIBUTION: Final = (("D02", "total"), ("D03", "total"), ("D11", "step"), ("D12", "total"))
"""What tells how many offenders have so many incidents; where any of it is withheld, the others are too."""

KEPT_INSIDE: Final = ("A05",)
"""Figures that help an agency to mend its data, and tell others of a few pairs in another way."""

CHANGES: Final[dict[str, tuple[str, str]]] = {
    "domestic_incidents": ("incident", "domestic"),
    "partner_incidents": ("incident", "partner"),
    "domestic_calls": ("call", "domestic"),
}
"""What figure B12 sets against the year before, by the last part of its groups."""
