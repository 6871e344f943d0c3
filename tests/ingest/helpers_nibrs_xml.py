"""Made-up NIBRS submissions in XML, in the namespaces of an older and a newer release of the schema."""

from __future__ import annotations

from collections.abc import Sequence

OLDER = {
    "nibrs": "http://fbi.gov/cjis/nibrs/4.0",
    "cjis": "http://fbi.gov/cjis/1.0",
    "j": "http://release.niem.gov/niem/domains/jxdm/5.1/",
    "nc": "http://release.niem.gov/niem/niem-core/3.0/",
    "s": "http://release.niem.gov/niem/structures/3.0/",
}
NEWER = {
    "nibrs": "http://fbi.gov/cjis/nibrs/2023.0",
    "cjis": "http://fbi.gov/cjis/5.0",
    "j": "http://release.niem.gov/niem/domains/jxdm/7.2/",
    "nc": "http://release.niem.gov/niem/niem-core/5.0/",
    "s": "http://release.niem.gov/niem/structures/5.0/",
}


def submission(reports: Sequence[str], *, spaces: dict[str, str] = NEWER, head: str = "") -> str:
    """Put reports into a submission."""
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
    body = "\n".join(reports)
    return (
        f"<?xml version='1.0'?>\n{head}<nibrs:Submission {declared}>\n{body}\n</nibrs:Submission>\n"
    )


def header(kind: str, action: str = "I", ori: str | None = "ZZ0010000") -> str:
    """Make the header of a report of January 2024."""
    agency = (
        "<j:OrganizationAugmentation><j:OrganizationORIIdentification>"
        f"<nc:IdentificationID>{ori}</nc:IdentificationID>"
        "</j:OrganizationORIIdentification></j:OrganizationAugmentation>"
    )
    return (
        f"<nibrs:ReportHeader><nibrs:NIBRSReportCategoryCode>{kind}</nibrs:NIBRSReportCategoryCode>"
        f"<nibrs:ReportActionCategoryCode>{action}</nibrs:ReportActionCategoryCode>"
        "<nibrs:ReportDate><nc:YearMonthDate>2024-01</nc:YearMonthDate></nibrs:ReportDate>"
        f"<nibrs:ReportingAgency>{agency if ori else ''}</nibrs:ReportingAgency></nibrs:ReportHeader>"
    )


def person(role: str, age: str) -> str:
    """Make a person; an age of words, of digits, or of two numbers and a hyphen."""
    low, dash, high = age.partition("-")
    if dash:
        measure = (
            f"<nc:MeasureIntegerRange><nc:RangeMaximumIntegerValue>{high}</nc:RangeMaximumIntegerValue>"
            f"<nc:RangeMinimumIntegerValue>{low}</nc:RangeMinimumIntegerValue></nc:MeasureIntegerRange>"
        )
    elif age.isdigit():
        measure = f"<nc:MeasureIntegerValue>{age}</nc:MeasureIntegerValue>"
    else:
        measure = f"<nc:MeasureValueText>{age}</nc:MeasureValueText>"
    return (
        f'<nc:Person s:id="Person{role}"><nc:PersonAgeMeasure>{measure}</nc:PersonAgeMeasure>'
        "<j:PersonRaceNDExCode>W</j:PersonRaceNDExCode><j:PersonSexCode>F</j:PersonSexCode></nc:Person>"
    )


ARREST = """<j:Arrest s:id="Arrest1"><nc:ActivityIdentification><nc:IdentificationID>A-9</nc:IdentificationID>
</nc:ActivityIdentification><nc:ActivityDate><nc:Date>2024-01-06</nc:Date></nc:ActivityDate>
<j:ArrestCharge><nibrs:ChargeUCRCode>13B</nibrs:ChargeUCRCode></j:ArrestCharge>
<j:ArrestCategoryCode>T</j:ArrestCategoryCode></j:Arrest>
<j:ArrestSubjectAssociation><nc:Activity s:ref="Arrest1"/><j:Subject s:ref="Arrestee1"/></j:ArrestSubjectAssociation>"""


def arrestee(age: str = "31") -> str:
    """Make an arrestee with an arrest."""
    return (
        f"{person('Arrestee1', age)}<j:Arrestee s:id='Arrestee1'><nc:RoleOfPerson s:ref='PersonArrestee1'/>"
        f"<j:ArrestSequenceID>1</j:ArrestSequenceID></j:Arrestee>{ARREST}"
    )


def group_a(
    number: str | None,
    tie: str = "Family Member_Spouse",
    *,
    action: str = "I",
    victim_age: str = "32",
    offender_age: str = "25-30",
    ori: str | None = "ZZ0010000",
) -> str:
    """Make a simple assault of one victim by one offender, with an arrest."""
    identification = (
        "<nc:ActivityIdentification><nc:IdentificationID>"
        f"{number}</nc:IdentificationID></nc:ActivityIdentification>"
    )
    return f"""<nibrs:Report>{header("GROUP A INCIDENT REPORT", action, ori)}
<nc:Incident>{identification if number else ""}
<nc:ActivityDate><nc:DateTime>2024-01-05T22:00:00</nc:DateTime></nc:ActivityDate>
<j:IncidentAugmentation><j:IncidentExceptionalClearanceCode>B</j:IncidentExceptionalClearanceCode>
<j:IncidentExceptionalClearanceDate><nc:Date>2024-01-09</nc:Date></j:IncidentExceptionalClearanceDate>
</j:IncidentAugmentation></nc:Incident>
<j:Offense s:id="Offense1"><nibrs:OffenseUCRCode>13B</nibrs:OffenseUCRCode>
<j:OffenseFactor><j:OffenseFactorCode>A</j:OffenseFactorCode></j:OffenseFactor>
<j:OffenseForce><j:ForceCategoryCode>40</j:ForceCategoryCode></j:OffenseForce>
<j:OffenseAttemptedIndicator>false</j:OffenseAttemptedIndicator></j:Offense>
<nc:Location s:id="Place1"><j:LocationCategoryCode>20</j:LocationCategoryCode></nc:Location>
{person("Victim1", victim_age)}{person("Subject1", offender_age)}
<j:Victim s:id="Victim1"><nc:RoleOfPerson s:ref="PersonVictim1"/>
<j:VictimSequenceNumberText>1</j:VictimSequenceNumberText>
<j:VictimInjury><j:InjuryCategoryCode>M</j:InjuryCategoryCode></j:VictimInjury>
<j:VictimCategoryCode>I</j:VictimCategoryCode></j:Victim>
<j:Subject s:id="Subject1"><nc:RoleOfPerson s:ref="PersonSubject1"/>
<j:SubjectSequenceNumberText>1</j:SubjectSequenceNumberText></j:Subject>
{arrestee()}
<j:OffenseLocationAssociation><j:Offense s:ref="Offense1"/><nc:Location s:ref="Place1"/></j:OffenseLocationAssociation>
<j:OffenseVictimAssociation><j:Offense s:ref="Offense1"/><j:Victim s:ref="Victim1"/></j:OffenseVictimAssociation>
<j:SubjectVictimAssociation><j:Subject s:ref="Subject1"/><j:Victim s:ref="Victim1"/>
<nibrs:VictimToSubjectRelationshipCode>{tie}</nibrs:VictimToSubjectRelationshipCode></j:SubjectVictimAssociation>
</nibrs:Report>"""


def group_b(action: str = "A") -> str:
    """Make the report of an arrest without an incident."""
    return f"<nibrs:Report>{header('GROUP B ARREST REPORT', action)}{arrestee('17')}</nibrs:Report>"


def deleted(number: str) -> str:
    """Make the report that takes an incident back."""
    return (
        f"<nibrs:Report>{header('GROUP A INCIDENT REPORT', 'D')}<nc:Incident><nc:ActivityIdentification>"
        f"<nc:IdentificationID>{number}</nc:IdentificationID></nc:ActivityIdentification></nc:Incident></nibrs:Report>"
    )


def zero() -> str:
    """Make the report of a month without incidents."""
    return f"<nibrs:Report>{header('ZERO REPORT', 'A')}</nibrs:Report>"
