"""Short code lists with the words that extracts use for them: sex, race, victim type, clearance, arrest type.

Codes and meanings are those of NIBRS (FBI, NIBRS Technical Specification, data elements 4, 25, 27, 28, 43);
the words are common US records-system wording. A word that is not listed is not guessed.
"""

from __future__ import annotations

from typing import Final

CODE_LISTS: Final[dict[str, dict[str, str]]] = {
    "sex": {
        "F": "F", "FEMALE": "F", "WOMAN": "F", "MUJER": "F", "FEMENINO": "F",
        "M": "M", "MALE": "M", "MAN": "M", "HOMBRE": "M", "MASCULINO": "M",
        "X": "X", "NONBINARY": "X", "NON-BINARY": "X", "GENDER X": "X",
        "U": "U", "UNK": "U", "UNKNOWN": "U", "NOT STATED": "U",
    },
    "race": {
        "W": "W", "WHITE": "W", "B": "B", "BLACK": "B", "BLACK OR AFRICAN AMERICAN": "B",
        "AFRICAN AMERICAN": "B", "I": "I", "AMERICAN INDIAN OR ALASKA NATIVE": "I",
        "AMERICAN INDIAN": "I", "NATIVE AMERICAN": "I", "A": "A", "ASIAN": "A", "P": "P",
        "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "P", "PACIFIC ISLANDER": "P",
        "U": "U", "UNK": "U", "UNKNOWN": "U",
    },
    "victim_type": {
        "I": "I", "INDIVIDUAL": "I", "PERSON": "I", "L": "L", "LAW ENFORCEMENT OFFICER": "L",
        "LAW ENFORCEMENT": "L", "B": "B", "BUSINESS": "B", "F": "F", "FINANCIAL INSTITUTION": "F",
        "FINANCIAL": "F", "G": "G", "GOVERNMENT": "G", "R": "R", "RELIGIOUS ORGANIZATION": "R",
        "S": "S", "SOCIETY": "S", "SOCIETY/PUBLIC": "S", "O": "O", "OTHER": "O", "U": "U",
        "UNKNOWN": "U",
    },
    "clearance": {
        "A": "A", "DEATH OF OFFENDER": "A", "B": "B", "PROSECUTION DECLINED": "B", "C": "C",
        "EXTRADITION DENIED": "C", "IN CUSTODY OF OTHER JURISDICTION": "C", "D": "D",
        "VICTIM REFUSED TO COOPERATE": "D", "E": "E", "JUVENILE/NO CUSTODY": "E", "N": "N",
        "NOT APPLICABLE": "N",
    },
    "arrest_type": {
        "O": "O", "ON-VIEW": "O", "ON VIEW": "O", "ON-VIEW ARREST": "O", "S": "S", "SUMMONED": "S",
        "SUMMONED/CITED": "S", "CITED": "S", "CITATION": "S", "SUMMONS": "S", "T": "T",
        "TAKEN INTO CUSTODY": "T", "CUSTODY": "T", "WARRANT": "T",
    },
}  # fmt: skip
"""Vocabulary to the upper-cased word to its code."""
