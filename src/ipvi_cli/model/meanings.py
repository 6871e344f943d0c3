"""What every code of a classified pair or a candidate level means, and where that comes from; declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ipvi_cli.model.ties import TIE_MEANINGS

_PROJECT: Final = "A reconstruction: no published source fixes it; an editable rule."
_METHOD: Final = "Evidence hierarchy of this project; see docs/how-a-pair-gets-its-class.md."
_NIBRS: Final = "FBI, NIBRS data element 35, relationship of victim to offender."


@dataclass(frozen=True)
class Meaning:
    """What a code means.

    Attributes:
        kind: ``class``, ``reason``, ``tie``, ``basis``, ``conflict`` or ``level``.
        code: The code as it stands in the outputs.
        text: One paragraph.
        source: Where the definition comes from.
    """

    kind: str
    code: str
    text: str
    source: str


_CLASSES: Final = {
    "intimate_partner": (
        "Present or former spouse, common-law spouse, civil or domestic partner, fiancé, dating or former dating"
        " partner, or parents of a child in common, whether or not they live or lived together and whatever their sex.",
        "New York State DCJS, domestic violence data; High Point NC, Offender Focused Domestic Violence Initiative;"
        " NIBRS data element 35, codes SE, CS, XS, BG, XR and HR.",
    ),
    "other_family": (
        "A tie of blood, marriage or step between two who are not partners: parent, child, sibling, grandparent,"
        " in-law, other family; also a partner's child and a parent's partner, whose own tie to the pair is no"
        " partnership.",
        f"{_NIBRS} New York State DCJS, other family.",
    ),
    "other_domestic": (
        "The same household, or a tie of care or fostering, without family or partnership: roommate, NIBRS cohabitant"
        " (non-intimate), foster parent or child, guardian and ward.",
        f"{_NIBRS} Codes CO, FP and FC; public recodings differ on foster ties, which do not touch the partner share.",
    ),
    "known_not_domestic": (
        "Known to each other without a domestic tie: acquaintance, friend, neighbour, employer and employee,"
        " babysittee, client, or otherwise known in a record that is not flagged as domestic violence.",
        f"{_NIBRS} Codes AQ, FR, NE, EE, ER, BE and OK.",
    ),
    "stranger": (
        "The record says that the two are strangers. A domestic violence flag beside it is kept as a conflict and"
        " changes nothing.",
        f"{_NIBRS} Code ST.",
    ),
    "undetermined": (
        "Nothing is said of the tie, or the words allow more than one class. Such a pair is never guessed: it widens"
        " the range of the share. `reason` says why, `candidates` which classes are left.",
        _METHOD,
    ),
    "not_applicable": (
        "No tie of two persons is called for: the victim is no person, victim and offender are the same, or the"
        " offence is none for which a relationship is recorded. Such a pair is outside every denominator.",
        "FBI, NIBRS data elements 25, 34 and 35.",
    ),
}  # fmt: skip

_NOT_PUBLISHED: Final = (
    "Thresholds, look-back and the meaning of a charge are not published:"
    " a reconstruction, in an editable file."
)
_PROGRAMME: Final = "High Point NC, Offender Focused Domestic Violence Initiative (hpcav.com)"
_INTERVIEW: Final = f"{_PROGRAMME}, and the department's interview with FOX8"

_CRITERIA: Final = {
    "D1_call": (
        "Level D: named as the aggressor in at least one domestic call or report, with a partner tie, and never charged"
        " with intimate partner violence. Reports judged unfounded do not count. Usual next step: a letter or notice.",
        f"{_INTERVIEW}: at least one complaint; a disturbance call without a history. {_NOT_PUBLISHED}",
    ),
    "C1_first_charge": (
        "Level C: the first intimate partner charge event, however many charges it holds; a dismissed charge counts"
        " too. Usual next step: a face-to-face message by a detective.",
        f"{_INTERVIEW}: the first domestic violence charge. {_NOT_PUBLISHED}",
    ),
    "B1_two_charges": (
        "Level B: two or more intimate partner charge events, in different incidents or arrests; several charges of one"
        " arrest, and two arrests of one incident, are one event. Usual next step: a call-in or custom notification.",
        f"{_INTERVIEW}: chronic, two domestic violence charges. {_NOT_PUBLISHED}",
    ),
    "B2_on_notice": (
        "Level B: prohibited behaviour while on notice as level D or C: a new offence against a partner, a violated"
        " order or condition, a threat to the victim. Usual next step: a call-in or custom notification.",
        f"{_PROGRAMME}, its earlier page: repeat calls, or violations of prohibited behaviour. {_NOT_PUBLISHED}",
    ),
    "A1_three_charges": (
        "Level A: three or more intimate partner charge events, counted as for B1. Usual next step: enforcement,"
        " reviewed by the team, without a notice. Low confidence.",
        f"{_INTERVIEW}: the most violent and repeat, the most charges. {_NOT_PUBLISHED}",
    ),
    "A2_weapon": (
        "Level A: a weapon (NIBRS 11 to 35 or 50 to 70, 85 only where the site says so, never hands and feet) in an"
        " intimate partner incident. Usual next step: enforcement, reviewed by the team, without a notice. Low"
        " confidence.",
        f"{_INTERVIEW}: used a weapon in such a case. FBI, NIBRS data element 13, for the codes. {_NOT_PUBLISHED}",
    ),
    "A3_convictions": (
        "Level A: a history of convictions with several charges. Off until a site fills it.",
        f"{_INTERVIEW}: a history of convictions, could be a convicted felon. {_NOT_PUBLISHED}",
    ),
    "A4_complaints_multiple": (
        "Level A: many complaints. Off until a site fills it.",
        f"{_PROGRAMME}: multiple complaints. {_NOT_PUBLISHED}",
    ),
}  # fmt: skip
"""The criteria of levels by their reason code; their first two letters name them too (``level:B1``)."""

_REASONS: Final = {
    "missing": (
        "Nothing is stated for the pair: the cell is blank or holds a word for blank. Any class is possible. Only the"
        " agency can fill it.", _METHOD,
    ),
    "unknown": (
        "The record itself says that the tie is not known (NIBRS RU, UNKNOWN, REFUSED). Any class is possible.",
        f"{_NIBRS} Code RU.",
    ),
    "unmapped": (
        "No list holds the word, and it cannot be read word by word. Nothing is guessed from likeness; one line under"
        " [site_words.relationship] in the profile settles it for good.", _METHOD,
    ),
    "ambiguous_term": (
        "The word is known and allows more than one class: PARTNER may be a business partner, COHABITANT a flatmate,"
        " FAMILY a spouse or a cousin. `candidates` names the classes. A site's own code book may settle it.", _METHOD,
    ),
    "otherwise_known_dv": (
        "The residual code (NIBRS OK, known to each other) in a record flagged as domestic violence. It may hide a"
        " partner, a housemate or an acquaintance, so it decides nothing.", f"{_NIBRS} Code OK.",
    ),
    "conflict": (
        "Two statements about the same pair are of different classes, or a child in common stands beside a tie of"
        " blood or step. One of them is wrong, and which one is not settled here.", _METHOD,
    ),
    "no_offender": (
        "Nobody is recorded as the offender, or only that the offender is unknown, so there is no pair. In a census of"
        " all incidents such an incident stays outside the denominator unless it is flagged.",
        "FBI, NIBRS data element 36, offender sequence number 00.",
    ),
    "multiple_offenders_unpaired": (
        "A tie is stated, but not of which of several victims or offenders. It is kept as evidence for each of the"
        " pairs and decides none; of partners it makes the incident intimate.", _METHOD,
    ),
    "self_mutual": (
        "Victim was offender (NIBRS VO): the two are the same person, or each is both in a mutual fight. The other"
        " pairs of the incident decide it.", f"{_NIBRS} Code VO.",
    ),
    "not_called_for": (
        "Nothing is stated, and the offence is none for which a relationship is recorded, in a census of all incidents."
        " A domestic violence flag changes nothing of that.", "FBI, NIBRS data elements 34 and 35.",
    ),
    "victim_not_person": (
        "The victim is a business, a financial institution, the government, a religious organisation or society.",
        "FBI, NIBRS data element 25, type of victim.",
    ),
    "site_word": (
        "The profile says of the word that no tie is called for.", "[site_words.relationship] in the profile.",
    ),
    **_CRITERIA,
    "floor_truncated": (
        "Caveat of a level: the extract does not hold all history, so the level is the least that it can be.", _PROJECT,
    ),
    "identity_weak": (
        "Caveat of a level: it is reached only through records linked with a probability below 0.99.", _PROJECT,
    ),
    "floor_tie_open": (
        "Caveat of a level: a further event may have been between partners, its tie being undetermined, and would raise"
        " the level. The level is the least that it can be.", _PROJECT,
    ),
    "floor_prior_open": (
        "Caveat of a level: there are priors under a section on domestic violence that also protects others than"
        " partners, or that nobody confirmed. They do not count, and the level is the least that it can be.", _PROJECT,
    ),
    "dual_arrest": (
        "Raises nobody: both of a pair were arrested in one incident, and no primary aggressor is identified.",
        _PROJECT,
    ),
    "cross_complaint": (
        "Raises nobody: each of the two is named as the offender of the other, and no primary aggressor is"
        " identified.", _PROJECT,
    ),
    "not_aggressor": ("Raises nobody: the record names another as the primary aggressor.", _PROJECT),
    "tie_undetermined": ("Not placed: whether the two are partners is not determined.", _PROJECT),
    "tie_linked_only": ("Caveat of a level: a tie is known only from another incident of the same two.", _PROJECT),
    "age_unknown": ("Caveat of a level: the age is not known, so the person is counted and not placed.", _PROJECT),
}  # fmt: skip

_BASES: Final = {
    "review": (
        "A person looked at the record and decided the pair. It goes before all that the record says; a stated class"
        " that was denied is kept as a conflict.", _METHOD,
    ),
    "explicit": (
        "The relationship that the record states of this very pair, as the profile's words, the code lists and the"
        " packaged words have it. The first evidence of the record, and the strongest.", _METHOD,
    ),
    "child_in_common": (
        "A column or a word says that the two share a child. It makes the pair intimate, also over a stated"
        " acquaintance, friend or stranger; over a stated tie of blood or step it leaves the pair open.", _METHOD,
    ),
    "statute": (
        "A charge under a section that protects partners alone, which the profile lists as confirmed. It decides only"
        " what the record leaves blank or ambiguous, and only where it is plain which pair it is of.", _METHOD,
    ),
    "order": (
        "A protective order between the same two persons whose recorded basis is intimate. It decides only what the"
        " record leaves blank or ambiguous.", _METHOD,
    ),
    "linked": (
        "The same two persons, known by exact identifiers, are partners in another incident. Off unless the site turns"
        " it on, and counted apart.", _METHOD,
    ),
    "unpaired": (
        "A tie that the record states without saying of which of several pairs. It is kept as evidence and decides"
        " none.", _METHOD,
    ),
}  # fmt: skip

_CONFLICTS: Final = {
    "class": ("Two statements about the pair are of different classes; the pair is left open.", _METHOD),
    "detail": (
        "Two statements about the pair are of one class and name different ties, such as spouse and former spouse. The"
        " closest tie is kept.", _METHOD,
    ),
    "cic_over_stated": (
        "A child in common is stated beside an acquaintance, a friend, a housemate or a stranger. The child decides,"
        " and the stated tie is in doubt.", _METHOD,
    ),
    "flag_no": ("The pair is intimate and the record's domestic violence flag says no. The class stands.", _METHOD),
    "flag_yes": (
        "The two are strangers or merely known to each other and the domestic violence flag says yes. The class"
        " stands.", _METHOD,
    ),
    "age": (
        "The pair is intimate and one of the two is under 13. The class stands; the age or the tie is wrong.",
        f"{_METHOD} FBI NIBRS edits 450 and 550.",
    ),
    "statute": (
        "A charge under a section that protects partners alone stands beside a stated tie of another class. The stated"
        " tie stands.", _METHOD,
    ),
    "order": (
        "A protective order with an intimate basis stands beside a stated tie of another class. The stated tie stands.",
        _METHOD,
    ),
    "linked": (
        "The same two persons are partners in another incident and stated to be something else in this one. The stated"
        " tie stands.", _METHOD,
    ),
    "review_over_stated": ("A person decided the pair against the class that the record states.", _METHOD),
}  # fmt: skip

_CANDIDATE: Final = (
    "A candidate for a team to review, never a finding about a person and no probability. An intimate partner charge"
    " event is an arrest event with at least one charge, joined to an incident in which the person is the offender of"
    " an intimate partner pair; two arrests of one incident are one event. Levels only rise, and fall by a recorded"
    " human act alone."
)
_HIGH_POINT: Final = (
    "High Point NC, Offender Focused Domestic Violence Initiative (hpcav.com). The exact thresholds are not published:"
    " this rule is a reconstruction, in an editable file."
)

_LEVELS: Final = {
    "A": (
        "The most violent and repeat. Rule, a reconstruction with low confidence: three or more intimate partner charge"
        " events (A1), or a weapon in an intimate partner incident (A2). Two further rules ship off: a conviction"
        f" history with several charges (A3), many complaints (A4). Usual response: enforcement. {_CANDIDATE}",
        _HIGH_POINT,
    ),
    "B": (
        "Repeat. Rule, a reconstruction with medium confidence: two or more intimate partner charge events (B1), or"
        " prohibited behaviour while on notice as D or C (B2). Usual response: a call-in or custom notification, the"
        f" victim contacted before and after by an advocate. {_CANDIDATE}", _HIGH_POINT,
    ),
    "C": (
        "The first intimate partner charge event (C1); high confidence. Usual response: a face-to-face message by a"
        f" detective. {_CANDIDATE}", _HIGH_POINT,
    ),
    "D": (
        "Named as the aggressor in at least one domestic call or report with a partner tie, and never charged with"
        " intimate partner violence (D1); high confidence. Usual response: a letter or notice at the next contact."
        f" {_CANDIDATE}", _HIGH_POINT,
    ),
    "none": (
        "Not placed: no rule applies, or what is known must not place anyone, such as an age that is unknown or under"
        " 18, a tie that is undetermined, or a dual arrest without an identified primary aggressor.", _HIGH_POINT,
    ),
}  # fmt: skip

_RULES: Final = {code[:2]: meaning for code, meaning in _CRITERIA.items()}

_DECLARED: Final = {
    "class": _CLASSES,
    "reason": _REASONS,
    "tie": TIE_MEANINGS,
    "basis": _BASES,
    "conflict": _CONFLICTS,
    "level": {**_LEVELS, **dict(sorted(_RULES.items()))},
}

MEANINGS: Final[tuple[Meaning, ...]] = tuple(
    Meaning(kind, code, text, source)
    for kind, declared in _DECLARED.items()
    for code, (text, source) in declared.items()
)
"""Every meaning by kind, in the order in which a reader wants them."""


def meanings(kind: str) -> dict[str, Meaning]:
    """Give the meanings of one kind by their code."""
    return {one.code: one for one in MEANINGS if one.kind == kind}
