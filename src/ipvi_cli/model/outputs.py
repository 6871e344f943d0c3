"""The files of a workspace besides the canonical tables: their columns, and what each column means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ipvi_cli.model.classified import (
    CLASSES,
    INCIDENT_SCHEMA,
    PAIR_SCHEMA,
    PARTNER_STATUSES,
)
from ipvi_cli.model.evaluation import EVALUATION_SCHEMA, PARTS
from ipvi_cli.model.figure import BEHIND_SCHEMA, FIGURE_SCHEMA
from ipvi_cli.model.finding import FINDING_SCHEMA, SEVERITIES
from ipvi_cli.model.linked import PERSON_ROLES, PERSON_SCHEMA, QUALITY_SCHEMA
from ipvi_cli.model.offending import (
    COUPLE_SCHEMA,
    EVENT_KINDS,
    EVENT_SCHEMA,
    LEVELS,
    OFFENDER_SCHEMA,
    ROLES,
)
from ipvi_cli.model.partners import (
    ANSWER_SCHEMA,
    ANSWERS,
    CAPACITY,
    CAPACITY_SCHEMA,
    CAPACITY_WORDS,
)


@dataclass(frozen=True)
class Output:
    """One kind of file in a workspace.

    Attributes:
        path: Where it lies; ``*`` stands for the name of an input.
        description: One row of it, in a sentence.
        types: Columns in order.
        meanings: What each column holds.
        key: Columns that name a row.
        closed: Columns that hold one of few words, and the words.
        required: Columns that are always filled.
    """

    path: str
    description: str
    types: Mapping[str, pl.DataType]
    meanings: Mapping[str, str]
    key: tuple[str, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ()


_PLACE: Final = {
    "source_file": "Input concerned, as the manifest names it",
    "source_row": "Physical line, sheet row or item number concerned; null for a whole input or column",
}

OUTPUTS: Final[dict[str, Output]] = {
    "findings": Output(
        "findings.parquet",
        "What is wrong or doubtful in the data, one row for each place.",
        FINDING_SCHEMA,
        {
            "code": "Rule that found it; `ipvi rules` lists them all",
            "severity": "error, warning or info",
            "table": "Canonical table concerned",
            "column": "Column concerned",
            "agency": "Agency concerned",
            "incident_id": "Incident concerned",
            **_PLACE,
            "message": "What was noticed and where; never the value of a cell",
            "finding_id": "Identity of the finding, which stays the same from one delivery to the next",
            "accepted": "Whether the list of accepted findings holds it",
        },
        key=("finding_id",),
        closed={"severity": SEVERITIES},
        required=("code", "severity", "message", "finding_id", "accepted"),
    ),
    "pairs": Output(
        "pairs.parquet",
        "One victim and one offender of an incident, and what their tie was decided to be.",
        PAIR_SCHEMA,
        {
            "pair_id": "Identifier of the pair",
            "incident_id": "Incident of the pair",
            "victim_id": "Victim of the pair; null where the record does not say which",
            "offender_id": "Offender of the pair; null where the record does not say which",
            "relationship_raw": "Relationship as written, where a crosswalk holds the words; else null",
            "relationship_class": "Class of the pair",
            "tie": "Kind of tie: spouse, common_law, ex_spouse, dating, ex_dating, co_parent,"
            " partner_unspecified, or the family or household kind",
            "partner_status": "Whether partners are current or former; null unless intimate",
            "basis": "Kind of evidence that decided",
            "rule": "Crosswalk entry or rule that decided; null where nothing did",
            "reason": "Why the pair is undetermined or not applicable; else null",
            "candidates": "Classes that an undetermined pair may be of",
            "evidence": "All evidence that the record holds, deciding or not",
            "conflict": "Evidence that speaks against the decision",
            "nibrs_code": "NIBRS data element 35: what the victim was to the offender; null where none fits",
            "victim_under_18": "Whether the victim is under 18; null when the age is unknown",
            "offender_under_18": "Whether the offender is under 18; null when the age is unknown",
        },
        key=("pair_id",),
        closed={"relationship_class": CLASSES, "partner_status": PARTNER_STATUSES},
        required=("pair_id", "incident_id", "relationship_class"),
    ),
    "incidents": Output(
        "incidents.parquet",
        "One incident and the class that its pairs give it.",
        INCIDENT_SCHEMA,
        {
            "incident_id": "agency ':' the agency's number after the declared normalisation",
            "agency": "Agency identifier",
            "incident_number": "The agency's number after normalisation",
            "incident_class": "Class of the incident: intimate partner before undetermined before the rest",
            "reason": "Why it is undetermined or not applicable; else null",
            "in_denominator": "Whether it counts in the shares; the declared population decides",
            "mixed": "Whether its pairs are of more than one determinate class",
            "pairs": "Number of its pairs",
            "undetermined_unflagged": "Whether it counts only because its tie may be domestic, without a flag",
            "dv_flag": "The agency's own domestic violence flag",
        },
        key=("incident_id",),
        closed={"incident_class": CLASSES},
        required=("incident_id", "incident_class", "in_denominator", "mixed", "pairs"),
    ),
    "figures": Output(
        "figures.parquet",
        "One figure for one group, as counts that can be added up.",
        FIGURE_SCHEMA,
        {
            "figure_id": "Figure; `ipvi figures` lists them all",
            "title": "What the figure is about",
            "counting_unit": "What is counted",
            "by": "What the groups are: total, month, agency, district, victim_sex, victim_age or the"
            " figure's own breakdown",
            "group": "The group",
            "numerator": "Count of those that have the property",
            "denominator": "Count of those looked at; null for a plain count",
            "undetermined": "Count of those of which the property is not known",
            "value": "The figure; null where the data do not allow one, and the note says why",
            "lower": "The least it can be, whatever the undetermined turn out to be",
            "upper": "The most it can be, whatever the undetermined turn out to be",
            "ci_lower": "Lower end of the 95 % sampling interval; null where none is meant",
            "ci_upper": "Upper end of the 95 % sampling interval; null where none is meant",
            "ci_method": "Method of the sampling interval",
            "suppressed": "Whether the cell is withheld because it is small",
            "note": "What must be known with it, or the column that is missing",
        },
        key=("figure_id", "by", "group"),
        required=("figure_id", "title", "counting_unit", "by", "group"),
    ),
    "rows": Output(
        "restricted/rows/*.parquet",
        "One row of a file behind one thing that a number counts, as `ipvi rows` lists them, in Parquet or CSV.",
        BEHIND_SCHEMA,
        {
            "unit": "What is counted: identifier of an incident, pair or person, or table and record of a row",
            "adds": "What the thing adds to the number, in its first row; null in its others, so that it adds up",
            "incident_id": "Incident that the row belongs to; null where it names none",
            "table": "Canonical table of the row",
            **_PLACE,
            "row_fate": "new, merged or duplicate",
            "record_id": "Record number, unique in its table",
        },
        required=("unit", "table", "source_file", "source_row", "row_fate", "record_id"),
    ),
    "persons": Output(
        "persons.parquet",
        "One record of a person and the person that it was linked to, at two thresholds.",
        PERSON_SCHEMA,
        {
            "record_table": "Canonical table of the record",
            "record_id": "The record in that table",
            "role": "What the person is in that record; a person keeps the role of each record",
            "person_id": "Pseudonym of the person at the strict threshold, on which levels rest",
            "match_probability": "Probability of the weakest link between the record and the person's first record;"
            " 1 for a shared number and for a record alone",
            "person_id_loose": "Pseudonym at the loose threshold; each strict person lies within one loose person",
            "match_probability_loose": "The same probability at the loose threshold",
        },
        key=("record_table", "record_id", "role"),
        closed={"role": PERSON_ROLES},
        required=tuple(PERSON_SCHEMA),
    ),
    "link_quality": Output(
        "link_quality.parquet",
        "One count that says how well records were linked to persons.",
        QUALITY_SCHEMA,
        {
            "measure": "What is counted, in words",
            "strict": "At the strict threshold",
            "loose": "At the loose threshold",
        },
        key=("measure",),
        required=tuple(QUALITY_SCHEMA),
    ),
    "offenders": Output(
        "offenders.parquet",
        "One person with an event as an offender, arrestee or defendant: history in counts, and candidate level.",
        OFFENDER_SCHEMA,
        {
            "person_id": "Pseudonym of the person",
            "level": "Candidate level for a team to review; none for who is not placed",
            "level_is_floor": "Whether the level is only the least that it can be",
            "reasons": "Rules that gave the level, then caveats; `ipvi explain reason:CODE` says what each means",
            "level_sure": "The level by links that are not weak alone",
            "also_victim": "Whether the person is the victim of a partner in another record: for care",
            "chronic": "Whether at A or B and no victim of a partner",
            "incidents": "Distinct incidents as an offender",
            "ipv_incidents": "Of these, with an intimate partner",
            "arrests": "Distinct arrests",
            "charges": "Distinct charge events, never charge rows",
            "ipv_charges": "Distinct intimate partner charge events, as levels count them",
            "convictions": "Distinct convictions",
            "orders": "Protective orders against the person",
            "violations": "Reported violations of them",
            "victims": "Distinct victims who are or were partners",
            "categories": "Distinct groups of offences",
            "diversity": "Shannon index of the groups of offences over events, natural logarithm",
            "groups": "The groups of offences",
            "first_date": "Date of the first event",
            "last_date": "Date of the last event",
            "active_days": "Days from the first to the last event",
            "days_between": "Median days between intimate partner incidents",
            "severity_sequence": "Tiers of severity of intimate partner incidents by date, 1 to 6",
            "severity_highest": "The highest of them",
            "escalations": "How often one was higher than the one before",
            "on_supervision": "Incidents while under supervision; null where no table tells of any",
            "under_order": "Incidents while an order was in force; null where no table tells of any",
            "harm": "Sum of the site's weights over incidents; null without weights",
            "harm_unweighted": "Incidents without any weighted offence",
        },
        key=("person_id",),
        closed={"level": LEVELS, "level_sure": LEVELS},
        required=("person_id", "level", "level_is_floor", "reasons"),
    ),
    "events": Output(
        "events.parquet",
        "One event of a person: a report, arrest, charge, conviction, order, violation or notice; none that is sealed.",
        EVENT_SCHEMA,
        {
            "person_id": "Pseudonym of the person",
            "kind": "What happened",
            "role": "What the person was in it",
            "event": "The incident, or else the day or record; with person, kind and role it names the event",
            "date": "Date of the event",
            "known_on": "Date from which it was known",
            "incident_id": "Incident of the event; null when none is known",
            "relationship_class": "What the person's own pairs in the incident come to; null without one",
            "tie_open": "Whether the tie is undetermined and may be a partner",
            "tie_linked_only": "Whether only another incident of the same two tells of the tie",
            "groups": "Groups of the offences",
            "offense_codes": "NIBRS codes of the record, or else of the incident",
            "weapon_codes": "NIBRS data element 13 codes of the incident",
            "severity": "Highest tier of severity of the offences, 1 to 6",
            "statute_basis": "partner: charged under a confirmed section that protects partners alone; open: under"
            " another on domestic violence",
            "level": "Level at which a notice was given",
            "sealed": "Whether every record of it is sealed",
            "left_out": "Why it raises nobody; null where it may",
            "on_supervision": "Whether the person was under supervision; null where no table tells of any",
            "under_order": "Whether an order against the person was in force; null where no table tells of any",
            "record_table": "Canonical table that tells of it",
            "match_probability": "Best probability that a record of it is of this person",
        },
        key=("person_id", "kind", "role", "event"),
        closed={"kind": EVENT_KINDS, "role": ROLES},
        required=("person_id", "kind", "role", "event", "sealed", "match_probability"),
    ),
    "couples": Output(
        "couples.parquet",
        "One incident of a couple: the same victim and offender, as persons.",
        COUPLE_SCHEMA,
        {
            "offender_person": "Pseudonym of the offender",
            "victim_person": "Pseudonym of the victim",
            "incident_id": "The incident",
            "date": "Date of the incident",
            "known_on": "Date from which it was known",
            "relationship_class": "Class of the pair",
            "tie": "Kind of tie",
            "partner_status": "Whether partners are current or former",
            "arrested": "Whether the offender was arrested in it",
            "charged": "Whether the offender was charged in it",
            "severity": "Highest tier of severity of its offences, 1 to 6",
            "left_out": "Why it raises nobody; null where it may",
            "match_probability": "The lesser probability of the two records",
        },
        key=("offender_person", "victim_person", "incident_id"),
        required=("offender_person", "victim_person", "incident_id", "relationship_class"),
    ),
    "assessment": Output(
        "assessment.parquet",
        "What one partner agency answered to one item of the checklist.",
        ANSWER_SCHEMA,
        {
            "agency": "The agency",
            "id": "Item of the checklist",
            "answer": "yes, partly, no or unknown, which never counts as no",
            "seen": "Whether the evidence was seen",
            "as_of": "Day that the answer is of, as written",
        },
        key=("agency", "id"),
        closed={"answer": ANSWERS},
        required=("agency", "id", "answer", "seen"),
    ),
    "capacity": Output(
        "capacity.parquet",
        "What one partner agency has.",
        CAPACITY_SCHEMA,
        {"agency": "The agency", "role": "Its role", **CAPACITY, **CAPACITY_WORDS},
        key=("agency",),
        required=("agency",),
    ),
    "evaluation": Output(
        "evaluation.parquet",
        "One measure of an evaluation, of one group in one window; in full, as the workspace is confidential.",
        EVALUATION_SCHEMA,
        {
            "part": "Part of the evaluation; refused: not printed, and the note says why and how much is needed",
            "measure": "What is measured: a step, an outcome, or what is counted by month",
            "group": "Level, month, side of a comparison, or all",
            "window": "Time within which it is measured; of a series, what was estimated",
            "numerator": "Count of those that have the property",
            "denominator": "Count of those looked at; of a survival curve, still at risk at the end of the window",
            "undetermined": "Count of those of which the property is not known",
            "value": "The measure: a share, days, chi-squared, a difference of shares; of"
            " a series, a ratio less one",
            "ci_lower": "Lower end of the 95 % interval",
            "ci_upper": "Upper end of the 95 % interval",
            "ci_method": "Method of the interval",
            "note": "What must be known with it",
        },
        key=("part", "measure", "group", "window"),
        closed={"part": PARTS},
        required=("part", "measure"),
    ),
    "quarantine": Output(
        "quarantine/*.parquet",
        "One refused row of an input; what it held lies in restricted/quarantine/ by the same record_id.",
        {
            "record_id": pl.Int64(),
            "source_file": pl.String(),
            "source_row": pl.Int64(),
            "reason_code": pl.String(),
            "message": pl.String(),
        },
        {
            "record_id": "Number of the refused record, over all inputs",
            "source_file": "Input that the row came from",
            "source_row": "Physical line, sheet row or item number where the record starts",
            "reason_code": "Rule for which it was refused",
            "message": "Why it was refused; never the value of a cell",
        },
        key=("record_id",),
        required=("record_id", "source_file", "source_row", "reason_code", "message"),
    ),
}
"""Every tabular output by its name."""
