"""What every kind of tie means; the victim is named first where the two sides differ."""

from __future__ import annotations

from typing import Final

_NIBRS: Final = "FBI, NIBRS data element 35, code {}."
_WORDS: Final = "Usual wording of US records systems; NIBRS has no code of its own for it."
_NO_SIDE: Final = (
    "The column does not say whose tie it states, so it is not known which of the two is which."
)

TIE_MEANINGS: Final[dict[str, tuple[str, str]]] = {
    "spouse": (
        "Married to each other, or in a domestic partnership or civil union that is recorded as marriage; also when"
        " separated.", _NIBRS.format("SE"),
    ),
    "common_law": ("Living together as spouses without a marriage, as the record says.", _NIBRS.format("CS")),
    "ex_spouse": ("Once married to each other, now divorced.", _NIBRS.format("XS")),
    "dating": (
        "Boyfriend or girlfriend, engaged, dating, or partners who are said to be intimate.", _NIBRS.format("BG"),
    ),
    "ex_dating": (
        "Former boyfriend or girlfriend, or former intimate partner. Before 2017 some agencies entered them as BG.",
        _NIBRS.format("XR"),
    ),
    "co_parent": (
        "Parents of a child in common, of whom no more is said. Whether they are or were a couple is not known.",
        "High Point NC and 18 U.S.C. 2266(7) name it; NIBRS has no code for it.",
    ),
    "partner_unspecified": (
        "Intimate partners of whom it is not said whether they are married, dating, or former ones.",
        _NIBRS.format("HR"),
    ),
    "parent": ("The victim is the offender's parent.", _NIBRS.format("PA")),
    "child": ("The victim is the offender's child.", _NIBRS.format("CH")),
    "parent_child": (f"Parent and child. {_NO_SIDE}", _NIBRS.format("PA or CH")),
    "sibling": ("Brothers and sisters, half-siblings among them.", _NIBRS.format("SB")),
    "grandparent": ("The victim is the offender's grandparent.", _NIBRS.format("GP")),
    "grandchild": ("The victim is the offender's grandchild.", _NIBRS.format("GC")),
    "grandparent_grandchild": (f"Grandparent and grandchild. {_NO_SIDE}", _NIBRS.format("GP or GC")),
    "in_law": ("Kin by marriage: of a spouse's family, or a relative's spouse.", _NIBRS.format("IL")),
    "step_parent": ("The victim is the offender's step-parent.", _NIBRS.format("SP")),
    "step_child": ("The victim is the offender's step-child.", _NIBRS.format("SC")),
    "step_parent_child": (f"Step-parent and step-child. {_NO_SIDE}", _NIBRS.format("SP or SC")),
    "step_sibling": ("Step-siblings.", _NIBRS.format("SS")),
    "other_family": (
        "Other kin: aunt, uncle, cousin, niece, nephew, or family that the record does not name more closely.",
        _NIBRS.format("OF"),
    ),
    "partners_child": (
        "The victim is the child of the offender's partner. The partners' own tie is intimate, this pair's is not.",
        _NIBRS.format("CF"),
    ),
    "parents_partner": ("The victim is the partner of the offender's parent.", _WORDS),
    "parents_partner_child": (f"A parent's partner and the child. {_NO_SIDE}", _NIBRS.format("CF or none")),
    "family_members_partner": ("One is the partner of a relative of the other.", _WORDS),
    "partners_family": ("One is of the family of the other's partner, whom the other has not married.", _WORDS),
    "household": ("Several ties of household or care are named; which one counts is not said.", _WORDS),
    "roommate": (
        "Of the same household without family or partnership: roommate, boarder, cohabitant (non-intimate).",
        _NIBRS.format("CO"),
    ),
    "foster_parent": ("The victim is the offender's foster parent.", _NIBRS.format("FP")),
    "foster_child": ("The victim is the offender's foster child.", _NIBRS.format("FC")),
    "foster_parent_child": (f"Foster parent and foster child. {_NO_SIDE}", _NIBRS.format("FP or FC")),
    "foster_sibling": ("Foster siblings.", _WORDS),
    "foster_family": ("A foster tie that is not named more closely.", _WORDS),
    "guardian": ("The victim is the offender's guardian.", _WORDS),
    "ward": ("The victim is the offender's ward.", _WORDS),
    "guardian_ward": (f"Guardian and ward. {_NO_SIDE}", _WORDS),
    "caregiver": ("The victim cares for the offender.", _WORDS),
    "care_recipient": ("The offender cares for the victim.", _WORDS),
    "caregiver_recipient": (f"Caregiver and the one cared for. {_NO_SIDE}", _WORDS),
    "known": ("Several ties of acquaintance are named; which one counts is not said.", _WORDS),
    "acquaintance": ("Acquaintances.", _NIBRS.format("AQ")),
    "friend": ("Friends; a former friend too.", _NIBRS.format("FR")),
    "neighbor": ("Neighbours.", _NIBRS.format("NE")),
    "otherwise_known": (
        "Known to each other in a way that no other code names. In a record flagged as domestic violence it decides"
        " nothing.", _NIBRS.format("OK"),
    ),
    "babysittee": ("The victim is the child whom the offender looks after.", _NIBRS.format("BE")),
    "babysitter": ("The victim looks after the offender, who is the child.", _WORDS),
    "babysitter_babysittee": (f"Babysitter and the child. {_NO_SIDE}", _NIBRS.format("BE or OK")),
    "employee": ("The victim works for the offender.", _NIBRS.format("EE")),
    "employer": ("The offender works for the victim.", _NIBRS.format("ER")),
    "employee_employer": (f"Employee and employer. {_NO_SIDE}", _NIBRS.format("EE or ER")),
    "coworker": ("Colleagues.", _WORDS),
    "business": ("Partners or associates in business.", _WORDS),
    "client": ("A customer, client or patient and the one who serves them.", _WORDS),
    "landlord_tenant": ("Landlord and tenant.", _WORDS),
    "school": ("Of the same school: classmates, teacher and student.", _WORDS),
    "authority_figure": ("A tie of authority or trust, such as a coach or a pastor.", _WORDS),
    "law_enforcement": ("An officer of the law.", _WORDS),
    "inmate": ("Held in the same facility.", _WORDS),
    "gang": ("Members of gangs, the same or rival ones.", _WORDS),
    "accomplice": ("Took part in an offence together.", _WORDS),
    "godparent": ("Godparent and godchild, which is no tie of blood.", _WORDS),
    "play_kin": ("Called kin by custom, without a tie of blood or marriage.", _WORDS),
    "third_party": (
        "Known through a third person, such as a former partner's new partner; neither is the other's partner.", _WORDS,
    ),
    "stranger": ("Said to be strangers.", _NIBRS.format("ST")),
}  # fmt: skip
"""Text and source by the tie as it stands in ``pairs.parquet``: partners, then family, household, others known."""
