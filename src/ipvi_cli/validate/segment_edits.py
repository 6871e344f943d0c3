"""The FBI's published edits that need the segment as it was sent: found while reading NIBRS submissions.

Each message names the data element and the number of the edit.
"""

from __future__ import annotations

from typing import Final

from ipvi_cli.validate.rule import Rule

_CORRECT: Final = "Correct the report and send it again."
_CHECK: Final = "Compare the report with the case file."


def _edits(*numbers: str) -> str:
    if len(numbers) == 1:
        return f"FBI NIBRS edit {numbers[0]}."
    return f"FBI NIBRS edits {', '.join(numbers[:-1])} and {numbers[-1]}."


RULES: Final = (
    Rule(
        "IPVI-156", "segments-out-of-order", "warning", "structure",
        "A segment stands behind one of a higher level of its incident.",
        "The submission was put together by hand or by a faulty program; segments may belong to another incident.",
        _CORRECT, _edits("050"),
    ),
    Rule(
        "IPVI-157", "submission-months-mixed", "info", "structure",
        "Segments of one file are of several months of submission.",
        "Several submissions were joined; they were played in their order.",
        "Nothing need be done if that is meant.", _edits("058"),
    ),
    Rule(
        "IPVI-158", "submission-of-several-states", "warning", "structure",
        "Agencies of one file are of several states.",
        "Incidents of elsewhere would be counted for the site.",
        "Take the other state's agencies out, or list only the site's own in the profile.", _edits("059"),
    ),
    Rule(
        "IPVI-159", "zero-report-month", "warning", "range",
        "A report of a month without incidents has no month of that kind.",
        "A month without incidents cannot be told from a month that is missing.",
        _CORRECT, _edits("004", "090", "091", "094"),
    ),
    Rule(
        "IPVI-161", "arrest-reported-twice", "info", "duplicate",
        "A Group B arrest is reported twice.",
        "It is counted once.",
        "Nothing need be done if it is the same arrest.", _edits("751", "759"),
    ),
    Rule(
        "IPVI-226", "element-missing", "error", "required",
        "A data element of a segment that is never blank is blank.",
        "What the element says is unknown: a victim without connected offence or offender makes no pair.",
        _CORRECT, _edits("001", "101", "201", "401", "501", "601", "701"),
    ),
    Rule(
        "IPVI-227", "person-element-missing", "warning", "required",
        "The age, sex or race of a victim who is a person, or what an officer did, is blank.",
        "Tables by age, sex or race leave the victim out.",
        _CORRECT, _edits("453", "454"),
    ),
    Rule(
        "IPVI-228", "offence-element-missing", "warning", "required",
        "A data element that the offence calls for is blank.",
        "Without the weapon the severity of the offence is unknown.",
        _CORRECT, _edits("220", "221", "253", "257"),
    ),
    Rule(
        "IPVI-308", "element-not-on-list", "error", "code-list",
        "A code of a segment is not on the list of its data element.",
        "It is read as unknown.",
        _CORRECT,
        _edits("104", "151", "201", "204", "251", "404", "504", "556", "604", "664", "667", "704", "757", "758"),
    ),
    Rule(
        "IPVI-309", "element-repeats-code", "error", "uniqueness",
        "A data element that holds several codes holds the same one twice.",
        "Another code may have been meant.",
        _CORRECT, _edits("206", "406", "606", "706"),
    ),
    Rule(
        "IPVI-313", "exclusive-code-beside-others", "warning", "plausibility",
        "A code that excludes all others stands beside others.",
        "None and a weapon, or none and drugs, cannot both be true.",
        _CORRECT, _edits("207", "607", "707"),
    ),
    Rule(
        "IPVI-314", "number-of-odd-characters", "info", "structure",
        "An incident or arrest number holds blanks inside, or other than capital letters, digits and hyphens.",
        "It may not match the same number in other files.",
        "Ask how the number is written in the records system.",
        _edits("115", "117", "215", "217", "415", "417", "515", "517", "615", "617", "715", "717"),
    ),
    Rule(
        "IPVI-315", "element-not-for-offence", "info", "plausibility",
        "A data element says what the offence does not allow.",
        "The offence or the element is wrong.",
        _CHECK, _edits("205", "219", "222", "252", "254", "419"),
    ),
    Rule(
        "IPVI-316", "automatic-without-firearm", "info", "code-list",
        "The mark of an automatic weapon is odd, or stands behind what is no firearm.",
        "The weapon itself is read all the same.",
        _CORRECT, _edits("255", "258", "654", "655", "754", "755"),
    ),
    Rule(
        "IPVI-317", "offence-of-other-group", "error", "code-list",
        "An incident has a Group B offence, or a Group B arrest a Group A offence.",
        "Offences of Group B make no incident; an incident may lack the offence that counts.",
        _CORRECT, _edits("264", "760"),
    ),
    Rule(
        "IPVI-427", "incident-after-submission", "error", "range",
        "An incident is dated after the month of its submission.",
        "The date is wrong, and the incident is counted in another month.",
        _CORRECT, _edits("170"),
    ),
    Rule(
        "IPVI-428", "age-range-odd", "warning", "range",
        "A range of ages is not four digits, is reversed, or starts at 00.",
        "The age is unknown.",
        _CORRECT,
        _edits("409", "410", "422", "509", "510", "522", "609", "610", "622", "709", "710", "722"),
    ),
    Rule(
        "IPVI-429", "arrestee-over-98", "info", "range",
        "An arrestee is over 98 years old.",
        "The age 99 is often meant as unknown.",
        _CHECK, _edits("641", "741"),
    ),
    Rule(
        "IPVI-431", "juvenile-disposition-odd", "info", "plausibility",
        "The disposition of a juvenile is missing for an arrestee under 18, or given for an adult.",
        "The age or the disposition is wrong.",
        _CHECK, _edits("640", "652", "653", "740", "752", "753"),
    ),
    Rule(
        "IPVI-432", "runaway-of-age", "info", "range",
        "A runaway is not 1 to 17 years old.",
        "The age or the offence is wrong.",
        _CHECK, _edits("761"),
    ),
    Rule(
        "IPVI-516", "arrest-numbered-as-incident", "warning", "reference",
        "A Group B arrest has the number of an incident of the same agency.",
        "It may be the arrest of that incident, and miss there.",
        "Ask whether the two belong together.", _edits("088"),
    ),
    Rule(
        "IPVI-523", "offence-repeated", "warning", "uniqueness",
        "An incident has two segments of the same offence.",
        "The offence would be counted twice.",
        _CORRECT, _edits("262"),
    ),
    Rule(
        "IPVI-528", "more-than-ten-offences", "warning", "structure",
        "An incident has more than ten offences.",
        "Several incidents may have been joined under one number.",
        _CHECK, _edits("263"),
    ),
    Rule(
        "IPVI-529", "offence-without-connected-victim", "error", "reference",
        "No victim is connected to an offence of the incident.",
        "The offence is counted, and nobody can say against whom it was.",
        _CORRECT, _edits("065"),
    ),
    Rule(
        "IPVI-531", "connected-offence-absent", "error", "reference",
        "A victim is connected to an offence that the incident does not have.",
        "The offence is missing from every count of offences.",
        _CORRECT, _edits("466"),
    ),
    Rule(
        "IPVI-532", "victim-of-too-few-offenders", "warning", "reference",
        "An incident has three or more offenders, and a victim is connected to fewer than two.",
        "Pairs are missing, with whatever tie they have.",
        _CORRECT, _edits("085"),
    ),
    Rule(
        "IPVI-533", "society-victim-beside-others", "info", "reference",
        "An incident of crimes against society alone has several victims.",
        "Victims are counted too often.",
        _CORRECT, _edits("080"),
    ),
    Rule(
        "IPVI-534", "arrestee-number-repeated", "error", "uniqueness",
        "Two arrestees of an incident have the same number.",
        "One arrest is reported twice, or two persons cannot be told apart.",
        _CORRECT, _edits("661"),
    ),
    Rule(
        "IPVI-651", "victim-type-against-offence", "warning", "plausibility",
        "The type of victim does not fit the connected offence.",
        "A person may be taken for society or a business and left out of the pairs.",
        _CHECK, _edits("461", "464", "465", "467", "482"),
    ),
    Rule(
        "IPVI-652", "personal-element-of-non-person", "warning", "plausibility",
        "A victim that is not a person, or no officer, has what only these have.",
        "A person may be taken for a business and left out of the pairs.",
        _CHECK, _edits("458", "483"),
    ),
    Rule(
        "IPVI-653", "tie-without-person-crime", "info", "plausibility",
        "A tie is stated, and no offence against the victim is against a person or a robbery.",
        "NIBRS wants no tie there; whether it is known for other such offences is by chance.",
        _CHECK, _edits("459"),
    ),
    Rule(
        "IPVI-654", "tie-to-undescribed-offender", "warning", "plausibility",
        "A tie is known to an offender of whom neither age, sex nor race is known.",
        "Who knows the tie mostly knows the person; it may belong to another offender.",
        _CHECK, _edits("472", "572"),
    ),
    Rule(
        "IPVI-655", "circumstances-against-offence", "info", "plausibility",
        "The circumstances of an assault or homicide do not fit the offence, or each other.",
        "Circumstance 06, domestic violence, may be missing for the same reason.",
        _CHECK, _edits("455", "456", "457", "462", "463", "477", "480"),
    ),
    Rule(
        "IPVI-656", "offence-beside-its-part", "info", "plausibility",
        "A victim is connected to an offence and to one that is part of it or excludes it.",
        "The same act is counted as two offences.",
        _CHECK, _edits("478"),
    ),
    Rule(
        "IPVI-657", "rape-victim-of-unknown-sex", "info", "plausibility",
        "The victim of a rape or statutory rape has no sex recorded.",
        "Tables by the victim's sex leave the victim out.",
        _CHECK, _edits("469"),
    ),
    Rule(
        "IPVI-658", "rape-within-one-sex", "info", "plausibility",
        "Victim and all offenders of a rape are of the same sex.",
        "NIBRS codes such an act as sodomy or assault with an object; the tie of the two is as good as any.",
        "Check the offence.", _edits("560"),
    ),
    Rule(
        "IPVI-659", "cleared-without-known-offender", "info", "plausibility",
        "An incident was cleared exceptionally, and no offender is known by age, sex and race.",
        "An exceptional clearance needs an offender who is known; the pair may be missing.",
        _CHECK, _edits("557", "558"),
    ),
    Rule(
        "IPVI-661", "justifiable-homicide-odd", "warning", "plausibility",
        "A justifiable homicide has other offences, an arrest, a bias, or no known offender.",
        "It may be a homicide, which counts, or the killing may belong to another incident.",
        _CHECK, _edits("266", "270", "559", "669", "670"),
    ),
    Rule(
        "IPVI-662", "officer-victim-without-hour", "info", "required",
        "An officer is a victim, and the incident has no hour.",
        "The incident falls out of counts by hour.",
        _CORRECT, _edits("490"),
    ),
    Rule(
        "IPVI-663", "cargo-theft-odd", "info", "plausibility",
        "Cargo theft is not stated where the offence calls for it, or stated where it cannot be.",
        "It has no bearing on persons and ties.",
        _CORRECT, _edits("119", "122"),
    ),
)  # fmt: skip
"""Edits on segments."""
