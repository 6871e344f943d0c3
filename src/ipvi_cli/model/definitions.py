"""Definitions of an intimate partner that a share may be held against, and the choices that each of them makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Treatment = Literal["counted", "left_open", "left_out"]
"""Whether pairs of a kind are intimate partners, may be, or are not."""


@dataclass(frozen=True)
class Definition:
    """Who counts as an intimate partner.

    Attributes:
        code: Name in figures; never given another meaning.
        by: ``definition`` for a published one, ``choice`` for one that differs from this project's in a single point.
        title: What it is called.
        text: What it counts that others do not, in one or two sentences.
        source: Where it stands.
        former: Former spouses and dating partners. Where it is not known whether a partner is a former one, the pair
            is open as soon as these are left out.
        dating: Present and former dating partners. Partners of whom no more is said are open as soon as these are left
            out.
        child_in_common: Pairs of whom no more is said than that they share a child.
        cohabitants: Pairs whose words allow a partner or a housemate, such as COHABITANT.
        otherwise_known: Pairs of a record flagged as domestic violence that are known to each other, and no more.
    """

    code: str
    by: Literal["definition", "choice"]
    title: str
    text: str
    source: str
    former: Treatment = "counted"
    dating: Treatment = "counted"
    child_in_common: Treatment = "counted"
    cohabitants: Treatment = "left_open"
    otherwise_known: Treatment = "left_open"


_CHOICE: Final = "A choice that the definitions leave to who counts."

DEFINITIONS: Final = (
    Definition(
        "ipvi", "definition", "As in the headline",
        "Present and former spouses and dating partners, and parents of a child in common, whether or not they live"
        " together. A word that allows a partner or a housemate leaves the pair open.",
        "New York State DCJS, domestic violence data; High Point NC, Offender Focused Domestic Violence Initiative.",
    ),
    Definition(
        "vawa", "definition", "18 U.S.C. 2266(7)",
        "Present and former spouses, parents of a child in common, those who live or lived together as spouses, and"
        " those who are or were in a romantic or intimate relationship. A court looks at its length, its type and how"
        " often the two met, which no record holds, so every dating partner is counted.",
        "Violence Against Women Act, 18 U.S.C. 2266(7).",
    ),
    Definition(
        "cdc", "definition", "CDC uniform definition",
        "Present and former spouses, boyfriends and girlfriends, dating partners and ongoing sexual partners. A child"
        " in common makes former partners of two who had a relationship; of whom no more is said than the child, the"
        " pair is open.",
        "Breiding et al. 2015, Intimate Partner Violence Surveillance: Uniform Definitions and Recommended Data"
        " Elements, version 2.0, CDC.",
        child_in_common="left_open",
    ),
    Definition(
        "nibrs", "definition", "NIBRS SE CS XS BG XR HR",
        "What these six codes hold. There is none for a child in common, so who is known by the child alone may have"
        " any code and is open; otherwise known (OK) is a code of its own and does not count, whatever the flag says.",
        "FBI, NIBRS data element 35, relationship of victim to offender.",
        child_in_common="left_open",
        otherwise_known="left_out",
    ),
    Definition(
        "former_left_out", "choice", "Former partners left out",
        "Present partners only. Partners of whom it is not known whether they still are one are open.", _CHOICE,
        former="left_out",
    ),
    Definition(
        "dating_left_out", "choice", "Dating partners left out",
        "Spouses, former spouses and parents of a child in common only. Partners of whom no more is said are open.",
        _CHOICE, dating="left_out",
    ),
    Definition(
        "cohabitants_counted", "choice", "Cohabitants counted",
        "As in the headline, and pairs whose words allow a partner or a housemate are partners.", _CHOICE,
        cohabitants="counted",
    ),
    Definition(
        "cohabitants_left_out", "choice", "Cohabitants left out",
        "As in the headline, and pairs whose words allow a partner or a housemate are housemates.", _CHOICE,
        cohabitants="left_out",
    ),
)  # fmt: skip
"""Every definition, the published ones first. A state's own is not among them: a profile does not say it."""

OWN_DEFINITION: Final = DEFINITIONS[0]
"""The one by which the headline counts."""
