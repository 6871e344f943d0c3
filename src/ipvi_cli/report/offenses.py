"""Names of the NIBRS offence codes (FBI, NIBRS Technical Specification, data element 6), in short."""

from __future__ import annotations

from typing import Final

OFFENSES: Final = {
    "09A": "murder", "09B": "negligent manslaughter", "09C": "justifiable homicide", "100": "kidnapping",
    "11A": "rape", "11B": "sodomy", "11C": "sexual assault with an object", "11D": "fondling", "120": "robbery",
    "13A": "aggravated assault", "13B": "simple assault", "13C": "intimidation", "200": "arson",
    "210": "extortion", "220": "burglary", "23A": "pocket-picking", "23B": "purse-snatching", "23C": "shoplifting",
    "23D": "theft from a building", "23E": "theft from a machine", "23F": "theft from a vehicle",
    "23G": "theft of vehicle parts", "23H": "other theft", "240": "motor vehicle theft", "250": "forgery",
    "26A": "fraud by false pretences", "26B": "card fraud", "26C": "impersonation", "26D": "welfare fraud",
    "26E": "wire fraud", "26F": "identity theft", "26G": "hacking", "270": "embezzlement", "280": "stolen property",
    "290": "damage to property", "35A": "drug offence", "35B": "drug equipment", "36A": "incest",
    "36B": "statutory rape", "370": "pornography", "39A": "betting", "39B": "running of gambling",
    "39C": "gambling equipment", "39D": "sports tampering", "40A": "prostitution", "40B": "assisting prostitution",
    "40C": "purchasing prostitution", "510": "bribery", "520": "weapon law violation",
    "64A": "human trafficking, sex", "64B": "human trafficking, labour", "720": "animal cruelty",
    "90A": "bad checks", "90B": "curfew or loitering", "90C": "disorderly conduct", "90D": "drunk driving",
    "90E": "drunkenness", "90F": "family offence, nonviolent", "90G": "liquor law violation", "90H": "peeping tom",
    "90I": "runaway", "90J": "trespass", "90Z": "all other offences",
}  # fmt: skip
"""Short name by code; a code that is not listed is shown as it is."""
